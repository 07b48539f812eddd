// The operations of the module `price_feed`. Source: spec 2.16.
extension LotteryEngine {
  /// Throws `notAuthorized`, `alreadyInitialized`.
  package mutating func initPriceFeed(
    version: UInt16, schema: Schema = .v2, _ context: Context
  ) throws(LotteryError) {
    try requireAdmin(context)
    guard priceFeed == nil else { throw LotteryError(.alreadyInitialized) }
    priceFeed = PriceFeedRegistry(version: version, schema: schema)
  }

  /// `register_feed`. `updatedTs` is when the supplier took the price; nil: now.
  ///
  /// Throws `notAuthorized`, `priceDecimalsInvalid`, `registryMissing`, `priceFeedExists`. Schema 2 also refuses a price,
  /// window or threshold of 0 and a time ahead (`priceValueInvalid`).
  package mutating func registerFeed(
    assetId: UInt64, price: UInt64, decimals: UInt8, stalenessWindow: UInt64? = nil,
    clampThresholdBps: UInt64? = nil, updatedTs: UInt64? = nil, _ context: Context
  ) throws(LotteryError) -> [LotteryEvent] {
    try requireAdmin(context)
    let record = try PriceFeedRecord(
      assetId: assetId, price: price, decimals: decimals, stalenessWindow: stalenessWindow,
      clampThresholdBps: clampThresholdBps, updatedTs: updatedTs ?? context.now)
    let feed = try requireFeed()
    guard feed.records[assetId] == nil else {
      throw LotteryError(.priceFeedExists, "asset \(assetId) has a feed already")
    }
    if feed.schema == .v2 {
      guard record.price > 0, record.stalenessWindow > 0, record.clampThresholdBps > 0,
        record.lastUpdatedTs <= context.now
      else { throw LotteryError(.priceValueInvalid, "price, window and threshold are above 0, and the time is past") }
    }
    priceFeed?.records[assetId] = record
    return [updated(record)]
  }

  /// `update_price`. A price that moved too far is not stored: it blocks readers, the call succeeds, and the outcome
  /// says so.
  ///
  /// Throws `notAuthorized`, `registryMissing`, `priceFeedNotFound`. Schema 2 also refuses a price of 0, time that goes
  /// back or lies ahead (`priceValueInvalid`), and any update while a clamp waits (`priceClampActive`) (GAP 22).
  package mutating func updatePrice(
    assetId: UInt64, price: UInt64, updatedTs: UInt64? = nil, _ context: Context
  ) throws(LotteryError) -> (outcome: PriceUpdate, events: [LotteryEvent]) {
    try requireAdmin(context)
    let feed = try requireFeed()
    var record = try feed.record(of: assetId)
    let timestamp = updatedTs ?? context.now
    if feed.schema == .v2 {
      guard price > 0, timestamp >= record.lastUpdatedTs, timestamp <= context.now else {
        throw LotteryError(.priceValueInvalid, "a price is above 0, and its time not before the last or ahead")
      }
      guard !record.clampActive else {
        throw LotteryError(.priceClampActive, "an earlier price is clamped", hint: "Clear the clamp first.")
      }
    }
    guard !record.clamps(price) else {
      record.clampActive = true
      #if ALMONER_MUTANTS
        if LotteryMutant.clampStored.isActive { record.price = price }
      #endif
      priceFeed?.records[assetId] = record
      let event = PriceFeedClampEvent(
        assetId: assetId, oldPrice: record.price, newPrice: price, thresholdBps: record.clampThresholdBps)
      return (.clamped, [.priceFeedClamp(event)])
    }
    record.price = price
    record.lastUpdatedTs = timestamp
    record.fallbackActive = false
    record.fallbackReason = 0
    #if ALMONER_MUTANTS
      if LotteryMutant.fallbackKept.isActive { record.fallbackActive = try feed.record(of: assetId).fallbackActive }
    #endif
    priceFeed?.records[assetId] = record
    return (.stored, [updated(record)])
  }

  /// `set_fallback`: switching off also clears the clamp.
  package mutating func setPriceFallback(
    assetId: UInt64, active: Bool, reason: UInt8, _ context: Context
  ) throws(LotteryError) -> [LotteryEvent] {
    try requireAdmin(context)
    var record = try requireFeed().record(of: assetId)
    record.fallbackActive = active
    record.fallbackReason = reason
    #if ALMONER_MUTANTS
      if !active && !LotteryMutant.clampSurvives.isActive { record.clampActive = false }
    #else
      if !active { record.clampActive = false }
    #endif
    priceFeed?.records[assetId] = record
    return [.priceFeedFallback(PriceFeedFallbackEvent(assetId: assetId, fallbackActive: active, reason: reason))]
  }

  /// `clear_clamp`. Throws `priceClampNotActive`.
  ///
  /// Schema 1 makes the old price look as fresh as the clearing; schema 2 leaves its time alone (GAP 22).
  package mutating func clearPriceClamp(assetId: UInt64, _ context: Context) throws(LotteryError) -> [LotteryEvent] {
    try requireAdmin(context)
    let feed = try requireFeed()
    var record = try feed.record(of: assetId)
    #if ALMONER_MUTANTS
      let isClamped = record.clampActive || LotteryMutant.clampClearedTwice.isActive
    #else
      let isClamped = record.clampActive
    #endif
    guard isClamped else { throw LotteryError(.priceClampNotActive, "asset \(assetId) is not clamped") }
    record.clampActive = false
    if feed.schema == .v1 { record.lastUpdatedTs = context.now }
    priceFeed?.records[assetId] = record
    return [.priceFeedClampCleared(PriceFeedClampClearedEvent(assetId: assetId, clearedTs: context.now))]
  }

  /// `latest_price`: what consumers may use now. Throws `priceFallbackActive`, `priceClampActive`, `priceStale`.
  package func latestPrice(assetId: UInt64, _ context: Context) throws(LotteryError) -> (price: UInt64, decimals: UInt8)
  {
    try requireFeed().latest(assetId, now: context.now)
  }

  /// `get_price_view`: the record, whatever its state.
  package func priceView(assetId: UInt64) throws(LotteryError) -> PriceFeedRecord {
    try requireFeed().record(of: assetId)
  }

  private func requireFeed() throws(LotteryError) -> PriceFeedRegistry {
    guard let priceFeed else { throw LotteryError(.registryMissing, "the price feed was not initialised") }
    return priceFeed
  }

  private func updated(_ record: PriceFeedRecord) -> LotteryEvent {
    .priceFeedUpdated(
      PriceFeedUpdatedEvent(
        assetId: record.assetId, price: record.price, decimals: record.decimals, updatedTs: record.lastUpdatedTs))
  }
}
