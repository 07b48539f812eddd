import Audit
import Chains
import Codecs
import Engine
import Ledger
import Money
import Payouts
import Policy
import Testing

@Suite("Unknown payouts that two people settle, in every store")
struct SettlementTests {
  /// One payout that was paid, one that was credited another sum, and one that waits.
  private func partial(_ kind: StoreKind) throws -> (Bench, Campaign, Settlement) {
    let (bench, campaign) = try Bench.running(kind, 3)
    let intent = bench.intent(campaign, [0, 1])
    try bench.commit(.intend(intent))
    try bench.sign(intent)
    let settlement = Settlement(
      campaign: campaign.id, asset: campaign.asset, payout: PayoutID(campaign: campaign.id, ordinal: 1),
      batch: intent.batch, units: UInt256(2), isPaid: true)
    try bench.expectRefusal(.staleState) { try bench.commit(.settle(settlement), guarded: false) }
    try bench.commit(
      .endBatch(
        bench.end(
          intent, .credited([.full, .other(.one)]),
          [bench.outcome(.confirmed, campaign, [0]), bench.outcome(.partial, campaign, [1])])))
    return (bench, campaign, settlement)
  }

  private func with(_ one: Settlement, isPaid: Bool? = nil, units: UInt64? = nil, ordinal: UInt32? = nil) -> Settlement
  {
    Settlement(
      campaign: one.campaign, asset: one.asset,
      payout: ordinal.map { PayoutID(campaign: one.campaign, ordinal: $0) } ?? one.payout, batch: one.batch,
      units: units.map { UInt256($0) } ?? one.units, isPaid: isPaid ?? one.isPaid)
  }

  @Test(arguments: StoreKind.allCases, [true, false])
  func `what was credited another sum ends as they say, once, and the ledger follows`(kind: StoreKind, isPaid: Bool)
    throws
  {
    let (bench, campaign, settlement) = try partial(kind)
    // Another sum, one that is paid, one that waits in the queue.
    for wrong in [
      with(settlement, units: 1), with(settlement, units: 1, ordinal: 0), with(settlement, units: 3, ordinal: 2),
    ] {
      try bench.expectRefusal(.staleState) { try bench.commit(.settle(wrong), guarded: false) }
    }
    try bench.commit(.settle(with(settlement, isPaid: isPaid)), guarded: false)
    let view = try #require(try bench.store.payout(settlement.payout))
    #expect(view.status == (isPaid ? .confirmed : .failed) && view.fate == nil)
    #expect(view.errorCode == (isPaid ? nil : FailureReason.settledUnpaid.rawValue))
    let tally = try bench.store.tally(campaign.id)
    #expect(tally.unknown == 0 && tally[.submitted].count == 0 && tally[.queued].count == 1)
    let balances = try bench.store.balances(owner: "campaign/\(campaign.id)")
    func posted(_ role: Account.Role) -> UInt256? { balances[Account(campaign.id, role, campaign.asset)]?.posted }
    #expect(posted(.paid) == UInt256(isPaid ? 3 : 1) && posted(.released) ?? .zero == UInt256(isPaid ? 0 : 2))
    #expect(balances[Account(campaign.id, .reserved, campaign.asset)]?.pendingDebit == .zero)
    try bench.expectSound()
    for again in [true, false] {
      try bench.expectRefusal(.staleState) {
        try bench.commit(.settle(with(settlement, isPaid: again)), guarded: false)
      }
    }
    let record = try bench.store.auditRecords(after: nil, limit: 100).filter { $0.draft.action == "payout.settled" }
    #expect(record.count == 1 && record[0].draft.details.contains(isPaid ? "\"paid\"" : "\"not_paid\""))
  }

