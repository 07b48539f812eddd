extension JSON {
  /// How much a reader accepts before it refuses.
  package struct Limits: Hashable, Sendable {
    package let bytes: Int
    /// Arrays and objects inside one another.
    package let depth: Int

    package init(bytes: Int = 16 << 20, depth: Int = 64) {
      self.bytes = bytes
      self.depth = depth
    }
  }

  /// Reads one value that fills `bytes` to the end, in linear time.
  ///
  /// Refuses what lenient readers differ about: duplicate keys, lone surrogates, invalid UTF-8, a byte order mark.
  /// Throws any `json.*` code but `json.not_canonical`, with the byte where it stopped.
  package static func parse(_ bytes: [UInt8], limits: Limits = Limits()) throws(JSONError) -> JSON {
    guard bytes.count <= limits.bytes else {
      throw JSONError(.tooLarge, at: limits.bytes, "\(bytes.count) bytes, but at most \(limits.bytes) are read")
    }
    var parser = JSONParser(bytes: bytes, depthLeft: limits.depth)
    return try parser.document()
  }

  /// Throws what `parse` would throw, and makes nothing of the value.
  package static func check(_ text: String, limits: Limits = Limits()) throws(JSONError) {
    guard text.utf8.count <= limits.bytes else {
      throw JSONError(.tooLarge, at: limits.bytes, "\(text.utf8.count) bytes, but at most \(limits.bytes) are read")
    }
    var parser = JSONParser(bytes: Array(text.utf8), depthLeft: limits.depth, keeps: false)
    _ = try parser.document()
  }

  /// As `parse(_:limits:)`, over text.
  package static func parse(_ text: String, limits: Limits = Limits()) throws(JSONError) -> JSON {
    try parse(Array(text.utf8), limits: limits)
  }
}

/// A recursive reader: one function for each rule of the grammar.
private struct JSONParser {
  private let bytes: [UInt8]
  private var offset = 0
  private var depthLeft: Int
  /// Without it every value is null in the end, and the bytes are known to be UTF-8.
  private let keeps: Bool

  init(bytes: [UInt8], depthLeft: Int, keeps: Bool = true) {
    self.bytes = bytes
    self.depthLeft = depthLeft
    self.keeps = keeps
  }

  mutating func document() throws(JSONError) -> JSON {
    skipBlanks()
    let value = try value()
    skipBlanks()
    guard offset == bytes.count else { throw error(.trailingBytes, "one value was expected") }
    return value
  }

  private mutating func value() throws(JSONError) -> JSON {
    switch try current() {
    case UInt8(ascii: "{"):
      let object = try object()
      return keeps ? .object(object) : .null
    case UInt8(ascii: "["):
      let array = try array()
      return keeps ? .array(array) : .null
    case UInt8(ascii: "\""):
      let text = try string(isKept: keeps)
      return keeps ? .string(text) : .null
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      let number = try number()
      return keeps ? .number(number) : .null
    case UInt8(ascii: "t"):
      try word("true")
      return .bool(true)
    case UInt8(ascii: "f"):
      try word("false")
      return .bool(false)
    case UInt8(ascii: "n"):
      try word("null")
      return .null
    default: throw error(.syntax, "a value was expected")
    }
  }

  // MARK: Containers

  private mutating func object() throws(JSONError) -> JSONObject {
    try enter()
    var object = JSONObject()
    if try !closes(with: UInt8(ascii: "}")) {
      repeat {
        skipBlanks()
        guard try current() == UInt8(ascii: "\"") else { throw error(.syntax, "a key was expected") }
        let start = offset
        let key = try string(isKept: true)
        skipBlanks()
        guard try current() == UInt8(ascii: ":") else { throw error(.syntax, "a colon was expected") }
        offset += 1
        skipBlanks()
        guard object.append(key, try value()) else {
          throw JSONError(.duplicateKey, at: start, "a key comes twice in one object")
        }
      } while try continues(before: UInt8(ascii: "}"))
    }
    depthLeft += 1
    return object
  }

  private mutating func array() throws(JSONError) -> [JSON] {
    try enter()
    var elements: [JSON] = []
    if try !closes(with: UInt8(ascii: "]")) {
      repeat {
        skipBlanks()
        let value = try value()
        if keeps { elements.append(value) }
      } while try continues(before: UInt8(ascii: "]"))
    }
    depthLeft += 1
    return elements
  }

  private mutating func enter() throws(JSONError) {
    guard depthLeft > 0 else { throw error(.tooDeep, "too many arrays or objects inside one another") }
    depthLeft -= 1
    offset += 1
  }

  /// Whether an empty container ends here; steps over the end.
  private mutating func closes(with end: UInt8) throws(JSONError) -> Bool {
    skipBlanks()
    guard try current() == end else { return false }
    offset += 1
    return true
  }

