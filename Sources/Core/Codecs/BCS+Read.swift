package import Money

/// Why bytes are not the BCS record that was expected. Codes are stable: docs/errors.md.
package struct BCSError: Error, Hashable, Sendable {
  package enum Code: String, CaseIterable, Sendable {
    /// The record ends inside a field, or claims more elements than bytes follow.
    case truncated = "bcs.truncated"
    /// Bytes follow the record.
    case trailingBytes = "bcs.trailing_bytes"
    /// A boolean or option byte other than 0 and 1.
    case badBool = "bcs.bad_bool"
    /// A length of more than ten groups.
    case lengthTooLong = "bcs.length_too_long"
    /// A length that has a shorter form.
    case lengthNotCanonical = "bcs.length_not_canonical"
    /// A number of a choice that the type does not have, or types too deep inside one another.
    case badVariant = "bcs.bad_variant"
    /// A text that is not UTF-8.
    case notUTF8 = "bcs.not_utf8"
  }
  package let code: Code
  package var message: String { "\(code.rawValue) at byte \(offset)" }
  /// The byte at which reading stopped.
  package let offset: Int

  package init(_ code: Code, at offset: Int) {
    self.code = code
    self.offset = offset
  }
}

extension BCS {
  /// Which lengths a reader takes.
  package enum Lengths: Sendable {
    /// The shortest form only.
    case canonical
    /// Padded forms too; bits beyond the 64th are lost. What the original lottery engine accepted.
    case padded
  }

  /// Reads one record, field by field. Every call throws `BCSError` when the bytes end.
  package struct Reader {
    private let bytes: [UInt8]
    private let lengths: Lengths
    /// Bytes read so far.
    package private(set) var offset = 0

    package init(_ bytes: [UInt8], lengths: Lengths = .canonical) {
      self.bytes = bytes
      self.lengths = lengths
    }

    package mutating func uint8() throws(BCSError) -> UInt8 {
      guard offset < bytes.count else { throw BCSError(.truncated, at: offset) }
      offset += 1
      return bytes[offset - 1]
    }

    package mutating func uint16() throws(BCSError) -> UInt16 {
      UInt16(truncatingIfNeeded: try littleEndian(count: 2))
    }

    package mutating func uint32() throws(BCSError) -> UInt32 {
      UInt32(truncatingIfNeeded: try littleEndian(count: 4))
    }

    package mutating func uint64() throws(BCSError) -> UInt64 { try littleEndian(count: 8) }

    package mutating func uint128() throws(BCSError) -> UInt128 {
      let low = try uint64()
      return UInt128(try uint64()) << 64 | UInt128(low)
    }

    /// The number of a choice, or a count that stands for itself: at most 32 bits, in its shortest form.
    package mutating func uleb128() throws(BCSError) -> UInt64 {
      let start = offset
      let value = try uleb()
      guard value <= UInt64(UInt32.max) else { throw BCSError(.lengthTooLong, at: start) }
      return value
    }

    /// UTF-8 as a byte string.
    package mutating func text() throws(BCSError) -> String {
      let start = offset
      guard let text = String(validating: try byteString(), as: UTF8.self) else { throw BCSError(.notUTF8, at: start) }
      return text
    }

    /// A record, or none.
    package mutating func option<Element>(
      _ element: (inout Reader) throws(BCSError) -> Element
    ) throws(BCSError) -> Element? {
      try bool() ? try element(&self) : nil
    }

    package mutating func uint256() throws(BCSError) -> UInt256 {
      let first = try uint64()
      let second = try uint64()
      let third = try uint64()
      return UInt256(limbs: (first, second, third, try uint64()))
    }

    package mutating func bool() throws(BCSError) -> Bool {
      switch try uint8() {
      case 0: false
      case 1: true
      default: throw BCSError(.badBool, at: offset - 1)
      }
    }

    /// 32 bytes without a length.
    package mutating func hash() throws(BCSError) -> Hash32 {
      guard offset + 32 <= bytes.count, let hash = Hash32(bytes[offset..<offset + 32]) else {
        throw BCSError(.truncated, at: offset)
      }
      offset += 32
      return hash
    }

    /// A byte string.
    package mutating func byteString() throws(BCSError) -> [UInt8] {
      let count = try length()
      let start = offset
      offset += count
      return Array(bytes[start..<offset])
    }

    /// A vector. An element takes at least one byte, so a claimed count is bounded by what is there.
    package mutating func list<Element>(
      _ element: (inout Reader) throws(BCSError) -> Element
    ) throws(BCSError) -> [Element] {
      let count = try length()
      var out: [Element] = []
      for _ in 0..<count { out.append(try element(&self)) }
      return out
    }

    /// Ends the record. Throws `trailingBytes` when there are any.
    package func finish() throws(BCSError) {
      guard offset == bytes.count else { throw BCSError(.trailingBytes, at: offset) }
    }

    /// A count that the remaining bytes can hold.
    private mutating func length() throws(BCSError) -> Int {
      let start = offset
      let value = try uleb()
      guard value <= UInt64(bytes.count - offset) else { throw BCSError(.truncated, at: start) }
      return Int(value)
    }

    private mutating func uleb() throws(BCSError) -> UInt64 {
      let start = offset
      var value: UInt64 = 0
      var shift: UInt64 = 0
      while true {
        guard shift < 64 else { throw BCSError(.lengthTooLong, at: start) }
        let byte = try uint8()
        let group = UInt64(byte & 0x7f)
        if lengths == .canonical, shift == 63, group > 1 { throw BCSError(.lengthNotCanonical, at: start) }
        value |= group &<< shift
        if byte & 0x80 == 0 {
          if lengths == .canonical, byte == 0, shift > 0 { throw BCSError(.lengthNotCanonical, at: start) }
          break
        }
        shift += 7
      }
      return value
    }

    private mutating func littleEndian(count: Int) throws(BCSError) -> UInt64 {
      guard offset + count <= bytes.count else { throw BCSError(.truncated, at: offset) }
      var value: UInt64 = 0
      for place in 0..<count { value |= UInt64(bytes[offset + place]) &<< UInt64(place &* 8) }
      offset += count
      return value
    }
  }
}
