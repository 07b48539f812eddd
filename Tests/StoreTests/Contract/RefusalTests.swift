import Audit
import Chains
import Codecs
import Engine
import Ledger
import Money
import Payouts
import Testing

/// Every refusal leaves the store as it was; `expectRefusal` compares.
@Suite("Refusals of every store")
struct RefusalTests {
  @Test(arguments: StoreKind.allCases)
  func `one wrong write takes the whole commit back`(kind: StoreKind) throws {
    let (bench, campaign) = try Bench.running(kind, 4)
    let good = bench.intent(campaign, [0, 1])
    let again = bench.intent(campaign, [1, 2])
    try bench.expectRefusal(.staleState) { try bench.commit(.intend(good), .intend(again)) }
    #expect(try bench.status(campaign, 0) == .queued)
    try bench.commit(.intend(good))
    try bench.expectSound()
  }

  @Test(arguments: StoreKind.allCases)
  func `a payout is promised by one batch at a time`(kind: StoreKind) throws {
    let (bench, campaign) = try Bench.running(kind, 4)
    try bench.commit(.intend(bench.intent(campaign, [0, 1])))
    try bench.expectRefusal(.staleState) { try bench.commit(.intend(bench.intent(campaign, [1]))) }
    try bench.expectRefusal(.staleState) { try bench.commit(.intend(bench.intent(campaign, [0, 1, 2]))) }
  }

  @Test(arguments: StoreKind.allCases)
  func `an intent counts, sums and orders its payouts truly`(kind: StoreKind) throws {
    let (bench, campaign) = try Bench.running(kind, 4)
    let other = try bench.createCampaign("other")
    func intent(
      runs: [PayoutRun]? = nil, count: Int = 2, total: UInt64 = 3, campaign id: CampaignID? = nil, asset: AssetID? = nil
    ) -> Intent {
      let batch = BatchID(bench.number())
      return Intent(
        batch: batch, campaign: id ?? campaign.id, slot: 0, asset: asset ?? campaign.asset,
        runs: runs ?? Bench.runs(campaign, [0, 1]), count: count, total: UInt256(total), root: .zero,
        attempt: bench.draft(), halfOf: nil)
    }
    func refused(_ intent: Intent) throws { try bench.expectRefusal(.staleState) { try bench.commit(.intend(intent)) } }
    try refused(intent(count: 3))
    try refused(intent(total: 4))
    try refused(intent(runs: Bench.runs(campaign, [1]) + Bench.runs(campaign, [0])))
    try refused(intent(runs: Bench.runs(campaign, [0]) + Bench.runs(campaign, [0]), total: 2))
    try refused(intent(runs: Bench.runs(campaign, [3, 4]), total: 9))
    try refused(intent(runs: Bench.runs(other, [0, 1])))
    try refused(intent(campaign: other.id))
    try refused(intent(campaign: CampaignID(77)))
    try refused(intent(asset: AssetID(chain: "sim:1", token: "0x01")))
    try refused(intent(runs: [], count: 0, total: 0))
    try bench.commit(.intend(intent()))
    try bench.expectSound()
  }

  @Test(arguments: StoreKind.allCases)
  func `only a running campaign on an open lane gets intents`(kind: StoreKind) throws {
    let (bench, campaign) = try Bench.running(kind, 2)
    let lane = try #require(bench.held).lane
    try bench.change(campaign, .paused)
    try bench.expectRefusal(.staleState) { try bench.commit(.intend(bench.intent(campaign, [0]))) }
    try bench.change(campaign, .running)
    try bench.commit(.changeLane(LaneChange(lane: lane, mode: .draining, reason: "asked", nextSlot: nil)))
    try bench.expectRefusal(.staleState) { try bench.commit(.intend(bench.intent(campaign, [0]))) }
    // What the signer's log knows comes back while the lane drains, and only then; the campaign was restored to an
    // earlier day, so its status says nothing.
    try bench.change(campaign, .paused)
    let forgotten = bench.intent(campaign, [1], slot: 3).adopted
    try bench.commit(.intend(forgotten))
    #expect(try bench.store.liveBatches(lane).map(\.id) == [forgotten.batch])
    try bench.commit(.changeLane(LaneChange(lane: lane, mode: .open, reason: nil, nextSlot: nil)))
    try bench.expectRefusal(.staleState) {
      try bench.commit(.intend(bench.intent(campaign, [0]).adopted))
    }
    try bench.commit(.changeLane(LaneChange(lane: lane, mode: .draining, reason: "asked", nextSlot: nil)))
    // A gap may be repaired while the lane drains.
    try bench.commit(.intend(bench.repair(slot: 0)))
    try bench.commit(.changeLane(LaneChange(lane: lane, mode: .stopped, reason: "asked", nextSlot: nil)))
    try bench.expectRefusal(.staleState) { try bench.commit(.intend(bench.repair(slot: 1))) }
    // In one commit too, what comes later sees what came before.
    try bench.expectRefusal(.staleState) {
      try bench.commit(
        .changeLane(LaneChange(lane: lane, mode: .open, reason: nil, nextSlot: nil)),
        .changeLane(LaneChange(lane: lane, mode: .draining, reason: nil, nextSlot: nil)),
        .intend(bench.intent(campaign, [0])))
    }
  }

