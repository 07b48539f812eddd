import Chains
import Engine
import Keys
import Money
import Payouts
import Signing
import SimulatedChain
import Testing

@testable import Simulation

/// Several workers at one lane: what each fault is, and that it counts only when it changed what the engine saw.
@Suite("Simulated workers and leases")
struct LeaseTests {
  private func pair(faults: [Fault: Int] = [:]) throws -> (small: SmallWorld, first: Worker, second: Worker) {
    let small = try SmallWorld(faults: faults) { plan in
      plan.sessions = 2
      plan.isSplit = true
    }
    return (small, small.world.workers[0], small.world.workers[1])
  }

  private func endsWell(_ small: SmallWorld) throws {
    var small = small
    small.watch.with { $0.areFaultsOn = false }
    small.world.hireMissing()
    try small.goOnToTheEnd()
    small.run.count()
    #expect(small.broken.isEmpty, "\(small.broken)")
  }

  /// Steps the first until it has told the chain of its batch.
  private func send(_ first: Worker, _ small: SmallWorld) throws {
    try small.step(first) { $0.engine.phase == .send }
    try small.step(first) { $0.engine.phase == .read }
    try small.step(first) { $0.engine.phase == .send }
  }

  @Test func `a worker with a fast clock takes a lane from one that believes in it, whose next write is refused`()
    throws
  {
    let (small, first, second) = try pair()
    try send(first, small)
    second.clock.jump(3_600_000)
    try small.step(second) { $0.engine.held != nil }
    #expect(small.seen == [.twoAwake: 1])
    #expect(first.engine.held != nil && small.world.fence(of: first) == second.engine.held?.fence)
    // What was recorded goes out late, and harms nobody; what would be written is refused.
    try small.step(first) { $0.engine.held == nil }
    #expect(small.seen[.staleFence] == 1)
    try endsWell(small)
  }

  @Test func `a clock that was wrong counts when the worker reads it`() throws {
    var (small, first, _) = try pair()
    first.clock.jump(-30_000)
    small.run.settle()
    #expect(small.seen[.workerClock] == nil)
    small.world.step(first)
    small.run.settle()
    #expect(small.seen[.workerClock] == 1)
    small.world.step(first)
    small.run.settle()
    #expect(small.seen[.workerClock] == 1)
    try endsWell(small)
  }

  @Test func `a worker that dies with a lease counts, and another has the lane within a lease and a third`() throws {
    var (small, first, second) = try pair()
    try send(first, small)
    small.watch.with { $0.stop = Watch.Stop(boundary: $0.boundaryCount + 1, kind: .workerDies) }
    try small.step(first) { _ in small.watch.with { !$0.dead.isEmpty } }
    small.run.settle()
    #expect(small.seen == [.workerKilled: 1])
    #expect(small.world.workers.map(\.number) == [second.number] && !small.watch.isDown)
    let before = small.world.clock.truth.milliseconds
    try small.step(second) { $0.engine.held != nil }
    #expect(small.world.clock.truth.milliseconds - before <= small.world.plan.worker.leaseMilliseconds * 4 / 3 + 500)
    try endsWell(small)
  }

  @Test func `a worker that dies without a lease has changed nothing`() throws {
    var (small, first, second) = try pair()
    try send(first, small)
    small.watch.with { $0.stop = Watch.Stop(boundary: $0.boundaryCount + 1, kind: .workerDies) }
    small.world.step(second)
    small.run.settle()
    #expect(small.world.workers.map(\.number) == [first.number] && small.seen.isEmpty)
    try endsWell(small)
  }

  @Test func `sleep counts when another has taken the lane meanwhile, and not otherwise`() throws {
    let (small, first, second) = try pair()
    try send(first, small)
    let nap = small.world.clock.truth.advanced(byMilliseconds: 100)
    first.sleepsUntil = nap
    #expect(!small.world.awake.contains { $0 === first })
    small.world.clock.advance(100)
    small.world.step(first)
    #expect(small.seen.isEmpty)
    first.sleepsUntil = small.world.clock.truth.advanced(byMilliseconds: 20_000)
    try small.step(second) { $0.engine.held != nil }
    small.world.clock.advance(20_000)
    small.world.step(first)
    #expect(small.seen[.sleeper] == 1)
    try endsWell(small)
  }

