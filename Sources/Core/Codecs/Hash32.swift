/// Thirty-two bytes that name content: a Keccak-256 or SHA-256 digest, a transaction hash, a block hash.
package struct Hash32: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// Big-endian words of the digest.
  package let words: (UInt64, UInt64, UInt64, UInt64)

  @inlinable
  package init(words: (UInt64, UInt64, UInt64, UInt64)) { self.words = words }

  package static let zero = Hash32(words: (0, 0, 0, 0))

  /// Reads exactly 32 bytes; nil for any other length.
  @inlinable
  package init?(_ bytes: some Collection<UInt8>) {
    guard bytes.count == 32 else { return nil }
    var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    for byte in bytes { Hash32.shift(&words, in: byte) }
    self.init(words: words)
  }

  /// As `init(_:)`, over bytes where they lie, as a column lends them.
  @inlinable
  package init?(_ bytes: Span<UInt8>) {
    guard bytes.count == 32 else { return nil }
    var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    for index in 0..<8 { words.0 = words.0 &<< 8 | UInt64(bytes[index]) }
    for index in 8..<16 { words.1 = words.1 &<< 8 | UInt64(bytes[index]) }
    for index in 16..<24 { words.2 = words.2 &<< 8 | UInt64(bytes[index]) }
    for index in 24..<32 { words.3 = words.3 &<< 8 | UInt64(bytes[index]) }
    self.init(words: words)
  }

  // The generic form is not specialised in other modules: there every byte would cost a call through a witness table.

  /// As the generic form.
  @inlinable
  package init?(_ bytes: [UInt8]) { self.init(bytes.span) }

  /// As the generic form.
  @inlinable
  package init?(_ bytes: ArraySlice<UInt8>) { self.init(bytes.span) }

  @inlinable
  static func shift(_ words: inout (UInt64, UInt64, UInt64, UInt64), in byte: UInt8) {
    words.0 = words.0 &<< 8 | words.1 &>> 56
    words.1 = words.1 &<< 8 | words.2 &>> 56
    words.2 = words.2 &<< 8 | words.3 &>> 56
    words.3 = words.3 &<< 8 | UInt64(byte)
  }

  /// The 32 bytes.
  package var bytes: [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(32)
    append(to: &out)
    return out
  }

  /// Appends the 32 bytes.
  package func append(to bytes: inout [UInt8]) {
    BigEndian.append(words.0, to: &bytes)
    BigEndian.append(words.1, to: &bytes)
    BigEndian.append(words.2, to: &bytes)
    BigEndian.append(words.3, to: &bytes)
  }

  /// Lower-case hex with `0x`.
  package var description: String { Hex.prefixed(bytes) }

  package static func == (a: Hash32, b: Hash32) -> Bool { a.words == b.words }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(words.0)
    hasher.combine(words.1)
    hasher.combine(words.2)
    hasher.combine(words.3)
  }

  package static func < (a: Hash32, b: Hash32) -> Bool { a.words < b.words }
}

/// SHA-256 as a port: the machine's library is many times faster than Swift, and the core holds no C.
/// Source: FIPS 180-4.
package protocol SHA256Hashing: Sendable {
  func sha256(_ bytes: [UInt8]) -> Hash32
}
