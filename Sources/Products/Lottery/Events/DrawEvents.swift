package import Codecs

/// Draw request.
package struct VrfRequestedEvent: LotteryEventBody {
  package static let category: EventCategory? = .draw
  package let lotteryId: UInt64
  package let requestId: UInt64
  package let attempt: UInt8
  package let rngCount: UInt8
  package let clientSeed: UInt64
  package let payloadHash: [UInt8]
  package let snapshotHash: [UInt8]
  package let ticketsSold: UInt64
  package let closingBlockHeight: UInt64
  package let chainId: UInt8
  package let requestTs: UInt64

  package init(
    lotteryId: UInt64, requestId: UInt64, attempt: UInt8, rngCount: UInt8, clientSeed: UInt64, payloadHash: [UInt8],
    snapshotHash: [UInt8], ticketsSold: UInt64, closingBlockHeight: UInt64, chainId: UInt8, requestTs: UInt64
  ) {
    self.lotteryId = lotteryId
    self.requestId = requestId
    self.attempt = attempt
    self.rngCount = rngCount
    self.clientSeed = clientSeed
    self.payloadHash = payloadHash
    self.snapshotHash = snapshotHash
    self.ticketsSold = ticketsSold
    self.closingBlockHeight = closingBlockHeight
    self.chainId = chainId
    self.requestTs = requestTs
  }

  package func encode(to bytes: inout BCS.Writer) {
    bytes.append(lotteryId)
    bytes.append(requestId)
    bytes.append(attempt)
    bytes.append(rngCount)
    bytes.append(clientSeed)
    bytes.append(bytes: payloadHash)
    bytes.append(bytes: snapshotHash)
    bytes.append(ticketsSold)
    bytes.append(closingBlockHeight)
    bytes.append(chainId)
    bytes.append(requestTs)
  }
}

/// Callback. Schema 1 stores the time of the request in `fulfilledTs`.
package struct VrfFulfilledEvent: LotteryEventBody {
  package static let category: EventCategory? = .draw
  package let lotteryId: UInt64
  package let requestId: UInt64
  package let attempt: UInt8
  package let payloadHash: [UInt8]
  package let messageHash: [UInt8]
  package let rngCount: UInt8
  package let clientSeed: UInt64
  package let verifiedSeedHash: [UInt8]
  package let closingBlockHeight: UInt64
  package let chainId: UInt8
  package let fulfilledTs: UInt64

  package init(
    lotteryId: UInt64, requestId: UInt64, attempt: UInt8, payloadHash: [UInt8], messageHash: [UInt8], rngCount: UInt8,
    clientSeed: UInt64, verifiedSeedHash: [UInt8], closingBlockHeight: UInt64, chainId: UInt8, fulfilledTs: UInt64
  ) {
    self.lotteryId = lotteryId
    self.requestId = requestId
    self.attempt = attempt
    self.payloadHash = payloadHash
    self.messageHash = messageHash
    self.rngCount = rngCount
    self.clientSeed = clientSeed
    self.verifiedSeedHash = verifiedSeedHash
    self.closingBlockHeight = closingBlockHeight
    self.chainId = chainId
    self.fulfilledTs = fulfilledTs
  }

  package func encode(to bytes: inout BCS.Writer) {
    bytes.append(lotteryId)
    bytes.append(requestId)
    bytes.append(attempt)
    bytes.append(bytes: payloadHash)
    bytes.append(bytes: messageHash)
    bytes.append(rngCount)
    bytes.append(clientSeed)
    bytes.append(bytes: verifiedSeedHash)
    bytes.append(closingBlockHeight)
    bytes.append(chainId)
    bytes.append(fulfilledTs)
  }
}
