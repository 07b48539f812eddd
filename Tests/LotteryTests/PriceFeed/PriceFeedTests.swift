import Lottery
import Testing

/// The catalogue of the specification, 5.8: asset 1, eight decimals, registered at 1000.
@Suite("price_feed_tests")
struct PriceFeedTests {
  static func engine(
    _ price: UInt64, window: UInt64? = nil, clamp: UInt64? = nil, _ schema: Schema
  ) throws -> LotteryEngine {
    var engine = LotteryEngine(admin: EngineBench.admin)
    try engine.initPriceFeed(version: 1, schema: schema, EngineBench.at(1000))
    _ = try engine.registerFeed(
      assetId: 1, price: price, decimals: 8, stalenessWindow: window, clampThresholdBps: clamp, EngineBench.at(1000))
    return engine
  }

  private static func at(_ now: UInt64) -> Context { EngineBench.at(now) }

  @Test("register_and_read", arguments: Schema.allCases)
  func registerAndRead(schema: Schema) throws {
    let engine = try Self.engine(10_000_000, schema)
    let latest = try engine.latestPrice(assetId: 1, Self.at(1100))
    #expect(latest.price == 10_000_000 && latest.decimals == 8)
  }

  @Test("stale_feed_rejected", arguments: Schema.allCases)
  func staleFeedRejected(schema: Schema) throws {
    let engine = try Self.engine(15_000_000, window: 60, schema)
    expectRefusal(.priceStale) { () throws(LotteryError) in _ = try engine.latestPrice(assetId: 1, Self.at(1200)) }
  }

  @Test("fallback_blocks_consumers", arguments: Schema.allCases)
  func fallbackBlocksConsumers(schema: Schema) throws {
    var engine = try Self.engine(21_000_000, schema)
    let events = try engine.setPriceFallback(assetId: 1, active: true, reason: 1, Self.at(1050))
    #expect(events == [.priceFeedFallback(PriceFeedFallbackEvent(assetId: 1, fallbackActive: true, reason: 1))])
    expectRefusal(.priceFallbackActive) { () throws(LotteryError) in
      _ = try engine.latestPrice(assetId: 1, Self.at(1100))
    }
  }

  @Test("clamp_marks_feed_unavailable", arguments: Schema.allCases)
  func clampMarksFeedUnavailable(schema: Schema) throws {
    var engine = try Self.engine(40_000_000, clamp: 50, schema)
    let result = try engine.updatePrice(assetId: 1, price: 45_000_000, Self.at(1050))
    #expect(result.outcome == .clamped)
    let view = try engine.priceView(assetId: 1)
    #expect(view.clampActive && view.price == 40_000_000 && view.lastUpdatedTs == 1000)
  }

  @Test("clamp_blocks_latest_price", arguments: Schema.allCases)
  func clampBlocksLatestPrice(schema: Schema) throws {
    var engine = try Self.engine(50_000_000, clamp: 50, schema)
    _ = try engine.updatePrice(assetId: 1, price: 60_000_000, Self.at(1050))
    expectRefusal(.priceClampActive) { () throws(LotteryError) in
      _ = try engine.latestPrice(assetId: 1, Self.at(1060))
    }
  }

  @Test("clear_clamp_allows_recovery", arguments: Schema.allCases)
  func clearClampAllowsRecovery(schema: Schema) throws {
    var engine = try Self.engine(55_000_000, clamp: 50, schema)
    _ = try engine.updatePrice(assetId: 1, price: 65_000_000, Self.at(1050))
    _ = try engine.clearPriceClamp(assetId: 1, Self.at(1200))
    let result = try engine.updatePrice(assetId: 1, price: 55_100_000, Self.at(1210))
    #expect(result.outcome == .stored)
    #expect(try engine.latestPrice(assetId: 1, Self.at(1220)).price == 55_100_000)
  }

  // MARK: Beyond the catalogue

