import Chains
import Codecs
import Engine
import Money
import Payouts
import Policy
import Testing

@Suite("Screening in every store")
struct ScreeningTests {
  @Test(arguments: StoreKind.allCases)
  func `every policy is kept, the newest is in force`(kind: StoreKind) throws {
    let (bench, _) = try Bench.running(kind, 2)
    #expect(try bench.store.activePolicy() == nil)
    let (first, second) = (try Bench.policy("one"), try Bench.policy("two"))
    try bench.activate(first)
    try bench.expectRefusal(.staleState) { try bench.activate(first) }
    try bench.activate(second)
    try bench.activate(first)
    let kept = try bench.store.policies(limit: 10)
    #expect(kept.map(\.digest) == [first.digest, second.digest, first.digest])
    #expect(kept.map(\.number) == [3, 2, 1])
    #expect(kept.first?.proposedBy == "ann" && kept.first?.activatedBy == "bob")
    #expect(try PolicyDocument.parse(Array(#require(kept.first).document.utf8)).digest == first.digest)
    #expect(try bench.store.activePolicy()?.digest == first.digest)
    try bench.expectSound()
  }

  @Test(arguments: StoreKind.allCases)
  func `nothing is intended without a screening that counts now`(kind: StoreKind) throws {
    let (bench, campaign) = try Bench.running(kind, 8)
    let policy = try Bench.policy()
    try bench.activate(policy)
    try bench.expectRefusal(.staleState) { try bench.commit(.intend(bench.intent(campaign, [0]))) }
    try bench.commit(.screen(try bench.part(campaign, policy, upTo: 4)), guarded: false)
    try bench.expectRefusal(.staleState) { try bench.commit(.intend(bench.intent(campaign, [3, 4]))) }
    try bench.commit(.intend(bench.intent(campaign, [2, 3])))
    bench.now += 60_000
    try bench.expectRefusal(.staleState) { try bench.commit(.intend(bench.intent(campaign, [0]))) }
    // A clock that went back tells nothing of the age either.
    try bench.commit(.screen(try bench.part(campaign, policy)), guarded: false)
    bench.now -= 30_000
    try bench.expectRefusal(.staleState) { try bench.commit(.intend(bench.intent(campaign, [0]))) }
    bench.now += 30_000
    try bench.commit(.intend(bench.intent(campaign, [0])))
    // Another policy: what was said under the former one is void.
    try bench.activate(Bench.policy("other"))
    try bench.expectRefusal(.staleState) { try bench.commit(.intend(bench.intent(campaign, [1]))) }
    try bench.expectSound()
  }

