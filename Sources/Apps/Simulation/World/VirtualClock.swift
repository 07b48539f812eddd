import Engine
import Money
import Payouts
import Synchronization

/// Time that moves only when the simulator says so. The chain's time is the true one; the engine's clock may be wrong.
final class VirtualClock: EngineClock {
  private struct State {
    var now = Plan.start
    var error = ClockError()
  }
  private let state = Mutex(State())

  /// What the engine reads.
  func now() -> Timestamp {
    state.withLock { state in state.now.advanced(byMilliseconds: state.error.read()) }
  }

  var truth: Timestamp { state.withLock { $0.now } }

  func advance(_ milliseconds: Int64) {
    state.withLock { $0.now = $0.now.advanced(byMilliseconds: max(0, milliseconds)) }
  }

  /// Moves the engine's clock against the true one.
  func jump(_ milliseconds: Int64) {
    state.withLock { $0.error.jump(milliseconds) }
  }

  /// Whether the engine has read the clock since it jumped; asks once.
  func wasJumpRead() -> Bool { state.withLock { $0.error.wasRead() } }

  /// What the engine would read, without reading it.
  var shown: Timestamp { state.withLock { $0.now.advanced(byMilliseconds: $0.error.milliseconds) } }
}

/// The clock of one worker: that of the machine, and an error of its own.
final class WorkerClock: EngineClock {
  private let machine: VirtualClock
  private let error = Mutex(ClockError())

  init(_ machine: VirtualClock) { self.machine = machine }

  func now() -> Timestamp { machine.now().advanced(byMilliseconds: error.withLock { $0.read() }) }

  func jump(_ milliseconds: Int64) { error.withLock { $0.jump(milliseconds) } }

  func wasJumpRead() -> Bool { error.withLock { $0.wasRead() } }

  /// True milliseconds from now until this clock shows `time`.
  func wait(until time: Timestamp) -> Int64 {
    let now = machine.shown.milliseconds + error.withLock { $0.milliseconds }
    let (gap, over) = time.milliseconds.subtractingReportingOverflow(now)
    return over ? 0 : max(0, gap)
  }
}

/// How far a clock is from the true time, and whether anybody has read it since that changed.
private struct ClockError {
  private(set) var milliseconds: Int64 = 0
  private var isNew = false
  private var isNewsRead = false

  mutating func jump(_ by: Int64) {
    milliseconds += by
    isNew = true
  }

  mutating func read() -> Int64 {
    isNewsRead = isNew
    return milliseconds
  }

  mutating func wasRead() -> Bool {
    guard isNewsRead else { return false }
    isNewsRead = false
    isNew = false
    return true
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
