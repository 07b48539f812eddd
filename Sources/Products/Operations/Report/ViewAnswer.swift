package import Chains
package import Codecs
package import Money

/// The chain's views: a node, or an engine in the same place.
package protocol ChainViews: Sendable {
  /// One answer for each call, in their order: the values that the function returns, as an array.
  ///
  /// A call that the chain refused fails with `rail.view_refused`; any other failure says nothing of the call.
  func views(_ calls: [MoveCall]) -> [Result<JSON, RailError>]
}

/// What a view's result is, so that every rendering of it reads the same.
///
/// A node nests what a function returns in a list of return values; the original's tool left one level out for lists and
/// options. Source: specification of the operator tools, 0.3.
package enum ViewForm: Sendable {
  /// One value; several stay a list.
  case value
  /// An option of a number, address or struct: null for none.
  case option
  /// A vector.
  case list
  /// An option of a vector: empty for none.
  case optionalList

  /// The result as the report writes it.
  package func read(_ result: JSON) -> JSON {
    switch self {
    case .value:
      guard let values = result.array, values.count == 1, let only = values.first else {
        return MoveAnswer.plain(result)
      }
      return MoveAnswer.plain(only)
    case .option:
      guard let values = result.array else { return MoveAnswer.plain(result) }
      guard let first = values.first else { return .null }
      guard values.count == 1 else { return MoveAnswer.plain(result) }
      guard let inside = try? MoveAnswer.option(MoveAnswer.untagged(first)) else { return .null }
      return MoveAnswer.plain(inside)
    case .list:
      if result.isNull { return [] }
      guard let values = result.array else { return .array([MoveAnswer.plain(result)]) }
      if values.count == 1, let inner = MoveAnswer.untagged(values[0]).array { return MoveAnswer.plain(.array(inner)) }
      return MoveAnswer.plain(result)
    case .optionalList:
      guard let values = result.array, values.count == 1 else { return ViewForm.list.read(result) }
      if values[0].isNull { return [] }
      if values[0].object != nil, let inside = try? MoveAnswer.option(values[0]) { return ViewForm.list.read([inside]) }
      if values[0].object != nil { return [] }
      guard let inner = values[0].array, inner.count == 1, MoveAnswer.untagged(inner[0]).array != nil else {
        return ViewForm.list.read(result)
      }
      return MoveAnswer.plain(inner[0])
    }
  }
}

/// The tools' ways to read a number or a truth out of an answer.
package enum ViewValue {
  /// A list of exactly one: its element.
  package static func flat(_ json: JSON) -> JSON {
    guard let list = json.array, list.count == 1, let only = list.first else { return json }
    return only
  }

  /// A whole number: itself, decimal or `0x` text, or what stands before a point; nil for anything else.
  package static func integer(_ json: JSON) -> UInt256? {
    switch flat(json) {
    case .number(let text):
      guard !text.contains("e"), !text.contains("E") else { return nil }
      return try? UInt256(decimal: String(text.prefix { $0 != "." }))
    case .string(let text):
      let trimmed = text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()
      let word = String(trimmed)
      guard word.hasPrefix("0x") || word.hasPrefix("0X") else { return try? UInt256(decimal: word) }
      let digits = word.dropFirst(2)
      guard (1...64).contains(digits.utf8.count) else { return nil }
      return Hex.bytes(String(repeating: "0", count: 64 - digits.utf8.count) + digits).flatMap {
        UInt256(bigEndian: $0)
      }
    default: return nil
    }
  }

  /// true, a number that is not 0, or one of the words true, 1, yes, on; false for anything else.
  package static func boolean(_ json: JSON) -> Bool {
    switch flat(json) {
    case .bool(let value): value
    case .number(let text): text.utf8.contains { (0x31...0x39).contains($0) }
    case .string(let text): ["true", "1", "yes", "on"].contains(text.lowercased())
    default: false
    }
  }

  /// Numbers of a list, or one number; what is none is left out.
  package static func integers(_ json: JSON) -> [UInt64] {
    if json.isNull { return [] }
    return (json.array ?? [json]).compactMap { integer($0)?.uint64 }
  }

  /// Texts of a list, or one text.
  package static func texts(_ json: JSON) -> [String] {
    if json.isNull { return [] }
    return (json.array ?? [json]).map(text)
  }

  /// As a person reads it: `true`, `600`, `null`.
  package static func text(_ json: JSON) -> String { json.string ?? json.text }
}
