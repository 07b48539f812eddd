/// Arithmetic that throws: no input may trap or wrap.
extension UInt64 {
  /// Throws `code` when the sum does not fit.
  package func adding(_ other: UInt64, _ code: LotteryError.Code = .arithmetic) throws(LotteryError) -> UInt64 {
    let (sum, overflow) = addingReportingOverflow(other)
    guard !overflow else { throw LotteryError(code, "\(self) + \(other) does not fit 64 bits") }
    return sum
  }

  /// Throws `code` when `other` is larger.
  package func subtracting(_ other: UInt64, _ code: LotteryError.Code = .arithmetic) throws(LotteryError) -> UInt64 {
    let (difference, overflow) = subtractingReportingOverflow(other)
    guard !overflow else { throw LotteryError(code, "\(self) - \(other) is below zero") }
    return difference
  }

  /// Throws `code` when the product does not fit.
  package func multiplied(
    by other: UInt64, _ code: LotteryError.Code = .arithmetic
  ) throws(LotteryError) -> UInt64 {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    guard !overflow else { throw LotteryError(code, "\(self) * \(other) does not fit 64 bits") }
    return product
  }

  /// floor(self * numerator / denominator) over 128 bits. Throws `code` when it does not fit, or when the denominator
  /// is 0.
  package func scaled(
    by numerator: UInt64, over denominator: UInt64, _ code: LotteryError.Code = .arithmetic
  ) throws(LotteryError) -> UInt64 {
    let wide = multipliedFullWidth(by: numerator)
    guard wide.high < denominator else {
      throw LotteryError(code, "\(self) * \(numerator) / \(denominator) does not fit 64 bits")
    }
    return denominator.dividingFullWidth(wide).quotient
  }
}
