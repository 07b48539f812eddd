import Airdrop
import Chains
import Codecs
import Engine
import Keys
import Money
import Payouts
import Signing
import SimulatedChain
import SQLite
import Store

/// One seed from beginning to end: a time of faults, then quiet, then the count.
struct Run {
  struct Outcome: Sendable {
    let seed: UInt64
    var steps = 0
    var commits = 0
    var restarts = 0
    var confirmed: Int64 = 0
    var failed: Int64 = 0
    var faults: [String: Int] = [:]
    var violations: [Violation] = []
    var lines: [String] = []
  }

  private let world: World
  private var dice: Dice
  private var oracle: Oracle
  private var snapshots: [DiskImage] = []
  private var outcome: Outcome
  private static let mostQuietSteps = 6_000

  init(_ plan: Plan, traces: Bool, mutants: Mutants = Mutants()) throws {
    world = try World(plan, traces: traces, mutants: mutants)
    dice = Dice(plan.seed, .schedule)
    oracle = Oracle(world)
    outcome = Outcome(seed: plan.seed)
  }

  private var watch: Watch { world.watch }
  private var person: Operator { Operator(world: world) }
  private var isBroken: Bool { watch.with { !$0.violations.isEmpty } }

  static func outcome(seed: UInt64, traces: Bool, mutants: Mutants = Mutants()) throws -> Outcome {
    var run = try Run(Plan(seed: seed), traces: traces, mutants: mutants)
    try run.begin()
    run.disturbed()
    run.quiet()
    run.count()
    return run.finished()
  }

  // MARK: Beginning

  mutating func begin() throws {
    if !world.plan.startsEmpty { world.disk.load(try Template.image()) }
    try world.start()
    try person.setUp()
    snapshots.append(world.disk.image)
  }

  // MARK: The time of faults

  mutating func disturbed() {
    watch.with { $0.areFaultsOn = true }
    world.chain.calm(world.chainFaults)
    for _ in 0..<world.plan.actions where !isBroken {
      act()
      settle()
    }
  }

  private mutating func act() {
    if meetsFault() { return }
    if dice.chance(3), snapshots.count < 4 { snapshots.append(world.disk.image) }
    if dice.chance(4) { return person.mendLanes() }
    if dice.chance(22) {
      let pause = dice.pick([1, 40, 200, 500, 1_000, 1_000, 2_500, 6_000, 20_000])
      watch.say("time passes: \(pause) ms")
      return world.clock.advance(Int64(pause))
    }
    stepSomebody()
  }

  /// The faults that are not met inside of a port.
  private mutating func meetsFault() -> Bool {
    if watch.happens(.processKilled) {
      guard dice.chance(50) else {
        // In the middle of what comes next.
        watch.with { $0.stopAt = $0.boundaryCount + 1 + dice.below(8) }
        return false
      }
      watch.saw(.processKilled)
      restart(.all, "killed")
      return true
    }
    if watch.happens(.powerCut) {
      watch.saw(.powerCut)
      restart(dice.chance(70) ? .torn : .synced, "power fails")
      return true
    }
    if watch.happens(.powerCutInWrite) {
      let operations = world.disk.operations
      watch.with { $0.powerFailsAt = operations + 1 + dice.below(10) }
    }
    if watch.happens(.clockJump) {
      let jump = Int64(dice.pick([-3_600_000, -30_000, -2_000, 2_000, 30_000, 3_600_000]))
      watch.say("the clock jumps by \(jump) ms")
      world.clock.jump(jump)
    }
    if watch.happens(.operatorActs) {
      if person.meddle() { watch.saw(.operatorActs) }
      return true
    }
    if watch.happens(.sleeper), world.workers.count > 1 {
      let worker = dice.pick(world.workers)
      worker.sleepsUntil = world.clock.truth.advanced(byMilliseconds: Int64(dice.within(1_000...40_000)))
      watch.say("worker \(worker.number) sleeps")
      watch.saw(.sleeper)
    }
    if watch.happens(.restored) {
      watch.saw(.restored)
      restart(.all, "restored", image: dice.pick(snapshots))
      try? world.store.raiseEpoch(reason: "restored", actor: "operator:sim", at: world.clock.now())
      world.startWorkers()
      return true
    }
    if watch.happens(.swapped) {
      watch.saw(.swapped)
      restart(.all, "swapped for an older copy", image: dice.pick(snapshots))
      return true
    }
    return false
  }

