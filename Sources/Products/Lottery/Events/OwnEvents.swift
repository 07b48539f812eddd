package import Codecs

/// A lottery's type, tags or status changed. Schema 2; the handbook of the original promises it.
package struct LotteryChangedEvent: LotteryEventBody {
  package static let category: EventCategory? = .registry
  package let id: UInt64
  package let status: UInt8
  package let primaryType: UInt8
  package let tagsMask: UInt64
  package let cfgHash: [UInt8]

  package init(id: UInt64, status: UInt8, primaryType: UInt8, tagsMask: UInt64, cfgHash: [UInt8]) {
    self.id = id
    self.status = status
    self.primaryType = primaryType
    self.tagsMask = tagsMask
    self.cfgHash = cfgHash
  }

  package func encode(to bytes: inout BCS.Writer) {
    bytes.append(id)
    bytes.append(status)
    bytes.append(primaryType)
    bytes.append(tagsMask)
    bytes.append(bytes: cfgHash)
  }
}

/// Purchases, draws, payouts and automation were stopped. Ours; in no version of the original.
package struct EmergencyStopSetEvent: LotteryEventBody {
  package static let category: EventCategory? = .infrastructure
  package let actor: LotteryAddress
  package let reason: [UInt8]
  package let timestamp: UInt64

  package init(actor: LotteryAddress, reason: [UInt8], timestamp: UInt64) {
    self.actor = actor
    self.reason = reason
    self.timestamp = timestamp
  }

  package func encode(to bytes: inout BCS.Writer) {
    actor.encode(to: &bytes)
    bytes.append(bytes: reason)
    bytes.append(timestamp)
  }
}

/// Two people let everything go on.
package struct EmergencyStopClearedEvent: LotteryEventBody {
  package static let category: EventCategory? = .infrastructure
  package let first: LotteryAddress
  package let second: LotteryAddress
  package let timestamp: UInt64

  package init(first: LotteryAddress, second: LotteryAddress, timestamp: UInt64) {
    self.first = first
    self.second = second
    self.timestamp = timestamp
  }

  package func encode(to bytes: inout BCS.Writer) {
    first.encode(to: &bytes)
    second.encode(to: &bytes)
    bytes.append(timestamp)
  }
}
