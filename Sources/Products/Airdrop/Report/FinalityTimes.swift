/// How long payouts took from the durable intent to finality, in classes that a person can read.
package struct FinalityTimes: Hashable, Sendable {
  package struct Class: Hashable, Sendable {
    package let fromMilliseconds: Int64
    /// Nil for the last class.
    package let belowMilliseconds: Int64?
    package let count: Int64
  }
  private static let edges: [Int64] = [
    100, 500, 1_000, 5_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 900_000, 1_200_000, 1_800_000, 3_600_000,
    21_600_000, 86_400_000,
  ]
  private var counts = [Int64](repeating: 0, count: edges.count + 1)
  package private(set) var count: Int64 = 0
  package private(set) var shortest: Int64?
  package private(set) var longest: Int64?

  package init() {}

  /// `payouts` of one batch took as long. A clock that was set back counts as no time.
  mutating func add(milliseconds: Int64, payouts: Int64) {
    guard payouts > 0 else { return }
    let time = max(0, milliseconds)
    counts[FinalityTimes.edges.firstIndex { time < $0 } ?? FinalityTimes.edges.count] += payouts
    count += payouts
    shortest = min(shortest ?? time, time)
    longest = max(longest ?? time, time)
  }

  /// From the first to the last class that holds anything.
  package var classes: [Class] {
    guard let first = counts.firstIndex(where: { $0 > 0 }), let last = counts.lastIndex(where: { $0 > 0 }) else {
      return []
    }
    let edges = FinalityTimes.edges
    return (first...last).map {
      Class(
        fromMilliseconds: $0 == 0 ? 0 : edges[$0 - 1], belowMilliseconds: $0 < edges.count ? edges[$0] : nil,
        count: counts[$0])
    }
  }

  /// The edge of a class below which at least `percent` of the payouts stayed; nil when only the longest time says it.
  package func bound(percent: Int64) -> Int64? {
    var sum: Int64 = 0
    for (index, part) in counts.enumerated() {
      sum += part
      // ceil(count * percent / 100), without leaving 64 bits.
      let needed = count / 100 * percent + (count % 100 * percent + 99) / 100
      if sum >= needed, sum > 0 { return index < FinalityTimes.edges.count ? FinalityTimes.edges[index] : nil }
    }
    return nil
  }
}
