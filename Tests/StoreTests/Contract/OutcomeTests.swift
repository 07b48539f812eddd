import Audit
import Chains
import Codecs
import Engine
import Ledger
import Money
import Payouts
import Testing

@Suite("Ends of batches in every store")
struct OutcomeTests {
  @Test(arguments: StoreKind.allCases)
  func `a reverted batch waits under its number until both halves are planned`(kind: StoreKind) throws {
    let (bench, campaign) = try Bench.running(kind, 5)
    let lane = try #require(bench.held).lane
    let whole = bench.intent(campaign, [0, 1, 2, 3])
    try bench.commit(.intend(whole))
    try bench.sign(whole)
    try bench.commit(.endBatch(bench.end(whole, .reverted, [bench.outcome(.halved, campaign, [0, 1, 2, 3])])))
    #expect(try bench.status(campaign, 0) == .queued)
    // Ordinary planning does not see them; cancel does.
    #expect(try bench.store.queued(campaign.id, after: nil, limit: 10).map(\.payout.ordinal) == [4])
    #expect(try bench.store.allQueued(campaign.id, after: nil, limit: 10).map(\.payout.ordinal) == [0, 1, 2, 3, 4])
    #expect(try bench.store.halving(lane, limit: 10).map(\.id) == [whole.batch])
    #expect(try bench.store.queuedPayees(under: whole.batch).map(\.payout.ordinal) == [0, 1, 2, 3])
    try bench.expectSound()

    let left = bench.intent(campaign, [0, 1], halfOf: whole.batch)
    try bench.commit(.intend(left))
    #expect(try bench.store.halving(lane, limit: 10).map(\.id) == [whole.batch])
    #expect(try bench.store.queuedPayees(under: whole.batch).map(\.payout.ordinal) == [2, 3])
    let right = bench.intent(campaign, [2, 3], halfOf: whole.batch)
    try bench.commit(.intend(right))
    #expect(try bench.store.halving(lane, limit: 10).isEmpty)
    #expect(try bench.store.liveBatches(lane).map(\.id) == [left.batch, right.batch])
    try bench.expectSound()
  }

  @Test(arguments: StoreKind.allCases)
  func `what a half does not name cannot be taken from under a dead batch`(kind: StoreKind) throws {
    let (bench, campaign) = try Bench.running(kind, 4)
    let whole = bench.intent(campaign, [0, 1])
    try bench.commit(.intend(whole))
    try bench.commit(.endBatch(bench.end(whole, .reverted, [bench.outcome(.halved, campaign, [0, 1])])))
    try bench.expectRefusal(.staleState) { try bench.commit(.intend(bench.intent(campaign, [0, 2]))) }
    try bench.expectRefusal(.staleState) {
      try bench.commit(.intend(bench.intent(campaign, [2, 3], halfOf: whole.batch)))
    }
    try bench.expectRefusal(.staleState) {
      try bench.commit(.intend(bench.intent(campaign, [0], halfOf: BatchID(whole.batch.raw + 99))))
    }
  }

  @Test(arguments: StoreKind.allCases)
  func `a void gives the payouts back to the queue`(kind: StoreKind) throws {
    let (bench, campaign) = try Bench.running(kind, 3)
    let intent = bench.intent(campaign, [0, 1])
    try bench.commit(.intend(intent))
    try bench.sign(intent)
    let void = bench.draft(.void, payload: 1)
    try bench.commit(.addAttempt(AddedAttempt(batch: intent.batch, campaign: campaign.id, attempt: void)))
    try bench.commit(.recordBytes(RecordedBytes(batch: intent.batch, attempt: void.id, signed: Bench.signed(void))))
    try bench.commit(
      .endBatch(bench.end(intent, .voided, [bench.outcome(.requeued, campaign, [0, 1])], spender: void)))
    let view = try #require(try bench.store.payout(PayoutID(campaign: campaign.id, ordinal: 0)))
    #expect(view.status == .queued && view.batch == nil && view.transaction == nil && view.outIndex == nil)
    #expect(try bench.store.queued(campaign.id, after: nil, limit: 10).count == 3)
    let ended = try #require(try bench.store.batches(campaign.id, after: nil, limit: 10).first)
    #expect(ended.batch.attempts.map(\.state) == [.dead, .confirmed] && ended.batch.state == .dead)
    #expect(try bench.store.ledgerEntries(after: 0, limit: 10).map(\.kind) == ["move", "hold", "void"])
    try bench.expectSound()
  }

