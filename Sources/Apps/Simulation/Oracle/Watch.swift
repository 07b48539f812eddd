import Chains
import Codecs
import Engine
import Money
import Payouts
import Synchronization

/// What all ports of one run share: whether the process is alive, which faults happen, what became durable, and every
/// rule that was seen broken. One run is one thread; the lock is for the ports' sake, which must be Sendable.
final class Watch: Sendable {
  struct State {
    var dice: Dice
    var chances: [Fault: Plan.Chance]
    var areFaultsOn = false
    /// The machine is dead: nothing that it still does has an effect.
    var isDown = false
    /// The worker that acts now; 0 is a person, or the machine itself.
    var actor = 0
    /// Workers that are dead while the machine lives.
    var dead: Set<Int> = []
    /// Workers that do not reach the store, and those of them that have not noticed yet.
    var cutOff: Set<Int> = []
    var cutOffUnseen: Set<Int> = []
    /// Whether nothing that the actor does has an effect any more.
    var isActorDead: Bool { isDown || dead.contains(actor) }
    var violations: [Violation] = []
    var lines: [String]?
    var seen: [Fault: Int] = [:]
    /// Signing hashes of attempts whose intent a commit made durable.
    var intended: Set<Hash32> = []
    /// Of these, those of batches with payouts.
    var intendedPayments: Set<Hash32> = []
    /// For each worker, signing hashes of payments whose payees all had a verdict that counts when it asked last. One
    /// worker's question is not another's: it may be held up before the key while another asks and signs.
    var cleared: [Int: Set<Hash32>] = [:]
    /// Hashes of transactions whose bytes a commit made durable.
    var recorded: Set<Hash32> = []
    /// A commit's outcome is not known here: both sets must be read anew before they are relied upon.
    var isUnsure = false
    /// Guards under which a commit's answer was lost: they must not be written under again.
    var lost: Set<LaneGuard> = []
    /// Faults of the disk since the last call to the store began.
    var hidden: [Fault] = []
    var powerFailure: PowerFailure?
    /// Durable operations of the disk, in order, where they are wanted: nil is nowhere.
    var operations: [Life.Operation]?
    /// Points of death that were passed, in order.
    var boundaries: [Boundary] = []
    var boundaryCount = 0
    var stop: Stop?
    /// How often a stop or a power failure that was set here has come.
    var stops = 0
    var commits = 0
    var commitsSinceCheck = 0
  }
  /// When power fails: before or after a durable operation of the disk.
  struct PowerFailure {
    let operation: Int
    let isAfter: Bool
  }
  struct Boundary {
    let name: String
    /// As `State.actor`.
    let actor: Int
  }

  /// What happens at a boundary that is yet to be passed.
  struct Stop {
    enum Kind { case machineDies, workerDies, workerPauses }
    /// Counted like `boundaryCount`. What stops a worker waits until a worker is there.
    var boundary: Int
    let kind: Kind
  }
  private let state: Mutex<State>
  /// The list outside; nil in a world without a policy.
  let lists: SimulatedLists?
  /// Lets time pass and others act while the actor waits at a boundary.
  private let meanwhile = Mutex<(@Sendable (Boundary, Fault) -> Void)?>(nil)

  init(_ plan: Plan, traces: Bool) {
    lists = plan.screening.map { SimulatedLists($0.listed) }
    state = Mutex(
      State(dice: Dice(plan.seed, .ports), chances: plan.faults, lines: traces ? [] : nil))
  }

  func with<Value: Sendable>(_ body: (inout State) -> Value) -> Value { state.withLock { body(&$0) } }

  // MARK: Life

  /// Whether nothing that the actor does has an effect any more.
  var isDown: Bool { with { $0.isActorDead } }

  /// Makes a worker the actor, or with 0 nobody, and returns who it was before.
  func acts(_ worker: Int) -> Int {
    with { state in
      defer { state.actor = worker }
      return state.actor
    }
  }

  func whilePaused(_ body: @escaping @Sendable (Boundary, Fault) -> Void) { meanwhile.withLock { $0 = body } }

  fileprivate enum Passage { case alive, dead, pausing }

