package import Codecs

/// Register, update.
package struct PriceFeedUpdatedEvent: LotteryEventBody {
  package static let category: EventCategory? = .automation
  package let assetId: UInt64
  package let price: UInt64
  package let decimals: UInt8
  package let updatedTs: UInt64

  package init(assetId: UInt64, price: UInt64, decimals: UInt8, updatedTs: UInt64) {
    self.assetId = assetId
    self.price = price
    self.decimals = decimals
    self.updatedTs = updatedTs
  }

  package func encode(to bytes: inout BCS.Writer) {
    bytes.append(assetId)
    bytes.append(price)
    bytes.append(decimals)
    bytes.append(updatedTs)
  }
}

/// Fallback switch.
package struct PriceFeedFallbackEvent: LotteryEventBody {
  package static let category: EventCategory? = .automation
  package let assetId: UInt64
  package let fallbackActive: Bool
  package let reason: UInt8

  package init(assetId: UInt64, fallbackActive: Bool, reason: UInt8) {
    self.assetId = assetId
    self.fallbackActive = fallbackActive
    self.reason = reason
  }

  package func encode(to bytes: inout BCS.Writer) {
    bytes.append(assetId)
    bytes.append(fallbackActive)
    bytes.append(reason)
  }
}

/// Clamped update.
package struct PriceFeedClampEvent: LotteryEventBody {
  package static let category: EventCategory? = .automation
  package let assetId: UInt64
  package let oldPrice: UInt64
  package let newPrice: UInt64
  package let thresholdBps: UInt64

  package init(assetId: UInt64, oldPrice: UInt64, newPrice: UInt64, thresholdBps: UInt64) {
    self.assetId = assetId
    self.oldPrice = oldPrice
    self.newPrice = newPrice
    self.thresholdBps = thresholdBps
  }

  package func encode(to bytes: inout BCS.Writer) {
    bytes.append(assetId)
    bytes.append(oldPrice)
    bytes.append(newPrice)
    bytes.append(thresholdBps)
  }
}

/// Clamp clear.
package struct PriceFeedClampClearedEvent: LotteryEventBody {
  package static let category: EventCategory? = .automation
  package let assetId: UInt64
  package let clearedTs: UInt64

  package init(assetId: UInt64, clearedTs: UInt64) {
    self.assetId = assetId
    self.clearedTs = clearedTs
  }

  package func encode(to bytes: inout BCS.Writer) {
    bytes.append(assetId)
    bytes.append(clearedTs)
  }
}
