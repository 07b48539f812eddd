package import Money

/// Binary Canonical Serialization: the bytes of the lottery engine's records, events and hashes, and of transactions on
/// Move chains.
///
/// Fields in declared order with nothing between; integers little-endian of fixed width; a byte string or vector is led
/// by its count as ULEB128; an option by 0 or 1.
/// Source: the BCS specification (diem/bcs); lottery engine specification, 0.1.
package enum BCS {
  /// Writes one record, field by field.
  package struct Writer: Sendable {
    package private(set) var bytes: [UInt8] = []

    package init() {}

    package init(reserving count: Int) { bytes.reserveCapacity(count) }

    package mutating func append(_ value: UInt8) { bytes.append(value) }
    package mutating func append(_ value: UInt16) { appendLittleEndian(UInt64(value), count: 2) }
    package mutating func append(_ value: UInt32) { appendLittleEndian(UInt64(value), count: 4) }
    package mutating func append(_ value: UInt64) { appendLittleEndian(value, count: 8) }
    package mutating func append(_ value: UInt128) {
      append(UInt64(truncatingIfNeeded: value))
      append(UInt64(truncatingIfNeeded: value &>> 64))
    }
    /// One byte, 0 or 1.
    package mutating func append(_ value: Bool) { bytes.append(value ? 1 : 0) }

    /// 32 bytes, least significant first.
    package mutating func append(_ value: UInt256) {
      append(value.limbs.0)
      append(value.limbs.1)
      append(value.limbs.2)
      append(value.limbs.3)
    }

    /// 32 bytes without a length: an address, or a digest inside a hash.
    package mutating func append(_ value: Hash32) { value.append(to: &bytes) }

    /// A byte string: its length, then the bytes.
    package mutating func append(bytes field: [UInt8]) {
      append(length: field.count)
      bytes += field
    }

    /// A digest as a byte string: 32, then the bytes.
    package mutating func append(bytes digest: Hash32) {
      bytes.append(32)
      digest.append(to: &bytes)
    }

    /// A digest that may be absent, as a byte string: absent is empty.
    package mutating func append(bytes digest: Hash32?) {
      if let digest { append(bytes: digest) } else { bytes.append(0) }
    }

    /// UTF-8 as a byte string.
    package mutating func append(_ text: String) { append(bytes: Array(text.utf8)) }

    /// The count of a vector's elements, which follow.
    package mutating func append(length count: Int) {
      var rest = UInt64(count)
      while rest >= 0x80 {
        bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
        rest &>>= 7
      }
      bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// A vector of records.
    package mutating func append(_ list: [some BCSEncodable]) {
      append(length: list.count)
      for element in list { element.encode(to: &self) }
    }

    /// A record, or a byte that says there is none.
    package mutating func append(option value: (some BCSEncodable)?) {
      append(value != nil)
      value?.encode(to: &self)
    }

    /// A record inside another.
    package mutating func append(_ record: some BCSEncodable) { record.encode(to: &self) }

    /// Bytes as they are, without a length: parts of a hash.
    package mutating func append(raw part: [UInt8]) { bytes += part }

    private mutating func appendLittleEndian(_ value: UInt64, count: Int) {
      for place in 0..<count { bytes.append(UInt8(truncatingIfNeeded: value &>> UInt64(place &* 8))) }
    }
  }
}

/// A record with a BCS form.
package protocol BCSEncodable {
  /// Appends the fields in their declared order.
  func encode(to bytes: inout BCS.Writer)
}

extension BCSEncodable {
  /// The record alone.
  package var bcs: [UInt8] {
    var bytes = BCS.Writer()
    encode(to: &bytes)
    return bytes.bytes
  }
}
