/// A whole number from 0 to 2^256 - 1, as the EVM's `uint256`.
///
/// Four 64-bit limbs, least significant first. Arithmetic reports overflow and never traps; there is no
/// signed or floating form.
/// Source: Ethereum Yellow Paper, section 4; the column is `BLOB CHECK(length = 32)` or `numeric(78,0)`.
package struct UInt256: Hashable, Sendable {
  package let limbs: (UInt64, UInt64, UInt64, UInt64)

  @inlinable
  package init(limbs: (UInt64, UInt64, UInt64, UInt64)) { self.limbs = limbs }

  @inlinable
  package init(_ value: UInt64) { self.limbs = (value, 0, 0, 0) }

  package static let zero = UInt256(0)
  package static let one = UInt256(1)
  package static let max = UInt256(limbs: (.max, .max, .max, .max))

  @inlinable
  package static func == (a: UInt256, b: UInt256) -> Bool { a.limbs == b.limbs }

  @inlinable
  package func hash(into hasher: inout Hasher) {
    hasher.combine(limbs.0)
    hasher.combine(limbs.1)
    hasher.combine(limbs.2)
    hasher.combine(limbs.3)
  }

  @inlinable package var isZero: Bool { limbs.0 | limbs.1 | limbs.2 | limbs.3 == 0 }

  /// The value when it fits in 64 bits, else nil.
  @inlinable package var uint64: UInt64? { limbs.1 | limbs.2 | limbs.3 == 0 ? limbs.0 : nil }

  /// How many bits the value needs; 0 for zero.
  package var bitWidth: Int {
    if limbs.3 != 0 { return 256 - limbs.3.leadingZeroBitCount }
    if limbs.2 != 0 { return 192 - limbs.2.leadingZeroBitCount }
    if limbs.1 != 0 { return 128 - limbs.1.leadingZeroBitCount }
    return 64 - limbs.0.leadingZeroBitCount
  }
}

extension UInt256: Comparable {
  @inlinable
  package static func < (a: UInt256, b: UInt256) -> Bool {
    if a.limbs.3 != b.limbs.3 { return a.limbs.3 < b.limbs.3 }
    if a.limbs.2 != b.limbs.2 { return a.limbs.2 < b.limbs.2 }
    if a.limbs.1 != b.limbs.1 { return a.limbs.1 < b.limbs.1 }
    return a.limbs.0 < b.limbs.0
  }
}

// MARK: Arithmetic

extension UInt256 {
  @inlinable
  package func addingReportingOverflow(_ other: UInt256) -> (partialValue: UInt256, overflow: Bool) {
    let (a0, c0) = limbs.0.addingReportingOverflow(other.limbs.0)
    let (a1, c1) = UInt256.add(limbs.1, other.limbs.1, carry: c0)
    let (a2, c2) = UInt256.add(limbs.2, other.limbs.2, carry: c1)
    let (a3, c3) = UInt256.add(limbs.3, other.limbs.3, carry: c2)
    return (UInt256(limbs: (a0, a1, a2, a3)), c3)
  }

  @inlinable
  package func subtractingReportingOverflow(_ other: UInt256) -> (partialValue: UInt256, overflow: Bool) {
    let (a0, b0) = limbs.0.subtractingReportingOverflow(other.limbs.0)
    let (a1, b1) = UInt256.subtract(limbs.1, other.limbs.1, borrow: b0)
    let (a2, b2) = UInt256.subtract(limbs.2, other.limbs.2, borrow: b1)
    let (a3, b3) = UInt256.subtract(limbs.3, other.limbs.3, borrow: b2)
    return (UInt256(limbs: (a0, a1, a2, a3)), b3)
  }

