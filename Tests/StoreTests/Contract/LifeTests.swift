import Audit
import Chains
import Codecs
import Engine
import Ledger
import Money
import Payouts
import Testing

@Suite("Payout life in every store")
struct LifeTests {
  @Test(arguments: StoreKind.allCases)
  func `a batch goes from intent to confirmed, and the ledger with it`(kind: StoreKind) throws {
    let (bench, campaign) = try Bench.running(kind, 5)
    let store = bench.store
    let intent = bench.intent(campaign, [0, 1, 2])
    try bench.commit(.intend(intent))
    #expect(try bench.status(campaign, 0) == .submitted)
    #expect(try bench.status(campaign, 3) == .queued)
    #expect(try store.payout(PayoutID(campaign: campaign.id, ordinal: 1))?.fate == .pending)
    #expect(try store.payout(PayoutID(campaign: campaign.id, ordinal: 1))?.transaction == nil)
    #expect(try store.payees(intent.batch).map(\.address) == [0, 1, 2].map(Bench.address))
    #expect(try store.tally(campaign.id)[.submitted] == Tally.Part(count: 3, units: UInt256(6)))
    try bench.expectSound()

    try bench.sign(intent)
    try bench.commit(
      .recordSent(RecordedSent(batch: intent.batch, attempt: intent.attempt.id, taken: true, answers: "")))
    let held = try #require(bench.held)
    let live = try #require(try store.liveBatches(held.lane).first)
    #expect(live.attempts.map(\.state) == [.broadcast])
    #expect(live.attempts.first?.signed == Bench.signed(intent.attempt))
    #expect(live.attempts.first?.unsigned == intent.attempt.unsigned)
    let sent = try #require(try store.payout(PayoutID(campaign: campaign.id, ordinal: 2)))
    #expect(sent.transaction == Bench.signed(intent.attempt).hash && sent.outIndex == 2)

    try bench.commit(.endBatch(bench.end(intent, .paid, [bench.outcome(.confirmed, campaign, [0, 1, 2])])))
    #expect(try bench.status(campaign, 2) == .confirmed)
    #expect(try store.liveBatchCount(campaign.id) == 0)
    let reserved = try store.balances(owner: "campaign/\(campaign.id)")[Account(campaign.id, .reserved, campaign.asset)]
    #expect(reserved?.posted == UInt256(9) && reserved?.pendingDebit == .zero)
    let view = try #require(try store.batch(transaction: Bench.signed(intent.attempt).hash))
    #expect(
      view.batch.state == .final && view.feePaid == UInt256(21_000) && view.batch.attempts.map(\.state) == [.confirmed])
    #expect(try store.ledgerEntries(after: 0, limit: 10).map(\.kind) == ["move", "hold", "post"])
    try bench.expectSound()
  }
}
