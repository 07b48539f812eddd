/// Token units as exact decimal text: `1.5` of a 6-decimal token is `1_500_000` base units. No floating point.
package enum DecimalText {
  /// Most decimals an asset may have; ERC-20 keeps them in a `uint8` but 10^77 is the last power within 256 bits.
  package static let mostDecimals = 77

  /// Reads `digits[.digits]` with at most `decimals` digits after the point.
  ///
  /// Throws `money.bad_number` for signs, separators, exponents, a missing digit or any other byte,
  /// `money.too_precise` for more digits than the asset has, `money.overflow` past 2^256 - 1.
  package static func units(_ text: some Collection<UInt8>, decimals: Int) throws(MoneyError) -> UInt256 {
    try units(Array(text).span, decimals: decimals)
  }

  /// As `units(_:decimals:)`, over ASCII bytes where they lie: the form for bulk ingest.
  package static func units(_ text: Span<UInt8>, decimals: Int) throws(MoneyError) -> UInt256 {
    guard (0...mostDecimals).contains(decimals) else { throw .badNumber("decimals must be 0 to \(mostDecimals)") }
    var point = 0
    while point < text.count && text[point] != 0x2e { point &+= 1 }
    var reader = DecimalReader()
    try reader.read(text, from: 0, to: point)
    var fractionDigits = 0
    if point < text.count {
      fractionDigits = text.count - point - 1
      guard point > 0, fractionDigits > 0 else { throw .badNumber("digits are needed on both sides of the point") }
      // Read before it is counted, so that a text which is no number is called that first.
      try reader.read(text, from: point + 1, to: text.count)
      guard fractionDigits <= decimals else {
        throw MoneyError(.tooPrecise, "\(fractionDigits) digits after the point, but the asset has \(decimals)")
      }
    }
    return try reader.value().multiplied(by: powersOfTen[decimals - fractionDigits])
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

  /// 10^0 to 10^77.
  private static let powersOfTen: [UInt256] = {
    var powers = [UInt256.one]
    for _ in 0..<mostDecimals {
      let (next, overflow) = powers[powers.count - 1].multipliedReportingOverflow(by: UInt256(10))
      precondition(!overflow, "10^77 is below 2^256")
      powers.append(next)
    }
    return powers
  }()
}