  @Test(arguments: StoreKind.allCases)
  func `a stranger on the slot kills every attempt and names no transaction of ours`(kind: StoreKind) throws {
    let (bench, campaign) = try Bench.running(kind, 2)
    let intent = bench.intent(campaign, [0])
    try bench.commit(.intend(intent))
    try bench.sign(intent)
    try bench.commit(.endBatch(bench.end(intent, .stranger, [bench.outcome(.requeued, campaign, [0])])))
    let ended = try #require(try bench.store.batches(campaign.id, after: nil, limit: 10).first)
    #expect(ended.batch.attempts.map(\.state) == [.dead] && ended.feePaid == nil)
    #expect(ended.evidence?.contains("\"verdict\":\"stranger\"") == true)
    try bench.expectSound()
  }

  @Test(arguments: StoreKind.allCases)
  func `payees of one transaction end each in their own way`(kind: StoreKind) throws {
    let (bench, campaign) = try Bench.running(kind, 4)
    let intent = bench.intent(campaign, [0, 1, 2])
    try bench.commit(.intend(intent))
    try bench.sign(intent)
    let verdict = Verdict.credited([.full, .none, .other(.one)])
    try bench.commit(
      .endBatch(
        bench.end(
          intent, verdict,
          [
            bench.outcome(.confirmed, campaign, [0]), bench.outcome(.failed(.notCredited), campaign, [1]),
            bench.outcome(.partial, campaign, [2]),
          ])))
    let views = try bench.store.payouts(campaign.id, status: nil, after: nil, limit: 10)
    #expect(views.map(\.status) == [.confirmed, .failed, .submitted, .queued])
    #expect(views[1].errorCode == FailureReason.notCredited.rawValue)
    #expect(views[2].fate == .unknown(.partial) && views[2].transaction == Bench.signed(intent.attempt).hash)
    #expect(views.map(\.outIndex) == [0, 1, 2, nil])
    let tally = try bench.store.tally(campaign.id)
    #expect(tally.unknown == 1 && tally[.submitted].count == 1 && tally[.failed].units == UInt256(2))
    let balances = try bench.store.balances(owner: "campaign/\(campaign.id)")
    #expect(balances[Account(campaign.id, .released, campaign.asset)]?.posted == UInt256(2))
    #expect(balances[Account(campaign.id, .reserved, campaign.asset)]?.pendingDebit == UInt256(3))
    try bench.expectSound()
  }

  @Test(arguments: StoreKind.allCases)
  func `patience marks the fate unknown, and evidence still decides`(kind: StoreKind) throws {
    let (bench, campaign) = try Bench.running(kind, 3)
    let intent = bench.intent(campaign, [0, 1])
    try bench.commit(.intend(intent))
    try bench.sign(intent)
    try bench.commit(.markUnknown(intent.batch, campaign.id, .overdue))
    #expect(try bench.store.payout(PayoutID(campaign: campaign.id, ordinal: 0))?.fate == .unknown(.overdue))
    #expect(try bench.store.tally(campaign.id).unknown == 2)
    // A worker that has forgotten says it again: counted once.
    try bench.commit(.markUnknown(intent.batch, campaign.id, .overdue))
    #expect(try bench.store.tally(campaign.id).unknown == 2)
    try bench.expectSound()
    try bench.commit(.endBatch(bench.end(intent, .paid, [bench.outcome(.confirmed, campaign, [0, 1])])))
    #expect(try bench.store.tally(campaign.id).unknown == 0)
    #expect(try bench.store.payout(PayoutID(campaign: campaign.id, ordinal: 0))?.fate == nil)
    try bench.expectSound()
  }

  @Test(arguments: StoreKind.allCases)
  func `cancel fails what is queued, under dead batches too`(kind: StoreKind) throws {
    let (bench, campaign) = try Bench.running(kind, 4)
    let lane = try #require(bench.held).lane
    let whole = bench.intent(campaign, [0, 1])
    try bench.commit(.intend(whole))
    try bench.commit(.endBatch(bench.end(whole, .reverted, [bench.outcome(.halved, campaign, [0, 1])])))
    try bench.change(campaign, .canceled)
    let failed = FailedQueued(
      campaign: campaign.id, asset: campaign.asset, reason: .canceled, runs: Bench.runs(campaign, [0, 1, 2, 3]),
      count: 4, units: Bench.worth(0..<4))
    try bench.commit(.failQueued(failed), guarded: false)
    #expect(try bench.store.tally(campaign.id)[.failed] == Tally.Part(count: 4, units: UInt256(10)))
    #expect(try bench.store.halving(lane, limit: 10).isEmpty)
    let view = try #require(try bench.store.payout(PayoutID(campaign: campaign.id, ordinal: 1)))
    #expect(view.errorCode == FailureReason.canceled.rawValue && view.batch == nil && view.transaction == nil)
    try bench.expectRefusal(.staleState) { try bench.commit(.failQueued(failed), guarded: false) }
    try bench.expectSound()
  }

