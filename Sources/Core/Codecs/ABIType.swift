/// A type of the contract ABI.
///
/// Widths must exist, and arrays of fixed length and tuples must hold something: empty ones take no bytes in an
/// encoding, so a short message could announce billions of them. Encoding and decoding refuse other types.
/// Source: Solidity documentation, "Contract ABI Specification", types.
package indirect enum ABIType: Hashable, Sendable, CustomStringConvertible {
  case uint(bits: Int)
  case int(bits: Int)
  case address
  case bool
  /// `bytes1` to `bytes32`.
  case fixedBytes(Int)
  case bytes
  case string
  case array(ABIType)
  case fixedArray(ABIType, count: Int)
  case tuple([ABIType])

  /// The canonical text, as it stands in a signature: `(uint256,string)[]`.
  package var description: String {
    switch self {
    case .uint(let bits): "uint\(bits)"
    case .int(let bits): "int\(bits)"
    case .address: "address"
    case .bool: "bool"
    case .fixedBytes(let count): "bytes\(count)"
    case .bytes: "bytes"
    case .string: "string"
    case .array(let element): "\(element)[]"
    case .fixedArray(let element, let count): "\(element)[\(count)]"
    case .tuple(let members): "(\(members.map(\.description).joined(separator: ",")))"
    }
  }

  /// Whether the encoding stands in the tail, with an offset in its place.
  var isDynamic: Bool {
    switch self {
    case .uint, .int, .address, .bool, .fixedBytes: false
    case .bytes, .string, .array: true
    case .fixedArray(let element, _): element.isDynamic
    case .tuple(let members): members.contains { $0.isDynamic }
    }
  }

  /// Bytes in the head: the whole encoding of a static type, 32 for the offset of a dynamic one.
  var headSize: Int {
    if isDynamic { return 32 }
    return switch self {
    case .fixedArray(let element, let count): element.headSize * count
    case .tuple(let members): members.reduce(0) { $0 + $1.headSize }
    case .uint, .int, .address, .bool, .fixedBytes, .bytes, .string, .array: 32
    }
  }

  /// Most bytes that the head of one type may take; deeper or longer types are refused.
  private static let mostHeadSize = 1 << 20
  private static let mostDepth = 16

  /// Reads a type as it stands in a signature. Throws `abi.bad_type`.
  package init(_ text: String) throws(ABIError) {
    var rest = Array(text.utf8)[...]
    self = try ABIType.parse(&rest, depthLeft: ABIType.mostDepth)
    guard rest.isEmpty else { throw ABIError(.badType, "something follows the type") }
    try requireValid()
  }

  /// Throws `abi.bad_type` for a width or a count that does not exist, or a type too large.
  func requireValid() throws(ABIError) {
    switch self {
    case .uint(let bits), .int(let bits):
      guard (8...256).contains(bits), bits.isMultiple(of: 8) else { throw ABIError(.badType, "no such width") }
    case .fixedBytes(let count):
      guard (1...32).contains(count) else { throw ABIError(.badType, "no such width") }
    case .address, .bool, .bytes, .string: break
    case .array(let element): try element.requireValid()
    case .fixedArray(let element, let count):
      try element.requireValid()
      guard (1...ABIType.mostHeadSize).contains(count), count * element.headSize <= ABIType.mostHeadSize else {
        throw ABIError(.badType, "an array's length is zero or too large")
      }
    case .tuple(let members):
      for member in members { try member.requireValid() }
      guard !members.isEmpty, headSize <= ABIType.mostHeadSize else {
        throw ABIError(.badType, "a tuple is empty or too large")
      }
    }
  }

  private static func parse(_ rest: inout ArraySlice<UInt8>, depthLeft: Int) throws(ABIError) -> ABIType {
    guard depthLeft > 0 else { throw ABIError(.badType, "the type is too deep") }
    var type: ABIType
    if rest.first == UInt8(ascii: "(") {
      rest.removeFirst()
      var members: [ABIType] = [try parse(&rest, depthLeft: depthLeft - 1)]
      while rest.first == UInt8(ascii: ",") {
        rest.removeFirst()
        members.append(try parse(&rest, depthLeft: depthLeft - 1))
      }
      guard rest.popFirst() == UInt8(ascii: ")") else { throw ABIError(.badType, "a tuple does not end") }
      type = .tuple(members)
    } else {
      let name = rest.prefix { $0 >= 0x61 && $0 <= 0x7a || $0 >= 0x30 && $0 <= 0x39 }
      rest = rest.dropFirst(name.count)
      type = try elementary(String(decoding: name, as: UTF8.self))
    }
    var dimensions = 0
    while rest.first == UInt8(ascii: "[") {
      dimensions += 1
      guard dimensions < depthLeft else { throw ABIError(.badType, "the type is too deep") }
      rest.removeFirst()
      let digits = rest.prefix { $0 >= 0x30 && $0 <= 0x39 }
      rest = rest.dropFirst(digits.count)
      guard rest.popFirst() == UInt8(ascii: "]") else { throw ABIError(.badType, "an array's length does not end") }
      type = digits.isEmpty ? .array(type) : try fixedArray(type, digits)
    }
    return type
  }

  private static func fixedArray(_ element: ABIType, _ digits: ArraySlice<UInt8>) throws(ABIError) -> ABIType {
    guard digits.first != 0x30, digits.count <= 6, let count = Int(String(decoding: digits, as: UTF8.self)) else {
      throw ABIError(.badType, "an array's length is zero or too large")
    }
    return .fixedArray(element, count: count)
  }

  private static func elementary(_ name: String) throws(ABIError) -> ABIType {
    switch name {
    case "address": return .address
    case "bool": return .bool
    case "bytes": return .bytes
    case "string": return .string
    default: break
    }
    // `uint` and `int` alone are short for 256 bits in Solidity, but never stand in a signature.
    if let bits = width(name, after: "uint") { return .uint(bits: bits) }
    if let bits = width(name, after: "int") { return .int(bits: bits) }
    if let count = width(name, after: "bytes") { return .fixedBytes(count) }
    throw ABIError(.badType, "no such elementary type")
  }

  private static func width(_ name: String, after prefix: String) -> Int? {
    guard name.hasPrefix(prefix) else { return nil }
    let digits = name.dropFirst(prefix.count)
    guard let first = digits.utf8.first, first != 0x30, digits.utf8.count <= 3 else { return nil }
    return Int(digits)
  }
}
