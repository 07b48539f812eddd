package import Money

/// Canonical bytes of a record: every field with its length or fixed width, so that no two records share bytes.
/// Whatever is hashed (payload digests, content roots, audit records) is written with this.
package struct CanonicalBytes: Sendable {
  package private(set) var bytes: [UInt8] = []

  package init() {}

  /// Eight bytes, most significant first.
  package mutating func append(_ value: UInt64) {
    var shift: UInt64 = 64
    while shift > 0 {
      shift -= 8
      bytes.append(UInt8(truncatingIfNeeded: value >> shift))
    }
  }

  /// Thirty-two bytes, most significant first.
  package mutating func append(_ value: UInt256) { value.appendBigEndian(to: &bytes) }

  package mutating func append(_ hash: Hash32) { hash.append(to: &bytes) }

  /// Length as eight bytes, then the bytes.
  package mutating func append(bytes value: [UInt8]) {
    append(UInt64(value.count))
    bytes += value
  }

  /// As `append(bytes:)`, over the text's UTF-8.
  package mutating func append(text: String) { append(bytes: Array(text.utf8)) }
}
