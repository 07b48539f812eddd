/// The last price of one asset, and whether it may be used. Source: spec 1.7, 2.16.
package struct PriceFeedRecord: Hashable, Sendable {
  package let assetId: UInt64
  package internal(set) var price: UInt64
  package let decimals: UInt8
  package internal(set) var lastUpdatedTs: UInt64
  /// For how many seconds a price is fresh.
  package let stalenessWindow: UInt64
  /// How far a price may move in one update, in basis points.
  package let clampThresholdBps: UInt64
  package internal(set) var fallbackActive = false
  package internal(set) var fallbackReason: UInt8 = 0
  package internal(set) var clampActive = false

  /// Throws `priceDecimalsInvalid`.
  package init(
    assetId: UInt64, price: UInt64, decimals: UInt8, stalenessWindow: UInt64?, clampThresholdBps: UInt64?,
    updatedTs: UInt64
  ) throws(LotteryError) {
    #if ALMONER_MUTANTS
      let isTaken = LotteryMutant.decimalsUnchecked.isActive || decimals <= Limits.priceDecimals
    #else
      let isTaken = decimals <= Limits.priceDecimals
    #endif
    guard isTaken else {
      throw LotteryError(.priceDecimalsInvalid, "\(decimals) decimals, at most \(Limits.priceDecimals)")
    }
    self.assetId = assetId
    self.price = price
    self.decimals = decimals
    lastUpdatedTs = updatedTs
    self.stalenessWindow = stalenessWindow ?? Limits.priceStalenessSeconds
    self.clampThresholdBps = clampThresholdBps ?? Limits.priceClampBasisPoints
  }

  /// Whether `new` is further from the price than one update may move it. Any price may follow 0.
  package func clamps(_ new: UInt64) -> Bool {
    guard price != 0 else { return false }
    let moved = new > price ? new - price : price - new
    return UInt128(moved) * 10_000 > UInt128(price) * UInt128(clampThresholdBps)
  }

  /// Whether the price is fresh. A price from the future throws `arithmetic` in schema 1, and is stale in schema 2.
  package func isFresh(at now: UInt64, schema: Schema) throws(LotteryError) -> Bool {
    guard now >= lastUpdatedTs else {
      if schema == .v2 { return false }
      throw LotteryError(.arithmetic, "the price is of \(lastUpdatedTs), which is after \(now)")
    }
    return now - lastUpdatedTs <= stalenessWindow
  }
}
