/// A 256-bit number as SQLite functions see it: the 32-byte big-endian blob that every amount column holds.
///
/// The arithmetic here is only what SQL needs; the money type is `Money.UInt256`, which this ring may not import.
struct U256Word {
  /// Least significant first.
  var limbs: (UInt64, UInt64, UInt64, UInt64)

  static var zero: U256Word { U256Word(limbs: (0, 0, 0, 0)) }

  init(limbs: (UInt64, UInt64, UInt64, UInt64)) { self.limbs = limbs }

  /// Nil unless there are exactly 32 bytes.
  init?(bigEndian bytes: UnsafeRawBufferPointer) {
    guard bytes.count == 32 else { return nil }
    limbs = unsafe (
      UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 24, as: UInt64.self)),
      UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self)),
      UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)),
      UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self))
    )
  }

  /// Four 64-bit pieces whose memory is the 32-byte blob.
  var bigEndianLimbs: (UInt64, UInt64, UInt64, UInt64) {
    (limbs.3.bigEndian, limbs.2.bigEndian, limbs.1.bigEndian, limbs.0.bigEndian)
  }

  /// Adds in place; true when the sum passed 2^256 - 1, and the number is then worthless.
  mutating func add(_ other: U256Word) -> Bool {
    var carry = false
    limbs.0 = U256Word.add(limbs.0, other.limbs.0, &carry)
    limbs.1 = U256Word.add(limbs.1, other.limbs.1, &carry)
    limbs.2 = U256Word.add(limbs.2, other.limbs.2, &carry)
    limbs.3 = U256Word.add(limbs.3, other.limbs.3, &carry)
    return carry
  }

  /// Subtracts in place; true when the difference fell below zero, and the number is then worthless.
  mutating func subtract(_ other: U256Word) -> Bool {
    var borrow = false
    limbs.0 = U256Word.subtract(limbs.0, other.limbs.0, &borrow)
    limbs.1 = U256Word.subtract(limbs.1, other.limbs.1, &borrow)
    limbs.2 = U256Word.subtract(limbs.2, other.limbs.2, &borrow)
    limbs.3 = U256Word.subtract(limbs.3, other.limbs.3, &borrow)
    return borrow
  }

  private static func add(_ a: UInt64, _ b: UInt64, _ carry: inout Bool) -> UInt64 {
    let (first, over) = a.addingReportingOverflow(b)
    let (sum, overAgain) = first.addingReportingOverflow(carry ? 1 : 0)
    carry = over || overAgain
    return sum
  }

  private static func subtract(_ a: UInt64, _ b: UInt64, _ borrow: inout Bool) -> UInt64 {
    let (first, under) = a.subtractingReportingOverflow(b)
    let (difference, underAgain) = first.subtractingReportingOverflow(borrow ? 1 : 0)
    borrow = under || underAgain
    return difference
  }

  /// Decimal digits, without leading zeros; "0" for zero.
  var decimalText: String {
    // 10^19 is the largest power of ten in 64 bits: five divisions give all 78 digits.
    let base: UInt64 = 10_000_000_000_000_000_000
    var rest = self
    var groups: [UInt64] = []
    while rest.limbs != (0, 0, 0, 0) { groups.append(rest.divide(by: base)) }
    guard let first = groups.popLast() else { return "0" }
    var text = String(first)
    while let group = groups.popLast() {
      let digits = String(group)
      text += String(repeating: "0", count: 19 - digits.utf8.count) + digits
    }
    return text
  }

  /// Divides in place and returns the remainder.
  private mutating func divide(by divisor: UInt64) -> UInt64 {
    var remainder: UInt64 = 0
    (limbs.3, remainder) = divisor.dividingFullWidth((remainder, limbs.3))
    (limbs.2, remainder) = divisor.dividingFullWidth((remainder, limbs.2))
    (limbs.1, remainder) = divisor.dividingFullWidth((remainder, limbs.1))
    (limbs.0, remainder) = divisor.dividingFullWidth((remainder, limbs.0))
    return remainder
  }
}
