import Money

/// Division by numbers of more than 64 bits, bit by bit: for a figure in a report, not for speed.
enum LongDivision {
  /// The nearest whole number to `value * factor / divisor`; of two equally near, the even one. A product past 2^256 - 1
  /// counts as that.
  static func halfToEven(_ value: UInt256, times factor: UInt64, over divisor: UInt256) -> UInt256 {
    let (product, overflow) = value.multipliedReportingOverflow(by: UInt256(factor))
    let (quotient, remainder) = self.quotient(overflow ? .max : product, over: divisor)
    let rest = divisor.subtractingReportingOverflow(remainder).partialValue
    let isOdd = quotient.limbs.0 & 1 == 1
    let up = remainder > rest || (remainder == rest && isOdd)
    return up ? quotient.addingReportingOverflow(.one).partialValue : quotient
  }

  /// Both zero for a divisor of zero.
  static func quotient(_ value: UInt256, over divisor: UInt256) -> (quotient: UInt256, remainder: UInt256) {
    guard !divisor.isZero else { return (.zero, .zero) }
    var (quotient, remainder) = (UInt256.zero, UInt256.zero)
    for bit in stride(from: value.bitWidth - 1, through: 0, by: -1) {
      let (doubled, carry) = remainder.addingReportingOverflow(remainder)
      let next = value.hasBit(bit) ? doubled.addingReportingOverflow(.one).partialValue : doubled
      quotient = quotient.addingReportingOverflow(quotient).partialValue
      if carry || next >= divisor {
        remainder = next.subtractingReportingOverflow(divisor).partialValue
        quotient = quotient.addingReportingOverflow(.one).partialValue
      } else {
        remainder = next
      }
    }
    return (quotient, remainder)
  }
}

extension UInt256 {
  fileprivate func hasBit(_ bit: Int) -> Bool {
    let limb =
      switch bit / 64 {
      case 0: limbs.0
      case 1: limbs.1
      case 2: limbs.2
      default: limbs.3
      }
    return limb &>> UInt64(bit % 64) & 1 == 1
  }
}
