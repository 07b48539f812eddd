import Codecs
@testable import Lottery
import TestSupport
import Testing

/// The documents that our views make, against the field tables.
@Suite("View schema")
struct ViewSchemaTests {
  /// A document of every view of the schema, out of one engine.
  static func document(_ major: ViewSchema.Major, date: String? = "2026-01-31") throws -> JSON {
    var bench = try LotteryBench(.v1)
    bench.engine.history = HistoryStore(schema: .v1)
    try bench.open(1, Samples.with(tags: [.experimental, .promo]))
    try bench.buy(1, 7, at: 20)
    try bench.engine.initAutomation(bench.at(0))
    _ = try bench.engine.registerBot(
      botOperator: LotteryAddress(1), terms: AutomationTests.terms(2, timelock: 45, expiresAt: .max), bench.at(0))
    _ = try bench.engine.announceDryRun(
      action: 2, actionHash: [1, 2], executesAfter: 90, Context(actor: LotteryAddress(1), now: 10))
    try bench.engine.initVrfDeposit(minBalanceMultiplierBps: 12_000, effectiveFloor: 1, bench.at(0))
    _ = try bench.engine.importLegacySummaryAdmin(
      id: 9, bytes: ArchiveBench.summary(9).bcs, expectedHash: ArchiveBench.summary(9).archiveHash.bytes, bench.at(3))
    let engine = bench.engine
    let write = ViewDocument(major: major)
    let views: [(String, JSON)] = [
      ("get_lottery", write.json(try engine.getLottery(1))),
      ("get_lottery_status", write.json(try engine.getLotteryStatus(1))),
      ("get_lottery_badges", write.json(badges: try engine.getLotteryBadges(1))),
      ("get_badge_metadata", write.json(engine.getBadgeMetadata(primaryType: 9, tagsMask: .max))),
      ("accounting_snapshot", write.json(try engine.accountingSnapshot(1))),
      ("get_vrf_deposit_status", write.json(engine.getVrfDepositStatus())),
      ("get_lottery_summary", write.json(try engine.getLotterySummary(9))),
      ("status_overview", write.json(try engine.statusOverview(bench.at(30)))),
      ("list_automation_bots", .array(engine.listAutomationBots().map(write.json))),
      ("get_automation_bot", engine.getAutomationBot(LotteryAddress(2)).map(write.json) ?? .null),
      ("list_active", write.ids(try engine.listActive(from: 0, limit: 9))),
      ("list_by_primary_type", write.ids(try engine.listByPrimaryType(0, from: 0, limit: 9))),
      ("list_by_tag_mask", write.ids(try engine.listByTagMask(16, from: 0, limit: 9))),
      ("list_by_all_tags", write.ids(try engine.listByAllTags(16, from: 0, limit: 9))),
      ("list_finalized_ids", write.ids(try engine.listFinalizedIds(from: 0, limit: 9))),
    ]
    return write.envelope(updatedAt: date, views: try JSONObject(views.map { (key: $0.0, value: $0.1) }))
  }

  @Test(arguments: ViewSchema.Major.allCases)
  func `every view that the engine makes is as its table says`(major: ViewSchema.Major) throws {
    let document = try Self.document(major)
    #expect(ViewSchema.current.problems(in: document) == [])
    let views = try #require(document["views"]?.object)
    #expect(Set(views.keys) == Set(ViewSchema.current.views.keys))
    #expect(try JSON.parse(document.utf8) == document)
  }

  @Test func `a number of 64 bits is a JSON number in version 1, and text in version 2`() throws {
    let mask = Tags([.experimental, .promo]).rawValue
    #expect(try Self.document(.one)["views"]?["get_lottery"]?["tags_mask"] == .number("\(mask)"))
    #expect(try Self.document(.two)["views"]?["get_lottery"]?["tags_mask"] == .string("\(mask)"))
    let one = try #require(try Self.document(.one)["views"]?.object)
    let mixed = ViewDocument(major: .two).envelope(updatedAt: nil, views: one)
    #expect(!ViewSchema.current.problems(in: mixed).isEmpty)
  }

  @Test(arguments: [
    (#"[]"#, "the document is no object"), (#"{"views":{}}"#, "info: missing"),
    (#"{"info":{"version":"1.1.0"}}"#, "info.version: not 1.0.N or 2.0.N"),
    (#"{"info":{"version":"1.0."}}"#, "info.version: not 1.0.N or 2.0.N"),
    (#"{"info":{"version":"1.0.1","x":1}}"#, "info.x: unknown key"),
    (#"{"info":{"version":"1.0.1"},"y":1}"#, "y: unknown key"),
    (#"{"info":{"version":"1.0.1"},"views":[]}"#, "views: no object"),
    (
      #"{"info":{"version":"1.0.1"},"views":{"list_active":[1.0]}}"#,
      "views.list_active[0]: no 64-bit number of this version"
    ),
    (
      #"{"info":{"version":"1.0.1"},"views":{"list_active":[18446744073709551616]}}"#,
      "views.list_active[0]: no 64-bit number of this version"
    ),
  ])
  func `what is wrong with a document is said with its place`(document: String, problem: String) throws {
    #expect(ViewSchema.current.problems(in: try JSON.parse(document)) == [problem])
  }

  @Test func `views outside the described schema have all their fields`() throws {
    let write = ViewDocument()
    #expect(write.json(DualWriteOverview())["oldest_ts"] == .number("0"))
    #expect(write.json(DualWriteStatus())["expected_hash"] == .null)
    #expect(write.json(RefundProgressView()).object?.members.count == 8)
    let record = CancellationRecord(
      reasonCode: 1, canceledTs: 2, previousStatus: 3, ticketsSold: 4, proceedsAccum: .max)
    #expect(write.json(record)["proceeds_accum"] == .number("18446744073709551615"))
  }
}
