/// Text of a source, made fit for a person's eyes: short, and without anything that a terminal would obey.
enum ShownValue {
  /// Most characters of a value that are shown whole.
  private static let mostWhole = 24
  private static let head = 10
  private static let tail = 6

  /// The value with its middle left out if it is long, and escapes for all that is not printable.
  static func masked(_ bytes: ArraySlice<UInt8>) -> String {
    // However long the value is, only its ends are looked at; four bytes make a character at most.
    let most = (mostWhole + 1) * 4
    if bytes.count > most * 2 {
      let first = String(decoding: bytes.prefix(most), as: UTF8.self).unicodeScalars.prefix(head)
      let last = String(decoding: bytes.suffix(most), as: UTF8.self).unicodeScalars.suffix(tail)
      return escaped(first) + "…" + escaped(last) + " (\(bytes.count) bytes)"
    }
    let scalars = String(decoding: bytes, as: UTF8.self).unicodeScalars
    guard scalars.count > mostWhole else { return escaped(scalars) }
    return escaped(scalars.prefix(head)) + "…" + escaped(scalars.suffix(tail)) + " (\(bytes.count) bytes)"
  }

  /// The text with `\u{...}` for everything that is not printable, at any length.
  static func escaped(_ scalars: some Sequence<Unicode.Scalar>) -> String {
    var out = ""
    for scalar in scalars {
      if isPrintable(scalar) {
        out.unicodeScalars.append(scalar)
      } else {
        out += "\\u{" + String(scalar.value, radix: 16) + "}"
      }
    }
    return out
  }

  /// Letters, marks, numbers, signs and the ordinary space. Neither controls nor characters that turn the direction of
  /// writing, join, or mean nothing yet.
  static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.value < 0x7f { return scalar.value >= 0x20 }
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: return false
    default: return true
    }
  }
}
