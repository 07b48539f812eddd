/// A type of the server that this wrapper writes and reads, in its binary form.
/// Source of the numbers: PostgreSQL, src/include/catalog/pg_type.dat; they never change.
package struct ValueType: Hashable, Sendable {
  let oid: UInt32
  let arrayOID: UInt32

  package static let int8 = ValueType(oid: 20, arrayOID: 1016)
  package static let bool = ValueType(oid: 16, arrayOID: 1000)
  package static let bytea = ValueType(oid: 17, arrayOID: 1001)
  package static let text = ValueType(oid: 25, arrayOID: 1009)
  package static let numeric = ValueType(oid: 1700, arrayOID: 1231)
  package static let jsonb = ValueType(oid: 3802, arrayOID: 3807)
}

/// What may stand behind a `$1`, in an array behind one, or in a row of a COPY.
package protocol Value {
  static var type: ValueType { get }
  /// True for nil alone.
  var isNull: Bool { get }
  /// Appends the binary form, without its length.
  func append(to bytes: inout [UInt8])
}

extension Value {
  package var isNull: Bool { false }
}

extension Optional: Value where Wrapped: Value {
  package static var type: ValueType { Wrapped.type }
  package var isNull: Bool { self?.isNull ?? true }
  package func append(to bytes: inout [UInt8]) { self?.append(to: &bytes) }
}

extension Int64: Value {
  package static var type: ValueType { .int8 }
  package func append(to bytes: inout [UInt8]) { bytes.appendBigEndian(UInt64(bitPattern: self)) }
}

extension Int: Value {
  package static var type: ValueType { .int8 }
  package func append(to bytes: inout [UInt8]) { Int64(self).append(to: &bytes) }
}

extension Bool: Value {
  package static var type: ValueType { .bool }
  package func append(to bytes: inout [UInt8]) { bytes.append(self ? 1 : 0) }
}

/// The server's text holds no NUL: one inside is refused by the server as a bad value.
extension String: Value {
  package static var type: ValueType { .text }
  package func append(to bytes: inout [UInt8]) { bytes += utf8 }
}

extension [UInt8]: Value {
  package static var type: ValueType { .bytea }
  package func append(to bytes: inout [UInt8]) { bytes += self }
}

/// JSON text for a `jsonb` column. The server keeps the meaning, not the bytes.
package struct JSONText: Value {
  package let utf8: [UInt8]
  package init(utf8: [UInt8]) { self.utf8 = utf8 }
  package static var type: ValueType { .jsonb }
  package func append(to bytes: inout [UInt8]) {
    bytes.append(JSONText.version)
    bytes += utf8
  }

  /// The only version of the binary form. Source: src/backend/utils/adt/jsonb.c, jsonb_recv.
  static let version: UInt8 = 1
}

extension [UInt8] {
  mutating func appendBigEndian(_ word: UInt64) {
    var shift: UInt64 = 64
    while shift > 0 {
      shift &-= 8
      append(UInt8(truncatingIfNeeded: word &>> shift))
    }
  }

  mutating func appendBigEndian(_ word: UInt32) {
    append(UInt8(truncatingIfNeeded: word &>> 24))
    append(UInt8(truncatingIfNeeded: word &>> 16))
    append(UInt8(truncatingIfNeeded: word &>> 8))
    append(UInt8(truncatingIfNeeded: word))
  }

  /// Writes a word over four bytes that stand already.
  mutating func put(_ word: UInt32, at place: Int) {
    self[place] = UInt8(truncatingIfNeeded: word &>> 24)
    self[place + 1] = UInt8(truncatingIfNeeded: word &>> 16)
    self[place + 2] = UInt8(truncatingIfNeeded: word &>> 8)
    self[place + 3] = UInt8(truncatingIfNeeded: word)
  }
}
