/// Whole numbers as bytes, most significant first: the order of Ethereum, of network protocols and of hashed records.
package enum BigEndian {
  /// Appends the bytes of `value`: one to eight of them, by its type.
  @inlinable
  package static func append(_ value: some FixedWidthInteger & UnsignedInteger, to bytes: inout [UInt8]) {
    var shift = value.bitWidth
    while shift > 0 {
      shift &-= 8
      bytes.append(UInt8(truncatingIfNeeded: value &>> numericCast(shift)))
    }
  }

  // The generic form is not specialised in other modules: there every byte would cost calls through a witness table.

  /// As the generic form.
  package static func append(_ value: UInt64, to bytes: inout [UInt8]) {
    var shift: UInt64 = 64
    while shift > 0 {
      shift &-= 8
      bytes.append(UInt8(truncatingIfNeeded: value &>> shift))
    }
  }

  /// As the generic form.
  package static func append(_ value: UInt32, to bytes: inout [UInt8]) {
    var shift: UInt32 = 32
    while shift > 0 {
      shift &-= 8
      bytes.append(UInt8(truncatingIfNeeded: value &>> shift))
    }
  }

  /// Appends `value` without leading zero bytes; nothing for zero. The integer form of RLP.
  package static func appendMinimal(_ value: UInt64, to bytes: inout [UInt8]) {
    var shift = 64 &- value.leadingZeroBitCount &+ 7
    shift &-= shift & 7
    while shift > 0 {
      shift &-= 8
      bytes.append(UInt8(truncatingIfNeeded: value &>> UInt64(shift)))
    }
  }

  /// Reads up to eight bytes; nil when there are more.
  package static func uint64(_ bytes: some Collection<UInt8>) -> UInt64? {
    guard bytes.count <= 8 else { return nil }
    var value: UInt64 = 0
    for byte in bytes { value = value << 8 | UInt64(byte) }
    return value
  }
}
