import Audit
import Chains
import Codecs
import Money
import Payouts
import SimulatedChain
import SQLite
import Testing

@testable import Simulation

/// Each check is fed a world in which its rule is broken, beside the same world in which it is not.
@Suite("Oracle: worlds that are broken")
struct OracleTests {
  private func look(_ small: SmallWorld, isFinal: Bool = false) {
    var oracle = Oracle(small.world)
    oracle.checkChain()
    oracle.checkStore(isFinal: isFinal)
  }

  @Test func `a sound world has no violation, in the middle and at the end`() throws {
    var small = try SmallWorld()
    try small.attempt(.broadcast)
    look(small)
    try small.goOnToTheEnd()
    look(small, isFinal: true)
    #expect(small.broken.isEmpty, "\(small.broken)")
  }

  // MARK: 1

  @Test func `a recipient whom two transactions pay breaks rule 1, though the store knows of nothing`() throws {
    let small = try SmallWorld()
    try small.payEverybody(slot: 0)
    Oracle(small.world).checkChain()
    #expect(small.broken.isEmpty, "once is once")
    try small.payEverybody(slot: 1)
    Oracle(small.world).checkChain()
    #expect(small.broken[1]?.first == "recipient 0001 was paid 2 times")
  }

  @Test func `a payout that is confirmed and was not paid breaks rule 1`() throws {
    let small = try SmallWorld()
    try small.sql("UPDATE payouts SET status = 'confirmed'")
    look(small)
    #expect(small.broken[1]?.first?.hasPrefix("payout 1/0 is confirmed, the chain says") ?? false)
  }

