extension UInt256 {
  /// The value as 32 bytes, most significant first: an ABI word, and the column's form in SQLite.
  package var bigEndianBytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(32)
    appendBigEndian(to: &bytes)
    return bytes
  }

  /// Appends the 32 big-endian bytes: the form for assembling calldata without a copy.
  package func appendBigEndian(to bytes: inout [UInt8]) {
    UInt256.append(limbs.3, to: &bytes)
    UInt256.append(limbs.2, to: &bytes)
    UInt256.append(limbs.1, to: &bytes)
    UInt256.append(limbs.0, to: &bytes)
  }

  private static func append(_ limb: UInt64, to bytes: inout [UInt8]) {
    var shift: UInt64 = 64
    while shift > 0 {
      shift &-= 8
      bytes.append(UInt8(truncatingIfNeeded: limb &>> shift))
    }
  }

  /// The value without leading zero bytes; empty for zero. The integer form of RLP.
  package var minimalBigEndianBytes: [UInt8] {
    var bytes: [UInt8] = []
    appendMinimalBigEndian(to: &bytes)
    return bytes
  }

  /// Appends the value without leading zero bytes; nothing for zero.
  package func appendMinimalBigEndian(to bytes: inout [UInt8]) {
    var place = (bitWidth &+ 7) &>> 3
    while place > 0 {
      place &-= 1
      let limb =
        switch place &>> 3 {
        case 0: limbs.0
        case 1: limbs.1
        case 2: limbs.2
        default: limbs.3
        }
      bytes.append(UInt8(truncatingIfNeeded: limb &>> UInt64((place & 7) &* 8)))
    }
  }

  /// Reads up to 32 bytes, most significant first; nil when there are more.
  @inlinable
  package init?(bigEndian bytes: some Collection<UInt8>) {
    guard bytes.count <= 32 else { return nil }
    var parts: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    for byte in bytes { UInt256.shift(&parts, in: byte) }
    self.init(limbs: parts)
  }

  /// As `init(bigEndian:)`, over bytes where they lie, as a column lends them.
  @inlinable
  package init?(bigEndian bytes: Span<UInt8>) {
    let count = bytes.count
    guard count <= 32 else { return nil }
    var parts: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    if count == 32 {
      for index in 0..<8 { parts.3 = parts.3 &<< 8 | UInt64(bytes[index]) }
      for index in 8..<16 { parts.2 = parts.2 &<< 8 | UInt64(bytes[index]) }
      for index in 16..<24 { parts.1 = parts.1 &<< 8 | UInt64(bytes[index]) }
      for index in 24..<32 { parts.0 = parts.0 &<< 8 | UInt64(bytes[index]) }
    } else if count <= 8 {
      for index in 0..<count { parts.0 = parts.0 &<< 8 | UInt64(bytes[index]) }
    } else {
      for index in 0..<count { UInt256.shift(&parts, in: bytes[index]) }
    }
    self.init(limbs: parts)
  }

  // The generic form is not specialised in other modules: there every byte would cost a call through a witness table.

  /// As the generic form.
  @inlinable
  package init?(bigEndian bytes: [UInt8]) { self.init(bigEndian: bytes.span) }

  /// As the generic form.
  @inlinable
  package init?(bigEndian bytes: ArraySlice<UInt8>) { self.init(bigEndian: bytes.span) }

  @inlinable
  static func shift(_ parts: inout (UInt64, UInt64, UInt64, UInt64), in byte: UInt8) {
    parts.3 = parts.3 &<< 8 | parts.2 &>> 56
    parts.2 = parts.2 &<< 8 | parts.1 &>> 56
    parts.1 = parts.1 &<< 8 | parts.0 &>> 56
    parts.0 = parts.0 &<< 8 | UInt64(byte)
  }
}
