/// Why Move code stopped, taken from the words of a node.
///
/// Nodes write `Move abort in 0x1::coin: EINSUFFICIENT_BALANCE(0x10006): ...`, `Move abort in 0x1::m: 0x6` or
/// `Move abort 0x6`.
package struct MoveAbort: Hashable, Sendable {
  /// `0x1::coin`; nil when the node does not say.
  package let module: String?
  package let code: UInt64
  /// The constant's name; nil when the node does not say.
  package let name: String?

  package init?(parsing text: String) {
    guard let start = MoveAbort.end(of: "move abort", in: text) else { return nil }
    var rest = text[start...]
    var module: String?
    if rest.hasPrefix(" in "), let colon = MoveAbort.colon(in: rest) {
      module = String(rest[rest.index(rest.startIndex, offsetBy: 4)..<colon])
      rest = rest[rest.index(after: colon)...]
    }
    let word = rest.drop { $0 == " " || $0 == ":" }.prefix { $0 != ":" && $0 != " " && $0 != "," && $0 != "\"" }
    var (number, name) = (Substring(word), nil as String?)
    if let open = word.firstIndex(of: "(") {
      guard word.last == ")" else { return nil }
      name = String(word[..<open])
      number = word[word.index(after: open)...].dropLast()
    }
    let code = number.hasPrefix("0x") ? UInt64(number.dropFirst(2), radix: 16) : UInt64(number)
    guard let code else { return nil }
    self.module = module
    self.code = code
    self.name = name
  }

  private static func end(of words: String, in text: String) -> String.Index? {
    var place = text.startIndex
    while place < text.endIndex {
      let rest = text[place...]
      if rest.prefix(words.count).lowercased() == words { return rest.index(place, offsetBy: words.count) }
      place = text.index(after: place)
    }
    return nil
  }

  /// The first colon that is not half of a `::`.
  private static func colon(in text: Substring) -> Substring.Index? {
    var place = text.startIndex
    while place < text.endIndex {
      let next = text.index(after: place)
      if text[place] == ":" {
        guard next < text.endIndex, text[next] == ":" else { return place }
        place = text.index(after: next)
      } else {
        place = next
      }
    }
    return nil
  }
}
