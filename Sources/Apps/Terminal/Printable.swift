/// Text made safe for a terminal: no control characters, no escape sequences, no direction overrides.
///
/// Colours of our own (`ESC [ digits m`) pass; anything else that could move the cursor or hide text is shown as a dot.
package enum Printable {
  /// One line: newlines are dots too.
  package static func line(_ text: String) -> String { clean(text, keepsNewlines: false) }

  /// Several lines.
  package static func lines(_ text: String) -> String { clean(text, keepsNewlines: true) }

  /// Foreign text inside a line of ours: escapes of any kind go, and it is cut to `most` characters.
  package static func foreign(_ text: String, most: Int = 200) -> String {
    var out = String.UnicodeScalarView()
    for scalar in text.unicodeScalars.prefix(most) { out.append(isSafe(scalar) ? scalar : "\u{b7}") }
    return String(out) + (text.unicodeScalars.count > most ? "..." : "")
  }

  /// A line of JSON with the same meaning: what a terminal would act on stands as `\uXXXX`.
  ///
  /// Such characters occur inside strings only, where the escape is the character (RFC 8259, section 7).
  package static func json(_ text: String) -> String {
    guard !text.unicodeScalars.allSatisfy(isSafe) else { return text }
    var out = ""
    for scalar in text.unicodeScalars {
      guard !isSafe(scalar) else {
        out.unicodeScalars.append(scalar)
        continue
      }
      let digits = String(scalar.value, radix: 16)
      out += "\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
    return out
  }

  private static func clean(_ text: String, keepsNewlines: Bool) -> String {
    let scalars = Array(text.unicodeScalars)
    var out = String.UnicodeScalarView()
    var index = 0
    while index < scalars.count {
      let scalar = scalars[index]
      if scalar == "\u{1b}", let end = endOfColour(scalars, index) {
        out.append(contentsOf: scalars[index...end])
        index = end + 1
        continue
      }
      out.append(isSafe(scalar) || (keepsNewlines && scalar == "\n") || scalar == "\t" ? scalar : "\u{b7}")
      index += 1
    }
    return String(out)
  }

  private static func endOfColour(_ scalars: [Unicode.Scalar], _ start: Int) -> Int? {
    var index = start + 1
    guard index < scalars.count, scalars[index] == "[" else { return nil }
    index += 1
    while index < scalars.count, index - start < 8 {
      if scalars[index] == "m" { return index }
      guard ("0"..."9").contains(scalars[index]) || scalars[index] == ";" else { return nil }
      index += 1
    }
    return nil
  }

  private static func isSafe(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x00...0x1f, 0x7f...0x9f: false
    // Marks that reorder or hide text.
    case 0x200b...0x200f, 0x2028...0x202e, 0x2060...0x206f, 0xfeff, 0xfff9...0xfffb: false
    default: true
    }
  }
}
