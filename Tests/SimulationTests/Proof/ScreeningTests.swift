import Chains
import Engine
import Money
import Payouts
import Policy
import Testing

/// The engine under a policy: nobody is paid without a verdict that counts when the key is asked.
@Suite("Screening on the way to the key")
struct ScreeningTests {
  /// Recipient `n` is owed `100 + n`.
  private func policy(
    deny: Int? = nil, review: Int? = nil, sanctioned: Bool = false, hours: Int = 24
  ) throws -> PolicyDocument {
    func rule(_ n: Int, _ then: String) -> String {
      """
      {"id":"\(then)","when":[{"attribute":"amount","op":"eq","value":"\(100 + n)"}],"then":"\(then)","reason":"because"}
      """
    }
    let list = """
      {"id":"list","when":[{"attribute":"sanctions","op":"eq","value":"hit"}],"then":"deny","reason":"listed"}
      """
    let rules = [deny.map { rule($0, "deny") }, review.map { rule($0, "review") }, sanctioned ? list : nil]
    return try PolicyDocument.parse(
      Array(
        """
        {"format":1,"name":"p","max_age_hours":\(hours),"rules":[\(rules.compactMap { $0 }.joined(separator: ","))],"otherwise":"allow"}
        """.utf8))
  }

  private func activate(_ world: PaidWorld, _ policy: PolicyDocument) throws {
    try service(world).activate(policy, proposedBy: "ann")
  }

  private func service(_ world: PaidWorld) -> PolicyService {
    PolicyService(store: world.store, clock: FixedTime(at: world.clock.now), actor: "bob")
  }

  private func counts(_ world: PaidWorld) throws -> [PayoutStatus: Int64] {
    try world.store.tally(world.campaign.id).parts.mapValues(\.count).filter { $0.value > 0 }
  }

  private func status(_ world: PaidWorld, _ n: Int) throws -> PayoutView? {
    try world.store.payout(PayoutID(campaign: world.campaign.id, ordinal: UInt32(n)))
  }

  @Test func `who is denied fails, who is to be looked at waits, all others are paid`() throws {
    let world = try PaidWorld(7)
    try activate(world, policy(deny: 2, review: 4))
    try world.pay()
    #expect(try counts(world) == [.confirmed: 5, .failed: 1, .queued: 1])
    #expect(try status(world, 2)?.errorCode == "payout.denied")
    let waiting = PayoutID(campaign: world.campaign.id, ordinal: 4)
    #expect(try world.store.heldPayout(waiting)?.verdict.rule == "review")
    #expect(try world.store.checkInvariants().isEmpty)
    #expect(try world.store.campaign(world.campaign.id)?.status == .running)

    try service(world).clear(waiting, reason: "a namesake")
    #expect(throws: PolicyError.self) { try service(world).clear(waiting, reason: "again") }
    try world.pay()
    #expect(try counts(world) == [.confirmed: 6, .failed: 1])
    #expect(try world.store.campaign(world.campaign.id)?.status == .completed)
    #expect(try world.store.checkInvariants().isEmpty)
  }

  @Test func `who is refused by a person fails, and its money is released`() throws {
    let world = try PaidWorld(5)
    try activate(world, policy(review: 1))
    try world.pay()
    let waiting = PayoutID(campaign: world.campaign.id, ordinal: 1)
    #expect(throws: PolicyError.self) { try service(world).refuse(waiting, reason: "") }
    try service(world).refuse(waiting, reason: "the same person")
    try world.pay()
    #expect(try counts(world) == [.confirmed: 4, .failed: 1])
    #expect(try world.store.heldPayout(waiting)?.decidedBy == "bob")
    #expect(try world.store.checkInvariants().isEmpty)
  }

  /// Invariant 6: a list that is not there holds everybody.
  @Test func `a list that does not answer lets nobody go`() throws {
    let world = try PaidWorld(5)
    try activate(world, policy(sanctioned: true))
    try world.pay()
    #expect(try counts(world) == [.queued: 5])
    let held = try world.store.heldPayouts(world.campaign.id, .held, isWaiting: true, after: nil, limit: 9)
    #expect(held.map(\.verdict.detail) == Array(repeating: "sanctions: no sanctions list is configured", count: 5))
    // The rule goes, and so does what held them.
    try activate(world, policy())
    try world.pay()
    #expect(try counts(world) == [.confirmed: 5])
  }

