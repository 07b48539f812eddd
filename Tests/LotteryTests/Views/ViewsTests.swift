@testable import Lottery
import Testing

/// The catalogue of the specification, 5.11.
@Suite("views_tests")
struct ViewsTests {
  @Test("list_by_all_tags_requires_full_mask", arguments: Schema.allCases)
  func listByAllTagsRequiresFullMask(schema: Schema) throws {
    var bench = try LotteryBench(schema)
    try bench.draft(1, Samples.with(tags: [.daily, .promo]))
    try bench.draft(2, Samples.with(tags: .daily))
    let mask = Tags([.daily, .promo]).rawValue
    #expect(try bench.engine.listByAllTags(mask, from: 0, limit: 10) == [1])
    #expect(try bench.engine.listByTagMask(mask, from: 0, limit: 10) == [2, 1])
    #expect(try bench.engine.listByAllTags(0, from: 0, limit: 10) == [2, 1])
  }

  @Test("automation_views_list_registered_bot", arguments: Schema.allCases)
  func automationViewsListRegisteredBot(schema: Schema) throws {
    let engine = try AutomationTests.engine(AutomationTests.terms(2, timelock: 45, expiresAt: 5000), schema)
    let bots = engine.listAutomationBots()
    #expect(bots.count == 1)
    let bot = try #require(bots.first)
    #expect(!bot.hasPending && bot.bot.terms.maxFailures == 3 && bot.bot.terms.timelockSecs == 45)
    #expect(bot.bot.terms.allowedActions == [2] && bot.botOperator == LotteryAddress(1))
    #expect(engine.getAutomationBot(LotteryAddress(1)) == bot)
    #expect(engine.getAutomationBot(LotteryAddress(2)) == nil)
  }

  @Test("list_by_primary_type_returns_descending")
  func listByPrimaryTypeReturnsDescending() throws {
    var bench = try LotteryBench(.v1)
    try bench.draft(20)
    try bench.draft(21, Samples.with(type: 1, tags: .weekly))
    try bench.draft(22, Samples.with(type: 1, tags: .promo))
    #expect(try bench.engine.listByPrimaryType(1, from: 0, limit: 10) == [22, 21])
    #expect(try bench.engine.listByPrimaryType(1, from: 1, limit: 1) == [21])
  }

  @Test("list_active_rejects_large_limit", arguments: Schema.allCases)
  func listActiveRejectsLargeLimit(schema: Schema) throws {
    let engine = LotteryEngine(admin: Samples.admin)
    expectRefusal(.paginationLimit) { () throws(LotteryError) in _ = try engine.listActive(from: 0, limit: 1001) }
    expectRefusal(.registryMissing) { () throws(LotteryError) in _ = try engine.listActive(from: 0, limit: 1000) }
  }

  @Test("badge_metadata_marks_experimental")
  func badgeMetadataMarksExperimental() {
    let mask = Tags([.experimental, .promo]).rawValue
    let badge = LotteryEngine(admin: Samples.admin).getBadgeMetadata(primaryType: 3, tagsMask: mask)
    #expect(badge.primaryLabel == "vip" && badge.isExperimental && badge.tagsMask == mask)
  }

  @Test("status_overview_counts_vrf_and_statuses", arguments: Schema.allCases)
  func statusOverviewCountsVrfAndStatuses(schema: Schema) throws {
    var bench = try LotteryBench(schema)
    try bench.draft(500)
    try bench.open(501)
    try bench.open(502)
    try bench.close(502)
    bench.engine.mark(502, .drawRequested)
    var draw = DrawState()
    draw.vrf.status = .requested
    draw.vrf.retryAfterTs = 600
    bench.engine.draws?.states[502] = draw
    var expected = StatusOverview()
    (expected.total, expected.draft, expected.active, expected.drawRequested) = (3, 1, 1, 1)
    (expected.vrfRequested, expected.vrfRetryBlocked) = (1, 1)
    #expect(try bench.engine.statusOverview(bench.at(100)) == expected)
    expected.vrfRetryBlocked = 0
    #expect(try bench.engine.statusOverview(bench.at(600)) == expected)
  }

