import Codecs
@testable import Lottery
import Testing

@Suite("Views by name")
struct LotteryViewTests {
  /// Arguments that every view finds something with.
  static let words = [
    "id": "7", "primary_type": "0", "tags_mask": "1", "type": "0", "mask": "0", "bot_operator": "0x1", "asset_id": "1",
  ]

  static func bench() throws -> DeskBench {
    let bench = try LotteryMoneyTests.sold(.memory)
    try bench.draw()
    for step: LotteryOperation in [
      .recordPayoutBatchAdmin(id: 7, round: 1, winnersPaid: 7, prizePaid: 1_800, operationsPaid: 0),
      .finalizeLotteryAdmin(id: 7), .initAutomation(schema: .v2), .initPriceFeed(version: 1, schema: .v2),
      .registerFeed(
        assetId: 1, price: 5, decimals: 8, stalenessWindow: nil, clampThresholdBps: nil, updatedTs: nil),
    ] { try bench.must(step) }
    return bench
  }

  @Test(arguments: ViewSchema.Major.allCases)
  func `every view is there under its name, as its table says`(major: ViewSchema.Major) throws {
    let bench = try Self.bench()
    for view in LotteryView.all {
      let flags = Set(view.shape.map(\.flag))
      let document = try view.document(
        Self.words.filter { flags.contains($0.key) }, of: try bench.desk.engine(),
        Context(actor: Samples.admin, now: 30), major)
      if view.isDescribed {
        #expect(ViewSchema.current.problems(in: document) == [], "\(view.name)")
        #expect(document["views"]?[view.name] != nil)
      } else {
        #expect(document["view"]?.string == view.name && document["value"] != nil)
      }
      #expect(try JSON.parse(document.utf8) == document)
    }
    #expect(Set(LotteryView.all.filter(\.isDescribed).map(\.name)) == Set(ViewSchema.current.views.keys))
    #expect(Set(LotteryView.all.map(\.name)).count == LotteryView.all.count)
    #expect(Set(LotteryView.all.map(\.name)).isDisjoint(with: LotteryOperation.names))
  }

  @Test func `a view refuses what it does not take`() throws {
    let engine = try Self.bench().desk.engine()
    let context = Context(actor: Samples.admin, now: 30)
    let view = try LotteryView.named("get_lottery")
    #expect(throws: LotteryDeskError.self) { try view.document([:], of: engine, context, .one) }
    #expect(throws: LotteryDeskError.self) {
      try view.document(["id": "7", "mask": "1"], of: engine, context, .one)
    }
    #expect(throws: LotteryError.self) { try view.document(["id": "8"], of: engine, context, .one) }
    #expect(throws: LotteryDeskError.self) { try LotteryView.named("get_everything") }
  }

  @Test(arguments: ViewSchema.Major.allCases)
  func `a configuration is read as it is shown`(major: ViewSchema.Major) throws {
    var config = Samples.multi()
    config.tagsMask = 1 << 63 | 8
    config.rewardBackend = RewardBackend(backendType: 1, configBlob: [0, 255])
    #expect(try Config(json: ViewDocument(major: major).json(config)) == config)
  }

  @Test(arguments: ["run_id", "sales_window", "prize_plan", "winners_dedup", "event_slug"])
  func `a configuration without a member, with another or with one of another kind is refused`(member: String) throws {
    let shown = try #require(ViewDocument().json(Samples.multi()).object)
    let without = shown.members.filter { $0.key != member }.map { (key: $0.key, value: $0.value) }
    #expect(throws: LotteryDeskError.self) { try Config(json: .object(try JSONObject(without))) }
    #expect(throws: LotteryDeskError.self) {
      try Config(json: .object(try JSONObject(without + [(key: member, value: .number("-1"))])))
    }
    let more = shown.members.map { (key: $0.key, value: $0.value) } + [(key: "more", value: .null)]
    #expect(throws: LotteryDeskError.self) { try Config(json: .object(try JSONObject(more))) }
  }
}