  @Test(arguments: StoreKind.allCases)
  func `slots and numbers are given once`(kind: StoreKind) throws {
    let (bench, campaign) = try Bench.running(kind, 6)
    let first = bench.intent(campaign, [0], slot: 5)
    try bench.commit(.intend(first))
    #expect(try bench.store.lanes().first?.nextSlot == 6)
    // A used slot, and one below it.
    try bench.expectRefusal(.staleState) { try bench.commit(.intend(bench.intent(campaign, [1], slot: 5))) }
    try bench.expectRefusal(.staleState) { try bench.commit(.intend(bench.intent(campaign, [1], slot: 4))) }
    // A repair may go below, but not onto a live batch.
    try bench.expectRefusal(.conflict) { try bench.commit(.intend(bench.repair(slot: 5))) }
    try bench.commit(.intend(bench.repair(slot: 4)))
    // Numbers of the past, of another lane, and twice in one commit.
    bench.sequence = 0
    try bench.expectRefusal(.staleState) { try bench.commit(.intend(bench.intent(campaign, [1]))) }
    bench.sequence = 100
    let held = try #require(bench.held)
    bench.held = nil
    let foreign = Intent(
      batch: BatchID(Lane.number(LaneID(9), sequence: 500)), campaign: campaign.id, slot: 9, asset: campaign.asset,
      runs: Bench.runs(campaign, [1]), count: 1, total: UInt256(2), root: .zero, attempt: bench.draft(), halfOf: nil)
    bench.held = held
    try bench.expectRefusal(.staleState) { try bench.commit(.intend(foreign)) }
    let one = bench.intent(campaign, [1])
    let two = bench.intent(campaign, [2])
    let clash = Intent(
      batch: two.batch, campaign: campaign.id, slot: two.slot, asset: campaign.asset, runs: two.runs, count: 1,
      total: two.total, root: .zero, attempt: one.attempt, halfOf: nil)
    try bench.expectRefusal(.conflict) { try bench.commit(.intend(one), .intend(clash)) }
    #expect(try bench.store.lanes().first?.nextSequence == 11)
  }

  @Test(arguments: StoreKind.allCases)
  func `a bump promises the same payload, and a batch that ended takes no attempt`(kind: StoreKind) throws {
    let (bench, campaign) = try Bench.running(kind, 3)
    let intent = bench.intent(campaign, [0])
    try bench.commit(.intend(intent))
    let payload = UInt64(intent.batch.raw)
    func add(_ draft: AttemptDraft) throws {
      try bench.commit(.addAttempt(AddedAttempt(batch: intent.batch, campaign: campaign.id, attempt: draft)))
    }
    try bench.expectRefusal(.staleState) { try add(bench.draft(payload: 12345)) }
    try bench.expectRefusal(.staleState) { try add(bench.draft(.setup, payload: payload)) }
    try bench.change(campaign, .paused)
    try bench.expectRefusal(.staleState) { try add(bench.draft(payload: payload)) }
    try add(bench.draft(.void, payload: 1))
    try bench.change(campaign, .running)
    try add(bench.draft(payload: payload, price: 40))
    let lane = try #require(bench.held).lane
    #expect(try bench.store.liveBatches(lane).first?.attempts.map(\.kind) == [.pay, .void, .pay])
    try bench.sign(intent)
    try bench.commit(.endBatch(bench.end(intent, .paid, [bench.outcome(.confirmed, campaign, [0])])))
    try bench.expectRefusal(.staleState) { try add(bench.draft(payload: payload)) }
    try bench.expectRefusal(.staleState) {
      try bench.commit(
        .recordSent(RecordedSent(batch: intent.batch, attempt: intent.attempt.id, taken: true, answers: "")))
    }
    try bench.expectRefusal(.staleState) { try bench.commit(.markUnknown(intent.batch, campaign.id, .overdue)) }
  }