  @Test("cancellation_and_refund_views", arguments: Schema.allCases)
  func cancellationAndRefundViews(schema: Schema) throws {
    var bench = try LotteryBench(schema)
    try bench.open(610)
    #expect(try bench.engine.getCancellation(610) == nil)
    try bench.buy(610, 1, at: 20)
    _ = try bench.engine.cancelLotteryAdmin(610, reason: 3, bench.at(50))
    _ = try bench.engine.forceRefundBatchAdmin(
      610, round: 1, ticketsRefunded: 1, prizeRefund: 90, operationsRefund: 10, bench.at(70))
    #expect(
      try bench.engine.getCancellation(610)
        == CancellationRecord(
          reasonCode: 3, canceledTs: 50, previousStatus: 1, ticketsSold: 1, proceedsAccum: 100))
    let progress = bench.engine.getRefundProgress(610)
    #expect(progress.refundRound == 1 && progress.ticketsRefunded == 1)
    #expect(progress.prizeRefunded == 90 && progress.operationsRefunded == 10 && progress.lastRefundTs == 70)
  }

  @Test("status_overview_tracks_refund_metrics", arguments: Schema.allCases)
  func statusOverviewTracksRefundMetrics(schema: Schema) throws {
    var bench = try LotteryBench(schema)
    try bench.open(611)
    try bench.buy(611, 1, at: 20)
    try bench.buy(611, 2, at: 21)
    _ = try bench.engine.cancelLotteryAdmin(611, reason: 3, bench.at(50))
    func check(_ now: UInt64, pending: UInt64, breach: Bool) throws {
      let overview = try bench.engine.statusOverview(bench.at(now))
      #expect(overview.refundBatchPending == pending, "at \(now)")
      #expect(overview.refundSlaBreach == breach, "at \(now)")
      // Schema 2 says when a refund is complete.
      #expect(overview.refundActive == (pending == 0 && schema == .v2 ? 0 : 1), "at \(now)")
    }
    try check(60, pending: 2, breach: false)
    try check(50 + 43_200, pending: 2, breach: false)
    try check(50 + 43_201, pending: 2, breach: true)
    _ = try bench.engine.forceRefundBatchAdmin(
      611, round: 1, ticketsRefunded: 1, prizeRefund: 70, operationsRefund: 30, bench.at(50 + 43_210))
    try check(50 + 43_220, pending: 1, breach: false)
    try check(50 + 86_401, pending: 1, breach: true)
    _ = try bench.engine.forceRefundBatchAdmin(
      611, round: 2, ticketsRefunded: 1, prizeRefund: 70, operationsRefund: 30, bench.at(50 + 86_410))
    try check(50 + 86_420, pending: 0, breach: false)
  }

  // MARK: Beyond the catalogue

  @Test func `views read while the emergency stop is set`() throws {
    var bench = try LotteryBench(.v2)
    try bench.open(1)
    _ = try bench.engine.setEmergencyStop(reason: [], bench.at(1))
    #expect(try bench.engine.getLotteryStatus(1).status == 1)
    #expect(try bench.engine.listActive(from: 0, limit: 9) == [1])
    try bench.engine.validateConfig(1)
  }

  @Test func `the backlog of schema 2 is winners assigned and not paid`() throws {
    for schema in Schema.allCases {
      var bench = try LotteryBench(schema)
      try bench.draft(1)
      var winners = WinnerState()
      winners.initialized = true
      winners.nextWinnerBatchNo = 1
      bench.engine.payouts?.states[1] = winners
      #expect(try bench.engine.statusOverview(bench.at(1)).payoutBacklog == (schema == .v1 ? 1 : 0))
    }
  }
}
