import Glibc

/// The end of a wait, by the clock that nobody sets.
struct Deadline {
  private let at: Int64

  /// So many milliseconds from now; never overflows.
  init(milliseconds: Int64) {
    let (sum, over) = Deadline.now.addingReportingOverflow(max(0, milliseconds))
    at = over ? .max : sum
  }

  /// What is left, in the form that poll(2) takes; 0 when the time is over.
  var remainingMilliseconds: Int32 { Int32(clamping: max(0, at - Deadline.now)) }

  private static var now: Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }
}
