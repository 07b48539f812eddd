import Synchronization

/// Faults in a written order, for tests and the demo: the n-th opportunity of a kind fails if the script says so.
package final class ScriptedFaults: FaultSource {
  private struct State {
    /// Opportunities of each kind, from 1, at which it happens.
    var script: [ChainFault: Set<Int>]
    var picks: [Int]
    var asked: [ChainFault: Int] = [:]
    var seen: [ChainFault: Int] = [:]
  }
  private let state: Mutex<State>

  /// `picks` are used up in order; then 0 is picked.
  package init(_ script: [ChainFault: Set<Int>], picks: [Int] = []) {
    state = Mutex(State(script: script, picks: picks))
  }

  package func happens(_ fault: ChainFault) -> Bool {
    state.withLock { state in
      state.asked[fault, default: 0] += 1
      return state.script[fault]?.contains(state.asked[fault] ?? 0) ?? false
    }
  }

  package func pick(_ bound: Int) -> Int {
    state.withLock { state in
      guard bound > 0, !state.picks.isEmpty else { return 0 }
      return state.picks.removeFirst() % bound
    }
  }

  package func wasSeen(_ fault: ChainFault) { state.withLock { $0.seen[fault, default: 0] += 1 } }

  package var seen: [ChainFault: Int] { state.withLock { $0.seen } }
}
