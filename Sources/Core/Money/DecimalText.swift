/// Token units as exact decimal text: `1.5` of a 6-decimal token is `1_500_000` base units. No floating point.
package enum DecimalText {
  /// Most decimals an asset may have; ERC-20 keeps them in a `uint8` but 10^77 is the last power within 256 bits.
  package static let mostDecimals = 77

  /// Reads `digits[.digits]` with at most `decimals` digits after the point.
  ///
  /// Throws `money.bad_number` for signs, separators, exponents, a missing digit or any other byte,
  /// `money.too_precise` for more digits than the asset has, `money.overflow` past 2^256 - 1.
  package static func units(_ text: some Collection<UInt8>, decimals: Int) throws(MoneyError) -> UInt256 {
    guard (0...mostDecimals).contains(decimals) else { throw .badNumber("decimals must be 0 to \(mostDecimals)") }
    guard let point = text.firstIndex(of: 0x2e) else {
      return try UInt256(decimalBytes: text).multiplied(by: powerOfTen(decimals))
    }
    let whole = text[..<point]
    let fraction = text[text.index(after: point)...]
    guard !whole.isEmpty, !fraction.isEmpty else { throw .badNumber("digits are needed on both sides of the point") }
    guard fraction.count <= decimals else {
      throw MoneyError(.tooPrecise, "\(fraction.count) digits after the point, but the asset has \(decimals)")
    }
    let high = try UInt256(decimalBytes: whole).multiplied(by: powerOfTen(decimals))
    let low = try UInt256(decimalBytes: fraction).multiplied(by: powerOfTen(decimals - fraction.count))
    return try high.adding(low)
  }

  /// Writes base units as token units: no exponent, no trailing zeros after the point.
  package static func text(_ units: UInt256, decimals: Int) -> String {
    let digits = units.description
    guard decimals > 0 else { return digits }
    let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.utf8.count)) + digits
    let whole = padded.prefix(padded.count - decimals)
    var fraction = padded.suffix(decimals)
    while fraction.last == "0" { fraction.removeLast() }
    return fraction.isEmpty ? String(whole) : "\(whole).\(fraction)"
  }

  private static func powerOfTen(_ exponent: Int) throws(MoneyError) -> UInt256 {
    var value = UInt256.one
    for _ in 0..<exponent { value = try value.multiplied(by: UInt256(10)) }
    return value
  }
}
