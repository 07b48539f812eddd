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
import Synchronization

/// The machine of one run: a disk, a store on it, a chain outside, a signer's log beside, and the workers of one
/// process. What dies with the process is made anew by `restart`; what outlives it is a constant here.
final class World {
  let plan: Plan
  let watch: Watch
  let clock = VirtualClock()
  let disk: FaultDisk
  let chain: SimulatedChain
  /// What goes wrong on the chain by chance, and what goes wrong on it in this run.
  let seeded: SeededFaults
  let chainFaults: any FaultSource
  let keys: [SimulatedKey]
  let log = MemorySigningLog()
  /// The store of the process that runs now, for ports that outlive it.
  let current = CurrentStore()

  private(set) var workers: [Worker] = []
  private(set) var restarts = 0
  /// Whether the store was ever put back to an older state.
  private(set) var wasPutBack = false
  private var sessions = 0

  static let path = "almoner.db"

  init(_ plan: Plan, traces: Bool, faults: (any FaultSource)? = nil) throws {
    self.plan = plan
    let watch = Watch(plan, traces: traces)
    self.watch = watch
    disk = try FaultDisk(seed: plan.seed &* 31 &+ 7) { World.verdict($0, watch) }
    var keys: [SimulatedKey] = []
    for number in 0..<plan.accounts {
      keys.append(SimulatedKey(seed: 1_000 + UInt64(number), drawsFreshNonces: plan.drawsFreshNonces))
    }
    self.keys = keys
    seeded = SeededFaults(seed: plan.seed &+ 17, chances: plan.chainFaults)
    chainFaults = faults ?? seeded
    let clock = clock
    chain = SimulatedChain(
      plan.chain, faults: NoFaults(), clock: { clock.truth }, recover: SimulatedKey.recovery(keys))
    try fund()
  }

  private func fund() throws {
    for key in keys {
      try chain.credit(UInt256(limbs: (0, 1, 0, 0)), of: Plan.native, to: key.account)
      try chain.credit(UInt256(limbs: (0, 1, 0, 0)), of: Plan.token, to: key.account)
    }
    for person in plan.distributions.flatMap(\.people) { chain.setBehavior(person.behavior, of: person.address) }
  }

  /// What the disk does with an operation.
  private static func verdict(_ operation: DiskOperation, _ watch: Watch) -> DiskVerdict {
    guard operation.kind.isDurable else {
      guard watch.happens(.readError) else { return .proceed }
      watch.with { $0.hidden.append(.readError) }
      return .fail(.io)
    }
    if let failure = watch.powerFails(at: operation.number) {
      watch.saw(.powerCutInWrite)
      watch.say(
        "   power fails \(failure.isAfter ? "after" : "before") \(operation.kind.rawValue) of \(operation.file)")
      return failure.isAfter ? .crashAfter : .crashBefore
    }
    if operation.kind == .write, watch.happens(.diskFull) {
      watch.with { $0.hidden.append(.diskFull) }
      return .fail(.full)
    }
    if watch.happens(.diskError) {
      watch.with { $0.hidden.append(.diskError) }
      return .fail(.io)
    }
    return .proceed
  }

  // MARK: Life

  /// Opens the store and starts the workers. Throws what the store throws.
  func start(isPutBack: Bool = false) throws {
    let opened = try SQLiteStore(
      path: World.path, vfs: disk.name, exclusive: !plan.sharesFile, sha256: OpenSSLHashing())
    current.set(opened)
    if !isPutBack { current.checkDurability(watch) }
    learn(forgets: isPutBack)
    startWorkers()
  }

  /// The store as the engine sees it. Throws when there is none: the process is dead.
  var store: WatchedStore {
    get throws(StoreError) {
      guard let inner = current.store else { throw StoreError(.unavailable, "the process is dead") }
      return WatchedStore(inner: inner, watch: watch)
    }
  }

  /// Makes the sets of durable intents and bytes what the store says they are.
  func learn(forgets: Bool) { current.teach(watch, forgets: forgets) }

  func signer() -> SigningGuard {
    let current = current
    let watch = watch
    return SigningGuard(
      codec: chain.codec,
      policy: SigningPolicy(
        chain: plan.chain.chain, assets: nil, batchContract: Address(SimulatedCodec.batchContract.bytes),
        mostPerTransaction: nil, mostFee: .max, mayDeploy: false),
      log: WatchedLog(inner: log, watch: watch),
      keys: keys.map { WatchedKey(inner: $0, watch: watch, reload: { current.teach(watch) }) })
  }

  var rail: WatchedRail {
    let current = current
    let watch = watch
    return WatchedRail(inner: chain, watch: watch, reload: { current.teach(watch) })
  }

  func startWorkers() {
    workers = []
    guard let store = try? store else { return }
    for key in keys {
      for _ in 0..<plan.sessions {
        sessions += 1
        workers.append(Worker(number: sessions, account: key.account, store: store, world: self))
      }
    }
  }

