import Audit
import Airdrop
import Chains
import Codecs
import Engine
import Money
import Payouts
import Testing

@Suite("Loads in every store")
struct LoadTests {
  @Test(arguments: StoreKind.allCases)
  func `rows are seen by nobody until their load is ordered`(kind: StoreKind) throws {
    let bench = try Bench(kind)
    let campaign = try bench.createCampaign()
    let begun = try bench.store.begin(campaign.id, contentHash: .zero, settings: "{}")
    #expect(begun.state == .loading && begun.firstOrdinal == 0 && begun.nextOrdinal == 0 && begun.summary == nil)
    let load = try bench.store.insert(Bench.chunk(0..<3, keys: "k"), into: begun)
    #expect(load.nextOrdinal == 3)
    #expect(try bench.store.queued(campaign.id, after: nil, limit: 9).isEmpty)
    #expect(try bench.store.allQueued(campaign.id, after: nil, limit: 9).isEmpty)
    #expect(try bench.store.payouts(campaign.id, status: nil, after: nil, limit: 9).isEmpty)
    #expect(try bench.store.payouts(campaign.id, status: .queued, after: nil, limit: 9).isEmpty)
    #expect(try bench.store.payout(PayoutID(campaign: campaign.id, ordinal: 0)) == nil)
    #expect(try bench.store.payout(key: "k/0") == nil)
    #expect(try bench.store.payout(campaign.id, address: Bench.address(0)) == nil)
    #expect(try bench.store.takenKeys(["k/0"]).isEmpty)
    #expect(try bench.store.addresses(campaign.id, addressLength: 20, after: nil, limit: 9).isEmpty)
    #expect(try bench.store.tally(campaign.id) == Tally())
    try bench.expectSound()

    let order = Bench.order(load, campaign, UInt256(6))
    try bench.commit(.order(order), guarded: false)
    #expect(try bench.store.queued(campaign.id, after: nil, limit: 9).count == 3)
    #expect(try bench.store.payout(key: "k/0")?.metadata == "")
    #expect(try bench.store.payout(key: "k/1")?.metadata == "{\"n\":1}")
    #expect(try bench.store.takenKeys(["k/0", "k/9"]) == ["k/0"])
    #expect(try bench.store.campaign(campaign.id)?.readyOrdinal == 3)
    #expect(try bench.store.tally(campaign.id)[.queued] == Tally.Part(count: 3, units: UInt256(6)))
    let finished = try #require(try bench.store.load(campaign.id, contentHash: .zero))
    #expect(finished.state == .loaded && finished.summary == order.summary)
    try bench.expectSound()
  }

  @Test(arguments: StoreKind.allCases)
  func `the same content goes on where it stopped, and is loaded once`(kind: StoreKind) throws {
    let bench = try Bench(kind)
    let campaign = try bench.createCampaign()
    let begun = try bench.store.begin(campaign.id, contentHash: .zero, settings: "{}")
    let half = try bench.store.insert(Bench.chunk(0..<2), into: begun)
    #expect(try bench.store.begin(campaign.id, contentHash: .zero, settings: "{}") == half)
    #expect(try bench.store.load(campaign.id, contentHash: .zero) == half)
    // A chunk is inserted once: whoever still holds the load from before it is refused.
    try bench.expectRefusal(.staleState) { _ = try bench.store.insert(Bench.chunk(0..<2), into: begun) }
    let whole = try bench.store.insert(Bench.chunk(2..<3), into: half)
    try bench.commit(.order(Bench.order(whole, campaign, UInt256(6))), guarded: false)
    let again = try bench.store.begin(campaign.id, contentHash: .zero, settings: "{}")
    #expect(again.state == .loaded && again.summary?.accepted == 3)
    try bench.expectRefusal(.conflict) {
      _ = try bench.store.begin(campaign.id, contentHash: .zero, settings: "{\"duplicates\":\"sum\"}")
    }
    try bench.expectRefusal(.staleState) { _ = try bench.store.insert(Bench.chunk(5..<6), into: again) }
    try bench.expectRefusal(.staleState) {
      try bench.commit(.order(Bench.order(whole, campaign, UInt256(6))), guarded: false)
    }
  }

  @Test(arguments: StoreKind.allCases, ["{}", "{\"duplicates\":\"sum\"}"])
  func `an abandoned load leaves no trace`(kind: StoreKind, settings: String) throws {
    let bench = try Bench(kind)
    let campaign = try bench.createCampaign()
    try bench.load(campaign, 2)
    let other = try bench.store.begin(campaign.id, contentHash: Bench.hash(5), settings: "{}")
    let stopped = try bench.store.insert(Bench.chunk(2..<5, keys: "k"), into: other)
    // Other content, or the same under other settings, takes its place.
    let content = settings == "{}" ? Bench.hash(6) : Bench.hash(5)
    let next = try bench.store.begin(campaign.id, contentHash: content, settings: settings)
    #expect(next.firstOrdinal == 2 && next.nextOrdinal == 2 && next.number != stopped.number)
    try bench.expectRefusal(.staleState) { _ = try bench.store.insert(Bench.chunk(7..<8), into: stopped) }
    // Addresses and keys are free again.
    let load = try bench.store.insert(Bench.chunk(2..<4, keys: "k"), into: next)
    try bench.commit(.order(Bench.order(load, campaign, Bench.worth(2..<4))), guarded: false)
    #expect(try bench.store.payouts(campaign.id, status: nil, after: nil, limit: 9).map(\.rowNumber) == [1, 2, 3, 4])
    #expect(try bench.store.payout(key: "k/4") == nil)
    try bench.expectSound()
  }

