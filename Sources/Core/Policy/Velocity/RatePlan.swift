/// Payouts that a batch counts under one meter.
package struct RateCharge: Hashable, Sendable {
  package let meter: RateMeter
  package let count: Int64
  package init(meter: RateMeter, count: Int64) {
    self.meter = meter
    self.count = count
  }
}

/// Counters as a plan sees them: what the store says, and what the plan has taken since.
///
/// Whether a plan holds is the store's to say: it counts again in the transaction that writes.
package struct RatePlan: Sendable {
  private var counts: [String: RateCount] = [:]

  package init() {}

  package func knows(_ key: String) -> Bool { counts[key] != nil }

  /// What the store says of a counter; what it has no row of is unused.
  package mutating func learn(_ key: String, _ count: RateCount?) { counts[key] = count ?? .unused }

  package func count(_ key: String) -> RateCount { counts[key] ?? .unused }

  /// Takes one of each, or none of any: then the first meter that has no room is the answer.
  package mutating func take(_ meters: [RateMeter], at now: Int64) -> RateMeter? {
    if let full = meters.first(where: { (count($0.key).room($0, at: now) ?? 1) < 1 }) { return full }
    for meter in meters {
      // In place: a copy would cost the whole list of entries.
      _ = counts[meter.key, default: .unused].take(1, meter, at: now)
    }
    return nil
  }
}

extension [RateCharge] {
  /// One charge for each meter, in order of the keys: whoever locks them locks them in that order.
  package static func of(_ payouts: [[RateMeter]]) -> [RateCharge] {
    var counts: [RateMeter: Int64] = [:]
    for meters in payouts { for meter in meters { counts[meter, default: 0] += 1 } }
    return counts.map { RateCharge(meter: $0.key, count: $0.value) }.sorted { $0.meter.key < $1.meter.key }
  }
}
