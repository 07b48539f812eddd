package import Money

/// A whole number from 0 to 2^128 - 1, as the chain's u128 holds it.
package struct ChainAmount: Hashable, Sendable, Comparable, CustomStringConvertible {
  package let value: UInt256

  /// Throws `operations.overflow` past 2^128 - 1.
  package init(_ value: UInt256) throws(OperationsError) {
    guard value.bitWidth <= 128 else { throw ChainAmount.overflow() }
    self.value = value
  }

  /// Decimal digits, with single `_` between them allowed. Throws `operations.bad_setting`, `operations.overflow`.
  package init(parsing text: String, _ name: String) throws(OperationsError) {
    let parts = text.split(separator: "_", omittingEmptySubsequences: false)
    guard parts.allSatisfy({ !$0.isEmpty }) else { throw ChainAmount.bad(text, name) }
    do throws(MoneyError) { value = try UInt256(decimal: parts.joined()) } catch {
      throw error.code == .overflow ? ChainAmount.overflow() : ChainAmount.bad(text, name)
    }
    guard value.bitWidth <= 128 else { throw ChainAmount.overflow() }
  }

  package var description: String { value.description }

  package static func < (a: ChainAmount, b: ChainAmount) -> Bool { a.value < b.value }

  func multiplied(by other: ChainAmount) throws(OperationsError) -> ChainAmount {
    let (product, overflow) = value.multipliedReportingOverflow(by: other.value)
    guard !overflow else { throw ChainAmount.overflow() }
    return try ChainAmount(product)
  }

  func adding(_ other: ChainAmount) throws(OperationsError) -> ChainAmount {
    try ChainAmount(value.addingReportingOverflow(other.value).partialValue)
  }

  static func overflow() -> OperationsError {
    OperationsError(.overflow, "the result is past 2^128 - 1, which the chain cannot hold")
  }

  private static func bad(_ text: String, _ name: String) -> OperationsError {
    OperationsError(.badSetting, "\(name)=\(text) is no whole number", hint: "digits, with _ between them if you like")
  }
}

/// Quants as a person reads them. 1 SUPRA is 100 000 000 quants.
package enum QuantsText {
  /// `15 750 000 000 quants (~157.500000 SUPRA)`: the coin with six decimals, half to even.
  package static func text(_ amount: ChainAmount) -> String {
    "\(grouped(amount.description)) quants (~\(coins(amount.value)) SUPRA)"
  }

  private static func grouped(_ digits: String) -> String {
    var out = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.utf8.count - index).isMultiple(of: 3) { out.append(" ") }
      out.append(digit)
    }
    return out
  }

  private static func coins(_ quants: UInt256) -> String {
    let millionths = Rounding.halfToEven(quants, over: 100)
    let digits = millionths.description
    let padded = String(repeating: "0", count: max(0, 7 - digits.utf8.count)) + digits
    return padded.dropLast(6) + "." + padded.suffix(6)
  }
}

/// Division of whole numbers.
enum Rounding {
  /// The nearest whole number; of two equally near, the even one. `divisor` is not zero.
  static func halfToEven(_ value: UInt256, over divisor: UInt64) -> UInt256 {
    guard let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor) else { return .zero }
    let twice = remainder.multipliedReportingOverflow(by: 2)
    let isOdd = quotient.limbs.0 & 1 == 1
    let up = twice.overflow || twice.partialValue > divisor || (twice.partialValue == divisor && isOdd)
    return up ? quotient.addingReportingOverflow(.one).partialValue : quotient
  }
}
