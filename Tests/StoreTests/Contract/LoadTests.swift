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
    try bench.store.place(Bench.keys(0..<3, "k"), of: load)
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
    // Half of its keys were placed.
    try bench.store.place(Bench.keys(3..<5, "k", from: 3), of: stopped)
    // Other content, or the same under other settings, takes its place.
    let content = settings == "{}" ? Bench.hash(6) : Bench.hash(5)
    let next = try bench.store.begin(campaign.id, contentHash: content, settings: settings)
    #expect(next.firstOrdinal == 2 && next.nextOrdinal == 2 && next.number != stopped.number)
    try bench.expectRefusal(.staleState) { _ = try bench.store.insert(Bench.chunk(7..<8), into: stopped) }
    try bench.expectRefusal(.staleState) { try bench.store.place(Bench.keys(2..<3, "k", from: 2), of: stopped) }
    // Addresses and keys are free again.
    let load = try bench.store.insert(Bench.chunk(2..<4, keys: "k"), into: next)
    try bench.store.place(Bench.keys(2..<4, "k", from: 2), of: load)
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
    // The same addresses in another campaign are other recipients, with other keys.
    let inserted = try bench.store.insert(Bench.chunk(0..<2, keys: campaign.name), into: second)
    #expect(inserted.nextOrdinal == 2)
    try bench.expectRefusal(.conflict) { try bench.store.place(Bench.keys(0..<2, campaign.name), of: inserted) }
    try bench.expectRefusal(.staleState) {
      try bench.commit(.order(Bench.order(inserted, other, Bench.worth(0..<2))), guarded: false)
    }
    #expect(try bench.store.load(other.id, contentHash: Bench.hash(5)) == inserted)
  }

  @Test(arguments: StoreKind.allCases)
  func `keys are placed in any number of calls, again without harm, and all of them before the order`(
    kind: StoreKind
  ) throws {
    let bench = try Bench(kind)
    let campaign = try bench.createCampaign()
    let begun = try bench.store.begin(campaign.id, contentHash: .zero, settings: "{}")
    let first = try bench.store.insert(Bench.chunk(0..<4, keys: "k"), into: begun)
    let load = try bench.store.insert(Bench.chunk(4..<5), into: first)
    let order = Bench.order(load, campaign, Bench.worth(0..<5))
    func refused() throws { try bench.expectRefusal(.staleState) { try bench.commit(.order(order), guarded: false) } }
    try refused()
    try bench.expectRefusal(.staleState) { try bench.store.place(Bench.keys(0..<1, "k"), of: first) }
    try bench.expectRefusal(.badRow) { try bench.store.place(Bench.keys(0..<1, "k", from: 5), of: load) }
    try bench.store.place(LoadKeys(), of: load)
    try bench.store.place(Bench.keys(1..<3, "k", from: 1), of: load)
    try refused()
    #expect(try bench.store.takenKeys(["k/1"]).isEmpty)
    // The next try begins at the first key.
    #expect(try bench.store.begin(campaign.id, contentHash: .zero, settings: "{}") == load)
    try bench.store.place(Bench.keys(0..<3, "k"), of: load)
    try refused()
    try bench.store.place(Bench.keys(3..<4, "k", from: 3), of: load)
    try bench.store.place(Bench.keys(0..<4, "k"), of: load)
    try bench.commit(.order(order), guarded: false)
    #expect(try bench.store.takenKeys(["k/0", "k/1", "k/2", "k/3", "k/4"]).count == 4)
    #expect(try bench.store.payout(key: "k/3")?.rowNumber == 4)
    try bench.expectRefusal(.staleState) { try bench.store.place(Bench.keys(0..<1, "k"), of: load) }
    try bench.expectSound()
  }

  @Test(arguments: StoreKind.allCases)
  func `two loads at once race for a key, and one of them gets it`(kind: StoreKind) throws {
    let bench = try Bench(kind)
    let (one, two) = (try bench.createCampaign("one"), try bench.createCampaign("two"))
    func half(_ campaign: Campaign) throws -> Load {
      let begun = try bench.store.begin(campaign.id, contentHash: .zero, settings: "{}")
      return try bench.store.insert(Bench.chunk(0..<2, keys: "k"), into: begun)
    }
    let (first, second) = (try half(one), try half(two))
    try bench.store.place(Bench.keys(0..<1, "k"), of: second)
    try bench.expectRefusal(.conflict) { try bench.store.place(Bench.keys(0..<2, "k"), of: first) }
    // All or nothing: the refused call has placed no key.
    try bench.store.place(Bench.keys(1..<2, "k", from: 1), of: second)
    try bench.commit(.order(Bench.order(second, two, Bench.worth(0..<2))), guarded: false)
    #expect(try bench.store.payout(key: "k/1")?.campaign == two.id)
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
