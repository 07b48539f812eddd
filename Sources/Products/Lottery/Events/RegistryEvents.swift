package import Codecs

/// Draft creation.
package struct LotteryCreatedEvent: LotteryEventBody {
  package static let category: EventCategory? = .registry
  package let id: UInt64
  package let cfgHash: [UInt8]
  package let configVersion: UInt64
  package let creator: LotteryAddress
  package let eventSlug: [UInt8]
  package let seriesCode: [UInt8]
  package let runId: UInt64
  package let primaryType: UInt8
  package let tagsMask: UInt64
  package let slotsChecksum: [UInt8]

  package init(
    id: UInt64, cfgHash: [UInt8], configVersion: UInt64, creator: LotteryAddress, eventSlug: [UInt8],
    seriesCode: [UInt8], runId: UInt64, primaryType: UInt8, tagsMask: UInt64, slotsChecksum: [UInt8]
  ) {
    self.id = id
    self.cfgHash = cfgHash
    self.configVersion = configVersion
    self.creator = creator
    self.eventSlug = eventSlug
    self.seriesCode = seriesCode
    self.runId = runId
    self.primaryType = primaryType
    self.tagsMask = tagsMask
    self.slotsChecksum = slotsChecksum
  }

  package func encode(to bytes: inout BCS.Writer) {
    bytes.append(id)
    bytes.append(bytes: cfgHash)
    bytes.append(configVersion)
    creator.encode(to: &bytes)
    bytes.append(bytes: eventSlug)
    bytes.append(bytes: seriesCode)
    bytes.append(runId)
    bytes.append(primaryType)
    bytes.append(tagsMask)
    bytes.append(bytes: slotsChecksum)
  }
}

/// Cancellation.
package struct LotteryCanceledEvent: LotteryEventBody {
  package static let category: EventCategory? = .registry
  package let lotteryId: UInt64
  package let previousStatus: UInt8
  package let reasonCode: UInt8
  package let ticketsSold: UInt64
  package let proceedsAccum: UInt64
  package let timestamp: UInt64

  package init(
    lotteryId: UInt64, previousStatus: UInt8, reasonCode: UInt8, ticketsSold: UInt64, proceedsAccum: UInt64,
    timestamp: UInt64
  ) {
    self.lotteryId = lotteryId
    self.previousStatus = previousStatus
    self.reasonCode = reasonCode
    self.ticketsSold = ticketsSold
    self.proceedsAccum = proceedsAccum
    self.timestamp = timestamp
  }

  package func encode(to bytes: inout BCS.Writer) {
    bytes.append(lotteryId)
    bytes.append(previousStatus)
    bytes.append(reasonCode)
    bytes.append(ticketsSold)
    bytes.append(proceedsAccum)
    bytes.append(timestamp)
  }
}