  @Test(arguments: StoreKind.allCases)
  func `compensation moves value once, out of failed and out of confirmed`(kind: StoreKind) throws {
    let (bench, campaign) = try Bench.running(kind, 3)
    let intent = bench.intent(campaign, [0])
    try bench.commit(.intend(intent))
    try bench.sign(intent)
    try bench.commit(.endBatch(bench.end(intent, .paid, [bench.outcome(.confirmed, campaign, [0])])))
    try bench.commit(
      .failQueued(
        FailedQueued(
          campaign: campaign.id, asset: campaign.asset, reason: .denied, runs: Bench.runs(campaign, [1]), count: 1,
          units: Bench.worth([1]))), guarded: false)
    func compensation(_ ordinal: Int, _ from: PayoutStatus, units: UInt256? = nil) -> Compensation {
      Compensation(
        campaign: campaign.id, asset: campaign.asset, payout: PayoutID(campaign: campaign.id, ordinal: UInt32(ordinal)),
        units: units ?? Bench.worth([ordinal]), from: from, reason: "PAID_BY_HAND")
    }
    try bench.expectRefusal(.staleState) { try bench.commit(.compensate(compensation(0, .failed)), guarded: false) }
    try bench.expectRefusal(.staleState) { try bench.commit(.compensate(compensation(2, .queued)), guarded: false) }
    try bench.expectRefusal(.staleState) {
      try bench.commit(
        .compensate(compensation(0, .confirmed, units: .one.addingReportingOverflow(.one).0)), guarded: false)
    }
    try bench.commit(.compensate(compensation(0, .confirmed)), guarded: false)
    try bench.commit(.compensate(compensation(1, .failed)), guarded: false)
    try bench.expectRefusal(.staleState) { try bench.commit(.compensate(compensation(1, .failed)), guarded: false) }
    let views = try bench.store.payouts(campaign.id, status: .compensated, after: nil, limit: 10)
    #expect(views.map(\.errorCode) == ["PAID_BY_HAND", "PAID_BY_HAND"])
    #expect(views.first?.transaction == Bench.signed(intent.attempt).hash)
    let balances = try bench.store.balances(owner: "campaign/\(campaign.id)")
    #expect(balances[Account(campaign.id, .compensated, campaign.asset)]?.posted == UInt256(3))
    #expect(balances[Account(campaign.id, .paid, campaign.asset)]?.posted == .zero)
    try bench.expectSound()
  }

  @Test(arguments: StoreKind.allCases)
  func `a payout is known by the newest signed attempt, and in the end by the one that spent the slot`(
    kind: StoreKind
  ) throws {
    let (bench, campaign) = try Bench.running(kind, 2)
    let intent = bench.intent(campaign, [0, 1])
    try bench.commit(.intend(intent))
    try bench.sign(intent)
    let bump = bench.draft(payload: UInt64(intent.batch.raw), price: 40)
    try bench.commit(.addAttempt(AddedAttempt(batch: intent.batch, campaign: campaign.id, attempt: bump)))
    func transaction() throws -> Hash32? {
      try bench.store.payout(PayoutID(campaign: campaign.id, ordinal: 1))?.transaction
    }
    #expect(try transaction() == Bench.signed(intent.attempt).hash)
    try bench.commit(.recordBytes(RecordedBytes(batch: intent.batch, attempt: bump.id, signed: Bench.signed(bump))))
    #expect(try transaction() == Bench.signed(bump).hash)
    // Every hash leads to the batch.
    for draft in [intent.attempt, bump] {
      #expect(try bench.store.batch(transaction: Bench.signed(draft).hash)?.batch.id == intent.batch)
    }
    try bench.commit(.endBatch(bench.end(intent, .paid, [bench.outcome(.confirmed, campaign, [0, 1])])))
    #expect(try transaction() == Bench.signed(intent.attempt).hash)
    let ended = try #require(try bench.store.batches(campaign.id, after: nil, limit: 9).first)
    #expect(ended.batch.attempts.map(\.state) == [.confirmed, .dead])
  }

  @Test(arguments: StoreKind.allCases)
  func `a repair pays nobody and ends without payouts`(kind: StoreKind) throws {
    let (bench, _) = try Bench.running(kind, 1)
    let repair = bench.repair(slot: 0)
    try bench.commit(.intend(repair))
    try bench.sign(repair)
    try bench.commit(.endBatch(bench.end(repair, .voided, [])))
    #expect(try bench.store.batch(transaction: Bench.signed(repair.attempt).hash)?.batch.state == .dead)
    #expect(try bench.store.payees(repair.batch).isEmpty)
    #expect(try bench.store.lanes().first?.nextSlot == 1)
    try bench.expectSound()
  }
}
