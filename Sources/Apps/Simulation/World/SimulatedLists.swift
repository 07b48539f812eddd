import Chains
import Engine
import Policy
import Synchronization

/// A sanctions list outside of the machine: versions that name some payees, and times at which it gives no answer. It
/// keeps what it really said, for the oracle.
final class SimulatedLists: SanctionsLists {
  /// How it fails.
  enum Trouble: Sendable { case unreachable, stale, short }

  private struct State {
    var number = 0
    /// How often it still fails, and how.
    var left = 0
    var trouble = Trouble.unreachable
    /// By version: whom it called clear.
    var cleared: [String: Set<Address>] = [:]
    var seen: [Fault: Int] = [:]
    var isNew = false
  }

  /// Who is on each version, one after the other, and around again.
  private let versions: [Set<Address>]
  private let state = Mutex(State())

  init(_ versions: [Set<Address>]) { self.versions = versions.isEmpty ? [[]] : versions }

  // MARK: What happens to it

  /// Gives no good answer to the next questions.
  func fails(_ trouble: Trouble, times: Int) {
    state.withLock { state in
      state.trouble = trouble
      state.left = times
    }
  }

  /// Another version is out.
  func publish() {
    state.withLock { state in
      state.number += 1
      state.isNew = true
    }
  }

  func calm() { state.withLock { $0.left = 0 } }

  /// Faults that the engine saw.
  var seen: [Fault: Int] { state.withLock { $0.seen } }

  /// Whether it ever said, under this version, that a payee is not on it.
  func hasCleared(_ address: Address, version: String) -> Bool {
    state.withLock { $0.cleared[version]?.contains(address) == true }
  }

  // MARK: What the engine sees

  func version() -> String {
    state.withLock { state in
      // Our own lists know that they are too old; of a provider nobody knows before it is asked.
      if state.left > 0, state.trouble == .stale {
        state.seen[.listsStale, default: 0] += 1
        return ListError.Code.stale.rawValue
      }
      return "list \(state.number)"
    }
  }

  func answers(_ subjects: [ScreeningSubject]) throws -> [ListAnswer] {
    try state.withLock { state in
      if state.left > 0, !subjects.isEmpty {
        state.left -= 1
        switch state.trouble {
        case .unreachable:
          state.seen[.listsUnreachable, default: 0] += 1
          throw ListError(.unreachable, "nobody answers")
        case .stale:
          state.seen[.listsStale, default: 0] += 1
          throw ListError(.stale, "the list is too old")
        case .short:
          state.seen[.listsShort, default: 0] += 1
          return subjects.dropLast().map { _ in .clear }
        }
      }
      if state.isNew {
        state.isNew = false
        state.seen[.listsChanged, default: 0] += 1
      }
      let listed = versions[state.number % versions.count]
      return subjects.map { subject in
        if listed.contains(subject.address) { return .hit("sim:\(state.number)") }
        state.cleared["list \(state.number)", default: []].insert(subject.address)
        return .clear
      }
    }
  }
}