  /// Ends the process and starts another one, with what `survival` leaves of the disk; `image` replaces the disk.
  func restart(_ survival: Survival, image: DiskImage? = nil) -> DiskLosses {
    watch.with { $0.isDown = true }
    restarts += 1
    var losses = DiskLosses()
    var next = image
    var left = 40
    while true {
      workers = []
      disk.stop()
      current.set(nil)
      let lost = disk.restart(survival)
      losses.lostWrites += lost.lostWrites
      losses.tornWrites += lost.tornWrites
      if let image = next {
        disk.load(image)
        wasPutBack = true
        next = nil
      }
      watch.with { state in
        state.isDown = false
        state.hidden = []
      }
      left -= 1
      do {
        try start(isPutBack: image != nil)
        return losses
      } catch {
        watch.say("   cannot start: \((error as? StoreError)?.message ?? "\(error)")")
        for fault in watch.with({ $0.hidden }) { watch.saw(fault) }
        clock.advance(100)
        // Faults of the disk have budgets; a store that never opens again is broken.
        if left == 0 {
          watch.broke(0, "the store does not open any more: \(error)")
          return losses
        }
      }
    }
  }
}

/// One worker and when it sleeps.
final class Worker {
  let number: Int
  let engine: LaneWorker
  let account: Address
  /// True time until which nobody steps it.
  var sleepsUntil = Timestamp(milliseconds: .min)
  /// When it has something to do again, by the engine's clock.
  var idleUntil = Timestamp(milliseconds: .min)
  private let events: WorkerEvents

  init(number: Int, account: Address, store: WatchedStore, world: World) {
    self.number = number
    self.account = account
    events = WorkerEvents(world.watch)
    engine = LaneWorker(
      account: account, store: store, rail: world.rail, signer: world.signer(), clock: world.clock, civil: UTCTime(),
      random: EngineRandom(world.plan.seed, worker: number), settings: world.plan.worker, holder: "sim-\(number)",
      session: "session-\(number)", only: nil, observer: events)
  }
}

/// Writes what a worker tells into the trace, and counts what only its events show.
final class WorkerEvents: EngineObserver {
  private let watch: Watch
  init(_ watch: Watch) { self.watch = watch }

  func observe(_ event: EngineEvent) {
    switch event {
    case .alarm(let error):
      if error.code != StoreError.Code.busy.rawValue { watch.say("   alarm \(error.code): \(error.message)") }
    case .laneLost(let lane, let error): watch.say("   lost lane \(lane): \(error.code)")
    case .dissent(let endpoint, let batch): watch.say("   \(endpoint) dissents about batch \(batch)")
    case .campaign(let id, let status, let reason):
      watch.say("   campaign \(id) is \(status.rawValue)\(reason.map { ": \($0)" } ?? "")")
    case .laneAcquired, .committed, .sent: break
    }
  }
}

/// Which store is open, for what outlives a process.
final class CurrentStore: Sendable {
  private let box = Mutex<SQLiteStore?>(nil)

  var store: SQLiteStore? { box.withLock { $0 } }

  func set(_ store: SQLiteStore?) {
    // The old one closes outside of the lock: closing runs the disk.
    let old = box.withLock { current in
      let before = current
      current = store
      return before
    }
    withExtendedLifetime(old) {}
  }

  /// Tells the watch what the store holds. Without faults: this is the simulator's own look.
  func teach(_ watch: Watch, forgets: Bool = false) {
    guard let store else { return }
    watch.quietly {
      guard let lanes = try? store.lanes() else { return }
      var batches: [Batch] = []
      for lane in lanes {
        guard let live = try? store.liveBatches(lane.id) else { return }
        batches += live
      }
      watch.learn(batches, forgets: forgets)
    }
  }

  /// Invariant 2 after a restart: what a commit had made durable is there.
  func checkDurability(_ watch: Watch) {
    guard let store else { return }
    watch.quietly {
      do {
        var intended: Set<Hash32> = []
        for campaign in try store.campaigns(after: nil, limit: 100) {
          for view in try store.batches(campaign.id, after: nil, limit: 1_000) {
            intended.formUnion(view.batch.attempts.map(\.unsigned.signingHash))
          }
        }
        for hash in watch.with({ $0.intendedPayments.sorted() }) where !intended.contains(hash) {
          watch.broke(2, "the intent of \(hash) was durable and is gone")
        }
        for hash in watch.with({ $0.recorded.sorted() }) where try store.batch(transaction: hash) == nil {
          watch.broke(2, "the bytes of \(hash) were durable and are gone")
        }
      } catch { watch.say("   durability cannot be checked: \(error)") }
    }
  }
}

extension Watch {
  /// Runs the simulator's own look at things: no fault happens in it and none is counted.
  func quietly<Value>(_ body: () throws -> Value) rethrows -> Value {
    let before = with { state in
      defer { state.areFaultsOn = false }
      return (state.areFaultsOn, state.powerFailure)
    }
    with { $0.powerFailure = nil }
    defer {
      with { state in
        state.areFaultsOn = before.0
        state.powerFailure = before.1
      }
    }
    return try body()
  }
}