  /// Passes a point at which the actor may die or be held up. False when it is dead from here on.
  /// `slow`: what it is called when it is held up here.
  func passes(_ name: @autoclosure () -> String, _ slow: Fault) -> Bool {
    guard !isDown else { return false }
    let boundary = Boundary(name: name(), actor: with { $0.actor })
    switch with({ $0.pass(boundary) }) {
    case .dead: return false
    case .alive: guard boundary.actor != 0, happens(slow) else { return true }
    case .pausing: break
    }
    // Outside of every lock: others act now.
    meanwhile.withLock { $0 }?(boundary, slow)
    return !isDown
  }

  /// Whether the actor reaches the store.
  func reachesStore() -> Bool {
    with { state in
      guard state.cutOff.contains(state.actor) else { return true }
      if state.cutOffUnseen.remove(state.actor) != nil { state.seen[.storeUnreachable, default: 0] += 1 }
      return false
    }
  }

  /// The failure that is due at a durable operation of the disk; with it the process is dead.
  func powerFails(at operation: Int) -> PowerFailure? {
    with { state in
      guard let failure = state.powerFailure, failure.operation == operation else { return nil }
      state.powerFailure = nil
      state.stops += 1
      state.isDown = true
      return failure
    }
  }

  // MARK: Faults

  func happens(_ fault: Fault) -> Bool {
    with { state in
      guard state.areFaultsOn, !state.isActorDead, let chance = state.chances[fault], chance.budget > 0 else {
        return false
      }
      guard state.dice.below(4_096) < chance.of4096 else { return false }
      state.chances[fault]?.budget -= 1
      return true
    }
  }

  func draw(_ bound: Int) -> Int { with { $0.dice.below(bound) } }

  /// A fault has changed something that the engine saw.
  func saw(_ fault: Fault) { with { $0.seen[fault, default: 0] += 1 } }

  // MARK: Rules

  func broke(_ invariant: Int, _ sentence: String) {
    with { state in
      if state.violations.count < 20 { state.violations.append(Violation(invariant, sentence)) }
      state.lines?.append("   VIOLATION of invariant \(invariant): \(sentence)")
    }
  }

  func say(_ line: @autoclosure () -> String) {
    guard with({ $0.lines != nil }) else { return }
    let text = line()
    with { $0.lines?.append(text) }
  }

  /// Notes what a commit made durable.
  func committed(_ commit: Commit) {
    with { state in
      state.commits += 1
      state.commitsSinceCheck += 1
      for write in commit.writes {
        switch write {
        case .intend(let intent):
          state.intended.insert(intent.attempt.unsigned.signingHash)
          if intent.campaign != nil { state.intendedPayments.insert(intent.attempt.unsigned.signingHash) }
        case .addAttempt(let added):
          state.intended.insert(added.attempt.unsigned.signingHash)
          if added.attempt.kind == .pay { state.intendedPayments.insert(added.attempt.unsigned.signingHash) }
        case .recordBytes(let recorded): state.recorded.insert(recorded.signed.hash)
        default: break
        }
      }
    }
  }

  /// Adds what the store holds: after a restart, a restore, or a lost answer. `forgets`: the store was put back, and
  /// what was durable once need not be any more.
  func learn(_ batches: [Batch], forgets: Bool) {
    with { state in
      if forgets {
        state.intended = []
        state.intendedPayments = []
        state.recorded = []
      }
      state.isUnsure = false
      for attempt in batches.flatMap(\.attempts) {
        state.intended.insert(attempt.unsigned.signingHash)
        if let signed = attempt.signed { state.recorded.insert(signed.hash) }
      }
    }
  }
}

extension Watch.State {
  fileprivate mutating func pass(_ boundary: Watch.Boundary) -> Watch.Passage {
    boundaryCount += 1
    if boundaries.count < 10_000 { boundaries.append(boundary) }
    guard let due = stop, due.boundary == boundaryCount else { return .alive }
    guard due.kind == .machineDies || actor != 0 else {
      stop?.boundary += 1
      return .alive
    }
    stop = nil
    stops += 1
    switch due.kind {
    case .machineDies: isDown = true
    case .workerDies: dead.insert(actor)
    case .workerPauses: return .pausing
    }
    return .dead
  }
}
