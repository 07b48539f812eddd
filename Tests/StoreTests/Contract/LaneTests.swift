import Audit
import Chains
import Engine
import Money
import Payouts
import Testing

@Suite("Lanes and leases in every store")
struct LaneTests {
  @Test(arguments: StoreKind.allCases)
  func `a new lane is open and empty, and its first fence is above the signer's`(kind: StoreKind) throws {
    let bench = try Bench(kind)
    let lane = try bench.acquire(signerHighest: 41)
    #expect(lane.fence == 42 && lane.mode == .open && lane.nextSlot == 0 && lane.nextSequence == 0)
    #expect(lane.session == "s1" && lane.holder == "host:1:1")
    #expect(lane.until == Timestamp(milliseconds: bench.now + 10_000))
    #expect(try bench.store.lanes() == [lane])
  }

  @Test(arguments: StoreKind.allCases)
  func `a held lane is busy until its lease is over, and the fence only grows`(kind: StoreKind) throws {
    let bench = try Bench(kind)
    let first = try bench.acquire("s1", lease: 100)
    try bench.expectRefusal(.busy) { try bench.acquire("s2") }
    // The same process starting again has another session, and waits like everybody.
    try bench.expectRefusal(.busy) { try bench.acquire("s1") }
    bench.now = first.until.milliseconds - 1
    try bench.expectRefusal(.busy) { try bench.acquire("s2") }
    bench.now = first.until.milliseconds
    let second = try bench.acquire("s2", signerHighest: 0)
    #expect(second.id == first.id && second.fence == first.fence + 1)
  }

  @Test(arguments: StoreKind.allCases)
  func `a released lane is free at once, and only its holder releases it`(kind: StoreKind) throws {
    let bench = try Bench(kind)
    try bench.acquire("s1")
    let held = try #require(bench.held)
    try bench.store.releaseLane(LaneGuard(lane: held.lane, fence: held.fence, session: "other", epoch: held.epoch))
    try bench.store.releaseLane(LaneGuard(lane: LaneID(99), fence: 1, session: "s1", epoch: 1))
    try bench.expectRefusal(.busy) { try bench.acquire("s2") }
    try bench.store.releaseLane(held)
    #expect(try bench.acquire("s2").fence == held.fence + 1)
  }

  @Test(arguments: StoreKind.allCases)
  func `a lease is renewed by its holder alone`(kind: StoreKind) throws {
    let bench = try Bench(kind)
    try bench.acquire("s1", lease: 10)
    let held = try #require(bench.held)
    try bench.store.renewLane(held, leaseMilliseconds: 5_000, at: bench.time())
    #expect(try bench.store.lanes().first?.until == Timestamp(milliseconds: bench.now + 5_000))
    for stale in [
      LaneGuard(lane: held.lane, fence: held.fence + 1, session: "s1", epoch: held.epoch),
      LaneGuard(lane: held.lane, fence: held.fence, session: "s2", epoch: held.epoch),
      LaneGuard(lane: held.lane, fence: held.fence, session: "s1", epoch: held.epoch + 1),
      LaneGuard(lane: LaneID(7), fence: held.fence, session: "s1", epoch: held.epoch),
    ] {
      try bench.expectRefusal(.staleFence) {
        try bench.store.renewLane(stale, leaseMilliseconds: 9_000, at: bench.time())
      }
    }
  }

  @Test(arguments: StoreKind.allCases)
  func `writes under a lost lease change nothing`(kind: StoreKind) throws {
    let (bench, campaign) = try Bench.running(kind, 3)
    let old = try #require(bench.held)
    let kept = bench.intent(campaign, [0])
    try bench.commit(.intend(kept))
    try bench.store.releaseLane(old)
    try bench.acquire("s2")
    let new = bench.held
    let fresh = bench.intent(campaign, [1])
    let bytes = RecordedBytes(batch: kept.batch, attempt: kept.attempt.id, signed: Bench.signed(kept.attempt))
    for stale in [old, nil] {
      bench.held = stale
      try bench.expectRefusal(.staleFence) { try bench.commit(.intend(fresh)) }
      try bench.expectRefusal(.staleFence) { try bench.commit(.recordBytes(bytes)) }
      try bench.expectRefusal(.staleFence) { try bench.commit(.markUnknown(kept.batch, campaign.id, .overdue)) }
    }
    bench.held = new
    try bench.commit(.recordBytes(bytes))
    try bench.commit(.intend(fresh))
  }

