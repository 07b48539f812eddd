import Audit
import Chains
import Engine
import Money
import Payouts
import Testing

@Suite("Campaigns in every store")
struct CampaignTests {
  @Test(arguments: StoreKind.allCases)
  func `a campaign is read back as it was written`(kind: StoreKind) throws {
    let bench = try Bench(kind)
    let token = AssetID(chain: "sim:1", token: "0x00000000000000000000000000000000000000ff")
    let campaign = Campaign(
      id: try bench.store.nextCampaignID(), uuid: "u", name: "Q4", chain: Bench.chain, asset: token, status: .pending,
      reason: nil, mode: .canary, priority: 9,
      window: Window(
        start: Timestamp(milliseconds: 5), end: Timestamp(milliseconds: 9),
        daily: Window.Daily(fromMinute: 1380, toMinute: 60, zone: "Europe/Berlin")), maxBatch: 7, canary: 3,
      createdBy: "operator:eve", createdAt: Timestamp(milliseconds: 4), readyOrdinal: 0)
    try bench.commit(.createCampaign(campaign), guarded: false)
    #expect(try bench.store.campaign(campaign.id) == campaign)
    #expect(try bench.store.campaign(named: "Q4") == campaign)
    #expect(try bench.store.campaign(named: "q4") == nil && bench.store.campaign(CampaignID(2)) == nil)
    #expect(try bench.store.tally(campaign.id) == Tally() && bench.store.tally(CampaignID(9)) == Tally())
  }

  @Test(arguments: StoreKind.allCases)
  func `numbers, names and public ids are given once`(kind: StoreKind) throws {
    let bench = try Bench(kind)
    let first = try bench.createCampaign("a", uuid: "u1")
    try bench.expectRefusal(.conflict) { try bench.createCampaign("a", uuid: "u2") }
    try bench.expectRefusal(.conflict) { try bench.createCampaign("b", uuid: "u1") }
    try bench.expectRefusal(.conflict) { try bench.commit(.createCampaign(first), guarded: false) }
    let second = try bench.createCampaign("b", uuid: "u2")
    let third = try bench.createCampaign("c", uuid: "u3")
    #expect(try bench.store.campaigns(after: nil, limit: 2).map(\.id) == [first.id, second.id])
    #expect(try bench.store.campaigns(after: second.id, limit: 2).map(\.id) == [third.id])
  }

  @Test(arguments: StoreKind.allCases)
  func `a campaign changes from the state it is in, by ways the machine knows`(kind: StoreKind) throws {
    let bench = try Bench(kind)
    let campaign = try bench.createCampaign()
    func change(_ from: CampaignStatus, _ to: CampaignStatus, reason: String? = nil, planning: Int? = nil) throws {
      let settings = planning.map {
        CampaignChange.Planning(
          mode: .sync, priority: 2, window: Window(start: nil, end: Timestamp(milliseconds: 7), daily: nil),
          maxBatch: $0, canary: 1)
      }
      try bench.commit(
        .changeCampaign(
          CampaignChange(
            campaign: campaign.id, from: from, to: to, event: "changed", reason: reason, planning: settings)),
        guarded: false)
    }
    try bench.expectRefusal(.staleState) { try change(.running, .paused) }
    try bench.expectRefusal(.staleState) { try change(.pending, .completed) }
    try bench.expectRefusal(.notFound) {
      try bench.commit(
        .changeCampaign(
          CampaignChange(
            campaign: CampaignID(5), from: .pending, to: .running, event: "started", reason: nil, planning: nil)),
        guarded: false)
    }
    try change(.pending, .running, planning: 50)
    try change(.running, .paused, reason: "lunch")
    let paused = try #require(try bench.store.campaign(campaign.id))
    #expect(paused.status == .paused && paused.reason == "lunch" && paused.maxBatch == 50 && paused.mode == .sync)
    #expect(paused.priority == 2 && paused.canary == 1 && paused.window.end == Timestamp(milliseconds: 7))
    // New settings alone keep the state and its reason.
    try change(.paused, .paused, planning: 60)
    #expect(try bench.store.campaign(campaign.id)?.reason == "lunch")
    #expect(try bench.store.campaign(campaign.id)?.maxBatch == 60)
    try change(.paused, .running)
    #expect(try bench.store.campaign(campaign.id)?.reason == nil)
  }