  package func multipliedReportingOverflow(by other: UInt256) -> (partialValue: UInt256, overflow: Bool) {
    // The common case: one factor is a power of ten or a gas price.
    if let small = other.uint64 { return multipliedReportingOverflow(bySmall: small) }
    if let small = uint64 { return other.multipliedReportingOverflow(bySmall: small) }
    let a: InlineArray<4, UInt64> = [limbs.0, limbs.1, limbs.2, limbs.3]
    let b: InlineArray<4, UInt64> = [other.limbs.0, other.limbs.1, other.limbs.2, other.limbs.3]
    var product = InlineArray<8, UInt64>(repeating: 0)
    for i in 0..<4 {
      var carry: UInt64 = 0
      for j in 0..<4 {
        let wide = a[i].multipliedFullWidth(by: b[j])
        let (low1, over1) = wide.low.addingReportingOverflow(product[i + j])
        let (low2, over2) = low1.addingReportingOverflow(carry)
        product[i + j] = low2
        // At most 2^64 - 2 and the two carries of a sum that fits: no overflow.
        carry = wide.high &+ (over1 ? 1 : 0) &+ (over2 ? 1 : 0)
      }
      product[i + 4] = carry
    }
    let value = UInt256(limbs: (product[0], product[1], product[2], product[3]))
    return (value, product[4] | product[5] | product[6] | product[7] != 0)
  }

  private func multipliedReportingOverflow(bySmall other: UInt64) -> (partialValue: UInt256, overflow: Bool) {
    let (h0, l0) = limbs.0.multipliedFullWidth(by: other)
    let (h1, l1) = limbs.1.multipliedFullWidth(by: other)
    let (h2, l2) = limbs.2.multipliedFullWidth(by: other)
    let (h3, l3) = limbs.3.multipliedFullWidth(by: other)
    let (a1, c1) = l1.addingReportingOverflow(h0)
    let (a2, c2) = UInt256.add(l2, h1, carry: c1)
    let (a3, c3) = UInt256.add(l3, h2, carry: c2)
    return (UInt256(limbs: (l0, a1, a2, a3)), h3 != 0 || c3)
  }

  /// Divides by a 64-bit number; nil for a divisor of zero.
  package func quotientAndRemainder(dividingBy divisor: UInt64) -> (quotient: UInt256, remainder: UInt64)? {
    guard divisor != 0 else { return nil }
    let (q3, r3) = limbs.3.quotientAndRemainder(dividingBy: divisor)
    let (q2, r2) = divisor.dividingFullWidth((r3, limbs.2))
    let (q1, r1) = divisor.dividingFullWidth((r2, limbs.1))
    let (q0, r0) = divisor.dividingFullWidth((r1, limbs.0))
    return (UInt256(limbs: (q0, q1, q2, q3)), r0)
  }

  /// Adds; throws `money.overflow` past 2^256 - 1.
  @inlinable
  package func adding(_ other: UInt256) throws(MoneyError) -> UInt256 {
    let (sum, overflow) = addingReportingOverflow(other)
    guard !overflow else { throw .overflow("a sum") }
    return sum
  }

  /// Subtracts; throws `money.underflow` below zero.
  @inlinable
  package func subtracting(_ other: UInt256) throws(MoneyError) -> UInt256 {
    let (difference, overflow) = subtractingReportingOverflow(other)
    guard !overflow else { throw .underflow("a difference") }
    return difference
  }

  /// Multiplies; throws `money.overflow` past 2^256 - 1.
  package func multiplied(by other: UInt256) throws(MoneyError) -> UInt256 {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    guard !overflow else { throw .overflow("a product") }
    return product
  }

  @usableFromInline
  static func add(_ a: UInt64, _ b: UInt64, carry: Bool) -> (UInt64, Bool) {
    let (first, over1) = a.addingReportingOverflow(b)
    let (second, over2) = first.addingReportingOverflow(carry ? 1 : 0)
    return (second, over1 || over2)
  }

  @usableFromInline
  static func subtract(_ a: UInt64, _ b: UInt64, borrow: Bool) -> (UInt64, Bool) {
    let (first, over1) = a.subtractingReportingOverflow(b)
    let (second, over2) = first.subtractingReportingOverflow(borrow ? 1 : 0)
    return (second, over1 || over2)
  }
}
