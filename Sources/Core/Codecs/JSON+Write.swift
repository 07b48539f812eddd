extension JSON {
  /// The value as compact JSON, members in their own order: for requests and reports, never for hashing.
  package var text: String { String(decoding: utf8, as: UTF8.self) }

  /// As `text`, in bytes.
  package var utf8: [UInt8] {
    var out: [UInt8] = []
    append(to: &out)
    return out
  }

  private func append(to out: inout [UInt8]) {
    switch self {
    case .null: out += "null".utf8
    case .bool(let value): out += (value ? "true" : "false").utf8
    case .number(let text): out += text.utf8
    case .string(let text): JSON.append(quoted: text, to: &out)
    case .array(let elements):
      out.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { out.append(UInt8(ascii: ",")) }
        element.append(to: &out)
      }
      out.append(UInt8(ascii: "]"))
    case .object(let object):
      out.append(UInt8(ascii: "{"))
      for (index, member) in object.members.enumerated() {
        if index > 0 { out.append(UInt8(ascii: ",")) }
        JSON.append(quoted: member.key, to: &out)
        out.append(UInt8(ascii: ":"))
        member.value.append(to: &out)
      }
      out.append(UInt8(ascii: "}"))
    }
  }

  /// Appends a string with the fewest escapes: the quote, the backslash and the control characters.
  /// Source: RFC 8785, section 3.2.2.2.
  package static func append(quoted text: String, to out: inout [UInt8]) {
    out.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): out += [UInt8(ascii: "\\"), byte]
      case 0x08: out += "\\b".utf8
      case 0x09: out += "\\t".utf8
      case 0x0a: out += "\\n".utf8
      case 0x0c: out += "\\f".utf8
      case 0x0d: out += "\\r".utf8
      case 0..<0x20:
        out += "\\u00".utf8
        out += Hex.text(CollectionOfOne(byte)).utf8
      default: out.append(byte)
      }
    }
    out.append(UInt8(ascii: "\""))
  }
}

/// JSON with exactly one spelling, so that a hash of it means something.
///
/// Members are sorted by key (by UTF-16 unit), there are no blanks, strings have the fewest escapes, and numbers are
/// whole. It is RFC 8785 without floating point: anything larger than 2^53 - 1 should be a string for other readers.
package enum CanonicalJSON {
  /// The one spelling of `value`. Throws `json.not_canonical` for a number that is not `0` or `-?[1-9][0-9]*`.
  package static func bytes(_ value: JSON) throws(JSONError) -> [UInt8] {
    var out: [UInt8] = []
    try append(value, to: &out)
    return out
  }

  private static func append(_ value: JSON, to out: inout [UInt8]) throws(JSONError) {
    switch value {
    case .null, .bool, .string: out += value.utf8
    case .number(let text):
      guard isWhole(text) else { throw JSONError(.notCanonical, at: 0, "only whole numbers have one spelling") }
      out += text.utf8
    case .array(let elements):
      out.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { out.append(UInt8(ascii: ",")) }
        try append(element, to: &out)
      }
      out.append(UInt8(ascii: "]"))
    case .object(let object):
      out.append(UInt8(ascii: "{"))
      let sorted = object.members.sorted { $0.key.utf16.lexicographicallyPrecedes($1.key.utf16) }
      for (index, member) in sorted.enumerated() {
        if index > 0 { out.append(UInt8(ascii: ",")) }
        JSON.append(quoted: member.key, to: &out)
        out.append(UInt8(ascii: ":"))
        try append(member.value, to: &out)
      }
      out.append(UInt8(ascii: "}"))
    }
  }

  private static func isWhole(_ text: String) -> Bool {
    if text == "0" { return true }
    let digits = text.utf8.first == UInt8(ascii: "-") ? text.utf8.dropFirst() : text.utf8[...]
    guard let first = digits.first, first != UInt8(ascii: "0") else { return false }
    return digits.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
  }
}