  @Test(arguments: StoreKind.allCases)
  func `who is not allowed is neither offered nor intended`(kind: StoreKind) throws {
    let (bench, campaign) = try Bench.running(kind, 8)
    let policy = try Bench.policy()
    try bench.activate(policy)
    let rows = [
      bench.held(campaign, 1, .review, policy, print: 1), bench.held(campaign, 2, .deny, policy),
      bench.held(campaign, 3, .held, policy),
      bench.held(campaign, 4, .cleared, policy, print: 4),
    ]
    try bench.commit(.screen(try bench.part(campaign, policy, rows)), guarded: false)
    #expect(try bench.store.queued(campaign.id, after: nil, limit: 9).map(\.payout.ordinal) == [0, 4, 5, 6, 7])
    #expect(try bench.store.allQueued(campaign.id, after: nil, limit: 9).count == 8)
    #expect(try bench.store.screenable(campaign.id, from: 3, limit: 3).map(\.payout.ordinal) == [3, 4, 5])
    #expect(try bench.store.screenable(campaign.id, from: 6, limit: 9).map(\.payout.ordinal) == [6, 7])
    for ordinals in [[1], [0, 2], [3], [0, 1, 2, 3, 4]] as [[Int]] {
      try bench.expectRefusal(.staleState) { try bench.commit(.intend(bench.intent(campaign, ordinals))) }
    }
    try bench.commit(.intend(bench.intent(campaign, [0, 4])))
    // What is on its way may still have to be signed for.
    #expect(try bench.store.screenable(campaign.id, from: 0, limit: 9).map(\.payout.ordinal) == Array(0...7))
    #expect(try bench.store.screenable(campaign.id, from: 1, limit: 4).map(\.payout.ordinal) == Array(1...4))
    let all = try bench.store.heldPayouts(campaign.id, nil, isWaiting: false, after: nil, limit: 9)
    #expect(all == rows)
    #expect(
      try bench.store.heldPayouts(campaign.id, nil, isWaiting: true, after: nil, limit: 9) == Array(rows.prefix(3)))
    #expect(try bench.store.heldPayouts(campaign.id, .deny, isWaiting: true, after: nil, limit: 9) == [rows[1]])
    #expect(
      try bench.store.heldPayouts(campaign.id, nil, isWaiting: true, after: rows[0].payout, limit: 1) == [rows[1]])
    #expect(try bench.store.screening(campaign.id)?.counts == ["allow otherwise": 7, "review r": 1])
    try bench.expectSound()
  }

  @Test(arguments: StoreKind.allCases)
  func `a walk goes on where it stopped, for one of those who walk`(kind: StoreKind) throws {
    let (bench, campaign) = try Bench.running(kind, 8)
    let policy = try Bench.policy()
    try bench.activate(policy)
    let start = bench.now
    try bench.commit(.screen(try bench.part(campaign, policy, upTo: 3)), guarded: false)
    try bench.expectRefusal(.staleState) {
      try bench.commit(.screen(try bench.part(campaign, policy, from: 4, startedAt: start)), guarded: false)
    }
    try bench.expectRefusal(.staleState) {
      try bench.commit(.screen(try bench.part(campaign, policy, from: 3, startedAt: start + 1)), guarded: false)
    }
    let other = try Bench.policy("other")
    try bench.expectRefusal(.staleState) {
      try bench.commit(.screen(try bench.part(campaign, other, from: 3, startedAt: start)), guarded: false)
    }
    try bench.expectRefusal(.staleState) {
      let outside = bench.held(campaign, 2, .deny, policy)
      try bench.commit(.screen(try bench.part(campaign, policy, from: 3, startedAt: start, [outside])), guarded: false)
    }
    try bench.commit(.screen(try bench.part(campaign, policy, from: 3, startedAt: start)), guarded: false)
    try bench.expectRefusal(.staleState) {
      try bench.commit(.screen(try bench.part(campaign, policy, from: 3, startedAt: start)), guarded: false)
    }
    #expect(try bench.store.screening(campaign.id)?.upTo == 8)
  }

  @Test(arguments: StoreKind.allCases)
  func `a new walk takes back what no longer holds`(kind: StoreKind) throws {
    let (bench, campaign) = try Bench.running(kind, 4)
    let policy = try Bench.policy()
    try bench.activate(policy)
    try bench.commit(
      .screen(
        try bench.part(
          campaign, policy, [bench.held(campaign, 1, .held, policy), bench.held(campaign, 2, .deny, policy)])),
      guarded: false)
    try bench.commit(
      .failQueued(
        FailedQueued(
          campaign: campaign.id, asset: campaign.asset, reason: .denied,
          runs: PayoutRun.of([PayoutID(campaign: campaign.id, ordinal: 2)]), count: 1, units: UInt256(3))),
      guarded: false)
    try bench.commit(.screen(try bench.part(campaign, policy)), guarded: false)
    #expect(try bench.store.queued(campaign.id, after: nil, limit: 9).map(\.payout.ordinal) == [0, 1, 3])
    // Why a payout failed stays with it.
    #expect(try bench.store.heldPayout(PayoutID(campaign: campaign.id, ordinal: 2))?.verdict.kind == .deny)
    #expect(try bench.store.tally(campaign.id)[.failed].count == 1)
    try bench.expectSound()
  }

  @Test(arguments: StoreKind.allCases)
  func `a person clears or refuses what waits, once, and it is remembered`(kind: StoreKind) throws {
    let (bench, campaign) = try Bench.running(kind, 4)
    let policy = try Bench.policy()
    try bench.activate(policy)
    let rows = [
      bench.held(campaign, 0, .review, policy, print: 10), bench.held(campaign, 1, .review, policy, print: 11),
    ]
    let missing = [bench.held(campaign, 2, .held, policy), bench.held(campaign, 3, .deny, policy)]
    try bench.commit(.screen(try bench.part(campaign, policy, rows + missing)), guarded: false)
    func decide(_ row: HeldPayout, cleared: Bool, print: Hash32? = nil) throws {
      try bench.commit(
        .review(
          ReviewDecision(
            payout: row.payout, fingerprint: print ?? row.verdict.fingerprint, isCleared: cleared, reason: "it's fine",
            decidedBy: "bob")), guarded: false)
    }
    try bench.expectRefusal(.staleState) { try decide(rows[0], cleared: true, print: Bench.hash(99)) }
    try bench.expectRefusal(.staleState) { try decide(missing[0], cleared: true) }
    try bench.expectRefusal(.staleState) { try decide(missing[1], cleared: true) }
    try decide(rows[0], cleared: true)
    try bench.expectRefusal(.staleState) { try decide(rows[0], cleared: false) }
    try decide(rows[1], cleared: false)
    try decide(missing[0], cleared: false)
    #expect(try bench.store.clearedFingerprints() == [Bench.hash(10)])
    #expect(try bench.store.queued(campaign.id, after: nil, limit: 9).map(\.payout.ordinal) == [0])
    let decided = try #require(try bench.store.heldPayout(rows[1].payout))
    #expect(decided.verdict.kind == .deny && decided.decidedBy == "bob" && decided.decision == "it's fine")
    try bench.commit(.intend(bench.intent(campaign, [0])))
    try bench.expectSound()
  }

  @Test(arguments: StoreKind.allCases)
  func `what is intended is barred from the key when its verdict is void`(kind: StoreKind) throws {
    let (bench, campaign) = try Bench.running(kind, 6)
    let early = bench.intent(campaign, [0, 1])
    try bench.commit(.intend(early))
    func barred(_ intents: Intent...) throws -> [BatchID: Bool] {
      try bench.store.barred(intents.map(\.batch), at: Timestamp(milliseconds: bench.now))
    }
    #expect(try barred(early).isEmpty)
    let policy = try Bench.policy()
    try bench.activate(policy)
    #expect(try barred(early) == [early.batch: false])
    try bench.commit(.screen(try bench.part(campaign, policy)), guarded: false)
    let late = bench.intent(campaign, [2, 3])
    try bench.commit(.intend(late))
    #expect(try barred(early, late).isEmpty)
    bench.now += 60_000
    #expect(try barred(early, late) == [early.batch: false, late.batch: false])
    try bench.commit(
      .screen(try bench.part(campaign, policy, [bench.held(campaign, 3, .deny, policy)])), guarded: false)
    #expect(try barred(early, late) == [late.batch: true])
  }

  @Test(arguments: StoreKind.allCases)
  func `nothing is intended while signing is stopped`(kind: StoreKind) throws {
    let (bench, campaign) = try Bench.running(kind, 4)
    func change(_ isStopped: Bool) throws {
      try bench.commit(
        .changeSafety(SafetyChange(isStopped: isStopped, reason: "a key's gone", changedBy: "bob")), guarded: false)
    }
    #expect(try bench.store.safety() == nil)
    try bench.expectRefusal(.staleState) { try change(false) }
    try bench.commit(.intend(bench.intent(campaign, [0])))
    try change(true)
    try bench.expectRefusal(.staleState) { try change(true) }
    try bench.expectRefusal(.staleState) { try bench.commit(.intend(bench.intent(campaign, [1]))) }
    #expect(try bench.store.safety()?.isStopped == true)
    #expect(try bench.store.safety()?.reason == "a key's gone")
    try change(false)
    try bench.commit(.intend(bench.intent(campaign, [1])))
    try bench.expectSound()
  }
}
