package import Money

/// Recursive length prefix: byte strings and lists, each with exactly one encoding.
/// Source: Ethereum Yellow Paper, appendix B.
package enum RLP {
  /// A byte string, or a list of items.
  package indirect enum Item: Hashable, Sendable {
    case bytes([UInt8])
    case list([Item])

    /// A whole number: its bytes without leading zeros.
    package static func integer(_ value: UInt64) -> Item {
      var bytes: [UInt8] = []
      BigEndian.appendMinimal(value, to: &bytes)
      return .bytes(bytes)
    }

    /// A whole number: its bytes without leading zeros.
    package static func integer(_ value: UInt256) -> Item { .bytes(value.minimalBigEndianBytes) }
  }

  /// The one encoding of `item`.
  package static func encode(_ item: Item) -> [UInt8] {
    var out: [UInt8] = []
    append(item, to: &out)
    return out
  }

  private static func append(_ item: Item, to out: inout [UInt8]) {
    switch item {
    case .bytes(let bytes): append(bytes, to: &out)
    case .list(let items):
      var payload: [UInt8] = []
      for inner in items { append(inner, to: &payload) }
      appendListHeader(payload: payload.count, to: &out)
      out += payload
    }
  }
}

// MARK: Pieces, for encoders that know their sizes beforehand

extension RLP {
  /// How long a byte string of `count` bytes becomes. A single byte below 0x80 is its own encoding.
  static func size(ofBytes count: Int, first: UInt8?) -> Int {
    if count == 1, let first, first < 0x80 { return 1 }
    return headerSize(payload: count) + count
  }

  /// How long a list with `payload` bytes of items becomes.
  static func size(ofListPayload payload: Int) -> Int { headerSize(payload: payload) + payload }

  static func size(of value: UInt64) -> Int {
    value < 0x80 ? 1 : 1 + (71 - value.leadingZeroBitCount) / 8
  }

  static func size(of value: UInt256) -> Int {
    if let small = value.uint64 { return size(of: small) }
    return 1 + (value.bitWidth + 7) / 8
  }

  static func appendListHeader(payload: Int, to out: inout [UInt8]) {
    appendHeader(payload: payload, short: 0xc0, to: &out)
  }

  static func append(_ bytes: [UInt8], to out: inout [UInt8]) {
    if bytes.count == 1, bytes[0] < 0x80 {
      out.append(bytes[0])
    } else {
      appendHeader(payload: bytes.count, short: 0x80, to: &out)
      out += bytes
    }
  }

  static func append(_ value: UInt64, to out: inout [UInt8]) {
    if value > 0 && value < 0x80 {
      out.append(UInt8(truncatingIfNeeded: value))
    } else {
      out.append(0x80 + UInt8(truncatingIfNeeded: (71 - value.leadingZeroBitCount) / 8))
      BigEndian.appendMinimal(value, to: &out)
    }
  }

  static func append(_ value: UInt256, to out: inout [UInt8]) {
    if let small = value.uint64 { return append(small, to: &out) }
    out.append(0x80 + UInt8(truncatingIfNeeded: (value.bitWidth + 7) / 8))
    value.appendMinimalBigEndian(to: &out)
  }

  static func append(_ address: EVMAddress, to out: inout [UInt8]) {
    out.append(0x94)
    address.append(to: &out)
  }

  private static func headerSize(payload: Int) -> Int {
    payload < 56 ? 1 : 1 + (71 - UInt64(payload).leadingZeroBitCount) / 8
  }

  private static func appendHeader(payload: Int, short: UInt8, to out: inout [UInt8]) {
    if payload < 56 {
      out.append(short + UInt8(truncatingIfNeeded: payload))
    } else {
      let length = UInt64(payload)
      out.append(short + 55 + UInt8(truncatingIfNeeded: (71 - length.leadingZeroBitCount) / 8))
      BigEndian.appendMinimal(length, to: &out)
    }
  }
}
