import Money

/// The contract ABI: arguments of calls, return data, fields of events.
/// Source: Solidity documentation, "Contract ABI Specification".
package enum ABI {
  /// The first four bytes of the hash of a signature: `transfer(address,uint256)`.
  package static func selector(_ signature: String) -> [UInt8] {
    Array(Keccak.hash256(Array(signature.utf8)).bytes.prefix(4))
  }

  /// The first topic of an event: the hash of its signature.
  package static func topic(_ signature: String) -> Hash32 { Keccak.hash256(Array(signature.utf8)) }

  /// Encodes values one after the other, as the arguments of a call behind its selector.
  ///
  /// Throws `abi.wrong_value` when a value is not of its type: another kind, a number too wide, a wrong count;
  /// `abi.bad_type` for a type that does not exist.
  package static func encode(_ values: [ABIValue], as types: [ABIType]) throws(ABIError) -> [UInt8] {
    for type in types { try type.requireValid() }
    var out: [UInt8] = []
    try append(values, as: types, to: &out)
    return out
  }

  /// Heads of all values, then the tails that the offsets in the heads point to.
  private static func append(_ values: [ABIValue], as types: [ABIType], to out: inout [UInt8]) throws(ABIError) {
    guard values.count == types.count else {
      throw ABIError(.wrongValue, "\(types.count) values are needed, not \(values.count)")
    }
    let headSize = types.reduce(0) { $0 + $1.headSize }
    var tail: [UInt8] = []
    for (value, type) in zip(values, types) {
      if type.isDynamic {
        UInt256(UInt64(headSize + tail.count)).appendBigEndian(to: &out)
        try append(value, as: type, to: &tail)
      } else {
        try append(value, as: type, to: &out)
      }
    }
    out += tail
  }

  private static func append(_ value: ABIValue, as type: ABIType, to out: inout [UInt8]) throws(ABIError) {
    switch (type, value) {
    case (.uint(let bits), .uint(let number)) where number.bitWidth <= bits: number.appendBigEndian(to: &out)
    case (.int(let bits), .int(let number)):
      guard let word = number.word(bits: bits) else { throw wrongValue(type) }
      word.appendBigEndian(to: &out)
    case (.address, .address(let address)): append(address, to: &out)
    case (.bool, .bool(let flag)): UInt256(flag ? 1 : 0).appendBigEndian(to: &out)
    case (.fixedBytes(let count), .bytes(let bytes)) where bytes.count == count: appendPadded(bytes, to: &out)
    case (.bytes, .bytes(let bytes)): appendCounted(bytes, to: &out)
    case (.string, .string(let text)): appendCounted(Array(text.utf8), to: &out)
    case (.array(let element), .list(let values)):
      UInt256(UInt64(values.count)).appendBigEndian(to: &out)
      try append(values, as: Array(repeating: element, count: values.count), to: &out)
    case (.fixedArray(let element, let count), .list(let values)):
      try append(values, as: Array(repeating: element, count: count), to: &out)
    case (.tuple(let members), .list(let values)): try append(values, as: members, to: &out)
    default: throw wrongValue(type)
    }
  }

  private static func wrongValue(_ type: ABIType) -> ABIError {
    ABIError(.wrongValue, "the value does not fit the type \(type)")
  }

  // MARK: Words

  /// Appends an address as a word: twelve zero bytes, then the twenty.
  package static func append(_ address: EVMAddress, to out: inout [UInt8]) {
    BigEndian.append(UInt64(0), to: &out)
    BigEndian.append(UInt32(0), to: &out)
    address.append(to: &out)
  }

  private static func appendPadded(_ bytes: [UInt8], to out: inout [UInt8]) {
    out += bytes
    out += repeatElement(0, count: (32 - bytes.count % 32) % 32)
  }

  private static func appendCounted(_ bytes: [UInt8], to out: inout [UInt8]) {
    UInt256(UInt64(bytes.count)).appendBigEndian(to: &out)
    appendPadded(bytes, to: &out)
  }
}
