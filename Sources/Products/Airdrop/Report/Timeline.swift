package import Money

/// Batches and payouts over time in at most two hundred equal intervals, aligned to the clock.
///
/// The interval grows when the range does, by merging neighbours, so one pass over any number of batches is enough.
package struct Timeline: Hashable, Sendable {
  package struct Interval: Hashable, Sendable {
    /// Batches whose intent was made durable, and the payouts in them.
    package internal(set) var submittedBatches: Int64 = 0
    package internal(set) var submittedPayouts: Int64 = 0
    /// Batches that ended with effect, and the payouts that were credited.
    package internal(set) var finalBatches: Int64 = 0
    package internal(set) var confirmedPayouts: Int64 = 0
    /// Batches that ended without paying anybody.
    package internal(set) var deadBatches: Int64 = 0

    mutating func add(_ other: Interval) {
      submittedBatches += other.submittedBatches
      submittedPayouts += other.submittedPayouts
      finalBatches += other.finalBatches
      confirmedPayouts += other.confirmedPayouts
      deadBatches += other.deadBatches
    }
  }
  package static let mostIntervals: Int64 = 200
  /// Times outside of the years 1970 to 9999 are shown at the nearest end.
  package static let latest: Int64 = 253_402_300_799_999

  package private(set) var widthMilliseconds: Int64 = 10
  private var intervals: [Int64: Interval] = [:]
  private var low: Int64 = 0
  private var high: Int64 = 0

  package init() {}

  mutating func add(at: Timestamp, _ change: (inout Interval) -> Void) {
    let time = min(max(0, at.milliseconds), Timeline.latest)
    let place = time / widthMilliseconds
    low = intervals.isEmpty ? place : min(low, place)
    high = intervals.isEmpty ? place : max(high, place)
    while high - low >= Timeline.mostIntervals { widen() }
    change(&intervals[time / widthMilliseconds, default: Interval()])
  }

  /// Every interval from the first to the last that holds anything, with the time it starts.
  package var rows: [(start: Timestamp, interval: Interval)] {
    guard !intervals.isEmpty else { return [] }
    return (low...high).map {
      (Timestamp(milliseconds: $0 * widthMilliseconds), intervals[$0] ?? Interval())
    }
  }

  /// Each step is a multiple of the one before, so that intervals merge whole.
  private static let steps: [Int64] = [
    10, 50, 100, 500, 1_000, 5_000, 15_000, 60_000, 300_000, 900_000, 3_600_000, 10_800_000, 21_600_000, 43_200_000,
    86_400_000,
  ]

  private mutating func widen() {
    let next = Timeline.steps.first { $0 > widthMilliseconds } ?? widthMilliseconds * 2
    let factor = next / widthMilliseconds
    var merged: [Int64: Interval] = [:]
    for (place, interval) in intervals { merged[place / factor, default: Interval()].add(interval) }
    intervals = merged
    (low, high) = (low / factor, high / factor)
    widthMilliseconds = next
  }
}
