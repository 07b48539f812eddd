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
    let input = Array(text)
    var output = ""
    var place = Place.code
    var at = 0
    func starts(_ word: String, _ index: Int) -> Bool {
      index + word.count <= input.count && zip(input[index...], word).allSatisfy { $0 == $1 }
    }
    while at < input.count {
      let character = input[at]
      switch place {
      case .code:
        if starts("//", at) {
          place = .line
          at += 2
        } else if starts("/*", at) {
          place = .block(depth: 1)
          at += 2
        } else if let opened = opening(input, at) {
          output.append("\"\"")
          place = .string(hashes: opened.hashes, quotes: opened.quotes)
          at += opened.hashes + opened.quotes
        } else {
          output.append(character)
          at += 1
        }
      case .line:
        if character.isNewline {
          output.append("\n")
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
          if character.isNewline { output.append("\n") }
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
          if character.isNewline { output.append("\n") }
          at += 1
        }
      }
    }
    return output
  }

  /// The opening of a string literal at `index`: `"`, `"""`, `#"` and so on.
  private static func opening(_ input: [Character], _ index: Int) -> (hashes: Int, quotes: Int)? {
    var at = index
    while at < input.count, input[at] == "#" { at += 1 }
    let hashes = at - index
    var quotes = 0
    while at < input.count, input[at] == "\"", quotes < 3 {
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
