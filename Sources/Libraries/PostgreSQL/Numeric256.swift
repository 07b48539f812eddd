/// Whole numbers from 0 to 2^256 - 1 in the binary form of `numeric`.
///
/// That form is four 16-bit words (digits, weight, sign, scale) and then digits of base 10,000, the highest first;
/// the weight is the power of the first digit, and zeros at the end are left out. All words are big-endian.
/// Source: PostgreSQL, src/backend/utils/adt/numeric.c, numeric_recv and numeric_send.
package enum Numeric256 {
  package typealias Limbs = (UInt64, UInt64, UInt64, UInt64)

  /// Four digits of base 10,000 at once.
  private static let group: UInt64 = 10_000_000_000_000_000

  /// Appends a number; `limbs.0` is the least significant.
  package static func append(_ limbs: Limbs, to bytes: inout [UInt8]) {
    // 78 decimal digits are at most 5 groups of 16.
    var digits: InlineArray<20, UInt16> = .init(repeating: 0)
    var count = 0
    var rest = limbs
    while rest.0 | rest.1 | rest.2 | rest.3 != 0 {
      var part = divide(&rest)
      for _ in 0..<4 {
        digits[count] = UInt16(truncatingIfNeeded: part % 10_000)
        part /= 10_000
        count += 1
      }
    }
    while count > 0, digits[count - 1] == 0 { count -= 1 }
    var lowest = 0
    while lowest < count, digits[lowest] == 0 { lowest += 1 }
    append(UInt16(count - lowest), to: &bytes)
    append(UInt16(max(0, count - 1)), to: &bytes)
    append(0, to: &bytes)
    append(0, to: &bytes)
    var place = count
    while place > lowest {
      place -= 1
      append(digits[place], to: &bytes)
    }
  }

  /// Reads a number; nil for a negative one, a fraction, an infinity, one past 2^256 - 1, or other bytes.
  package static func limbs(_ bytes: Span<UInt8>) -> Limbs? {
    guard bytes.count >= 8 else { return nil }
    let count = Int(word(bytes, 0))
    let weight = Int(Int16(bitPattern: word(bytes, 2)))
    guard word(bytes, 4) == 0, word(bytes, 6) == 0, bytes.count == 8 + 2 * count else { return nil }
    if count == 0 { return (0, 0, 0, 0) }
    // 2^256 has 20 digits of base 10,000.
    guard weight >= count - 1, weight < 20 else { return nil }
    var limbs: Limbs = (0, 0, 0, 0)
    for place in 0...weight {
      let digit = place < count ? word(bytes, 8 + 2 * place) : 0
      guard digit < 10_000, multiply(&limbs, adding: UInt64(digit)) else { return nil }
    }
    return limbs
  }

  /// Divides by `group` and returns the remainder.
  private static func divide(_ limbs: inout Limbs) -> UInt64 {
    if limbs.1 | limbs.2 | limbs.3 == 0 {
      let remainder = limbs.0 % group
      limbs.0 /= group
      return remainder
    }
    var remainder: UInt64 = 0
    (limbs.3, remainder) = group.dividingFullWidth((remainder, limbs.3))
    (limbs.2, remainder) = group.dividingFullWidth((remainder, limbs.2))
    (limbs.1, remainder) = group.dividingFullWidth((remainder, limbs.1))
    (limbs.0, remainder) = group.dividingFullWidth((remainder, limbs.0))
    return remainder
  }

  /// Multiplies by 10,000 and adds; false when the result does not fit.
  private static func multiply(_ limbs: inout Limbs, adding digit: UInt64) -> Bool {
    var carry = digit
    (carry, limbs.0) = step(limbs.0, carry)
    if carry | limbs.1 | limbs.2 | limbs.3 == 0 { return true }
    (carry, limbs.1) = step(limbs.1, carry)
    (carry, limbs.2) = step(limbs.2, carry)
    (carry, limbs.3) = step(limbs.3, carry)
    return carry == 0
  }

  private static func step(_ limb: UInt64, _ carry: UInt64) -> (UInt64, UInt64) {
    let (high, low) = limb.multipliedFullWidth(by: 10_000)
    let (sum, over) = low.addingReportingOverflow(carry)
    return (over ? high &+ 1 : high, sum)
  }

  private static func word(_ bytes: Span<UInt8>, _ at: Int) -> UInt16 {
    UInt16(bytes[at]) << 8 | UInt16(bytes[at + 1])
  }

  private static func append(_ word: UInt16, to bytes: inout [UInt8]) {
    bytes.append(UInt8(truncatingIfNeeded: word &>> 8))
    bytes.append(UInt8(truncatingIfNeeded: word))
  }
}
