/// How often a call is made in all, and the pauses between: `initial x factor^(k - 1)` after failed call k.
///
/// Delays are whole milliseconds; the factor is a fraction of two whole numbers, so that 1.5 needs no floating point.
package struct RetrySchedule: Hashable, Sendable {
  /// Calls in all; 0 makes none.
  package let attempts: Int
  package let initialMilliseconds: Int64
  package let factorNumerator: Int64
  package let factorDenominator: Int64

  package init(
    attempts: Int = 3, initialMilliseconds: Int64 = 1000, factorNumerator: Int64 = 2, factorDenominator: Int64 = 1
  ) {
    self.attempts = attempts
    self.initialMilliseconds = initialMilliseconds
    self.factorNumerator = factorNumerator
    self.factorDenominator = max(1, factorDenominator)
  }

  /// The pause after failed call `call` (from 1); nil after the last, or when the call is none of ours.
  package func pauseMilliseconds(after call: Int) -> Int64? {
    guard call >= 1, call < attempts else { return nil }
    var pause = initialMilliseconds
    for _ in 1..<call {
      let (product, overflow) = pause.multipliedReportingOverflow(by: factorNumerator)
      pause = overflow ? .max : product / factorDenominator
    }
    return pause
  }
}

/// What came of one call to somebody else.
package enum RetriedCall<Value, Failure> {
  case answered(Value)
  /// It came to nothing: it may be made again.
  case refused(Failure)
  /// Nobody knows: it is never made again by a schedule.
  case unknown(Failure)
}

extension RetrySchedule {
  /// Makes the call until it is answered, its outcome is unknown, or no attempt is left; nil when there was none at all.
  ///
  /// `onFailure` is told of every failed attempt, before the pause; what it does cannot stop the calls.
  package func run<Value, Failure>(
    _ call: () -> RetriedCall<Value, Failure>, onFailure: (Failure, _ attempt: Int) -> Void, pause: (Int64) -> Void
  ) -> RetriedCall<Value, Failure>? {
    var last: RetriedCall<Value, Failure>?
    for attempt in 1...max(1, attempts) where attempt <= attempts {
      let outcome = call()
      switch outcome {
      case .answered: return outcome
      case .unknown(let failure):
        onFailure(failure, attempt)
        return outcome
      case .refused(let failure): onFailure(failure, attempt)
      }
      last = outcome
      if let milliseconds = pauseMilliseconds(after: attempt) { pause(milliseconds) }
    }
    return last
  }
}
