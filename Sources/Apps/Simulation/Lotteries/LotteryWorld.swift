import Engine
import Keys
import Lottery
import Loads
import Money
import SQLite
import Store

/// The machine of one history: a disk that fails, the real store on it, and desks, which are processes of their own and
/// die with it.
final class LotteryWorld {
  let plan: LotteryPlan
  let watch: Watch
  let clock = VirtualClock()
  let disk: FaultDisk
  private(set) var restarts = 0
  private(set) var lostWrites = 0
  private(set) var tornWrites = 0
  /// What a death leaves of the disk, where that is not left to chance.
  var survival: Survival?
  private var store: WatchedStore?
  private var desks: [LotteryDesk] = []
  private var dice: Dice

  static let actor = "operator:sim"

  init(_ plan: LotteryPlan, traces: Bool) throws {
    self.plan = plan
    var machine = Plan(quiet: plan.seed)
    machine.faults = plan.faults
    let watch = Watch(machine, traces: traces)
    self.watch = watch
    dice = Dice(plan.seed, .others)
    disk = try FaultDisk(seed: plan.seed &* 37 &+ 5) { World.verdict($0, watch) }
    disk.load(try Template.image())
    try start()
  }

  private func start() throws {
    let opened = WatchedStore(
      inner: try SQLiteStore(path: World.path, vfs: disk.name, exclusive: true, sha256: OpenSSLHashing()), watch: watch)
    store = opened
    // Two that take turns: what one has written the other must see.
    desks = try (0..<2).map { _ in
      try LotteryDesk(
        store: opened, settings: LotteryPlan.settings, time: BlockTime(clock: clock, hasChain: plan.hasChain),
        clock: clock,
        actor: LotteryWorld.actor)
    }
  }

  // MARK: Asking

  /// What became of the requests; nil when nobody knows. Then the machine is up again, if it went down.
  func ask(_ requests: [LotteryRequest]) -> [LotteryOutcome]? { attempt { try $0.perform(many: requests) } }

  /// Orders what was decided. False when it must be done again.
  func settle() -> Bool {
    guard let store else { return false }
    let loads = LotteryLoads(store: store, sha256: OpenSSLHashing(), clock: clock, actor: LotteryWorld.actor)
    return attempt { try $0.settle(with: loads) } != nil
  }

  /// Does something with one of the desks; an error is nobody's fault here, since everything may be asked again.
  private func attempt<Value>(_ body: (LotteryDesk) throws -> Value) -> Value? {
    defer { mend() }
    do { return try body(desks[dice.below(desks.count)]) } catch {
      watch.say("   failed: \(error)")
      return nil
    }
  }

  /// Looks without faults, through no port that is watched. Throws what the desk and the store throw.
  func look<Value>(_ body: (LotteryDesk, WatchedStore) throws -> Value) throws -> Value? {
    guard let store, let desk = desks.first else { return nil }
    return try watch.quietly { try body(desk, store) }
  }

  // MARK: Dying

  /// Brings the machine back if something has stopped it.
  func mend() {
    if clock.wasJumpRead() { watch.saw(.clockJump) }
    guard watch.isDown || disk.isDown else { return }
    if !disk.isDown { watch.saw(.processKilled) }
    restart(survival ?? (disk.isDown ? (dice.chance(70) ? .torn : .synced) : .all))
  }

  func restart(_ survival: Survival) {
    watch.say("   machine starts again, \(survival)")
    restarts += 1
    watch.with { $0.isDown = true }
    for left in (0..<40).reversed() {
      disk.stop()
      desks = []
      store = nil
      let lost = disk.restart(survival)
      lostWrites += lost.lostWrites
      tornWrites += lost.tornWrites
      watch.with { state in
        state.isDown = false
        state.hidden = []
      }
      do { return try start() } catch {
        watch.say("   cannot start: \(error)")
        for fault in watch.with({ $0.hidden }) { watch.saw(fault) }
        clock.advance(1_000)
        if left == 0 { watch.broke(0, "the desk does not open any more: \(error)") }
      }
    }
  }
}

/// The machine's clock, with a block every four seconds or none.
private struct BlockTime: LotteryTime {
  let clock: VirtualClock
  let hasChain: Bool

  func moment() -> LotteryMoment {
    let now = UInt64(max(0, clock.now().milliseconds) / 1_000)
    return LotteryMoment(now: now, block: hasChain ? UInt64(clock.truth.milliseconds) / 4_000 : nil, chainID: 1)
  }
}