  @Test(arguments: StoreKind.allCases)
  func `bytes are recorded once, under one hash, and sent after that`(kind: StoreKind) throws {
    let (bench, campaign) = try Bench.running(kind, 3)
    let one = bench.intent(campaign, [0])
    let two = bench.intent(campaign, [1])
    try bench.commit(.intend(one), .intend(two))
    try bench.expectRefusal(.staleState) {
      try bench.commit(.recordSent(RecordedSent(batch: one.batch, attempt: one.attempt.id, taken: true, answers: "")))
    }
    try bench.sign(one)
    try bench.expectRefusal(.staleState) { try bench.sign(one) }
    try bench.expectRefusal(.conflict) {
      try bench.commit(
        .recordBytes(RecordedBytes(batch: two.batch, attempt: two.attempt.id, signed: Bench.signed(one.attempt))))
    }
    try bench.expectRefusal(.staleState) {
      try bench.commit(
        .recordBytes(RecordedBytes(batch: two.batch, attempt: one.attempt.id, signed: Bench.signed(two.attempt))))
    }
    let sentAt = bench.now + 1
    try bench.commit(.recordSent(RecordedSent(batch: one.batch, attempt: one.attempt.id, taken: false, answers: "no")))
    try bench.commit(.recordSent(RecordedSent(batch: one.batch, attempt: one.attempt.id, taken: true, answers: "yes")))
    let lane = try #require(bench.held).lane
    #expect(try bench.store.liveBatches(lane).first?.attempts.first?.sentAt == Timestamp(milliseconds: sentAt))
  }

  @Test(arguments: StoreKind.allCases)
  func `a batch ends once, with one true outcome for each payout`(kind: StoreKind) throws {
    let (bench, campaign) = try Bench.running(kind, 4)
    let intent = bench.intent(campaign, [0, 1, 2])
    try bench.commit(.intend(intent))
    try bench.sign(intent)
    func refused(_ verdict: Verdict, _ outcomes: [Outcome], spender: AttemptDraft? = nil) throws {
      let end = try bench.end(intent, verdict, outcomes, spender: spender)
      try bench.expectRefusal(.staleState) { try bench.commit(.endBatch(end)) }
    }
    func outcome(_ kind: Outcome.Kind, _ ordinals: [Int]) -> Outcome { bench.outcome(kind, campaign, ordinals) }
    try refused(.paid, [outcome(.confirmed, [0, 1])])
    try refused(.paid, [outcome(.confirmed, [0, 1, 3])])
    try refused(.paid, [outcome(.confirmed, [0, 1]), outcome(.confirmed, [1])])
    try refused(.credited([]), [outcome(.confirmed, [0, 1]), outcome(.partial, [1])])
    try refused(.paid, [outcome(.halved, [0, 1, 2])])
    try refused(.reverted, [outcome(.confirmed, [0, 1, 2])])
    try refused(.reverted, [outcome(.partial, [0, 1, 2])])
    try refused(.settled, [outcome(.confirmed, [0, 1, 2])])
    try refused(.voided, [outcome(.requeued, [0, 1, 2])])
    try refused(.paid, [outcome(.confirmed, [0, 1, 2])], spender: bench.draft())
    // A part that claims another sum, made up by another part.
    let runs = (Bench.runs(campaign, [0]), Bench.runs(campaign, [1, 2]))
    try refused(
      .credited([]),
      [
        Outcome(kind: .confirmed, runs: runs.0, count: 1, units: UInt256(2)),
        Outcome(kind: .failed(.notCredited), runs: runs.1, count: 2, units: UInt256(4)),
      ])
    let end = try bench.end(intent, .paid, [outcome(.confirmed, [0, 1, 2])])
    try bench.commit(.endBatch(end))
    try bench.expectRefusal(.staleState) { try bench.commit(.endBatch(end)) }
    try bench.expectSound()
  }

  @Test(arguments: StoreKind.allCases)
  func `an attempt without recorded bytes cannot have paid`(kind: StoreKind) throws {
    let (bench, campaign) = try Bench.running(kind, 2)
    let intent = bench.intent(campaign, [0])
    try bench.commit(.intend(intent))
    let end = try bench.end(intent, .paid, [bench.outcome(.confirmed, campaign, [0])])
    try bench.expectRefusal(.staleState) { try bench.commit(.endBatch(end)) }
  }

  @Test(arguments: StoreKind.allCases)
  func `only what is queued fails in the queue`(kind: StoreKind) throws {
    let (bench, campaign) = try Bench.running(kind, 3)
    try bench.commit(.intend(bench.intent(campaign, [0])))
    func refused(_ reason: FailureReason, _ ordinals: [Int], units: UInt64, count: Int? = nil) throws {
      let failed = FailedQueued(
        campaign: campaign.id, asset: campaign.asset, reason: reason, runs: Bench.runs(campaign, ordinals),
        count: count ?? ordinals.count, units: UInt256(units))
      try bench.expectRefusal(.staleState) { try bench.commit(.failQueued(failed), guarded: false) }
    }
    try refused(.canceled, [0, 1], units: 3)
    try refused(.canceled, [1, 2], units: 6)
    try refused(.canceled, [1, 2], units: 5, count: 3)
    try refused(.reverted, [1, 2], units: 5)
    try refused(.canceled, [1, 2, 3], units: 9)
  }
}
