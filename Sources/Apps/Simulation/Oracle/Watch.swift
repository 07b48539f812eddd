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
    /// The process is dead: nothing that it still does has an effect.
    var isDown = false
    var violations: [Violation] = []
    var lines: [String]?
    var seen: [Fault: Int] = [:]
    /// Signing hashes of attempts whose intent a commit made durable.
    var intended: Set<Hash32> = []
    /// Of these, those of batches with payouts.
    var intendedPayments: Set<Hash32> = []
    /// Hashes of transactions whose bytes a commit made durable.
    var recorded: Set<Hash32> = []
    /// A commit's outcome is not known here: both sets must be read anew before they are relied upon.
    var isUnsure = false
    /// Guards under which a commit's answer was lost: they must not be written under again.
    var lost: Set<LaneGuard> = []
    /// Faults of the disk since the last call to the store began.
    var hidden: [Fault] = []
    var powerFailure: PowerFailure?
    /// Points of death that were passed, in order.
    var boundaries: [String] = []
    var boundaryCount = 0
    /// The boundary at which the process dies, counted like `boundaryCount`.
    var stopAt: Int?
    /// How often a death that was set here has come.
    var deaths = 0
    var commits = 0
    var commitsSinceCheck = 0
  }
  /// When power fails: before or after a durable operation of the disk.
  struct PowerFailure {
    let operation: Int
    let isAfter: Bool
  }
  private let state: Mutex<State>

  init(_ plan: Plan, traces: Bool) {
    state = Mutex(
      State(dice: Dice(plan.seed, .ports), chances: plan.faults, lines: traces ? [] : nil))
  }

  func with<Value: Sendable>(_ body: (inout State) -> Value) -> Value { state.withLock { body(&$0) } }

  // MARK: Life

  var isDown: Bool { with { $0.isDown } }

  /// Passes a point at which the process may die. False when it is dead from here on.
  func passes(_ boundary: @autoclosure () -> String) -> Bool {
    let name = boundary()
    return with { state in
      guard !state.isDown else { return false }
      state.boundaryCount += 1
      if state.boundaries.count < 10_000 { state.boundaries.append(name) }
      guard state.stopAt == state.boundaryCount else { return true }
      state.stopAt = nil
      state.deaths += 1
      state.isDown = true
      return false
    }
  }

  /// The failure that is due at a durable operation of the disk; with it the process is dead.
  func powerFails(at operation: Int) -> PowerFailure? {
    with { state in
      guard let failure = state.powerFailure, failure.operation == operation else { return nil }
      state.powerFailure = nil
      state.deaths += 1
      state.isDown = true
      return failure
    }
  }

  // MARK: Faults

  func happens(_ fault: Fault) -> Bool {
    with { state in
      guard state.areFaultsOn, !state.isDown, let chance = state.chances[fault], chance.budget > 0 else { return false }
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
        case .addAttempt(let added): state.intended.insert(added.attempt.unsigned.signingHash)
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

extension Write {
  /// The word for traces and for the list of boundaries.
  var word: String {
    switch self {
    case .createCampaign: "createCampaign"
    case .changeCampaign(let change): "changeCampaign(\(change.event))"
    case .order: "order"
    case .approve: "approve"
    case .intend(let intent): "intend(\(intent.attempt.kind.rawValue))"
    case .addAttempt(let added): "addAttempt(\(added.attempt.kind.rawValue))"
    case .recordBytes: "recordBytes"
    case .recordSent: "recordSent"
    case .endBatch(let end): "endBatch(\(end.evidence.verdict.word))"
    case .markUnknown: "markUnknown"
    case .failQueued: "failQueued"
    case .compensate: "compensate"
    case .changeLane(let change): "changeLane(\(change.mode.rawValue))"
    case .note(let note): "note(\(note.action))"
    }
  }
}

extension Write {
  /// The word and what it is about, for traces.
  var line: String {
    switch self {
    case .intend(let intent):
      "\(word) batch \(intent.batch.place) slot \(intent.slot) payouts \(intent.runs.map { "\($0.first.ordinal)-\($0.last.ordinal)" })\(intent.halfOf.map { " half of \($0.place)" } ?? "")"
    case .addAttempt(let added): "\(word) batch \(added.batch.place)"
    case .recordBytes(let recorded): "\(word) batch \(recorded.batch.place)"
    case .recordSent(let sent): "\(word) batch \(sent.batch.place) taken \(sent.taken)"
    case .endBatch(let end):
      "\(word) batch \(end.batch.place) \(end.to.rawValue) \(end.outcomes.map { "\($0.kind.word) \($0.count)" })"
    default: word
    }
  }
}

extension ID where Entity == BatchEntity {
  /// The number within its lane.
  var place: String { "\(raw >> 40)/\(raw & (1 << 40 - 1))" }
}

extension Commit {
  /// The kinds of its writes, each once, in order.
  var words: String {
    var seen: [String] = []
    for write in writes where !seen.contains(write.word) { seen.append(write.word) }
    return seen.joined(separator: "+")
  }
}
