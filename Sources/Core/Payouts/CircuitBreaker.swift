package import Money

/// Keeps a failing driver from being asked in a loop: opens after failures in a row, lets one call through after a
/// pause, closes on success. It delays work and never decides about money.
package struct CircuitBreaker: Hashable, Sendable {
  package enum State: Hashable, Sendable {
    case closed(failures: Int)
    case open(until: Timestamp, pause: Int64)
    case halfOpen(pause: Int64)
  }
  package private(set) var state: State = .closed(failures: 0)
  private let threshold: Int
  private let firstPause: Int64
  private let mostPause: Int64

  package init(threshold: Int, firstPauseMilliseconds: Int64, mostPauseMilliseconds: Int64) {
    self.threshold = threshold
    self.firstPause = firstPauseMilliseconds
    self.mostPause = mostPauseMilliseconds
  }

  /// Whether a call may be made now; an open breaker whose pause is over lets one through.
  package mutating func allows(at now: Timestamp) -> Bool {
    switch state {
    case .closed, .halfOpen: return true
    case .open(let until, let pause):
      guard now >= until else { return false }
      state = .halfOpen(pause: pause)
      return true
    }
  }

  package mutating func succeeded() { state = .closed(failures: 0) }

  package mutating func failed(at now: Timestamp) {
    switch state {
    case .closed(let failures) where failures + 1 < threshold: state = .closed(failures: failures + 1)
    case .closed: open(at: now, pause: firstPause)
    case .halfOpen(let pause): open(at: now, pause: min(mostPause, pause * 2))
    case .open: break
    }
  }

  /// An open breaker waits one pause from now at most: what is left was counted by a clock that was ahead.
  package mutating func clockWentBack(to now: Timestamp) {
    if case .open(let until, let pause) = state, until > now.advanced(byMilliseconds: pause) {
      state = .open(until: now.advanced(byMilliseconds: pause), pause: pause)
    }
  }

  /// When an open breaker will let a call through; nil when it already does.
  package var opensAgainAt: Timestamp? {
    if case .open(let until, _) = state { until } else { nil }
  }

  private mutating func open(at now: Timestamp, pause: Int64) {
    state = .open(until: now.advanced(byMilliseconds: pause), pause: pause)
  }
}