  @Test(arguments: StoreKind.allCases)
  func `a batch changes only under its own lane's lease`(kind: StoreKind) throws {
    let (bench, campaign) = try Bench.running(kind, 3)
    let intent = bench.intent(campaign, [0])
    try bench.commit(.intend(intent))
    let other = try bench.store.acquireLane(
      Bench.chain, Bench.address(5), holder: "h", session: "s9", leaseMilliseconds: 1_000, signerHighest: 0,
      at: bench.time())
    bench.held = LaneGuard(lane: other.id, fence: other.fence, session: "s9", epoch: other.epoch)
    try bench.expectRefusal(.staleFence) { try bench.sign(intent) }
    try bench.expectRefusal(.staleFence) {
      try bench.commit(.changeLane(LaneChange(lane: LaneID(1), mode: .draining, reason: nil, nextSlot: nil)))
    }
    // The numbers of a lane tell it apart.
    try bench.expectRefusal(.staleState) {
      bench.sequence = 50
      let numbers = bench.held
      bench.held = LaneGuard(lane: LaneID(1), fence: 1, session: "", epoch: 1)
      let foreign = bench.intent(campaign, [1])
      bench.held = numbers
      try bench.commit(.intend(foreign))
    }
  }

  @Test(arguments: StoreKind.allCases)
  func `a new epoch drains every lane and ends every lease`(kind: StoreKind) throws {
    let (bench, campaign) = try Bench.running(kind, 3)
    let other = try bench.store.acquireLane(
      Bench.chain, Bench.address(5), holder: "h", session: "s9", leaseMilliseconds: 1_000, signerHighest: 0,
      at: bench.time())
    try bench.store.commit(
      Commit(
        guardedBy: nil, actor: "operator:eve", at: bench.time(),
        writes: [.changeLane(LaneChange(lane: other.id, mode: .stopped, reason: "old key", nextSlot: nil))]))
    let before = try bench.store.identity()
    try bench.store.raiseEpoch(reason: "restored", actor: "operator:eve", at: bench.time())
    let after = try bench.store.identity()
    #expect(after.epoch == before.epoch + 1 && after.uuid == before.uuid)
    #expect(try bench.store.lanes().map(\.mode) == [.draining, .stopped])
    #expect(
      try bench.store.lanes().allSatisfy { $0.session == nil && $0.epoch == after.epoch && $0.modeReason == "restored" }
    )
    #expect(
      try bench.store.auditRecords(after: nil, limit: 100).last { $0.chain == 0 }?.draft.action == "store.epoch_raised")
    try bench.expectRefusal(.staleFence) { try bench.commit(.intend(bench.intent(campaign, [0]))) }
    let lane = try bench.acquire("s2")
    #expect(lane.mode == .draining && lane.epoch == after.epoch)
    try bench.expectRefusal(.conflict) {
      _ = try bench.store.acquireLane(
        Bench.chain, Bench.address(5), holder: "h", session: "s9", leaseMilliseconds: 1_000, signerHighest: 0,
        at: bench.time())
    }
  }

  @Test(arguments: StoreKind.allCases)
  func `a guard of another epoch is refused even when the lane row agrees with it`(kind: StoreKind) throws {
    let (bench, campaign) = try Bench.running(kind, 1)
    let held = try #require(bench.held)
    bench.held = LaneGuard(lane: held.lane, fence: held.fence, session: held.session, epoch: held.epoch + 1)
    try bench.expectRefusal(.staleFence) { try bench.commit(.intend(bench.intent(campaign, [0]))) }
  }

  @Test(arguments: StoreKind.allCases)
  func `the next slot is raised by whoever knows of more, and never lowered`(kind: StoreKind) throws {
    let (bench, _) = try Bench.running(kind, 1)
    let lane = try #require(bench.held).lane
    try bench.commit(.changeLane(LaneChange(lane: lane, mode: .open, reason: nil, nextSlot: 9)))
    #expect(try bench.store.lanes().first?.nextSlot == 9)
    try bench.commit(.changeLane(LaneChange(lane: lane, mode: .open, reason: nil, nextSlot: 3)))
    #expect(try bench.store.lanes().first?.nextSlot == 9)
    try bench.expectRefusal(.notFound) {
      try bench.commit(
        .changeLane(LaneChange(lane: LaneID(8), mode: .open, reason: nil, nextSlot: nil)), guarded: false)
    }
  }
}
