package import Money

/// How many values fall into each of at most forty equal steps. Exact, in whole numbers of any size.
///
/// The step is 1, 5, 10, 50, 100, ... and grows when the range does, by merging neighbours: one pass is enough, and the
/// order of the values makes no difference.
package struct FeeHistogram: Hashable, Sendable {
  package struct Bin: Hashable, Sendable {
    package let from: UInt256
    /// First value past the bin; `UInt256.max` when that would be 2^256.
    package let below: UInt256
    package let count: Int64
  }
  package static let mostBins: UInt64 = 40

  package private(set) var step = UInt256.one
  /// What the step was multiplied with, in order: 5, 2, 5, 2, ...
  private var factors: [UInt64] = []
  private var counts: [UInt256: Int64] = [:]
  private var low = UInt256.zero
  private var high = UInt256.zero

  package init() {}

  package mutating func add(_ value: UInt256) {
    var place = value
    for factor in factors { place = FeeHistogram.coarser(place, factor) }
    low = counts.isEmpty ? place : min(low, place)
    high = counts.isEmpty ? place : max(high, place)
    while !isNarrow {
      let factor: UInt64 = factors.count.isMultiple(of: 2) ? 5 : 2
      // The range holds forty steps or more, so ten of them are far from 2^256.
      step = step.multipliedReportingOverflow(by: UInt256(factor)).partialValue
      factors.append(factor)
      (low, high, place) = (
        FeeHistogram.coarser(low, factor), FeeHistogram.coarser(high, factor), FeeHistogram.coarser(place, factor)
      )
      var merged: [UInt256: Int64] = [:]
      for (place, count) in counts { merged[FeeHistogram.coarser(place, factor), default: 0] += count }
      counts = merged
    }
    counts[place, default: 0] += 1
  }

  /// From the lowest to the highest value, empty steps between them included.
  package var bins: [Bin] {
    guard !counts.isEmpty else { return [] }
    var bins: [Bin] = []
    var place = low
    while place <= high {
      let from = place.multipliedReportingOverflow(by: step).partialValue
      let (below, over) = from.addingReportingOverflow(step)
      bins.append(Bin(from: from, below: over ? .max : below, count: counts[place] ?? 0))
      let (next, end) = place.addingReportingOverflow(.one)
      if end { break }
      place = next
    }
    return bins
  }

  private var isNarrow: Bool {
    high.subtractingReportingOverflow(low).partialValue.uint64.map { $0 < FeeHistogram.mostBins } ?? false
  }

  private static func coarser(_ place: UInt256, _ factor: UInt64) -> UInt256 {
    place.quotientAndRemainder(dividingBy: factor)?.quotient ?? place
  }
}
