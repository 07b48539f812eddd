import Synchronization

/// Faults by chance, from one seed: each kind with a probability and a budget, until they are stopped.
package final class SeededFaults: FaultSource {
  /// How likely a fault is at each opportunity, in 1/65536, and how often it may happen.
  package struct Chance: Hashable, Sendable {
    package var of65536: Int
    package var budget: Int
    package init(of65536: Int, budget: Int) {
      self.of65536 = of65536
      self.budget = budget
    }
  }

  private struct State {
    var random: SplitMix
    var chances: [ChainFault: Chance]
    var happened: [ChainFault: Int] = [:]
    var seen: [ChainFault: Int] = [:]
  }
  private let state: Mutex<State>

  package init(seed: UInt64, chances: [ChainFault: Chance]) {
    state = Mutex(State(random: SplitMix(seed: seed), chances: chances))
  }

  package func happens(_ fault: ChainFault) -> Bool {
    state.withLock { state in
      guard let chance = state.chances[fault], chance.budget > 0 else { return false }
      guard state.random.below(65_536) < chance.of65536 else { return false }
      state.chances[fault]?.budget -= 1
      state.happened[fault, default: 0] += 1
      return true
    }
  }

  package func pick(_ bound: Int) -> Int { state.withLock { $0.random.below(bound) } }

  package func wasSeen(_ fault: ChainFault) { state.withLock { $0.seen[fault, default: 0] += 1 } }

  /// From here on nothing goes wrong.
  package func stop() { state.withLock { $0.chances = [:] } }

  package var happened: [ChainFault: Int] { state.withLock { $0.happened } }

  /// Faults that changed an answer which the engine got.
  package var seen: [ChainFault: Int] { state.withLock { $0.seen } }
}

/// SplitMix64: small, fast, and the same on every machine. Source: Steele, Lea and Flood, OOPSLA 2014.
package struct SplitMix: Sendable {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    return SplitMix.mixed(state)
  }

  /// A number from 0 to `bound - 1`; 0 for a bound below 2.
  package mutating func below(_ bound: Int) -> Int {
    let value = next()
    return bound < 2 ? 0 : Int(truncatingIfNeeded: value % UInt64(bound))
  }

  /// The finaliser: a word in which every bit of `word` has had its say.
  static func mixed(_ word: UInt64) -> UInt64 {
    var z = word
    z = (z ^ (z &>> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z &>> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z &>> 31)
  }
}
