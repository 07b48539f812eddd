import Airdrop
import Chains
import Codecs
import Engine
import Money
import Payouts
import Testing

/// What comes later in a commit sees what came before it, though some stores read once and write once.
@Suite("Writes that follow from writes of the same commit, in every store")
struct DependentWritesTests {
  func recorded(_ intent: Intent, _ draft: AttemptDraft) -> Write {
    .recordBytes(RecordedBytes(batch: intent.batch, attempt: draft.id, signed: Bench.signed(draft)))
  }

  func sent(_ intent: Intent, _ draft: AttemptDraft) -> Write {
    .recordSent(RecordedSent(batch: intent.batch, attempt: draft.id, taken: true, answers: "yes"))
  }

  @Test(arguments: StoreKind.allCases)
  func `a batch goes through its whole life in one commit`(kind: StoreKind) throws {
    let (bench, campaign) = try Bench.running(kind, 4)
    let intent = bench.intent(campaign, [0, 1])
    let bump = bench.draft(payload: UInt64(intent.batch.raw), price: 40)
    try bench.commit(
      .intend(intent), recorded(intent, intent.attempt), sent(intent, intent.attempt),
      .addAttempt(AddedAttempt(batch: intent.batch, campaign: campaign.id, attempt: bump)), recorded(intent, bump),
      .markUnknown(intent.batch, campaign.id, .overdue),
      .endBatch(bench.end(intent, .paid, [bench.outcome(.confirmed, campaign, [0, 1])], spender: bump)))
    let view = try #require(try bench.store.batches(campaign.id, after: nil, limit: 9).first)
    #expect(view.batch.state == .final && view.batch.attempts.map(\.state) == [.dead, .confirmed])
    #expect(view.batch.attempts.map { $0.signed != nil } == [true, true] && view.batch.attempts[0].sentAt != nil)
    #expect(try bench.store.payout(PayoutID(campaign: campaign.id, ordinal: 1))?.transaction == Bench.signed(bump).hash)
    #expect(try bench.store.tally(campaign.id).unknown == 0)
    try bench.expectSound()
  }

