import Codecs

/// Writes a recipient's metadata: one canonical JSON object whose values are strings (`CanonicalJSON`).
enum MetadataText {
  /// `"name":`, as it stands before a value.
  static func prefix(_ name: String) -> [UInt8] { JSON.string(name).utf8 + [UInt8(ascii: ":")] }

  /// Appends `bytes[range]`, valid UTF-8, as a JSON string. `doubledQuotes`: two quotes stand for one.
  @inline(__always)
  static func append(_ bytes: Span<UInt8>, _ range: Range<Int>, doubledQuotes: Bool, to out: inout [UInt8]) {
    out.append(quote)
    var place = range.lowerBound
    while place < range.upperBound {
      let byte = bytes[place]
      if byte >= 0x20, byte != quote, byte != backslash {
        out.append(byte)
      } else {
        appendEscaped(byte, to: &out)
        if byte == quote, doubledQuotes { place &+= 1 }
      }
      place &+= 1
    }
    out.append(quote)
  }

  private static let quote = UInt8(ascii: "\"")
  private static let backslash = UInt8(ascii: "\\")

  private static func appendEscaped(_ byte: UInt8, to out: inout [UInt8]) {
    out.append(backslash)
    switch byte {
    case quote, backslash: out.append(byte)
    case 0x08: out.append(UInt8(ascii: "b"))
    case 0x09: out.append(UInt8(ascii: "t"))
    case 0x0a: out.append(UInt8(ascii: "n"))
    case 0x0c: out.append(UInt8(ascii: "f"))
    case 0x0d: out.append(UInt8(ascii: "r"))
    default: out += "u00\(Hex.text(CollectionOfOne(byte)))".utf8
    }
  }
}
