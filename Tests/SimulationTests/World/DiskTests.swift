import Chains
import Engine
import SimulatedChain
import SQLite
import Testing

@testable import Simulation

/// The store on a disk that fails, as the engine meets it.
@Suite("Simulated machine: disk and death")
struct DiskTests {
  @Test(arguments: [(Fault.diskFull, StoreError.Code.full), (.storeBusy, .busy)])
  func `a commit that fails is refused once, and counted once`(fault: Fault, code: StoreError.Code) throws {
    let small = try SmallWorld(faults: [fault: 1])
    let store = try small.world.store
    small.watch.with { $0.areFaultsOn = true }
    #expect { try store.commit(small.commit(nil)) } throws: { ($0 as? StoreError)?.code == code }
    #expect(small.seen == [fault: 1])
    let before = try store.auditHeads()
    try store.commit(small.commit(nil))
    #expect(try store.auditHeads() != before)
    #expect(small.broken.isEmpty && small.seen == [fault: 1])
  }

  @Test func `an input error is passed on, and counted by its kind`() throws {
    let small = try SmallWorld(faults: [.diskError: 1])
    small.watch.with { $0.areFaultsOn = true }
    let store = try small.world.store
    #expect { try store.commit(small.commit(nil)) } throws: {
      [.io, .commitUnknown].contains(($0 as? StoreError)?.code)
    }
    #expect(small.seen == [.diskError: 1])
    try store.commit(small.commit(nil))
    #expect(small.broken.isEmpty)
  }

  @Test func `what SQLite mends by itself is no fault`() throws {
    let small = try SmallWorld()
    small.watch.with { $0.hidden = [.diskFull] }
    _ = try small.world.store.lanes()
    #expect(small.seen.isEmpty)
  }

  @Test func `power that fails in a commit loses and tears writes, and never half a commit`() throws {
    var losses = DiskLosses()
    var kept = 0
    for number in 1...12 {
      for isAfter in [false, true] {
        let small = try SmallWorld { $0 = Plan(renumbered: $0, seed: UInt64(number)) }
        let store = try small.world.store
        let before = try store.auditHeads()
        let operation = small.world.disk.operations + number
        small.watch.with { $0.powerFailure = Watch.PowerFailure(operation: operation, isAfter: isAfter) }
        try? store.commit(small.commit(nil))
        guard small.watch.isDown else { continue }
        let lost = small.world.restart(.torn)
        losses.lostWrites += lost.lostWrites
        losses.tornWrites += lost.tornWrites
        if try small.world.store.auditHeads() != before { kept += 1 }
        var oracle = Oracle(small.world)
        oracle.checkStore()
        #expect(small.broken.isEmpty, "operation \(number): \(small.broken)")
      }
    }
    #expect(losses.lostWrites > 0 && losses.tornWrites > 0 && kept > 0, "\(losses), \(kept)")
  }

  @Test func `what was not synced is gone when power fails, and there when only the process dies`() throws {
    for (survival, isThere) in [(Survival.all, true), (.synced, false)] {
      let small = try SmallWorld()
      let store = try small.world.store
      let before = try store.auditHeads()
      // The last operation of a commit is its sync.
      let operations = small.world.disk.operations
      try store.commit(small.commit(nil))
      let count = small.world.disk.operations - operations
      let second = try store.auditHeads()
      #expect(second != before)
      let failure = Watch.PowerFailure(operation: small.world.disk.operations + count, isAfter: false)
      small.watch.with { $0.powerFailure = failure }
      #expect(throws: StoreError.self) { try store.commit(small.commit(nil)) }
      #expect(small.watch.isDown)
      _ = small.world.restart(survival)
      #expect(try (small.world.store.auditHeads() != second) == isThere, "\(survival)")
    }
  }

  @Test func `what a dead process still does has no effect`() throws {
    let small = try SmallWorld()
    let store = try small.world.store
    let before = try store.auditHeads()
    let signed = try small.payment(slot: 0)
    small.watch.with { $0.stopAt = $0.boundaryCount + 1 }
    #expect(throws: StoreError.self) { try store.commit(small.commit(nil)) }
    #expect(small.watch.isDown)
    #expect(throws: StoreError.self) { _ = try store.lanes() }
    #expect(small.world.rail.submit([signed]) == [[]])
    #expect(small.world.chain.transaction(signed.hash) == nil)
    _ = small.world.restart(.all)
    #expect(try small.world.store.auditHeads() == before)
  }

  @Test func `a death after a durable write leaves the write, and its answer is never heard`() throws {
    let small = try SmallWorld()
    let store = try small.world.store
    let before = try store.auditHeads()
    small.watch.with { $0.stopAt = $0.boundaryCount + 2 }
    #expect(throws: StoreError.self) { try store.commit(small.commit(nil)) }
    _ = small.world.restart(.synced)
    #expect(try small.world.store.auditHeads() != before)
  }
}

extension Plan {
  /// The same world under another seed: the disk draws from it what a crash leaves.
  init(renumbered plan: Plan, seed: UInt64) {
    self.init(quiet: seed)
    (chain, worker, distributions, sharesFile, faults) = (
      plan.chain, plan.worker, plan.distributions, plan.sharesFile, plan.faults
    )
  }
}
