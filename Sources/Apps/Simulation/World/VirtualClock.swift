import Engine
import Money
import Payouts
import Synchronization

/// Time that moves only when the simulator says so. The chain's time is the true one; the engine's clock may be wrong.
final class VirtualClock: EngineClock {
  private struct State {
    var now = Plan.start
    var error: Int64 = 0
    var isErrorNew = false
    var isErrorRead = false
  }
  private let state = Mutex(State())

  /// What the engine reads.
  func now() -> Timestamp {
    state.withLock { state in
      state.isErrorRead = state.isErrorNew
      return state.now.advanced(byMilliseconds: state.error)
    }
  }

  var truth: Timestamp { state.withLock { $0.now } }

  func advance(_ milliseconds: Int64) {
    state.withLock { $0.now = $0.now.advanced(byMilliseconds: max(0, milliseconds)) }
  }

  /// Moves the engine's clock against the true one.
  func jump(_ milliseconds: Int64) {
    state.withLock { state in
      state.error += milliseconds
      state.isErrorNew = true
    }
  }

  /// Whether the engine has read the clock since it jumped; asks once.
  func wasJumpRead() -> Bool {
    state.withLock { state in
      guard state.isErrorRead else { return false }
      state.isErrorRead = false
      state.isErrorNew = false
      return true
    }
  }

  /// True milliseconds from now until the engine's clock shows `time`.
  func wait(until time: Timestamp) -> Int64 {
    state.withLock { state in
      let (gap, over) = time.milliseconds.subtractingReportingOverflow(state.now.milliseconds + state.error)
      return over ? 0 : max(0, gap)
    }
  }
}

/// Civil time without zones: enough for windows that are open or closed.
struct UTCTime: CivilTime {
  func minuteOfDay(_ at: Timestamp, zone: String) -> Int? {
    let day: Int64 = 86_400_000
    return Int(((at.milliseconds % day) + day) % day / 60_000)
  }
}

/// The engine's randomness, from the seed.
final class EngineRandom: RandomSource {
  private var dice: Dice
  init(_ seed: UInt64, worker: Int) { dice = Dice(seed &+ UInt64(worker) &* 7_919, .engine) }
  func next() -> UInt64 { dice.next() }
}
