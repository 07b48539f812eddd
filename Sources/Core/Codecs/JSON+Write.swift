extension JSON {
  /// The value as compact JSON, members in their own order: for requests and reports, never for hashing.
  package var text: String { String(decoding: utf8, as: UTF8.self) }

  /// As `text`, in bytes.
  package var utf8: [UInt8] {
    var out: [UInt8] = []
    append(to: &out)
    return out
  }

  fileprivate func append(to out: inout [UInt8]) {
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
    if isPlain(text) { out += text.utf8 } else { appendEscaped(text, to: &out) }
    out.append(UInt8(ascii: "\""))
  }

  /// Whether every byte stands for itself between quotes.
  private static func isPlain(_ text: String) -> Bool {
    let bytes = text.utf8.span
    // Without a way out of the loop: so it looks at many bytes at once.
    var odd = false
    for place in bytes.indices {
      let byte = bytes[place]
      odd = odd || byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }
    return !odd
  }

  private static func appendEscaped(_ text: String, to out: inout [UInt8]) {
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
    out.reserveCapacity(160)
    try append(value, to: &out)
    return out
  }

  private static func append(_ value: JSON, to out: inout [UInt8]) throws(JSONError) {
    switch value {
    case .null, .bool, .string: value.append(to: &out)
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
      for (index, member) in sorted(object.members).enumerated() {
        if index > 0 { out.append(UInt8(ascii: ",")) }
        JSON.append(quoted: member.key, to: &out)
        out.append(UInt8(ascii: ":"))
        try append(member.value, to: &out)
      }
      out.append(UInt8(ascii: "}"))
    }
  }

  /// Most objects are written in order.
  private static func sorted(_ members: [JSONObject.Member]) -> [JSONObject.Member] {
    for place in members.indices.dropFirst() where precedes(members[place].key, members[place - 1].key) {
      return members.sorted { precedes($0.key, $1.key) }
    }
    return members
  }

  /// By UTF-16 unit. Bytes of UTF-8 are in the same order, but for what begins with 0xee and above: characters past
  /// U+FFFF have surrogates as their units, which come before those of U+E000 to U+FFFF.
  private static func precedes(_ a: String, _ b: String) -> Bool {
    let (left, right) = (a.utf8.span, b.utf8.span)
    for place in 0..<min(left.count, right.count) where left[place] != right[place] {
      guard left[place] < 0xee, right[place] < 0xee else { return a.utf16.lexicographicallyPrecedes(b.utf16) }
      return left[place] < right[place]
    }
    return left.count < right.count
  }

  private static func isWhole(_ text: String) -> Bool {
    let digits = text.utf8.span
    let start = digits.count > 0 && digits[0] == UInt8(ascii: "-") ? 1 : 0
    guard start < digits.count else { return false }
    if digits[start] == UInt8(ascii: "0") { return digits.count == 1 }
    for place in start..<digits.count where digits[place] < 0x30 || digits[place] > 0x39 { return false }
    return true
  }
}
