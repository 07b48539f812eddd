package import Money

/// A value of the contract ABI, without its width: the type that goes with it says how it is encoded.
package indirect enum ABIValue: Hashable, Sendable {
  case uint(UInt256)
  case int(ABIInteger)
  case address(EVMAddress)
  case bool(Bool)
  /// For `bytes` and for `bytes1` to `bytes32`.
  case bytes([UInt8])
  case string(String)
  /// For arrays of both kinds and for tuples.
  case list([ABIValue])
}

/// A whole number with a sign, as `int8` to `int256`. Zero has no sign.
package struct ABIInteger: Hashable, Sendable, CustomStringConvertible {
  package let isNegative: Bool
  package let magnitude: UInt256

  package init(isNegative: Bool, magnitude: UInt256) {
    self.isNegative = isNegative && !magnitude.isZero
    self.magnitude = magnitude
  }

  /// Reads `-?[0-9]+`. Throws as `UInt256(decimal:)`.
  package init(decimal text: String) throws(MoneyError) {
    let isNegative = text.utf8.first == UInt8(ascii: "-")
    self.init(isNegative: isNegative, magnitude: try UInt256(decimalBytes: text.utf8.dropFirst(isNegative ? 1 : 0)))
  }

  package var description: String { (isNegative ? "-" : "") + magnitude.description }

  /// The 256-bit two's complement, when the number fits in `bits`; else nil.
  func word(bits: Int) -> UInt256? {
    guard !magnitude.isZero else { return .zero }
    guard isNegative else { return magnitude.bitWidth < bits ? magnitude : nil }
    // The smallest number is -2^(bits - 1), so it is the magnitude less one that has to fit.
    let (lessOne, _) = magnitude.subtractingReportingOverflow(.one)
    guard lessOne.bitWidth < bits else { return nil }
    return UInt256.zero.subtractingReportingOverflow(magnitude).partialValue
  }

  /// Reads a 256-bit two's complement; nil when it is out of the range of `bits`.
  init?(word: UInt256, bits: Int) {
    let isNegative = word.limbs.3 >> 63 == 1
    let magnitude = isNegative ? UInt256.zero.subtractingReportingOverflow(word).partialValue : word
    self.init(isNegative: isNegative, magnitude: magnitude)
    guard self.word(bits: bits) != nil else { return nil }
  }
}
