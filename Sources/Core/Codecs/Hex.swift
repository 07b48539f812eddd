/// Hexadecimal text, lower-case on output, either case on input.
package enum Hex {
  private static let digits: [UInt8] = Array("0123456789abcdef".utf8)

  /// Two digits a byte, without prefix.
  package static func text(_ bytes: some Collection<UInt8>) -> String {
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count * 2)
    for byte in bytes {
      out.append(digits[Int(byte >> 4)])
      out.append(digits[Int(byte & 15)])
    }
    return String(decoding: out, as: UTF8.self)
  }

  /// As `text`, with the `0x` of Ethereum's JSON-RPC.
  package static func prefixed(_ bytes: some Collection<UInt8>) -> String { "0x" + text(bytes) }

  /// The bytes of an even number of hex digits, with or without `0x`; nil for anything else.
  package static func bytes(_ text: some StringProtocol) -> [UInt8]? {
    var source = Array(text.utf8)
    if source.count >= 2, source[0] == 0x30, source[1] == 0x78 { source.removeFirst(2) }
    guard source.count.isMultiple(of: 2) else { return nil }
    var out: [UInt8] = []
    out.reserveCapacity(source.count / 2)
    var high: UInt8?
    for digit in source {
      guard let value = value(ofDigit: digit) else { return nil }
      if let first = high {
        out.append(first << 4 | value)
        high = nil
      } else {
        high = value
      }
    }
    return out
  }

  /// The value 0 to 15 of one ASCII hex digit; nil for any other byte.
  @inlinable
  package static func value(ofDigit digit: UInt8) -> UInt8? {
    switch digit {
    case 0x30...0x39: digit - 0x30
    case 0x61...0x66: digit - 0x61 + 10
    case 0x41...0x46: digit - 0x41 + 10
    default: nil
    }
  }
}
