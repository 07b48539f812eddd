import Chains
import Engine
import Money
import Payouts
import Testing

/// Campaigns that go out a little at a time, when two lanes plan at once.
@Suite("Turns in every store")
struct TurnTests {
  /// A running campaign that is planned so, two lanes of it, and the first one's guard in the bench.
  private func begin(
    _ kind: StoreKind, _ mode: CampaignMode, canary: Int = 0
  ) throws -> (bench: Bench, campaign: Campaign, second: LaneGuard) {
    let (bench, campaign) = try Bench.running(kind, 8)
    let planning = CampaignChange.Planning(
      mode: mode, priority: 5, window: .always, maxBatch: 200, canary: canary)
    try bench.commit(
      .changeCampaign(
        CampaignChange(
          campaign: campaign.id, from: .running, to: .running, event: "planned", reason: nil, planning: planning)),
      guarded: false)
    let lane = try bench.store.acquireLane(
      Bench.chain, Bench.address(5), holder: "h", session: "s2", leaseMilliseconds: 10_000, signerHighest: 0,
      at: bench.time())
    return (bench, campaign, LaneGuard(lane: lane.id, fence: lane.fence, session: "s2", epoch: lane.epoch))
  }

  @Test(arguments: StoreKind.allCases)
  func `no more than the canary goes out, from whichever lane`(kind: StoreKind) throws {
    let (bench, campaign, second) = try begin(kind, .canary, canary: 3)
    try bench.commit(.intend(bench.intent(campaign, [0])), .intend(bench.intent(campaign, [1])))
    let first = bench.held
    bench.held = second
    try bench.expectRefusal(.staleState) { try bench.commit(.intend(bench.intent(campaign, [4, 5], slot: 0))) }
    bench.held = first
    try bench.expectRefusal(.staleState) {
      try bench.commit(.intend(bench.intent(campaign, [2])), .intend(bench.intent(campaign, [3])))
    }
    try bench.commit(.intend(bench.intent(campaign, [2])))
    try bench.expectRefusal(.staleState) { try bench.commit(.intend(bench.intent(campaign, [3]))) }
    try bench.expectSound()
  }

  @Test(arguments: StoreKind.allCases)
  func `a sync campaign has one batch on its way, from whichever lane`(kind: StoreKind) throws {
    let (bench, campaign, second) = try begin(kind, .sync)
    let first = bench.intent(campaign, [0, 1])
    try bench.expectRefusal(.staleState) {
      try bench.commit(.intend(first), .intend(bench.intent(campaign, [2])))
    }
    try bench.commit(.intend(first))
    let held = bench.held
    bench.held = second
    try bench.expectRefusal(.staleState) { try bench.commit(.intend(bench.intent(campaign, [2], slot: 0))) }
    bench.held = held
    try bench.sign(first)
    try bench.commit(.endBatch(bench.end(first, .paid, [bench.outcome(.confirmed, campaign, [0, 1])])))
    try bench.commit(.intend(bench.intent(campaign, [2])))
    try bench.expectSound()
  }
}