  /// Steps over a comma (true) or the end (false).
  private mutating func continues(before end: UInt8) throws(JSONError) -> Bool {
    skipBlanks()
    switch try current() {
    case UInt8(ascii: ","):
      offset += 1
      return true
    case end:
      offset += 1
      return false
    default: throw error(.syntax, "a comma or the end was expected")
    }
  }

  // MARK: Scalars

  private mutating func word(_ expected: StaticString) throws(JSONError) {
    for byte in "\(expected)".utf8 {
      guard try current() == byte else { throw error(.syntax, "true, false or null was expected") }
      offset += 1
    }
  }

  private mutating func number() throws(JSONError) -> String {
    let start = offset
    if peek() == UInt8(ascii: "-") { offset += 1 }
    let leadingZero = peek() == UInt8(ascii: "0")
    let whole = try digits()
    if leadingZero && whole > 1 { throw JSONError(.badNumber, at: start, "a number begins with a useless zero") }
    if peek() == UInt8(ascii: ".") {
      offset += 1
      _ = try digits()
    }
    if peek() == UInt8(ascii: "e") || peek() == UInt8(ascii: "E") {
      offset += 1
      if peek() == UInt8(ascii: "+") || peek() == UInt8(ascii: "-") { offset += 1 }
      _ = try digits()
    }
    return keeps ? String(decoding: bytes[start..<offset], as: UTF8.self) : ""
  }

  /// Steps over one or more digits and says how many.
  private mutating func digits() throws(JSONError) -> Int {
    let start = offset
    while let byte = peek(), byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") { offset += 1 }
    guard offset > start else { throw error(offset == bytes.count ? .truncated : .badNumber, "a digit was expected") }
    return offset - start
  }

  private mutating func string(isKept: Bool) throws(JSONError) -> String {
    offset += 1
    let start = offset
    while let byte = peek(), byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { offset += 1 }
    // The common case: no escapes, so the bytes are the text.
    if try current() == UInt8(ascii: "\"") {
      offset += 1
      return isKept ? try text(bytes[start..<(offset - 1)], from: start) : ""
    }
    var decoded = Array(bytes[start..<offset])
    while true {
      let byte = try current()
      offset += 1
      switch byte {
      case UInt8(ascii: "\""): return try text(decoded[...], from: start)
      case UInt8(ascii: "\\"): try escape(into: &decoded)
      case 0..<0x20: throw JSONError(.badString, at: offset - 1, "a control character must be escaped")
      default: decoded.append(byte)
      }
    }
  }

  private func text(_ utf8: ArraySlice<UInt8>, from start: Int) throws(JSONError) -> String {
    guard let text = String(validating: utf8, as: UTF8.self) else {
      throw JSONError(.badString, at: start, "a string is not UTF-8")
    }
    return text
  }

  private mutating func escape(into decoded: inout [UInt8]) throws(JSONError) {
    let byte = try current()
    offset += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): decoded.append(byte)
    case UInt8(ascii: "b"): decoded.append(0x08)
    case UInt8(ascii: "f"): decoded.append(0x0c)
    case UInt8(ascii: "n"): decoded.append(0x0a)
    case UInt8(ascii: "r"): decoded.append(0x0d)
    case UInt8(ascii: "t"): decoded.append(0x09)
    case UInt8(ascii: "u"): decoded.append(contentsOf: Array(String(try escapedScalar()).utf8))
    default: throw JSONError(.badString, at: offset - 1, "an unknown escape")
    }
  }

  /// One `\uXXXX`, or two that are a surrogate pair; the `\u` of the first is read already.
  private mutating func escapedScalar() throws(JSONError) -> Unicode.Scalar {
    let start = offset
    let first = try fourHexDigits()
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard first < 0xdc00, peek() == UInt8(ascii: "\\") else { throw loneSurrogate(at: start) }
    offset += 1
    guard try current() == UInt8(ascii: "u") else { throw loneSurrogate(at: start) }
    offset += 1
    let second = try fourHexDigits()
    guard (0xdc00...0xdfff).contains(second),
      let scalar = Unicode.Scalar(0x10000 + (first - 0xd800) << 10 + (second - 0xdc00))
    else { throw loneSurrogate(at: start) }
    return scalar
  }

  private mutating func fourHexDigits() throws(JSONError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = Hex.value(ofDigit: try current()) else { throw error(.badString, "a hex digit was expected") }
      value = value << 4 | UInt32(digit)
      offset += 1
    }
    return value
  }

  // MARK: Bytes

  private func loneSurrogate(at offset: Int) -> JSONError {
    JSONError(.badString, at: offset, "half of a surrogate pair")
  }

  private func error(_ code: JSONError.Code, _ message: String) -> JSONError { JSONError(code, at: offset, message) }

  private func peek() -> UInt8? { offset < bytes.count ? bytes[offset] : nil }

  private func current() throws(JSONError) -> UInt8 {
    guard offset < bytes.count else { throw error(.truncated, "the text ends in the middle of a value") }
    return bytes[offset]
  }

  private mutating func skipBlanks() {
    while let byte = peek(), byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { offset += 1 }
  }
}
