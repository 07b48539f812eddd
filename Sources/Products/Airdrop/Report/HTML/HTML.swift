/// A piece of a page. Text put into one is escaped, whoever wrote it; only another piece goes in as it is.
///
/// So markup comes from literals of ours alone: `"<td>\(name)</td>" as HTML` cannot be broken out of by any `name`, in
/// text or in a double-quoted attribute. Source: HTML Living Standard, 13.1.2 (text, attribute values).
struct HTML: ExpressibleByStringInterpolation, Sendable {
  private(set) var text: String

  init(stringLiteral value: String) { text = value }
  init(stringInterpolation: StringInterpolation) { text = stringInterpolation.text }

  static func += (a: inout HTML, b: HTML) { a.text += b.text }

  /// All pieces, one after the other.
  static func of(_ pieces: some Sequence<HTML>) -> HTML {
    var all: HTML = ""
    for piece in pieces { all += piece }
    return all
  }

  struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var text = ""

    init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity) }

    mutating func appendLiteral(_ literal: String) { text += literal }
    mutating func appendInterpolation(_ piece: HTML) { text += piece.text }
    mutating func appendInterpolation(_ number: some BinaryInteger) { text += String(number) }
    mutating func appendInterpolation(_ words: String) { text += HTML.escaped(words) }
    /// Text from outside: cut, and kept from reordering what stands beside it.
    mutating func appendInterpolation(foreign words: String, most: Int = 300) {
      text += "<bdi>" + HTML.escaped(Foreign.text(words, most: most)) + "</bdi>"
    }
  }

  private static func escaped(_ words: String) -> String {
    var out = ""
    for scalar in words.unicodeScalars {
      switch scalar {
      case "&": out += "&amp;"
      case "<": out += "&lt;"
      case ">": out += "&gt;"
      case "\"": out += "&quot;"
      case "'": out += "&#39;"
      default: out.unicodeScalars.append(Foreign.isSafe(scalar) ? scalar : "\u{b7}")
      }
    }
    return out
  }
}
