/// Twenty bytes that name an account or contract on an EVM chain.
///
/// Kept in three words, without heap: ten million recipients are ten million of these.
package struct EVMAddress: Hashable, Sendable, Comparable {
  /// Bytes 0 to 7, most significant first.
  @usableFromInline let high: UInt64
  /// Bytes 8 to 15.
  @usableFromInline let middle: UInt64
  /// Bytes 16 to 19.
  @usableFromInline let low: UInt32

  /// The address of twenty zero bytes: the sender of minted tokens, the recipient of burned ones.
  package static let zero = EVMAddress(high: 0, middle: 0, low: 0)

  @usableFromInline
  init(high: UInt64, middle: UInt64, low: UInt32) {
    self.high = high
    self.middle = middle
    self.low = low
  }

  /// Takes exactly 20 bytes; nil for any other length.
  @inlinable
  package init?(_ bytes: some Collection<UInt8>) {
    guard bytes.count == 20 else { return nil }
    var parts: (UInt64, UInt64, UInt32) = (0, 0, 0)
    for byte in bytes { EVMAddress.shift(&parts, in: byte) }
    self.init(high: parts.0, middle: parts.1, low: parts.2)
  }

  /// As `init(_:)`, over bytes where they lie, as a column lends them.
  @inlinable
  package init?(_ bytes: Span<UInt8>) {
    guard bytes.count == 20 else { return nil }
    var parts: (UInt64, UInt64, UInt32) = (0, 0, 0)
    for index in 0..<8 { parts.0 = parts.0 &<< 8 | UInt64(bytes[index]) }
    for index in 8..<16 { parts.1 = parts.1 &<< 8 | UInt64(bytes[index]) }
    for index in 16..<20 { parts.2 = parts.2 &<< 8 | UInt32(bytes[index]) }
    self.init(high: parts.0, middle: parts.1, low: parts.2)
  }

  // The generic form is not specialised in other modules: there every byte would cost a call through a witness table.

  /// As the generic form.
  @inlinable
  package init?(_ bytes: [UInt8]) { self.init(bytes.span) }

  /// As the generic form.
  @inlinable
  package init?(_ bytes: ArraySlice<UInt8>) { self.init(bytes.span) }

  @inlinable
  static func shift(_ parts: inout (UInt64, UInt64, UInt32), in byte: UInt8) {
    parts.0 = parts.0 &<< 8 | parts.1 &>> 56
    parts.1 = parts.1 &<< 8 | UInt64(parts.2 &>> 24)
    parts.2 = parts.2 &<< 8 | UInt32(byte)
  }

  /// The last 20 of the 32 bytes of `hash`: how keys and contracts get their address.
  package init(lastBytesOf hash: Hash32) {
    self.init(
      high: hash.words.1 << 32 | hash.words.2 >> 32, middle: hash.words.2 << 32 | hash.words.3 >> 32,
      low: UInt32(truncatingIfNeeded: hash.words.3))
  }

  /// The 20 bytes as three words, most significant first: for tables of many.
  @inlinable
  package var words: (UInt64, UInt64, UInt32) { (high, middle, low) }

  /// The 20 bytes.
  package var bytes: [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(20)
    append(to: &out)
    return out
  }

  /// Appends the 20 bytes.
  package func append(to bytes: inout [UInt8]) {
    BigEndian.append(high, to: &bytes)
    BigEndian.append(middle, to: &bytes)
    BigEndian.append(low, to: &bytes)
  }

  /// Lower-case hex with `0x`: the canonical text in tables and audit records.
  package var lowercase: String { Hex.prefixed(bytes) }

  package static func < (a: EVMAddress, b: EVMAddress) -> Bool {
    (a.high, a.middle, a.low) < (b.high, b.middle, b.low)
  }
}