  /// Brings the machine back if something in a port has stopped it, and looks at the world.
  private mutating func settle() {
    if world.clock.wasJumpRead() { watch.saw(.clockJump) }
    if watch.isDown || world.disk.isDown {
      let isPower = world.disk.isDown
      if !isPower { watch.saw(.processKilled) }
      restart(isPower ? (dice.chance(70) ? .torn : .synced) : .all, isPower ? "power failed" : "killed inside")
    }
    oracle.checkChain()
    oracle.checkStore()
  }

  private mutating func restart(_ survival: Survival, _ why: String, image: DiskImage? = nil) {
    watch.say("machine \(why), \(survival)")
    let losses = world.restart(survival, image: image)
    watch.say("   up again; \(losses.lostWrites) writes lost, \(losses.tornWrites) torn")
    oracle.forget()
    outcome.faults["write_lost", default: 0] += losses.lostWrites
    outcome.faults["write_torn", default: 0] += losses.tornWrites
    watch.with { $0.commitsSinceCheck += 1 }
  }

  private mutating func stepSomebody() {
    let now = world.clock.truth
    let awake = world.workers.filter { $0.sleepsUntil <= now }
    guard !awake.isEmpty else { return world.clock.advance(500) }
    let worker = dice.pick(awake)
    // Nothing to do: time goes on, as it would.
    let wait = world.clock.wait(until: worker.idleUntil)
    if wait > 0, dice.chance(60) { world.clock.advance(min(wait, 5_000)) }
    step(worker)
  }

  private mutating func step(_ worker: Worker) {
    outcome.steps += 1
    let phase = worker.engine.phase
    let result = worker.engine.step()
    switch result {
    case .progress: worker.idleUntil = Timestamp(milliseconds: .min)
    case .idle(let until), .done(let until): worker.idleUntil = until
    case .failed(_, let until): worker.idleUntil = until
    }
    watch.say(
      "#\(outcome.steps) t=\(world.clock.truth.milliseconds - Plan.start.milliseconds) worker \(worker.number) \(phase): \(result.words)"
    )
  }

  // MARK: Quiet

  /// Nothing goes wrong any more: everything must come to an end within bounds.
  mutating func quiet() {
    guard !isBroken else { return }
    watch.say("faults stop")
    watch.with { state in
      state.areFaultsOn = false
      state.powerFailsAt = nil
      state.stopAt = nil
    }
    world.chainFaults.stop()
    world.chain.calm()
    for worker in world.workers { worker.sleepsUntil = Timestamp(milliseconds: .min) }
    var commits = 0
    var changedAt = 0
    for round in 0..<Run.mostQuietSteps where !isBroken {
      if round % 50 == 0 { tidy() }
      if round % 10 == 0, isDone { return }
      // Some waits last as long as the clock was wrong: nothing happens meanwhile, so time goes faster.
      let now = watch.with { $0.commits }
      if now != commits { (commits, changedAt) = (now, round) }
      if round - changedAt > 100, round % 20 == 0 { world.clock.advance(600_000) }
      turn()
      settle()
    }
    if !isBroken { watch.broke(0, "not finished after \(Run.mostQuietSteps) quiet steps: \(standing)") }
  }

  private func tidy() {
    do { try person.takeUp() } catch { watch.say("operator: \(EngineError(any: error).message)") }
    person.mendLanes()
  }

  /// Steps whoever can; when nobody can, time goes to the next who will.
  private mutating func turn() {
    let ready = world.workers.filter { world.clock.wait(until: $0.idleUntil) == 0 }
    if let worker = ready.isEmpty ? nil : dice.pick(ready) { return step(worker) }
    let wait = world.workers.map { world.clock.wait(until: $0.idleUntil) }.min() ?? 500
    world.clock.advance(max(1, min(wait, 60_000)))
    for worker in world.workers where world.clock.wait(until: worker.idleUntil) == 0 { return step(worker) }
  }

