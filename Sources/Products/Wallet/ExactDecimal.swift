package import Money

/// A decimal number that is never rounded by itself: `units / 10^scale`, not negative, without trailing zeros.
package struct ExactDecimal: Hashable, Sendable {
  package let units: UInt256
  /// Digits after the point, 0 to `mostPlaces`.
  package let scale: Int

  package static let mostPlaces = 38
  package static let zero = ExactDecimal(normal: .zero, scale: 0)

  private init(normal units: UInt256, scale: Int) {
    self.units = units
    self.scale = scale
  }

  /// Throws `money.bad_number` when `scale` is not 0 to `mostPlaces`.
  package init(_ units: UInt256, scale: Int) throws(MoneyError) {
    guard (0...ExactDecimal.mostPlaces).contains(scale) else {
      throw .badNumber("a scale is 0 to \(ExactDecimal.mostPlaces)")
    }
    var (units, scale) = (units, scale)
    while scale > 0, let (tenth, digit) = units.quotientAndRemainder(dividingBy: 10), digit == 0 {
      (units, scale) = (tenth, scale - 1)
    }
    self.init(normal: units, scale: scale)
  }

  /// Reads `digits[.digits][e[+-]digits]`, as partners write numbers.
  ///
  /// Throws `money.bad_number` for a sign, separators or anything else, `money.too_precise`, `money.overflow`.
  package init(_ text: String) throws(MoneyError) {
    let parts = text.split(omittingEmptySubsequences: false) { $0 == "e" || $0 == "E" }
    guard parts.count == 1 || parts.count == 2, let mantissa = parts.first else {
      throw .badNumber("one exponent at most")
    }
    let exponent = parts.count == 2 ? try ExactDecimal.exponent(parts[1]) : 0
    let halves = mantissa.split(separator: ".", omittingEmptySubsequences: false)
    guard halves.count == 1 || halves.count == 2, halves.allSatisfy({ !$0.isEmpty }) else {
      throw .badNumber("digits are needed on both sides of the point")
    }
    var units = try UInt256(decimal: halves.joined())
    var scale = (halves.count == 2 ? halves[1].utf8.count : 0) - exponent
    if scale < 0 {
      units = try units.multiplied(by: try PowerOfTen.value(-scale))
      scale = 0
    }
    while scale > 0, let (tenth, digit) = units.quotientAndRemainder(dividingBy: 10), digit == 0 {
      (units, scale) = (tenth, scale - 1)
    }
    guard scale <= ExactDecimal.mostPlaces else {
      throw MoneyError(.tooPrecise, "\(scale) digits after the point, at most \(ExactDecimal.mostPlaces) are read")
    }
    self.init(normal: units, scale: scale)
  }

  private static func exponent(_ text: Substring) throws(MoneyError) -> Int {
    let digits = text.drop { $0 == "+" || $0 == "-" }
    guard text.utf8.count - digits.utf8.count <= 1, (1...2).contains(digits.utf8.count),
      digits.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let value = Int(digits)
    else { throw .badNumber("an exponent has one or two digits") }
    return text.hasPrefix("-") ? -value : value
  }

  package var isZero: Bool { units.isZero }

  /// Plain notation, without an exponent or trailing zeros.
  package var text: String { DecimalText.text(units, decimals: scale) }

  /// Throws `money.overflow`, and `money.too_precise` past `mostPlaces`.
  package func multiplied(by other: ExactDecimal) throws(MoneyError) -> ExactDecimal {
    guard scale + other.scale <= ExactDecimal.mostPlaces else {
      throw MoneyError(.tooPrecise, "a product of \(scale + other.scale) digits after the point")
    }
    return try ExactDecimal(try units.multiplied(by: other.units), scale: scale + other.scale)
  }

  /// Throws `money.overflow`.
  package func adding(_ other: ExactDecimal) throws(MoneyError) -> ExactDecimal {
    let places = max(scale, other.scale)
    return try ExactDecimal(try units(places: places).adding(try other.units(places: places)), scale: places)
  }

  /// Units of `10^-places`. Throws `money.too_precise` for a number that is finer: it is refused, never rounded.
  package func units(places: Int) throws(MoneyError) -> UInt256 {
    guard scale <= places else {
      throw MoneyError(.tooPrecise, "\(scale) digits after the point, but only \(places) are kept")
    }
    return try units.multiplied(by: try PowerOfTen.value(places - scale))
  }

  /// Units of `10^-places`, rounded by the rule where the number is finer.
  package func rounded(places: Int, _ rule: Rounding) throws(MoneyError) -> UInt256 {
    guard scale > places else { return try units(places: places) }
    return try rule.quotient(units, dividingByPowerOfTen: scale - places)
  }
}

/// How a number that is too fine becomes one that is not.
package enum Rounding: Sendable {
  /// To the nearest; a tie goes to the even neighbour. Bonuses of levels.
  case halfEven
  /// Never up. Direct bonuses.
  case towardZero

  /// `units / 10^power`, rounded. `power` is 1 or more; with 0 nothing is divided. Throws `money.overflow`.
  package func quotient(_ units: UInt256, dividingByPowerOfTen power: Int) throws(MoneyError) -> UInt256 {
    guard power > 0 else { return units }
    var whole = units
    var isSticky = false
    for _ in 1..<power {
      guard let (tenth, digit) = whole.quotientAndRemainder(dividingBy: 10) else { break }
      isSticky = isSticky || digit != 0
      whole = tenth
    }
    guard let (quotient, last) = whole.quotientAndRemainder(dividingBy: 10) else { return whole }
    switch self {
    case .towardZero: return quotient
    case .halfEven:
      let isUp = last > 5 || (last == 5 && (isSticky || quotient.limbs.0 & 1 == 1))
      return isUp ? try quotient.adding(.one) : quotient
    }
  }
}

/// Powers of ten as whole numbers.
package enum PowerOfTen {
  /// Throws `money.overflow` past 10^77.
  package static func value(_ power: Int) throws(MoneyError) -> UInt256 {
    var value = UInt256.one
    for _ in 0..<max(0, power) { value = try value.multiplied(by: UInt256(10)) }
    return value
  }
}

extension ExactDecimal: Comparable {
  /// Compared digit by digit where a common scale would not fit in 256 bits.
  package static func < (a: ExactDecimal, b: ExactDecimal) -> Bool {
    let places = max(a.scale, b.scale)
    if let left = try? a.units(places: places), let right = try? b.units(places: places) { return left < right }
    let (left, right) = (a.text.split(separator: "."), b.text.split(separator: "."))
    guard left[0].utf8.count == right[0].utf8.count else { return left[0].utf8.count < right[0].utf8.count }
    guard left[0] == right[0] else { return left[0] < right[0] }
    return (left.dropFirst().first ?? "") < (right.dropFirst().first ?? "")
  }
}
