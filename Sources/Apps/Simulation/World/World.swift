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

/// The machine of one run: a disk, a store on it, a chain outside, a signer's log beside, and workers. What dies with the
/// machine is made anew by `restart`; what outlives it is a constant here.
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
  /// Stores of workers that are processes of their own.
  private var ownStores: [Int: SQLiteStore] = [:]
  private(set) var steps = 0
  private(set) var restarts = 0
  /// Whether the store was ever put back to an older state.
  private(set) var wasPutBack = false
  private var sessions = 0
  /// What others do while one worker waits for an answer.
  var others: (World, Worker) -> Void = { $0.othersAct(besides: $1) }
  private var isSomebodyWaiting = false
  private var dice: Dice

  static let path = "almoner.db"

  init(_ plan: Plan, traces: Bool, faults: (any FaultSource)? = nil) throws {
    self.plan = plan
    dice = Dice(plan.seed, .others)
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
    let waiting = Waiting(self)
    watch.whilePaused { waiting.pass($0, $1) }
  }

  private func fund() throws {
    for key in keys {
      try chain.credit(UInt256(limbs: (0, 1, 0, 0)), of: Plan.native, to: key.account)
      try chain.credit(UInt256(limbs: (0, 1, 0, 0)), of: Plan.token, to: key.account)
    }
    for person in plan.distributions.flatMap(\.people) { chain.setBehavior(person.behavior, of: person.address) }
  }

  /// What the disk does with an operation.
  static func verdict(_ operation: DiskOperation, _ watch: Watch) -> DiskVerdict {
    guard operation.kind.isDurable else {
      guard watch.happens(.readError) else { return .proceed }
      watch.with { $0.hidden.append(.readError) }
      return .fail(.io)
    }
    watch.with { $0.operations?.append(Life.Operation(kind: operation.kind, boundary: $0.boundaryCount)) }
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
    current.set(try open())
    if !isPutBack { current.checkDurability(watch) }
    learn(forgets: isPutBack)
    try startWorkers()
  }

  /// The store as the engine sees it. Throws when there is none: the process is dead.
  var store: WatchedStore {
    get throws(StoreError) {
      guard let inner = current.store else { throw StoreError(.unavailable, "the process is dead") }
      return WatchedStore(inner: inner, watch: watch)
    }
  }

  private func open() throws(StoreError) -> SQLiteStore {
    try SQLiteStore(path: World.path, vfs: disk.name, exclusive: !plan.sharesFile, sha256: OpenSSLHashing())
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

  /// Dismisses whoever is there, and hires anew. Throws what a store throws.
  func startWorkers() throws(StoreError) {
    dismissAll()
    for _ in 0..<plan.sessions { for key in keys { try hire(key.account) } }
  }

  private func dismissAll() {
    workers = []
    ownStores = [:]
    watch.with { state in
      state.dead = []
      state.cutOff = []
      state.cutOffUnseen = []
    }
  }

  private func hire(_ account: Address) throws(StoreError) {
    guard current.store != nil else { return }
    sessions += 1
    var mine = try store
    if plan.isSplit {
      let own = try open()
      ownStores[sessions] = own
      mine = WatchedStore(inner: own, watch: watch)
    }
    workers.append(Worker(number: sessions, account: account, store: mine, world: self))
  }

  /// Hires for accounts that have fewer workers than planned, as far as the store allows. Returns whether all are there.
  @discardableResult
  func hireMissing() -> Bool {
    for key in keys {
      while workers.count(where: { $0.account == key.account }) < plan.sessions {
        do throws(StoreError) { try hire(key.account) } catch { return false }
        if current.store == nil { return false }
      }
    }
    return true
  }

  func dismiss(_ worker: Worker) {
    workers.removeAll { $0 === worker }
    ownStores[worker.number] = nil
  }

  func countStep() { steps += 1 }

  /// Nobody waits while somebody waits: one answer is late at a time.
  func beginsToWait() -> Bool {
    guard !isSomebodyWaiting else { return false }
    isSomebodyWaiting = true
    return true
  }

  func endsToWait() { isSomebodyWaiting = false }

  func pick<Value>(_ values: [Value]) -> Value { dice.pick(values) }

  /// Ends the process and starts another one, with what `survival` leaves of the disk; `image` replaces the disk.
  func restart(_ survival: Survival, image: DiskImage? = nil) -> DiskLosses {
    watch.with { $0.isDown = true }
    restarts += 1
    var losses = DiskLosses()
    var next = image
    var left = 40
    while true {
      disk.stop()
      dismissAll()
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
