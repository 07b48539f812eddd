package import Codecs

/// One lottery in the registry.
package struct Lottery: Hashable, Sendable {
  package let id: UInt64
  package let schema: Schema
  package internal(set) var config: Config
  package internal(set) var status: LotteryStatus
  package internal(set) var snapshotFrozen: Bool
  /// SHA3-256 of the prize plan's bytes.
  package let slotsChecksum: Hash32
  /// Who created it by a partner's cap (schema 2).
  package let partner: LotteryAddress?

  init(id: UInt64, schema: Schema, config: Config, partner: LotteryAddress?, slotsChecksum: Hash32) {
    self.id = id
    self.schema = schema
    self.config = config
    self.partner = partner
    self.slotsChecksum = slotsChecksum
    status = .draft
    snapshotFrozen = false
  }
}

/// What was known when a lottery was canceled.
package struct CancellationRecord: Hashable, Sendable, BCSEncodable {
  package let reasonCode: UInt8
  package let canceledTs: UInt64
  package let previousStatus: UInt8
  package let ticketsSold: UInt64
  package let proceedsAccum: UInt64

  package init(
    reasonCode: UInt8, canceledTs: UInt64, previousStatus: UInt8, ticketsSold: UInt64, proceedsAccum: UInt64
  ) {
    self.reasonCode = reasonCode
    self.canceledTs = canceledTs
    self.previousStatus = previousStatus
    self.ticketsSold = ticketsSold
    self.proceedsAccum = proceedsAccum
  }

  package func encode(to bytes: inout BCS.Writer) {
    bytes.append(reasonCode)
    bytes.append(canceledTs)
    bytes.append(previousStatus)
    bytes.append(ticketsSold)
    bytes.append(proceedsAccum)
  }
}

/// What a lottery took in, set aside and paid out, in the smallest unit of its coin.
package struct Accounting: Hashable, Sendable, BCSEncodable {
  package var totalSales: UInt64 = 0
  /// Prize and reserve shares of all sales.
  package var totalAllocated: UInt64 = 0
  package var totalPrizePaid: UInt64 = 0
  package var totalOperationsPaid: UInt64 = 0
  package var totalOperationsAllocated: UInt64 = 0
  package var jackpotAllowanceToken: UInt64 = 0

  package init() {}

  package func encode(to bytes: inout BCS.Writer) {
    bytes.append(totalSales)
    bytes.append(totalAllocated)
    bytes.append(totalPrizePaid)
    bytes.append(totalOperationsPaid)
    bytes.append(totalOperationsAllocated)
    bytes.append(jackpotAllowanceToken)
  }
}

/// What the randomness of a draw is bound to. Its SHA3-256 is the payload hash.
package struct DrawPayload: Hashable, Sendable, BCSEncodable {
  package let lotteryId: UInt64
  package let configVersion: UInt64
  package let snapshotHash: Hash32
  package let slotsChecksum: Hash32
  package let rngCount: UInt8
  package let clientSeed: UInt64
  package let attempt: UInt8
  package let closingBlockHeight: UInt64
  package let chainId: UInt8

  package init(
    lotteryId: UInt64, configVersion: UInt64, snapshotHash: Hash32, slotsChecksum: Hash32, rngCount: UInt8,
    clientSeed: UInt64, attempt: UInt8, closingBlockHeight: UInt64, chainId: UInt8
  ) {
    self.lotteryId = lotteryId
    self.configVersion = configVersion
    self.snapshotHash = snapshotHash
    self.slotsChecksum = slotsChecksum
    self.rngCount = rngCount
    self.clientSeed = clientSeed
    self.attempt = attempt
    self.closingBlockHeight = closingBlockHeight
    self.chainId = chainId
  }

  package func encode(to bytes: inout BCS.Writer) {
    bytes.append(lotteryId)
    bytes.append(configVersion)
    bytes.append(bytes: snapshotHash)
    bytes.append(bytes: slotsChecksum)
    bytes.append(rngCount)
    bytes.append(clientSeed)
    bytes.append(attempt)
    bytes.append(closingBlockHeight)
    bytes.append(chainId)
  }
}

/// One winner: which ticket won which slot, whose it was, and the digest that chose it.
package struct WinnerRecord: Hashable, Sendable, BCSEncodable {
  package let slotId: UInt64
  package let ticketIndex: UInt64
  package let winner: LotteryAddress
  package let winnerHash: Hash32

  package init(slotId: UInt64, ticketIndex: UInt64, winner: LotteryAddress, winnerHash: Hash32) {
    self.slotId = slotId
    self.ticketIndex = ticketIndex
    self.winner = winner
    self.winnerHash = winnerHash
  }

  package func encode(to bytes: inout BCS.Writer) {
    bytes.append(slotId)
    bytes.append(ticketIndex)
    winner.encode(to: &bytes)
    bytes.append(bytes: winnerHash)
  }
}
