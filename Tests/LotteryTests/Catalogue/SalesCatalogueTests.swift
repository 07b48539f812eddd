@testable import Lottery
import Testing

/// The catalogue's sales_tests (spec 5.10), under both schemas.
@Suite("sales_tests")
struct SalesCatalogueTests {
  /// Schema 2 leaves each buyer an eighth of the block (GAP 31), so that there the block is filled by eight.
  @Test(arguments: Schema.allCases)
  func `block_rate_limit_triggers`(schema: Schema) throws {
    var bench = try LotteryBench(schema)
    try bench.open(301, Samples.limit())
    let buyers: UInt64 = schema == .v1 ? 1 : 8
    for i in UInt64(0)..<64 { try bench.buy(301, 1 + i % buyers, at: 20 + 61 * i, block: 1) }
    try bench.refuses(.purchaseRateLimitBlock) { bench throws(LotteryError) in
      try bench.buy(301, 99, at: 20 + 61 * 64, block: 1)
    }
    try bench.buy(301, 99, at: 20 + 61 * 64, block: 2)
  }

  @Test(arguments: Schema.allCases)
  func `window_rate_limit_triggers`(schema: Schema) throws {
    var bench = try LotteryBench(schema)
    try bench.open(302, Samples.limit())
    // In schema 2 a block has room for eight purchases of a buyer.
    for i in UInt64(0)..<10 { try bench.buy(302, 1, at: 40, block: schema == .v1 ? 2 : 2 + i / 8) }
    try bench.refuses(.purchaseRateLimitWindow) { bench throws(LotteryError) in
      try bench.buy(302, 1, at: 40, block: 3)
    }
    try bench.buy(302, 1, at: 100, block: 3)
  }

  @Test(arguments: Schema.allCases)
  func `grace_window_blocks_first_purchase`(schema: Schema) throws {
    var bench = try LotteryBench(schema)
    var config = Samples.limit()
    config.salesWindow = SalesWindow(salesStart: 10, salesEnd: 120)
    try bench.open(303, config)
    try bench.refuses(.purchaseGraceRestricted) { bench throws(LotteryError) in
      try bench.buy(303, 1, at: 111)
    }
  }

  // MARK: Beyond the catalogue

  @Test func `a refusal for the rate carries the event for the record`() throws {
    var bench = try LotteryBench(.v2)
    try bench.open(1, Samples.limit())
    for _ in 0..<8 { try bench.buy(1, 5, at: 20, block: 1) }
    do throws(LotteryError) {
      try bench.buy(1, 5, at: 30, block: 1)
      Issue.record("sold")
    } catch {
      #expect(error.code == .purchaseBlockShare)
      #expect(
        error.audit
          == .purchaseRateLimitHit(
            PurchaseRateLimitHitEvent(
              lotteryId: 1, buyer: LotteryAddress(5), timestamp: 30, currentBlock: 1, reasonCode: 1)))
    }
  }

  @Test(arguments: Schema.allCases)
  func `every ticket has the owner who bought it`(schema: Schema) throws {
    var bench = try LotteryBench(schema)
    var config = Samples.limit()
    config.ticketLimits.maxTicketsTotal = 1_000_000
    try bench.open(1, config)
    var owners: [UInt64] = []
    for i in UInt64(0)..<5_000 {
      let (buyer, quantity) = (i * 7 % 613, 1 + i * 31 % 128)
      try bench.buy(1, buyer, quantity, at: 20 + i, block: i)
      owners += Array(repeating: buyer, count: Int(quantity))
    }
    for ticket in stride(from: 0, to: owners.count, by: 97) {
      #expect(try bench.engine.ticketOwner(1, ticket: UInt64(ticket)) == LotteryAddress(owners[ticket]))
    }
    #expect(throws: LotteryError.self) { try bench.engine.ticketOwner(1, ticket: UInt64(owners.count)) }
  }

  @Test func `premium access skips the rule of the last seconds, and nothing else`() throws {
    var bench = try LotteryBench(.v2)
    try bench.open(1)
    let late = Context(actor: LotteryAddress(7), now: 90, block: 1)
    try bench.refuses(.premiumCapMissing) { bench throws(LotteryError) in
      _ = try bench.engine.purchaseTicketsPremium(1, quantity: 1, late)
    }
    bench.grantPremium(late.actor)
    _ = try bench.engine.purchaseTicketsPremium(1, quantity: 1, late)
    try bench.refuses(.purchaseAddressLimit) { bench throws(LotteryError) in
      _ = try bench.engine.purchaseTicketsPremium(1, quantity: 10, late)
    }
  }
}
