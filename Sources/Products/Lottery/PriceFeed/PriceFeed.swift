/// Price records by asset.
package struct PriceFeedRegistry: Equatable, Sendable {
  /// What the admin called the feed's version; kept and shown.
  package let version: UInt16
  package let schema: Schema
  package internal(set) var records: [UInt64: PriceFeedRecord] = [:]

  package init(version: UInt16, schema: Schema = .v2) {
    self.version = version
    self.schema = schema
  }

  /// A copy of the record, whatever its state. Throws `priceFeedNotFound`.
  package func record(of assetId: UInt64) throws(LotteryError) -> PriceFeedRecord {
    guard let record = records[assetId] else {
      throw LotteryError(.priceFeedNotFound, "asset \(assetId) has no feed")
    }
    return record
  }

  /// The price, when it may be used: checks fallback, clamp, then age.
  package func latest(_ assetId: UInt64, now: UInt64) throws(LotteryError) -> (price: UInt64, decimals: UInt8) {
    let record = try record(of: assetId)
    guard !record.fallbackActive else {
      throw LotteryError(.priceFallbackActive, "reason \(record.fallbackReason)")
    }
    #if ALMONER_MUTANTS
      let isClamped = record.clampActive && !LotteryMutant.clampIgnored.isActive
    #else
      let isClamped = record.clampActive
    #endif
    guard !isClamped else {
      throw LotteryError(
        .priceClampActive, "a price moved too far in one step",
        hint: "Confirm the price with its supplier, then clear the clamp.")
    }
    guard try record.isFresh(at: now, schema: schema) else {
      throw LotteryError(.priceStale, "the price is of \(record.lastUpdatedTs)")
    }
    return (record.price, record.decimals)
  }
}

/// What became of a price.
package enum PriceUpdate: Hashable, Sendable { case stored, clamped }

extension PriceFeedRegistry {
  /// Stores a record in the place of the asset's old one.
  package mutating func put(_ record: PriceFeedRecord) { records[record.assetId] = record }
}
