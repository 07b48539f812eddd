import Money

extension ABI {
  /// Reads values that fill `bytes` to the end.
  ///
  /// Only the encoding that `encode` would write is accepted: tails stand in order without gaps, padding is zero.
  /// So the work is linear in the input: no two offsets can share a tail. Compilers write no other form.
  /// Throws `abi.truncated`, `abi.not_canonical`, `abi.too_large`, `abi.bad_type`.
  package static func decode(
    _ bytes: some Collection<UInt8>, as types: [ABIType], mostBytes: Int = 1 << 20
  ) throws(ABIError) -> [ABIValue] {
    guard bytes.count <= mostBytes else {
      throw ABIError(.tooLarge, "\(bytes.count) bytes, but at most \(mostBytes) are read")
    }
    for type in types { try type.requireValid() }
    var reader = ABIReader(bytes: Array(bytes))
    let values = try reader.values(types)
    guard reader.isAtEnd else { throw ABIError(.notCanonical, "bytes follow the last value") }
    return values
  }
}

/// Reads forward only: what is dynamic is read when its tail is reached.
private struct ABIReader {
  private let bytes: [UInt8]
  private var offset = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { offset == bytes.count }

  /// Heads, then tails; the offset of each tail must be where the reader stands when its turn comes.
  mutating func values(_ types: [ABIType]) throws(ABIError) -> [ABIValue] {
    let base = offset
    var values: [ABIValue] = []
    values.reserveCapacity(types.count)
    var tails: [(place: Int, type: ABIType, start: Int)] = []
    for type in types {
      if type.isDynamic {
        tails.append((values.count, type, try count()))
        values.append(.bool(false))
      } else {
        values.append(try value(type))
      }
    }
    for tail in tails {
      guard tail.start == offset - base else { throw ABIError(.notCanonical, "a tail is not where it belongs") }
      values[tail.place] = try value(tail.type)
    }
    return values
  }

  private mutating func value(_ type: ABIType) throws(ABIError) -> ABIValue {
    switch type {
    case .uint(let bits):
      let number = try word()
      guard number.bitWidth <= bits else { throw outOfRange(type) }
      return .uint(number)
    case .int(let bits):
      guard let number = ABIInteger(word: try word(), bits: bits) else { throw outOfRange(type) }
      return .int(number)
    case .address:
      try zeros(12)
      guard let address = EVMAddress(try take(20)) else { throw outOfRange(type) }
      return .address(address)
    case .bool:
      let number = try word()
      guard number <= .one else { throw outOfRange(type) }
      return .bool(number == .one)
    case .fixedBytes(let count):
      let bytes = Array(try take(count))
      try zeros(32 - count)
      return .bytes(bytes)
    case .bytes: return .bytes(try countedBytes())
    case .string:
      guard let text = String(validating: try countedBytes(), as: UTF8.self) else {
        throw ABIError(.notCanonical, "a string is not UTF-8")
      }
      return .string(text)
    case .array(let element):
      let count = try count()
      // Each element takes at least its head, so an absurd count ends here and not in memory.
      guard count <= (bytes.count - offset) / element.headSize else {
        throw ABIError(.truncated, "an array is longer than the input")
      }
      return .list(try values(Array(repeating: element, count: count)))
    case .fixedArray(let element, let count):
      guard count <= (bytes.count - offset) / element.headSize else {
        throw ABIError(.truncated, "an array is longer than the input")
      }
      return .list(try values(Array(repeating: element, count: count)))
    case .tuple(let members): return .list(try values(members))
    }
  }

  private func outOfRange(_ type: ABIType) -> ABIError {
    ABIError(.notCanonical, "a word is out of the range of \(type)")
  }

  private mutating func countedBytes() throws(ABIError) -> [UInt8] {
    let count = try count()
    let bytes = Array(try take(count))
    try zeros((32 - count % 32) % 32)
    return bytes
  }

  /// A length or an offset: more than the input is long is always wrong.
  private mutating func count() throws(ABIError) -> Int {
    guard let long = try word().uint64, let count = Int(exactly: long), count <= bytes.count else {
      throw ABIError(.truncated, "a length or an offset past the end")
    }
    return count
  }

  private mutating func word() throws(ABIError) -> UInt256 {
    guard let word = UInt256(bigEndian: try take(32)) else { throw ABIError(.truncated, "a word is missing") }
    return word
  }

  private mutating func zeros(_ count: Int) throws(ABIError) {
    guard try take(count).allSatisfy({ $0 == 0 }) else { throw ABIError(.notCanonical, "padding is not zero") }
  }

  private mutating func take(_ count: Int) throws(ABIError) -> ArraySlice<UInt8> {
    guard count <= bytes.count - offset else { throw ABIError(.truncated, "the input ends in the middle of a value") }
    defer { offset += count }
    return bytes[offset..<(offset + count)]
  }
}