  @Test func `a verdict of yesterday is asked for again before anything more is sent`() throws {
    let world = try PaidWorld(7)
    try activate(world, policy(hours: 1))
    try world.pay { worker in worker.liveCount > 0 && worker.phase == .sign }
    world.clock.move(3_600_000)
    try world.pay()
    #expect(try counts(world) == [.confirmed: 7])
    #expect(try world.actions.count { $0 == "campaign.screened" } == 2)
  }

  /// M_VERDICT_OF_YESTERDAY: the payout is intended, and the policy changes before the key is asked.
  @Test func `what was intended and is denied before it is signed is never signed`() throws {
    let world = try PaidWorld(7)
    try activate(world, policy())
    try world.pay { worker in worker.phase == .sign && worker.liveCount > 0 }
    let batch = try #require(try world.store.payout(PayoutID(campaign: world.campaign.id, ordinal: 2))?.batch)
    try activate(world, policy(deny: 2))
    try world.pay()
    #expect(try counts(world) == [.confirmed: 6, .failed: 1])
    #expect(try status(world, 2)?.errorCode == "payout.denied")
    let ended = try #require(
      try world.store.batches(world.campaign.id, after: nil, limit: 100).first { $0.batch.id == batch })
    #expect(ended.batch.attempts.contains { $0.kind == .pay && $0.signed == nil })
    #expect(ended.batch.hasVoid)
    #expect(try world.store.checkInvariants().isEmpty)
    // The chain paid everybody else, and nobody twice.
    #expect(try world.reconcile(world.chain).found.map(\.kind) == [.unpaid])
  }

  @Test func `nothing is signed while signing is stopped, and it goes on where it was`() throws {
    let world = try PaidWorld(7)
    try world.pay { worker in worker.phase == .sign && worker.liveCount > 0 }
    func change(_ isStopped: Bool) throws {
      try world.store.commit(
        Commit(
          guardedBy: nil, actor: "operator:test", at: world.clock.now,
          writes: [.changeSafety(SafetyChange(isStopped: isStopped, reason: "drill", changedBy: "bob"))]))
    }
    try change(true)
    var steps = 0
    try world.pay { _ in
      steps += 1
      return steps > 200
    }
    #expect(try counts(world) == [.submitted: 7])
    #expect(try !world.actions.contains("attempt.signed"))
    try change(false)
    try world.pay()
    #expect(try counts(world) == [.confirmed: 7])
  }

  @Test func `a worker in safe mode plans and signs nothing`() throws {
    var settings = WorkerSettings()
    settings.isSafe = true
    let world = try PaidWorld(7, workerSettings: settings)
    var steps = 0
    try world.pay { _ in
      steps += 1
      return steps > 200
    }
    #expect(try counts(world) == [.queued: 7])
    #expect(world.worker.waiting[world.campaign.id]?.code == EngineError.Code.signingStopped.rawValue)
  }

  @Test func `a canary waits for no recipient who is denied`() throws {
    let world = try PaidWorld(7)
    try activate(world, policy(deny: 0))
    let planning = CampaignChange.Planning(mode: .canary, priority: 5, window: .always, maxBatch: 2, canary: 2)
    try world.store.commit(
      Commit(
        guardedBy: nil, actor: "operator:test", at: world.clock.now,
        writes: [
          .changeCampaign(
            CampaignChange(
              campaign: world.campaign.id, from: .running, to: .running, event: "planned", reason: nil,
              planning: planning))
        ]))
    try world.pay()
    #expect(try counts(world) == [.confirmed: 6, .failed: 1])
  }

  @Test func `what a policy would change is counted, and nothing is written`() throws {
    let world = try PaidWorld.paid(7)
    let before = try world.actions.count
    var simulation = PolicySimulation()
    try simulation.add(
      world.campaign, store: world.store, new: policy(deny: 2, review: 4), old: nil, civil: NoZones(),
      at: world.clock.now)
    #expect(simulation.payouts == 7)
    #expect(simulation.counts == ["allow otherwise": 5, "deny deny": 1, "review review": 1])
    #expect(simulation.changes.map(\.to) == [.deny, .review])
    #expect(simulation.changes.map(\.units) == [UInt256(102), UInt256(104)])
    #expect(try world.actions.count == before)
  }
}

private struct FixedTime: EngineClock {
  let at: Timestamp
  func now() -> Timestamp { at }
}

private struct NoZones: CivilTime {
  func minuteOfDay(_ at: Timestamp, zone: String) -> Int? { nil }
}