  @Test(arguments: StoreKind.allCases)
  func `a settlement and its yes are one commit`(kind: StoreKind) throws {
    let (bench, _, settlement) = try partial(kind)
    let made = try bench.proposal(1)
    try bench.people(.propose(made))
    let service = SettlementService(store: bench.store)
    let found = try UnknownCase.of(try #require(try bench.store.payout(settlement.payout)), store: bench.store)
    let sighting = Sighting(isPaid: false, transaction: nil, blockNumber: nil, blockHash: nil)
    #expect(throws: PeopleError.self) { try service.writes(found, sighting, by: ["person:ann", "person:ann"]) }
    let writes = try service.writes(found, sighting, by: ["person:ann", "person:bert"])
    // A yes that the store refuses settles nothing.
    try bench.expectRefusal(.staleState) {
      try bench.store.commit(
        Commit(
          guardedBy: nil, actor: "person:ann", at: bench.time(),
          writes: writes + [.people(.answer(bench.answer(made, by: "person:ann")))]))
    }
    #expect(try bench.store.payout(settlement.payout)?.status == .submitted)
    try bench.store.commit(
      Commit(
        guardedBy: nil, actor: "person:bert", at: bench.time(),
        writes: [.people(.answer(bench.answer(made)))] + writes))
    #expect(try bench.store.payout(settlement.payout)?.status == .failed)
    try bench.expectSound()
  }

  // MARK: Batches that live

  private struct Late {
    let bench: Bench
    let campaign: Campaign
    let intent: Intent
    let found: UnknownCase
    let service: SettlementService
    var sent: Hash32 { Bench.signed(intent.attempt).hash }
    let people = ["person:ann", "person:bert"]
  }

  private func late(_ kind: StoreKind) throws -> Late {
    let (bench, campaign) = try Bench.running(kind, 3)
    let intent = bench.intent(campaign, [0, 1])
    try bench.commit(.intend(intent))
    try bench.sign(intent)
    let payout = PayoutID(campaign: campaign.id, ordinal: 0)
    // While its fate is not unknown there is nothing to settle.
    let view = try #require(try bench.store.payout(payout))
    #expect(throws: PayoutError.self) { try UnknownCase.of(view, store: bench.store) }
    try bench.commit(.markUnknown(intent.batch, campaign.id, .overdue))
    let found = try UnknownCase.of(try #require(try bench.store.payout(payout)), store: bench.store)
    #expect(found.subject == "batch/\(intent.batch)")
    return Late(
      bench: bench, campaign: campaign, intent: intent, found: found, service: SettlementService(store: bench.store))
  }

  private func saw(_ isPaid: Bool, _ hash: Hash32?) -> Sighting {
    Sighting(isPaid: isPaid, transaction: hash, blockNumber: 7, blockHash: Bench.hash(7))
  }

  private func code(_ body: () throws -> Void) -> PayoutError.Code? {
    do { try body() } catch { return (error as? PayoutError)?.code }
    return nil
  }

  @Test(arguments: StoreKind.allCases)
  func `a batch that two people saw paid is final, and one that a stranger overtook goes back to the queue`(
    kind: StoreKind
  ) throws {
    for isPaid in [true, false] {
      let late = try late(kind)
      let sighting = saw(isPaid, isPaid ? late.sent : Bench.hash(404))
      let writes = try late.service.writes(late.found, sighting, by: late.people)
      // Only under the lane's lease.
      try late.bench.expectRefusal(.staleFence) {
        try late.bench.store.commit(
          Commit(guardedBy: nil, actor: "person:bert", at: late.bench.time(), writes: writes))
      }
      try late.bench.store.commit(
        Commit(guardedBy: late.bench.held, actor: "person:bert", at: late.bench.time(), writes: writes))
      let status: PayoutStatus = isPaid ? .confirmed : .queued
      for ordinal in 0...1 { #expect(try late.bench.status(late.campaign, ordinal) == status) }
      let tally = try late.bench.store.tally(late.campaign.id)
      #expect(tally.unknown == 0 && tally[.submitted].count == 0)
      let ended = try #require(try late.bench.store.batches(late.campaign.id, after: nil, limit: 9).first)
      #expect(ended.evidence?.contains("person:ann") == true && ended.evidence?.contains("person:bert") == true)
      try late.bench.expectSound()
    }
  }

  @Test func `nothing is released without a name, and nothing that others contradict is written`() throws {
    let late = try late(.memory)
    for nameless in [
      Sighting(isPaid: false, transaction: nil, blockNumber: 7, blockHash: Bench.hash(7)),
      Sighting(isPaid: false, transaction: Bench.hash(404), blockNumber: nil, blockHash: Bench.hash(7)),
      Sighting(isPaid: true, transaction: late.sent, blockNumber: 7, blockHash: nil),
    ] { #expect(code { _ = try late.service.act(late.found, nameless, seen: "x") } == .spenderNotNamed) }
    // Paid by a transaction that is none of ours.
    #expect(code { _ = try late.service.act(late.found, saw(true, Bench.hash(404)), seen: "x") } == .contradicted)
    for seen in ["", String(repeating: "x", count: 501)] {
      #expect(code { _ = try late.service.act(late.found, saw(true, late.sent), seen: seen) } == .badReason)
    }
    let stranger = saw(false, Bench.hash(404))
    func check(_ sighting: Sighting, _ nodes: NodesWord, signed: [Hash32] = []) -> PayoutError.Code? {
      code { try late.service.check(late.found, sighting, nodes: nodes, signed: signed) }
    }
    #expect(check(stranger, .silence) == nil && check(saw(true, late.sent), .silence) == nil)
    // The slot is not spent, as a quorum says; a node saw ours; the nodes agree by themselves.
    let unspent = NodesWord(statements: [], evidence: nil, finalCount: late.intent.slot)
    for sighting in [stranger, saw(true, late.sent), saw(false, late.sent)] {
      #expect(check(sighting, unspent) == .contradicted)
    }
    #expect(check(stranger, NodesWord(statements: [], evidence: nil, finalCount: late.intent.slot + 1)) == nil)
    let evidence = try Bench.evidence(.paid, late.sent)
    let one = NodesWord(statements: [evidence.statements[0]], evidence: nil, finalCount: nil)
    #expect(check(stranger, one) == .contradicted && check(saw(false, late.sent), one) == .contradicted)
    #expect(check(saw(true, late.sent), one) == nil)
    let all = NodesWord(statements: evidence.statements, evidence: evidence, finalCount: nil)
    #expect(check(saw(true, late.sent), all) == .nodesKnow)
    // The signer signed bytes for this slot that the store has forgotten.
    let ours = late.intent.attempt.unsigned.signingHash
    #expect(check(stranger, .silence, signed: [ours]) == nil)
    #expect(check(stranger, .silence, signed: [ours, Bench.hash(9)]) == .contradicted)
  }

  @Test func `the act names everything that it is bound to, and bars those who prepared the campaign`() throws {
    let late = try late(.memory)
    let act = try late.service.act(late.found, saw(false, Bench.hash(404)), seen: "explorer")
    #expect(act.kind == .payoutSettlement && act.barred == ["operator:eve"])
    let others = [
      try late.service.act(late.found, saw(false, Bench.hash(405)), seen: "explorer"),
      try late.service.act(late.found, saw(false, late.sent), seen: "explorer"),
      try late.service.act(late.found, saw(true, late.sent), seen: "explorer"),
      try late.service.act(late.found, saw(false, Bench.hash(404)), seen: "another"),
    ]
    #expect(Set(others.map(\.digest) + [act.digest]).count == 5)
    // Reverted, by our own transaction: two payees come back as halves.
    let writes = try late.service.writes(late.found, saw(false, late.sent), by: late.people)
    try late.bench.store.commit(
      Commit(guardedBy: late.bench.held, actor: "person:bert", at: late.bench.time(), writes: writes))
    #expect(try late.bench.store.halving(try #require(late.bench.held?.lane), limit: 9).count == 1)
    #expect(
      Evidence.attested(
        .stranger, spender: .zero, blockNumber: 1, blockHash: .zero, feePaid: .zero,
        by: ["person:ann", "person:ann", "node:1"]) == nil)
  }
}