  @Test(
    arguments: [
      (Fault.slowCommit, "before commit recordBytes"), (.slowCommit, "after commit intend(pay)"),
      (.slowSigner, "before key.sign"), (.slowSigner, "after log.complete"), (.slowNode, "before submit"),
    ])
  func `an answer that comes after another has taken the lane counts, and what follows is refused`(
    fault: Fault, boundary: String
  ) throws {
    let (small, first, second) = try pair()
    let place = try #require(try Life.paid.course(.never).boundaries.firstIndex { $0.name == boundary })
    small.watch.with { $0.stop = Watch.Stop(boundary: $0.boundaryCount + place + 1, kind: .workerPauses) }
    small.world.others = { world, waiting in
      #expect(waiting === first && world.watch.with { $0.boundaries.last?.name } == boundary)
      while second.engine.held == nil {
        world.clock.advance(max(1, second.wait))
        world.step(second)
      }
    }
    try small.step(first) { _ in small.seen[fault] != nil }
    try small.step(first) { $0.engine.held == nil }
    #expect(small.seen == [fault: 1, .twoAwake: 1, .staleFence: 1])
    try endsWell(small)
  }

  @Test func `a slow commit of the only worker is only slow`() throws {
    var small = try SmallWorld(faults: [.slowCommit: 5])
    small.watch.with { $0.areFaultsOn = true }
    try small.goOnToTheEnd()
    #expect(small.seen[.slowCommit] == nil && small.seen[.staleFence] == nil)
    #expect(small.watch.with { $0.chances[.slowCommit]?.budget } == 0, "it happened, and changed nothing")
    small.run.count()
    #expect(small.broken.isEmpty)
  }

  @Test func `a worker that does not reach the store still sends what was recorded, and writes nothing`() throws {
    let (small, first, second) = try pair()
    try small.step(first) { $0.engine.phase == .send }
    try small.step(first) { $0.engine.phase == .read }
    try small.step(first) { $0.engine.phase == .send }
    let records = try small.world.store.auditHeads()
    let hash = try #require(
      try small.world.log.records(small.world.plan.chain.chain, first.account, from: 0, limit: 1).first?.signed?.hash)
    small.world.cutOff(first, milliseconds: 30_000)
    #expect(small.seen.isEmpty, "not noticed yet")
    // It runs past its lease, and sends.
    small.world.clock.advance(6_000)
    #expect(small.world.chain.transaction(hash) == nil)
    small.world.step(first)
    #expect(small.world.chain.transaction(hash) != nil)
    try small.step(first) { $0.engine.held == nil }
    #expect(small.seen == [.storeUnreachable: 1])
    #expect(try small.world.store.auditHeads() == records)
    try small.step(second) { $0.engine.held != nil }
    #expect(small.seen == [.storeUnreachable: 1], "the lease was over, and nobody believed in it any more")
    // The line is mended when its time is over.
    try small.step(first) { _ in small.watch.with { $0.cutOff.isEmpty } }
    try endsWell(small)
  }

  @Test func `workers of a process of their own see each other's commits`() throws {
    let (small, first, second) = try pair()
    try send(first, small)
    second.clock.jump(3_600_000)
    try small.step(second) { $0.engine.liveCount > 0 }
    #expect(second.engine.liveCount == first.engine.liveCount)
  }

  @Test func `worlds of many seeds meet every fault of workers, each in few seeds`() throws {
    var seen: [String: Int] = [:]
    for seed in 1...60 as ClosedRange<UInt64> {
      let outcome = try Run.outcome(seed: seed, traces: false)
      #expect(outcome.violations.isEmpty, "seed \(seed)")
      seen.merge(outcome.faults) { $0 + $1 }
    }
    let wanted: [Fault] = [
      .commitUnknown, .workerClock, .workerKilled, .sleeper, .slowCommit, .slowSigner, .storeUnreachable, .twoAwake,
      .staleFence,
    ]
    for fault in wanted { #expect((seen[fault.rawValue] ?? 0) > 0, "\(fault)") }
  }
}
