/// Just enough of Swift's lexical grammar to tell code from comments and strings.
enum SwiftText {
  private enum Place: Equatable {
    case code
    case line
    case block(depth: Int)
    case string(hashes: Int, quotes: Int)
  }

  /// `text` with the inside of comments and string literals removed; line breaks stay, so line numbers do too.
  ///
  /// Interpolations go with their string: code inside `\( )` is not seen.
  static func code(of text: String) -> String {
    let input = Array(text.utf8)
    var output: [UInt8] = []
    var place = Place.code
    let newline = UInt8(ascii: "\n")
    var at = 0
    func starts(_ word: String, _ index: Int) -> Bool {
      input[index...].starts(with: word.utf8)
    }
    while at < input.count {
      let byte = input[at]
      switch place {
      case .code:
        if starts("//", at) {
          place = .line
          at += 2
        } else if starts("/*", at) {
          place = .block(depth: 1)
          at += 2
        } else if let opened = opening(input, at) {
          output += Array("\"\"".utf8)
          place = .string(hashes: opened.hashes, quotes: opened.quotes)
          at += opened.hashes + opened.quotes
        } else {
          output.append(byte)
          at += 1
        }
      case .line:
        if byte == newline {
          output.append(newline)
          place = .code
        }
        at += 1
      case .block(let depth):
        if starts("/*", at) {
          place = .block(depth: depth + 1)
          at += 2
        } else if starts("*/", at) {
          place = depth == 1 ? .code : .block(depth: depth - 1)
          at += 2
        } else {
          if byte == newline { output.append(newline) }
          at += 1
        }
      case .string(let hashes, let quotes):
        let fence = String(repeating: "#", count: hashes)
        let end = String(repeating: "\"", count: quotes) + fence
        if starts("\\" + fence, at) {
          at += 2 + hashes
        } else if starts(end, at) {
          place = .code
          at += end.count
        } else {
          if byte == newline { output.append(newline) }
          at += 1
        }
      }
    }
    return String(decoding: output, as: UTF8.self)
  }

  /// The opening of a string literal at `index`: `"`, `"""`, `#"` and so on.
  private static func opening(_ input: [UInt8], _ index: Int) -> (hashes: Int, quotes: Int)? {
    var at = index
    while at < input.count, input[at] == UInt8(ascii: "#") { at += 1 }
    let hashes = at - index
    var quotes = 0
    while at < input.count, input[at] == UInt8(ascii: "\""), quotes < 3 {
      quotes += 1
      at += 1
    }
    switch quotes {
    case 0: return nil
    case 3: return (hashes, 3)
    default: return (hashes, 1)  // "" is a string that ends at once
    }
  }
}
