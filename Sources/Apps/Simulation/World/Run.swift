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
    /// What power cuts took from the disk below SQLite, which must not show above it.
    var lostWrites = 0
    var tornWrites = 0
    /// Names of the boundaries that were passed.
    var boundaries: Set<String> = []
    var violations: [Violation] = []
    var lines: [String] = []
  }

  let world: World
  var dice: Dice
  var oracle: Oracle
  private(set) var snapshots: [DiskImage] = []
  var outcome: Outcome

  /// `faults`: what goes wrong on the chain, instead of the plan's own.
  init(_ plan: Plan, traces: Bool, faults: (any FaultSource)? = nil) throws {
    world = try World(plan, traces: traces, faults: faults)
    dice = Dice(plan.seed, .schedule)
    oracle = Oracle(world)
    outcome = Outcome(seed: plan.seed)
  }

  var watch: Watch { world.watch }
  var person: Operator { Operator(world: world) }
  var isBroken: Bool { watch.with { !$0.violations.isEmpty } }

  static func outcome(seed: UInt64, traces: Bool) throws -> Outcome {
    var run = try Run(Plan(seed: seed), traces: traces)
    try run.begin()
    run.disturbed()
    run.quiet()
    run.count()
    return run.finished()
  }

  // MARK: Beginning

  mutating func begin() throws {
    if world.plan.startsEmpty {
      // Migrations meet faults too.
      watch.with { $0.areFaultsOn = true }
      _ = world.restart(.torn)
      watch.with { $0.areFaultsOn = false }
    } else {
      world.disk.load(try Template.image())
      try world.start()
    }
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
    if dice.chance(10) { world.hireMissing() }
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
        stop(.machineDies)
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
      let failure = Watch.PowerFailure(
        operation: world.disk.operations + 1 + dice.below(10), isAfter: dice.chance(50))
      watch.with { $0.powerFailure = failure }
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
    meetsWorkerFault()
    meetsListFault()
    if watch.happens(.restored) {
      let image = dice.pick(snapshots)
      if image != world.disk.image { watch.saw(.restored) }
      restore(image)
      return true
    }
    if watch.happens(.swapped) {
      let image = dice.pick(snapshots)
      if image != world.disk.image { watch.saw(.swapped) }
      restart(.all, "swapped for an older copy", image: image)
      return true
    }
    return false
  }

  /// What happens to the sanctions list, and to the policy that asks it.
  private mutating func meetsListFault() {
    guard let lists = watch.lists else { return }
    let troubles: [(Fault, SimulatedLists.Trouble)] = [
      (.listsUnreachable, .unreachable), (.listsStale, .stale), (.listsShort, .short),
    ]
    for (fault, trouble) in troubles where watch.happens(fault) { lists.fails(trouble, times: dice.within(1...12)) }
    if watch.happens(.listsChanged) { lists.publish() }
    if watch.happens(.policyChanged), person.changePolicy() { watch.saw(.policyChanged) }
  }

  /// The faults of one worker among others.
  private mutating func meetsWorkerFault() {
    guard world.workers.count > 1 else { return }
    if watch.happens(.workerKilled) { stop(.workerDies) }
    if watch.happens(.sleeper) {
      let worker = dice.pick(world.workers)
      worker.sleepsUntil = world.clock.truth.advanced(byMilliseconds: Int64(dice.within(1_000...40_000)))
      watch.say("worker \(worker.number) sleeps")
    }
    if watch.happens(.storeUnreachable) {
      world.cutOff(dice.pick(world.workers), milliseconds: Int64(dice.within(500...30_000)))
    }
    if watch.happens(.workerClock) {
      let worker = dice.pick(world.workers)
      let jump = Int64(dice.pick([-3_600_000, -30_000, -4_000, 4_000, 30_000, 3_600_000]))
      watch.say("the clock of worker \(worker.number) jumps by \(jump) ms")
      worker.clock.jump(jump)
    }
  }

  /// In the middle of what comes next.
  private mutating func stop(_ kind: Watch.Stop.Kind) {
    let ahead = 1 + dice.below(8)
    watch.with { $0.stop = Watch.Stop(boundary: $0.boundaryCount + ahead, kind: kind) }
  }

  /// Brings the machine back if something in a port has stopped it, and looks at the world.
  /// `survival`: what a death leaves of the disk, where that is not left to chance.
  mutating func settle(survival: Survival? = nil) {
    if world.clock.wasJumpRead() { watch.saw(.clockJump) }
    for worker in world.workers where worker.clock.wasJumpRead() { watch.saw(.workerClock) }
    world.buryDead()
    if watch.isDown || world.disk.isDown {
      let isPower = world.disk.isDown
      if !isPower { watch.saw(.processKilled) }
      let chance: Survival = isPower ? (dice.chance(70) ? .torn : .synced) : .all
      restart(survival ?? chance, isPower ? "power failed" : "killed inside")
    }
    oracle.checkChain()
    oracle.checkStore()
  }

  /// Puts the store back to an older state, and tells it so.
  mutating func restore(_ image: DiskImage) {
    restart(.all, "restored", image: image)
    try? world.store.raiseEpoch(reason: "restored", actor: "operator:sim", at: world.clock.now())
    try? world.startWorkers()
  }

  mutating func restart(_ survival: Survival, _ why: String, image: DiskImage? = nil) {
    watch.say("machine \(why), \(survival)")
    let losses = world.restart(survival, image: image)
    watch.say("   up again; \(losses.lostWrites) writes lost, \(losses.tornWrites) torn")
    oracle.forget()
    outcome.lostWrites += losses.lostWrites
    outcome.tornWrites += losses.tornWrites
    watch.with { $0.commitsSinceCheck += 1 }
  }

  private mutating func stepSomebody() {
    let awake = world.awake
    guard !awake.isEmpty else { return world.clock.advance(500) }
    let worker = dice.pick(awake)
    // Nothing to do: time goes on, as it would.
    let wait = worker.wait
    if wait > 0, dice.chance(60) { world.clock.advance(min(wait, 5_000)) }
    world.step(worker)
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
