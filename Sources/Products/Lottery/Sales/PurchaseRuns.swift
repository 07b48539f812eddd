/// Purchases in order: the first ticket of each, and its buyer's place. Eight bytes a purchase.
package struct PurchaseRuns: Equatable, Sendable {
  /// Up to 4,096 purchases: at most 524,288 tickets, so the distance from the first fits 32 bits.
  private struct Page: Equatable {
    let first: UInt64
    var distances: [UInt32] = []
    var buyers: [UInt32] = []
  }

  private static let bits = 12
  private var pages: [Page] = []
  /// How many purchases there are.
  package private(set) var count = 0

  package init() {}

  mutating func append(start: UInt64, buyer: UInt32) {
    if count & (1 << PurchaseRuns.bits - 1) == 0 { pages.append(Page(first: start)) }
    let page = pages.count - 1
    pages[page].distances.append(UInt32(truncatingIfNeeded: start - pages[page].first))
    pages[page].buyers.append(buyer)
    count += 1
  }

  /// The first ticket of purchase `run`; nil behind the last.
  package func start(at run: Int) -> UInt64? {
    guard run < count else { return nil }
    let page = run >> PurchaseRuns.bits
    return pages[page].first + UInt64(pages[page].distances[run & (1 << PurchaseRuns.bits - 1)])
  }

  /// The buyer's place of purchase `run`.
  package func buyer(at run: Int) -> Int {
    Int(pages[run >> PurchaseRuns.bits].buyers[run & (1 << PurchaseRuns.bits - 1)])
  }

  /// The purchase that a sold ticket belongs to.
  package func run(of ticket: UInt64) -> Int {
    let page = PurchaseRuns.last(in: pages.count) { pages[$0].first <= ticket }
    let distances = pages[page].distances
    return page << PurchaseRuns.bits
      + PurchaseRuns.last(in: distances.count) { pages[page].first + UInt64(distances[$0]) <= ticket }
  }

  /// The last place for which `holds` is true; it is true for a first stretch of places, which has at least one.
  private static func last(in count: Int, _ holds: (Int) -> Bool) -> Int {
    var (low, high) = (0, count)
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if holds(middle) { low = middle } else { high = middle }
    }
    return low
  }
}