  @Test(arguments: StoreKind.allCases)
  func `a recipient or key that stands is not inserted again`(kind: StoreKind) throws {
    let bench = try Bench(kind)
    let campaign = try bench.createCampaign()
    try bench.load(campaign, 2, keys: true)
    let load = try bench.store.begin(campaign.id, contentHash: Bench.hash(5), settings: "{}")
    try bench.expectRefusal(.conflict) { _ = try bench.store.insert(Bench.chunk(1..<3), into: load) }
    let other = try bench.createCampaign("other")
    let second = try bench.store.begin(other.id, contentHash: Bench.hash(5), settings: "{}")
    try bench.expectRefusal(.conflict) {
      _ = try bench.store.insert(Bench.chunk(0..<1, keys: campaign.name), into: second)
    }
    // The same addresses in another campaign are other recipients.
    let inserted = try bench.store.insert(Bench.chunk(0..<2), into: second)
    #expect(inserted.nextOrdinal == 2)
    #expect(try bench.store.load(other.id, contentHash: Bench.hash(5)) == inserted)
  }

  @Test(arguments: StoreKind.allCases)
  func `an order names exactly the rows that stand`(kind: StoreKind) throws {
    let bench = try Bench(kind)
    let campaign = try bench.createCampaign()
    let begun = try bench.store.begin(campaign.id, contentHash: .zero, settings: "{}")
    let load = try bench.store.insert(Bench.chunk(0..<3), into: begun)
    let good = Bench.order(load, campaign, UInt256(6))
    func refused(
      asset: AssetID? = nil, load number: Int64? = nil, content: Hash32? = nil, settings: String = "{}",
      accepted: Int64 = 3, total: UInt64 = 6, ready: UInt32 = 3
    ) throws {
      let order = Order(
        campaign: campaign.id, asset: asset ?? campaign.asset, load: number ?? load.number,
        contentHash: content ?? load.contentHash, settings: settings,
        summary: LoadSummary(rows: 6, accepted: accepted, rejected: 2, duplicates: 1, total: UInt256(total)),
        readyOrdinal: ready)
      try bench.expectRefusal(.staleState) { try bench.commit(.order(order), guarded: false) }
    }
    try refused(asset: AssetID(chain: "sim:1", token: "0x01"))
    try refused(load: 99)
    try refused(content: Bench.hash(1))
    try refused(settings: "{\"a\":1}")
    try refused(accepted: 2)
    try refused(total: 7)
    try refused(ready: 2)
    try bench.commit(.order(good), guarded: false)
    try bench.expectSound()
  }

  @Test(arguments: StoreKind.allCases)
  func `addresses of finished loads come in order, to merge against`(kind: StoreKind) throws {
    let bench = try Bench(kind)
    let campaign = try bench.createCampaign()
    try bench.load(campaign, 2, first: 4)
    try bench.load(campaign, 2)
    let open = try bench.store.begin(campaign.id, contentHash: Bench.hash(9), settings: "{}")
    _ = try bench.store.insert(Bench.chunk(2..<3), into: open)
    func after(_ n: Int?, limit: Int) throws -> [UInt8] {
      try bench.store.addresses(
        campaign.id, addressLength: 20, after: n.map { Bench.address($0).bytes }, limit: limit)
    }
    #expect(try after(nil, limit: 3) == [0, 1, 4].flatMap { Bench.address($0).bytes })
    #expect(try after(4, limit: 3) == Bench.address(5).bytes)
    #expect(try after(5, limit: 3) == [])
  }

  @Test(arguments: StoreKind.allCases)
  func `the store's own names for payouts are no caller's keys`(kind: StoreKind) throws {
    let bench = try Bench(kind)
    let campaign = try bench.createCampaign()
    try bench.load(campaign, 1)
    let own = campaign.payoutKey(PayoutID(campaign: campaign.id, ordinal: 0))
    let future = campaign.payoutKey(PayoutID(campaign: campaign.id, ordinal: 900))
    #expect(try bench.store.takenKeys([own, future, "free-1"]) == [own, future])
  }

  @Test(arguments: StoreKind.allCases)
  func `loads need a campaign, and an empty file orders nothing`(kind: StoreKind) throws {
    let bench = try Bench(kind)
    try bench.expectRefusal(.notFound) {
      _ = try bench.store.begin(CampaignID(3), contentHash: .zero, settings: "{}")
    }
    let campaign = try bench.createCampaign()
    let load = try bench.store.begin(campaign.id, contentHash: .zero, settings: "{}")
    #expect(try bench.store.insert(LoadChunk(addressLength: 20), into: load) == load)
    try bench.commit(.order(Bench.order(load, campaign, .zero)), guarded: false)
    #expect(try bench.store.ledgerEntries(after: 0, limit: 9).isEmpty)
    #expect(try bench.store.tally(campaign.id) == Tally())
    try bench.expectSound()
  }
}
