/// Why bytes are not the JSON we read, or a value is not one we write. Codes are stable: docs/errors.md.
package struct JSONError: Error, Hashable, Sendable {
  /// Stable across releases. Add cases freely; never rename or reuse one.
  package enum Code: String, CaseIterable, Sendable {
    case syntax = "json.syntax"
    case truncated = "json.truncated"
    case badString = "json.bad_string"
    case badNumber = "json.bad_number"
    case duplicateKey = "json.duplicate_key"
    case trailingBytes = "json.trailing_bytes"
    case tooDeep = "json.too_deep"
    case tooLarge = "json.too_large"
    case notCanonical = "json.not_canonical"
  }
  package let code: Code
  /// Where the reader stopped, in bytes from the start; 0 when a value was refused by the writer.
  package let offset: Int
  package let message: String

  package init(_ code: Code, at offset: Int, _ message: String) {
    self.code = code
    self.offset = offset
    self.message = message
  }
}
