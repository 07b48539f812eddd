import Audit
import Chains
import Codecs
import Engine
import Money
import Payouts
import SimulatedChain
import Testing

@Suite("Reconcile: a chain that breaks its finality")
struct FinalityTests {
  /// The code that a reconcile ends with, asking a chain that has forked.
  private func code(_ world: PaidWorld, _ rail: AlteredRail, from block: UInt64 = 0) -> RailError.Code? {
    do {
      _ = try world.reconcile(rail, from: block)
      return nil
    } catch { return (error as? RailError)?.code }
  }

  private func checkpoint(_ world: PaidWorld) throws -> IndexCheckpoint? {
    try world.store.indexCheckpoint("\(PaidWorld.asset)")
  }

  @Test func `a fork below the checkpoint is an alarm in a new process, and a record in the trail`() throws {
    let world = try PaidWorld.paid()
    #expect(try world.reconcile(world.chain).report.isClean)
    let before = try #require(try checkpoint(world))
    // Only the newest block has changed, and no transfer with it.
    let forked = AlteredRail(inner: world.chain, fork: before.block)
    #expect(code(world, forked) == .finalityViolated)
    #expect(try world.actions.count { $0 == "chain.finality_violated" } == 1)
    let records = try world.store.auditRecords(after: nil, limit: 10_000)
    let record = try #require(records.first { $0.draft.action == "chain.finality_violated" })
    #expect(record.draft.details.contains(before.hash.description))
    #expect(try world.store.outbox(after: 0, limit: 10_000).contains { $0.type == "chain.finality_violated" })
    // Said once: the next run reads what the chain shows now.
    #expect(try world.reconcile(forked).report.isClean)
    #expect(try world.actions.count { $0 == "chain.finality_violated" } == 1)
    // And back again is a break of finality too.
    #expect(code(world, AlteredRail(inner: world.chain)) == .finalityViolated)
  }

  @Test func `the index rolls back to where both agree, and then misses what the fork lacks`() throws {
    let world = try PaidWorld.paid(40)
    let all = try world.chain.transfers(PaidWorld.asset, accounts: [world.key.account], from: 0).transfers
    let blocks = Set(all.map(\.blockNumber)).sorted()
    #expect(blocks.count > 2)
    #expect(try world.reconcile(world.chain).report.isClean)
    for (place, fork) in blocks.enumerated().reversed() {
      let forked = AlteredRail(
        inner: world.chain, transfers: { $0.filter { $0.blockNumber < fork } }, fork: fork)
      #expect(code(world, forked) == .finalityViolated)
      #expect(try checkpoint(world)?.block == (place > 0 ? blocks[place - 1] : 0))
      let left = try world.store.indexedTransfers("\(PaidWorld.asset)", after: nil, limit: 1_000)
      #expect(Set(left) == Set(all.filter { $0.blockNumber < fork }))
      let (report, found) = try world.reconcile(forked)
      let lost = all.filter { $0.blockNumber >= fork }
      #expect(report.mismatches == [.ledgerOnly: lost.count])
      #expect(Set(found.map(\.address)) == Set(lost.map(\.to)))
    }
  }

  @Test func `another start block does not hide the fork`() throws {
    let world = try PaidWorld.paid()
    let first = try #require(
      try world.chain.transfers(PaidWorld.asset, accounts: [world.key.account], from: 0).transfers.first)
    #expect(try world.reconcile(world.chain, from: first.blockNumber).report.isClean)
    let forked = AlteredRail(inner: world.chain, fork: first.blockNumber)
    #expect(code(world, forked, from: 0) == .finalityViolated)
    #expect(try world.reconcile(forked).report.isClean)
  }

  @Test func `the chain may grow past the checkpoint, and nodes may lag behind it`() throws {
    let world = try PaidWorld.paid()
    #expect(try world.reconcile(world.chain).report.isClean)
    let known = try #require(try checkpoint(world))
    world.chain.mine(5)
    let (report, _) = try world.reconcile(world.chain)
    #expect(report.isClean && report.throughBlock == known.block + 5)
    let lagging = AlteredRail(inner: world.chain, most: known.block + 2)
    #expect(try world.reconcile(lagging).report.isClean)
    #expect(try checkpoint(world)?.block == known.block + 5)
  }

  @Test func `nothing is called missing while nodes are not as far as our evidence`() throws {
    let world = try PaidWorld.paid()
    let last = try #require(
      try world.chain.transfers(PaidWorld.asset, accounts: [world.key.account], from: 0).transfers.last)
    let lagging = AlteredRail(inner: world.chain, most: last.blockNumber - 1)
    #expect(code(world, lagging) == .noQuorum)
    #expect(try world.reconcile(world.chain).report.isClean)
  }
}