  /// Whether no payout waits for anything but two people.
  private var isDone: Bool {
    guard let store = world.current.store else { return false }
    return watch.quietly {
      guard let campaigns = try? store.campaigns(after: nil, limit: 100), let lanes = try? store.lanes(),
        campaigns.count == world.plan.distributions.count, lanes.allSatisfy({ $0.mode == .open })
      else { return false }
      for lane in lanes { guard let live = try? store.liveBatches(lane.id), live.isEmpty else { return false } }
      for campaign in campaigns {
        guard let tally = try? store.tally(campaign.id), tally[.queued].count == 0,
          tally[.submitted].count == tally.unknown, campaign.status != .paused, campaign.status != .pending,
          campaign.status != .running || tally.unknown > 0
        else { return false }
      }
      return true
    }
  }

  private var standing: String {
    guard let store = world.current.store, let campaigns = try? store.campaigns(after: nil, limit: 100) else {
      return ""
    }
    let parts = campaigns.map { campaign -> String in
      let tally = (try? store.tally(campaign.id)) ?? Tally()
      return
        "campaign \(campaign.id) \(campaign.status.rawValue) queued \(tally[.queued].count) submitted \(tally[.submitted].count) unknown \(tally.unknown)"
    }
    let lanes = ((try? store.lanes()) ?? []).map {
      "lane \($0.id) \($0.mode.rawValue) \($0.modeReason ?? "") live \(((try? store.liveBatches($0.id)) ?? []).map { "\($0.id)@\($0.slot)" })"
    }
    return (parts + lanes).joined(separator: ", ")
  }

  // MARK: The count

  /// Every transaction that was ever handed over is sent once more: it must not matter. Then all accounts are compared.
  mutating func count() {
    guard !isBroken else { return }
    resendEverything()
    oracle.forget()
    oracle.checkChain()
    oracle.checkStore(isFinal: true)
    watch.quietly {
      guard let store = world.current.store else { return watch.broke(0, "there is no store at the end") }
      do {
        for line in try store.integrityCheck() { watch.broke(4, "the database is damaged: \(line)") }
        for campaign in try store.campaigns(after: nil, limit: 100) {
          let tally = try store.tally(campaign.id)
          outcome.confirmed += tally[.confirmed].count
          outcome.failed += tally[.failed].count
        }
      } catch { watch.broke(0, "the store cannot be read at the end: \(error)") }
    }
  }

  private func resendEverything() {
    for key in world.keys {
      guard let records = try? world.log.records(world.plan.chain.chain, key.account, from: 0, limit: 10_000) else {
        continue
      }
      _ = world.chain.submit(records.compactMap(\.signed))
    }
    world.chain.mine(Int(world.plan.chain.finalityDepth) + 4)
  }

  func finished() -> Outcome {
    var result = outcome
    watch.with { state in
      result.commits = state.commits
      result.violations = state.violations
      result.lines = state.lines ?? []
      for (fault, count) in state.seen { result.faults[fault.rawValue, default: 0] += count }
    }
    for (fault, count) in world.chainFaults.seen { result.faults[fault.rawValue, default: 0] += count }
    result.restarts = world.restarts
    return result
  }
}

extension LaneWorker.Step {
  var words: String {
    switch self {
    case .progress: "progress"
    case .idle: "idle"
    case .done: "done"
    case .failed(let error, _): "failed \(error.code): \(error.message)"
    }
  }
}

/// A migrated, empty store: most worlds start from it, since the migrations are the same each time.
enum Template {
  private static let made: Result<DiskImage, StoreError> = {
    do throws(StoreError) {
      let disk: FaultDisk
      do throws(SQLiteError) { disk = try FaultDisk(seed: 1) } catch { throw StoreError(.unavailable, error.message) }
      _ = try SQLiteStore(path: World.path, vfs: disk.name, exclusive: true, sha256: OpenSSLHashing())
      return .success(disk.image)
    } catch { return .failure(error) }
  }()

  static func image() throws(StoreError) -> DiskImage { try made.get() }
}