  @Test(arguments: StoreKind.allCases)
  func `payouts that come back are promised again in the same commit, and in no other way`(kind: StoreKind) throws {
    let (bench, campaign) = try Bench.running(kind, 6)
    let first = bench.intent(campaign, [0, 1, 2])
    try bench.commit(.intend(first))
    let end = try bench.end(first, .stranger, [bench.outcome(.requeued, campaign, [0, 1, 2])])
    let wrong = bench.intent(campaign, [2, 3], halfOf: first.batch)
    try bench.expectRefusal(.staleState) { try bench.commit(.endBatch(end), .intend(wrong)) }
    let again = bench.intent(campaign, [2, 3])
    // The other way round they are not free yet.
    try bench.expectRefusal(.staleState) { try bench.commit(.intend(again), .endBatch(end)) }
    try bench.commit(.endBatch(end), .intend(again))
    #expect(
      try (0..<6).map { try bench.status(campaign, $0) } == [
        .queued, .queued, .submitted, .submitted, .queued, .queued,
      ])
    try bench.expectSound()
  }

  @Test(arguments: StoreKind.allCases)
  func `a reverted batch and both its halves fit in one commit`(kind: StoreKind) throws {
    let (bench, campaign) = try Bench.running(kind, 4)
    let lane = try #require(bench.held).lane
    let whole = bench.intent(campaign, [0, 1, 2])
    try bench.commit(.intend(whole))
    let end = try bench.end(whole, .reverted, [bench.outcome(.halved, campaign, [0, 1, 2])])
    let left = bench.intent(campaign, [0, 1], halfOf: whole.batch)
    let right = bench.intent(campaign, [2], halfOf: whole.batch)
    try bench.commit(.endBatch(end), .intend(left), .intend(right))
    #expect(try bench.store.halving(lane, limit: 9).isEmpty)
    #expect(try bench.store.liveBatches(lane).map(\.id) == [left.batch, right.batch])
    try bench.expectSound()
  }

  @Test(arguments: StoreKind.allCases)
  func `a slot that a batch gives up is taken by the next write`(kind: StoreKind) throws {
    let (bench, campaign) = try Bench.running(kind, 2)
    let lane = try #require(bench.held).lane
    let intent = bench.intent(campaign, [0])
    try bench.commit(.intend(intent))
    let repair = bench.repair(slot: intent.slot)
    try bench.expectRefusal(.conflict) { try bench.commit(.intend(repair)) }
    try bench.commit(
      .endBatch(bench.end(intent, .stranger, [bench.outcome(.requeued, campaign, [0])])), .intend(repair))
    #expect(try bench.store.liveBatches(lane).map(\.id) == [repair.batch])
    try bench.expectSound()
  }

  @Test(arguments: StoreKind.allCases)
  func `what was failed in a commit is not planned in it, and what was planned is not failed`(kind: StoreKind) throws {
    let (bench, campaign) = try Bench.running(kind, 4)
    let failed = FailedQueued(
      campaign: campaign.id, asset: campaign.asset, reason: .denied, runs: Bench.runs(campaign, [1, 2]), count: 2,
      units: Bench.worth([1, 2]))
    try bench.expectRefusal(.staleState) {
      try bench.commit(.failQueued(failed), .intend(bench.intent(campaign, [0, 1])))
    }
    try bench.expectRefusal(.staleState) {
      try bench.commit(.intend(bench.intent(campaign, [0, 1])), .failQueued(failed))
    }
    try bench.expectRefusal(.staleState) { try bench.commit(.failQueued(failed), .failQueued(failed)) }
    let compensation = Compensation(
      campaign: campaign.id, asset: campaign.asset, payout: PayoutID(campaign: campaign.id, ordinal: 2),
      units: Bench.worth([2]), from: .failed, reason: "BY_HAND")
    try bench.expectRefusal(.staleState) { try bench.commit(.compensate(compensation), .failQueued(failed)) }
    try bench.commit(
      .failQueued(failed), .compensate(compensation), .intend(bench.intent(campaign, [0, 3])))
    #expect(
      try (0..<4).map { try bench.status(campaign, $0) } == [.submitted, .failed, .compensated, .submitted])
    try bench.expectRefusal(.staleState) { try bench.commit(.compensate(compensation), .compensate(compensation)) }
    try bench.expectSound()
  }

  @Test(arguments: StoreKind.allCases)
  func `a campaign is made, approved and started at once, and a pause holds for what comes after it`(
    kind: StoreKind
  ) throws {
    let (bench, campaign) = try Bench.running(kind, 3)
    let new = Campaign(
      id: try bench.store.nextCampaignID(), uuid: "u-new", name: "new", chain: Bench.chain, asset: campaign.asset,
      status: .pending, reason: nil, mode: .sync, priority: 1, window: .always, maxBatch: 3, canary: 0,
      createdBy: "operator:eve", createdAt: bench.time(), readyOrdinal: 0)
    let approval = Approval(
      campaign: new.id, root: .zero, count: 0, total: .zero, feeCap: .one, approvedBy: "eve", expiresAt: nil)
    func change(_ id: CampaignID, _ from: CampaignStatus, _ to: CampaignStatus) -> Write {
      .changeCampaign(CampaignChange(campaign: id, from: from, to: to, event: "changed", reason: "r", planning: nil))
    }
    try bench.expectRefusal(.notFound) { try bench.commit(.approve(approval), .createCampaign(new), guarded: false) }
    try bench.expectRefusal(.conflict) { try bench.commit(.createCampaign(new), .createCampaign(new), guarded: false) }
    try bench.commit(
      .createCampaign(new), .approve(approval), change(new.id, .pending, .running), change(new.id, .running, .paused),
      guarded: false)
    #expect(try bench.store.campaign(new.id)?.status == .paused && bench.store.approval(new.id) == approval)
    try bench.expectRefusal(.staleState) {
      try bench.commit(change(campaign.id, .running, .paused), .intend(bench.intent(campaign, [0])))
    }
    try bench.commit(.intend(bench.intent(campaign, [0])), change(campaign.id, .running, .paused))
    try bench.commit(change(campaign.id, .paused, .running), .intend(bench.intent(campaign, [1])))
    #expect(try bench.store.tally(campaign.id)[.submitted].count == 2)
    try bench.expectSound()
  }

  @Test(arguments: StoreKind.allCases)
  func `rows that a commit orders may be planned by it, and numbers are given once within it`(kind: StoreKind) throws {
    let (bench, campaign) = try Bench.running(kind, 1)
    let begun = try bench.store.begin(campaign.id, contentHash: Bench.hash(8), settings: "{}")
    let load = try bench.store.insert(Bench.chunk(1..<4), into: begun)
    let order = Bench.order(load, campaign, Bench.worth(1..<4))
    let intent = bench.intent(campaign, [0, 1])
    try bench.expectRefusal(.staleState) { try bench.commit(.intend(intent), .order(order)) }
    try bench.expectRefusal(.staleState) { try bench.commit(.order(order), .order(order)) }
    try bench.commit(.order(order), .intend(intent))
    let one = bench.intent(campaign, [2])
    let same = Intent(
      batch: one.batch, campaign: campaign.id, slot: one.slot + 1, asset: campaign.asset,
      runs: Bench.runs(campaign, [3]), count: 1, total: Bench.worth([3]), root: .zero, attempt: bench.draft(),
      halfOf: nil)
    try bench.expectRefusal(.conflict) { try bench.commit(.intend(one), .intend(same)) }
    let twice = bench.intent(campaign, [3], slot: one.slot)
    try bench.expectRefusal(.conflict) { try bench.commit(.intend(one), .intend(twice)) }
    try bench.expectSound()
  }
}
