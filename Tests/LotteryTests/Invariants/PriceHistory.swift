import Lottery

/// I33 to I38: prices, clamps and fallbacks.
enum PriceHistory {
  static func violations(seed: UInt64, schema: Schema) throws -> [String] {
    var history = RandomHistory(seed: seed)
    try history.engine.initPriceFeed(version: 1, schema: schema, history.at())
    for _ in 0..<60 {
      history.now += history.below(30)
      let asset = 1 + history.below(2)
      switch history.below(6) {
      case 0: register(asset, &history)
      case 1, 2: update(asset, &history, schema)
      case 3: fallback(asset, &history)
      case 4: clear(asset, &history, schema)
      default: read(asset, &history)
      }
    }
    return history.violations
  }

  private static func register(_ asset: UInt64, _ history: inout RandomHistory) {
    let (price, decimals, clamp, context) = (
      1 + history.below(50), UInt8(history.below(24)), 1 + history.below(5000), history.at()
    )
    let done = history.attempt { (engine) throws(LotteryError) in
      try engine.registerFeed(
        assetId: asset, price: price, decimals: decimals, clampThresholdBps: clamp, context)
    }
    guard done.result != nil, let record = try? history.engine.priceView(assetId: asset) else { return }
    history.expect(record.decimals <= 18, "I33: \(record.decimals) decimals")
    history.expect(record.stalenessWindow > 0 && record.clampThresholdBps > 0, "I33: an empty window")
  }

  private static func update(_ asset: UInt64, _ history: inout RandomHistory, _ schema: Schema) {
    guard let before = try? history.engine.priceView(assetId: asset) else { return }
    let (price, context) = (history.below(60), history.at())
    let done = history.attempt { (engine) throws(LotteryError) in
      try engine.updatePrice(assetId: asset, price: price, context)
    }
    guard let result = done.result, let after = try? history.engine.priceView(assetId: asset) else { return }
    // Worked out with other words than the engine's: is the step more than the threshold's share of the old price?
    let step = price > before.price ? price - before.price : before.price - price
    let isClamped = before.price != 0 && step * 10_000 > before.price * before.clampThresholdBps
    history.expect((result.outcome == .clamped) == isClamped, "the clamp rule")
    if isClamped {
      history.expect(after.clampActive, "I35: no clamp")
      history.expect(
        after.price == before.price && after.lastUpdatedTs == before.lastUpdatedTs, "I35: a clamped price was stored")
    } else {
      history.expect(after.price == price && after.lastUpdatedTs == history.now, "I35: a price was not stored")
      history.expect(!after.fallbackActive && after.fallbackReason == 0, "I34: the fallback stayed")
      history.expect(after.clampActive == before.clampActive, "I35: the clamp moved")
    }
    if schema == .v2 { history.expect(price > 0 && !before.clampActive, "GAP 22: a refused update was taken") }
  }

  private static func fallback(_ asset: UInt64, _ history: inout RandomHistory) {
    let (active, reason, context) = (history.chance(40), UInt8(history.below(4)), history.at())
    guard let before = try? history.engine.priceView(assetId: asset) else { return }
    _ = history.attempt { (engine) throws(LotteryError) in
      try engine.setPriceFallback(assetId: asset, active: active, reason: reason, context)
    }
    guard let after = try? history.engine.priceView(assetId: asset) else { return }
    history.expect(after.fallbackActive == active && after.fallbackReason == reason, "I36: not stored")
    history.expect(after.clampActive == (active && before.clampActive), "I36: the clamp outlived the fallback")
  }

  private static func clear(_ asset: UInt64, _ history: inout RandomHistory, _ schema: Schema) {
    guard let before = try? history.engine.priceView(assetId: asset) else { return }
    let context = history.at()
    let done = history.attempt { (engine) throws(LotteryError) in
      try engine.clearPriceClamp(assetId: asset, context)
    }
    history.expect((done.result != nil) == before.clampActive, "I37: cleared \(before.clampActive)")
    guard done.result != nil, let after = try? history.engine.priceView(assetId: asset) else { return }
    let time = schema == .v1 ? history.now : before.lastUpdatedTs
    history.expect(!after.clampActive && after.lastUpdatedTs == time, "I37: clearing")
  }

  private static func read(_ asset: UInt64, _ history: inout RandomHistory) {
    guard let record = try? history.engine.priceView(assetId: asset) else { return }
    let context = history.at()
    let read = history.attempt { (engine) throws(LotteryError) in try engine.latestPrice(assetId: asset, context) }
    let isOpen = !record.fallbackActive && !record.clampActive
    let isFresh = history.now - record.lastUpdatedTs <= record.stalenessWindow
    history.expect((read.result != nil) == (isOpen && isFresh), "I38: a blocked price was read, or an open one not")
  }
}
