package import Money

/// What final transactions cost, in the smallest unit of the chain's coin.
package struct FeeFigures: Hashable, Sendable {
  /// Of all ended batches whose fee was ours.
  package private(set) var total = UInt256.zero
  /// Of those that paid recipients.
  package private(set) var ofPaying = UInt256.zero
  /// Of those that ended without paying: reverted or voided.
  package private(set) var ofDead = UInt256.zero
  package private(set) var batches: Int64 = 0
  package private(set) var lowest: UInt256?
  package private(set) var highest: UInt256?
  package private(set) var histogram = FeeHistogram()

  package init() {}

  /// Throws `money.overflow` past 2^256 - 1.
  mutating func add(_ fee: UInt256, paid: Bool) throws(MoneyError) {
    total = try total.adding(fee)
    if paid { ofPaying = try ofPaying.adding(fee) } else { ofDead = try ofDead.adding(fee) }
    batches += 1
    lowest = min(lowest ?? fee, fee)
    highest = max(highest ?? fee, fee)
    histogram.add(fee)
  }

  /// A total divided among `count`: `each * count + rest` is the total, exactly. Nil for nobody.
  package func shared(among count: Int64) -> (each: UInt256, rest: UInt64)? {
    guard count > 0, let share = total.quotientAndRemainder(dividingBy: UInt64(count)) else { return nil }
    return (share.quotient, share.remainder)
  }
}
