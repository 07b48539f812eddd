import Money

/// Reads an amount as people write it in files, exactly, and names what is wrong with it.
///
/// Accepts what `DecimalText.units` accepts; most amounts fit in 64 bits and never become a `UInt256`.
enum AmountText {
  enum Reading: Equatable {
    case small(UInt64)
    case large(UInt256)
    case refused(RowFault.Code)
  }

  private static let point = UInt8(ascii: ".")
  private static let zero = UInt8(ascii: "0")
  /// 10^0 to 10^19, the last one that 64 bits hold.
  private static let powers: [UInt64] = (0..<19).reduce(into: [1]) { powers, _ in
    powers.append(powers[powers.count - 1] * 10)
  }

  /// Reads `bytes[range]`. `decimals` nil: base units, digits only.
  static func read(_ bytes: Span<UInt8>, _ range: Range<Int>, decimals: Int?) -> Reading {
    var value: UInt64 = 0
    var place = range.lowerBound
    var pointPlace: Int?
    // 19 digits always fit in 64 bits.
    while place < range.upperBound {
      let digit = bytes[place] &- zero
      if digit > 9 {
        guard bytes[place] == point, pointPlace == nil else { return .refused(complaint(bytes, range)) }
        pointPlace = place
      } else {
        value = value &* 10 &+ UInt64(digit)
      }
      place &+= 1
    }
    guard let pointPlace else {
      guard !range.isEmpty else { return .refused(.missingValue) }
      let decimals = decimals ?? 0
      if range.count + decimals <= 19 { return checked(value &* powers[decimals]) }
      return readLong(bytes, range, zeros: decimals)
    }
    let fraction = range.upperBound - pointPlace - 1
    guard let decimals else { return .refused(.fractionalAmount) }
    guard pointPlace > range.lowerBound, fraction > 0 else { return .refused(.badAmount) }
    guard fraction <= decimals else { return .refused(.amountTooPrecise) }
    if range.count - 1 + decimals - fraction <= 19 { return checked(value &* powers[decimals - fraction]) }
    return readLong(bytes, range, zeros: decimals - fraction)
  }

  private static func checked(_ value: UInt64) -> Reading { value == 0 ? .refused(.zeroAmount) : .small(value) }

  /// Moving the point to the right by all decimals leaves a whole number: its digits without point, and `zeros`.
  private static func readLong(_ bytes: Span<UInt8>, _ range: Range<Int>, zeros: Int) -> Reading {
    var digits: [UInt8] = []
    digits.reserveCapacity(range.count + zeros)
    for place in range where bytes[place] != point { digits.append(bytes[place]) }
    digits += repeatElement(zero, count: zeros)
    do throws(MoneyError) {
      let units = try UInt256(decimalBytes: digits)
      return units.isZero ? .refused(.zeroAmount) : .large(units)
    } catch {
      return .refused(error.code == .overflow ? .amountTooLarge : .badAmount)
    }
  }

  /// What is wrong with a text that is not digits with at most one point.
  private static func complaint(_ bytes: Span<UInt8>, _ range: Range<Int>) -> RowFault.Code {
    var (digits, points, separators, spaces, signs, exponents, others) = (0, 0, 0, 0, 0, 0, 0)
    var signBeforeExponent = false
    for place in range {
      switch bytes[place] {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digits += 1
      case point: points += 1
      case UInt8(ascii: ","), UInt8(ascii: "'"), UInt8(ascii: "_"): separators += 1
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"): spaces += 1
      // The no-break space, which spreadsheets use between thousands, is C2 A0; the narrow one is E2 80 AF.
      case 0xc2 where place + 1 < range.upperBound && bytes[place + 1] == 0xa0: spaces += 1
      case 0xe2 where place + 2 < range.upperBound && bytes[place + 1] == 0x80 && bytes[place + 2] == 0xaf: spaces += 1
      // The minus sign of typography is E2 88 92.
      case 0xe2 where place + 2 < range.upperBound && bytes[place + 1] == 0x88 && bytes[place + 2] == 0x92: signs += 1
      case 0x80...0xbf: break
      case UInt8(ascii: "+"), UInt8(ascii: "-"):
        signs += 1
        if exponents == 0 { signBeforeExponent = true }
      case UInt8(ascii: "e"), UInt8(ascii: "E"): exponents += 1
      default: others += 1
      }
    }
    guard others == 0, digits > 0 else { return .badAmount }
    if spaces > 0 { return .spacedAmount }
    if exponents > 1 { return .badAmount }
    if exponents == 1 { return signBeforeExponent ? .signedAmount : .exponentAmount }
    if signs > 0 { return .signedAmount }
    if separators > 0 || points > 1 { return .separatedAmount }
    return .badAmount
  }
}
