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