  @Test func `a payout that is confirmed before its block is final breaks rule 1`() throws {
    var small = try SmallWorld()
    let sent = try small.attempt(.broadcast)
    small.world.chain.mine()
    let hash = try #require(sent.signed?.hash)
    #expect(
      small.world.chain.transaction(hash)?.status
        == .mined(block: small.world.chain.head, isFinal: false, isReverted: false))
    look(small)
    #expect(small.broken.isEmpty)
    try small.sql("UPDATE payouts SET status = 'confirmed'")
    look(small)
    #expect(small.broken[1]?.isEmpty == false)
  }

  @Test func `a payout that has failed and was paid breaks rule 1`() throws {
    let small = try SmallWorld()
    try small.sql("UPDATE payouts SET status = 'failed', error_code = 'payout.canceled'")
    look(small)
    #expect(small.broken[1] == nil, "failed and not paid is right")
    try small.payEverybody(slot: 0)
    try small.sql("UPDATE payouts SET error_msg = NULL")
    look(small)
    #expect(small.broken[1]?.contains("payout 1/0 has failed (payout.canceled), and was paid") ?? false)
  }

  @Test func `a payout that is queued and was paid breaks rule 1, unless a restore has forgotten it`() throws {
    var small = try SmallWorld()
    try small.payEverybody(slot: 0)
    try small.sql("UPDATE payouts SET error_msg = NULL")
    look(small)
    #expect(small.broken[1]?.contains("payout 1/0 is queued, and was paid") ?? false)

    small = try SmallWorld()
    let image = try #require(small.run.snapshots.first)
    small.run.restore(image)
    try small.payEverybody(slot: 0)
    look(small)
    #expect(small.broken[1] == nil)
  }

  // MARK: 2

  @Test func `a signature over a digest that no commit has made durable breaks rule 2`() throws {
    var small = try SmallWorld()
    let intended = try small.attempt(.intended).unsigned.signingHash
    let key = WatchedKey(inner: small.world.keys[0], watch: small.watch) {}
    _ = try key.sign([intended])
    #expect(small.broken.isEmpty)
    _ = try key.sign([intended, .zero])
    #expect(small.broken[2]?.first == "a signature over \(Hash32.zero) without a durable intent")
  }

  @Test func `a broadcast of bytes that no commit has made durable breaks rule 2`() throws {
    var small = try SmallWorld()
    let attempt = try small.attempt(.signed)
    let signed = try #require(attempt.signed)
    _ = small.world.rail.submit([signed])
    #expect(small.broken.isEmpty)
    let other = try small.payment(slot: 7)
    _ = small.world.rail.submit([other])
    #expect(small.broken[2]?.first == "a broadcast of \(other.hash) without durable bytes")
  }

  @Test func `an intent or bytes that were durable and are gone after a restart break rule 2`() throws {
    var small = try SmallWorld()
    let image = try #require(small.run.snapshots.first)
    try small.attempt(.broadcast)
    _ = small.world.restart(.torn)
    #expect(small.broken.isEmpty, "a restart loses nothing")
    // The disk loses what it had promised to keep.
    small.world.current.set(nil)
    small.world.disk.load(image)
    try small.world.start()
    let sentences = small.broken[2] ?? []
    #expect(sentences.contains { $0.hasPrefix("the intent of") } && sentences.contains { $0.hasPrefix("the bytes of") })
  }

  // MARK: 3

  @Test func `a write that went through under another's fence breaks rule 3`() throws {
    var small = try SmallWorld()
    try small.attempt(.intended)
    let held = try #require(try small.guardOfWorker())
    let store = try small.world.store
    try store.commit(small.commit(held))
    #expect(small.broken.isEmpty)
    let stale = LaneGuard(lane: held.lane, fence: held.fence - 1, session: held.session, epoch: held.epoch)
    #expect(throws: (any Error).self) { try store.commit(small.commit(stale)) }
    #expect(small.broken.isEmpty, "the store refuses it, as it must")
    // As if it had not.
    try store.check(small.commit(stale), before: nil)
    #expect(small.broken[3]?.first?.hasPrefix("a stale fence changed something") ?? false)
  }

  @Test func `a write under a lease whose last answer was lost breaks rule 3`() throws {
    var small = try SmallWorld(faults: [.commitUnknown: 1])
    try small.attempt(.intended)
    let held = try #require(try small.guardOfWorker())
    let store = try small.world.store
    small.watch.with { $0.areFaultsOn = true }
    #expect(throws: (any Error).self) { try store.commit(small.commit(held)) }
    #expect(small.broken.isEmpty && small.seen == [.commitUnknown: 1])
    try store.commit(small.commit(held))
    #expect(small.broken[3]?.first?.contains("after a commit's answer was lost under it") ?? false)
  }

  // MARK: 4

  @Test func `a tally that is not what the rows count breaks rule 4`() throws {
    let small = try SmallWorld()
    try small.sql("UPDATE campaign_tally SET count = count + 1 WHERE status = 'queued'")
    look(small)
    #expect(small.broken[4]?.isEmpty == false)
  }

  @Test func `a balance that no transfer explains breaks rule 4`() throws {
    let small = try SmallWorld()
    try small.sql("UPDATE accounts SET posted_credit = zeroblob(32)")
    look(small)
    #expect(small.broken[4]?.contains { $0.contains("debits and credits") } ?? false)
  }

  // MARK: 7

  @Test func `an audit record that was rewritten breaks rule 7`() throws {
    let small = try SmallWorld()
    try small.sql("DROP TRIGGER audit_log_no_update; UPDATE audit_log SET actor = 'operator:other' WHERE seq = 2")
    look(small)
    #expect(small.broken[7]?.first == "audit record 0/2 does not follow the one before it")
  }

  @Test func `an audit record that is missing breaks rule 7`() throws {
    let small = try SmallWorld()
    try small.sql("DROP TRIGGER audit_log_no_delete; DELETE FROM audit_log WHERE seq = 2")
    look(small)
    #expect(small.broken[7]?.isEmpty == false)
  }

  @Test func `a commit that leaves more or fewer records than changes breaks rule 7`() throws {
    let small = try SmallWorld()
    let store = try small.world.store
    let before = try store.auditHeads().first { $0.chain == 0 }?.sequence ?? 0
    try store.commit(small.commit(nil))
    try store.check(small.commit(nil), before: before)
    #expect(small.broken.isEmpty)
    try store.check(small.commit(nil), before: before + 1)
    #expect(small.broken[7]?.first == "1 changes left 0 audit records: note(test.noted)")
  }

  // MARK: Liveness

  @Test func `whoever is still queued or submitted at the end is lost`() throws {
    var small = try SmallWorld()
    look(small)
    #expect(small.broken.isEmpty)
    look(small, isFinal: true)
    #expect(small.broken[0]?.contains("payout 1/0 is still queued at the end") ?? false)
    small = try SmallWorld()
    try small.attempt(.broadcast)
    look(small, isFinal: true)
    #expect(small.broken[0]?.contains("payout 1/0 is still submitted at the end") ?? false)
  }
}