  @Test func `clearing a clamp makes the old price fresh in schema 1 and not in schema 2`() throws {
    for schema in Schema.allCases {
      var engine = try Self.engine(100, clamp: 50, schema)
      _ = try engine.updatePrice(assetId: 1, price: 200, Self.at(1050))
      _ = try engine.clearPriceClamp(assetId: 1, Self.at(1200))
      #expect(try engine.priceView(assetId: 1).lastUpdatedTs == (schema == .v1 ? 1200 : 1000))
      expectRefusal(.priceClampNotActive) { () throws(LotteryError) in
        _ = try engine.clearPriceClamp(assetId: 1, Self.at(1201))
      }
    }
  }

  @Test func `an update under a clamp is stored in schema 1 and refused in schema 2`() throws {
    for schema in Schema.allCases {
      var engine = try Self.engine(100, schema)
      _ = try engine.updatePrice(assetId: 1, price: 200, Self.at(1050))
      if schema == .v1 {
        _ = try engine.updatePrice(assetId: 1, price: 101, Self.at(1060))
        let view = try engine.priceView(assetId: 1)
        #expect(view.price == 101 && view.clampActive)
      } else {
        expectRefusal(.priceClampActive) { () throws(LotteryError) in
          _ = try engine.updatePrice(assetId: 1, price: 101, Self.at(1060))
        }
      }
    }
  }

  @Test func `schema 2 refuses a price of nothing, and time that goes back or lies ahead`() throws {
    var engine = try Self.engine(100, .v2)
    for (price, updatedTs) in [(0, 1050), (100, 999), (100, 1051)] as [(UInt64, UInt64)] {
      expectRefusal(.priceValueInvalid) { () throws(LotteryError) in
        _ = try engine.updatePrice(assetId: 1, price: price, updatedTs: updatedTs, Self.at(1050))
      }
    }
    for (price, window, clamp, updatedTs) in [(0, 1, 1, 5), (1, 0, 1, 5), (1, 1, 0, 5), (1, 1, 1, 6)]
      as [(UInt64, UInt64, UInt64, UInt64)]
    {
      expectRefusal(.priceValueInvalid) { () throws(LotteryError) in
        _ = try engine.registerFeed(
          assetId: 2, price: price, decimals: 0, stalenessWindow: window, clampThresholdBps: clamp,
          updatedTs: updatedTs, Self.at(5))
      }
    }
  }

  @Test func `refusals of set-up: caller, decimals, a second feed, an unknown asset`() throws {
    var engine = LotteryEngine(admin: EngineBench.admin)
    let stranger = EngineBench.at(1, by: LotteryAddress(0x99))
    expectRefusal(.notAuthorized) { () throws(LotteryError) in try engine.initPriceFeed(version: 1, stranger) }
    expectRefusal(.priceDecimalsInvalid) { () throws(LotteryError) in
      _ = try engine.registerFeed(assetId: 1, price: 1, decimals: 19, EngineBench.at(1))
    }
    expectRefusal(.registryMissing) { () throws(LotteryError) in
      _ = try engine.registerFeed(assetId: 1, price: 1, decimals: 18, EngineBench.at(1))
    }
    try engine.initPriceFeed(version: 1, EngineBench.at(1))
    expectRefusal(.alreadyInitialized) { () throws(LotteryError) in
      try engine.initPriceFeed(version: 1, EngineBench.at(1))
    }
    _ = try engine.registerFeed(assetId: 1, price: 1, decimals: 18, EngineBench.at(1))
    expectRefusal(.priceFeedExists) { () throws(LotteryError) in
      _ = try engine.registerFeed(assetId: 1, price: 1, decimals: 18, EngineBench.at(1))
    }
    expectRefusal(.priceFeedNotFound) { () throws(LotteryError) in
      _ = try engine.updatePrice(assetId: 2, price: 1, EngineBench.at(1))
    }
  }
}
