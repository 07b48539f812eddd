package import Money

/// Why bytes are not the record that was expected. Codes are stable: docs/errors.md.
package struct CanonicalBytesError: Error, Hashable, Sendable {
  /// Stable across releases. Add cases freely; never rename or reuse one.
  package enum Code: String, CaseIterable, Sendable {
    case truncated = "record.truncated"
    case trailingBytes = "record.trailing_bytes"
    case wrongTag = "record.wrong_tag"
    case badValue = "record.bad_value"
  }
  package let code: Code
  package let message: String

  package init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }
}

/// Records as bytes that we define ourselves, so that a hash or signature of them means one thing for ever.
///
/// A record begins with its tag, which names its kind and version (`almoner/batch/1`). Numbers are big-endian and of
/// fixed width; whatever varies in length is preceded by its length in four bytes. So no two records share their bytes.
package enum CanonicalBytes {
  /// Writes one record, field by field.
  package struct Writer {
    package private(set) var bytes: [UInt8] = []

    /// Begins a record of the kind `tag`, of about so many bytes.
    package init(tag: StaticString, reserving: Int = 0) {
      bytes.reserveCapacity(reserving)
      append(tag.description)
    }

    package mutating func append(_ value: UInt8) { bytes.append(value) }
    package mutating func append(_ value: UInt32) { BigEndian.append(value, to: &bytes) }
    package mutating func append(_ value: UInt64) { BigEndian.append(value, to: &bytes) }
    /// Two's complement, eight bytes.
    package mutating func append(_ value: Int64) { BigEndian.append(UInt64(bitPattern: value), to: &bytes) }
    /// One byte, 0 or 1.
    package mutating func append(_ value: Bool) { bytes.append(value ? 1 : 0) }
    /// 32 bytes.
    package mutating func append(_ value: UInt256) { value.appendBigEndian(to: &bytes) }
    /// 32 bytes.
    package mutating func append(_ value: Hash32) { value.append(to: &bytes) }
    /// 20 bytes.
    package mutating func append(_ value: EVMAddress) { value.append(to: &bytes) }

    /// The length in four bytes, then the bytes. Longer than 2^32 - 1 cannot be in memory as one field here.
    package mutating func append(_ field: [UInt8]) {
      appendCount(field.count)
      bytes += field
    }

    /// The length of the UTF-8 in four bytes, then the UTF-8.
    package mutating func append(_ text: String) {
      appendCount(text.utf8.count)
      bytes += text.utf8
    }

    /// How many elements of a list follow.
    package mutating func appendCount(_ count: Int) {
      precondition(count >= 0 && count <= Int(UInt32.max), "a field of a hashed record is too long")
      append(UInt32(truncatingIfNeeded: count))
    }

    /// One byte that tells whether the value is there, then the value.
    package mutating func append<Value>(optional value: Value?, _ write: (inout Writer, Value) -> Void) {
      append(value != nil)
      if let value { write(&self, value) }
    }
  }

  /// Reads one record; whatever it throws, it never traps.
  package struct Reader {
    private var rest: ArraySlice<UInt8>

    /// Begins a record of the kind `tag`. Throws `record.wrong_tag`.
    package init(_ bytes: [UInt8], tag: StaticString) throws(CanonicalBytesError) {
      rest = bytes[...]
      guard let found = try? string(), found == "\(tag)" else {
        throw CanonicalBytesError(.wrongTag, "this is no record of the kind \(tag)")
      }
    }

    package mutating func uint8() throws(CanonicalBytesError) -> UInt8 { UInt8(truncatingIfNeeded: try number(1)) }
    package mutating func uint32() throws(CanonicalBytesError) -> UInt32 { UInt32(truncatingIfNeeded: try number(4)) }
    package mutating func uint64() throws(CanonicalBytesError) -> UInt64 { try number(8) }
    package mutating func int64() throws(CanonicalBytesError) -> Int64 { Int64(bitPattern: try number(8)) }

    /// Throws `record.bad_value` for a byte above 1.
    package mutating func bool() throws(CanonicalBytesError) -> Bool {
      let byte = try uint8()
      guard byte <= 1 else { throw CanonicalBytesError(.badValue, "a boolean is 0 or 1") }
      return byte == 1
    }

    package mutating func uint256() throws(CanonicalBytesError) -> UInt256 {
      guard let value = UInt256(bigEndian: try take(32)) else { throw Reader.truncated }
      return value
    }

    package mutating func hash() throws(CanonicalBytesError) -> Hash32 {
      guard let value = Hash32(try take(32)) else { throw Reader.truncated }
      return value
    }

    package mutating func address() throws(CanonicalBytesError) -> EVMAddress {
      guard let value = EVMAddress(try take(20)) else { throw Reader.truncated }
      return value
    }

    package mutating func bytes() throws(CanonicalBytesError) -> [UInt8] { Array(try take(Int(try uint32()))) }

    /// Throws `record.bad_value` for what is not UTF-8.
    package mutating func string() throws(CanonicalBytesError) -> String {
      guard let text = String(validating: try take(Int(try uint32())), as: UTF8.self) else {
        throw CanonicalBytesError(.badValue, "a text is not UTF-8")
      }
      return text
    }

    /// How many elements follow. Throws `record.truncated` when that many of `elementBytes` or more cannot be left.
    package mutating func count(elementBytes: Int) throws(CanonicalBytesError) -> Int {
      let count = Int(try uint32())
      guard count <= rest.count / max(1, elementBytes) else { throw Reader.truncated }
      return count
    }

    package mutating func optional<Value>(
      _ read: (inout Reader) throws(CanonicalBytesError) -> Value
    ) throws(CanonicalBytesError) -> Value? {
      try bool() ? try read(&self) : nil
    }

    /// Throws `record.trailing_bytes` when something follows the record.
    package func finish() throws(CanonicalBytesError) {
      guard rest.isEmpty else { throw CanonicalBytesError(.trailingBytes, "\(rest.count) bytes follow the record") }
    }

    private static let truncated = CanonicalBytesError(.truncated, "the record ends in the middle of a field")

    private mutating func number(_ count: Int) throws(CanonicalBytesError) -> UInt64 {
      guard let value = BigEndian.uint64(try take(count)) else { throw Reader.truncated }
      return value
    }

    private mutating func take(_ count: Int) throws(CanonicalBytesError) -> ArraySlice<UInt8> {
      guard count <= rest.count else { throw Reader.truncated }
      defer { rest = rest.dropFirst(count) }
      return rest.prefix(count)
    }
  }
}