  @Test(arguments: StoreKind.allCases)
  func `the newest approval counts`(kind: StoreKind) throws {
    let bench = try Bench(kind)
    let campaign = try bench.createCampaign()
    #expect(try bench.store.approval(campaign.id) == nil)
    func approval(_ campaign: CampaignID, cap: UInt64, until: Int64?) -> Approval {
      Approval(
        campaign: campaign, root: Bench.hash(cap), count: 3, total: .max, feeCap: UInt256(cap),
        approvedBy: "operator:eve", expiresAt: until.map { Timestamp(milliseconds: $0) })
    }
    try bench.commit(.approve(approval(campaign.id, cap: 1, until: nil)), guarded: false)
    try bench.commit(.approve(approval(campaign.id, cap: 2, until: 50)), guarded: false)
    #expect(try bench.store.approval(campaign.id) == approval(campaign.id, cap: 2, until: 50))
    try bench.expectRefusal(.notFound) {
      try bench.commit(.approve(approval(CampaignID(4), cap: 1, until: nil)), guarded: false)
    }
  }

  @Test(arguments: StoreKind.allCases)
  func `payouts are found by number, key and address, and listed by state in pages`(kind: StoreKind) throws {
    let (bench, campaign) = try Bench.running(kind, 6)
    let named = try bench.createCampaign("named")
    try bench.load(named, 2, keys: true)
    try bench.commit(.intend(bench.intent(campaign, [1, 2, 4])))
    let view = try #require(try bench.store.payout(PayoutID(campaign: campaign.id, ordinal: 4)))
    #expect(view.key == campaign.payoutKey(view.payout) && view.address == Bench.address(4))
    #expect(view.units == UInt256(5) && view.rowNumber == 5 && view.metadata.isEmpty)
    #expect(try bench.store.payout(key: view.key) == view)
    #expect(try bench.store.payout(campaign.id, address: Bench.address(4)) == view)
    #expect(try bench.store.payout(key: "named/1")?.payout == PayoutID(campaign: named.id, ordinal: 1))
    // A payout with a key of the caller's is known by that alone.
    #expect(try bench.store.payout(key: named.payoutKey(PayoutID(campaign: named.id, ordinal: 1))) == nil)
    for missing in ["", "-", "nobody", "\(campaign.uuid)-6", "\(campaign.uuid)-04", "named/7"] {
      #expect(try bench.store.payout(key: missing) == nil, "\(missing)")
    }
    #expect(try bench.store.payout(campaign.id, address: Bench.address(6)) == nil)
    #expect(try bench.store.payout(PayoutID(campaign: campaign.id, ordinal: 6)) == nil)
    func page(_ status: PayoutStatus?, after: UInt32?, limit: Int) throws -> [UInt32] {
      try bench.store.payouts(
        campaign.id, status: status, after: after.map { PayoutID(campaign: campaign.id, ordinal: $0) }, limit: limit
      ).map(\.payout.ordinal)
    }
    #expect(try page(nil, after: nil, limit: 4) == [0, 1, 2, 3])
    #expect(try page(nil, after: 3, limit: 4) == [4, 5])
    #expect(try page(.submitted, after: nil, limit: 2) == [1, 2])
    #expect(try page(.submitted, after: 2, limit: 2) == [4])
    #expect(try page(.queued, after: 0, limit: 9) == [3, 5])
    #expect(try page(.failed, after: nil, limit: 9) == [])
    #expect(
      try bench.store.queued(campaign.id, after: PayoutID(campaign: campaign.id, ordinal: 0), limit: 1)
        .map(\.payout.ordinal) == [3])
  }
}
