package import Money

/// A value of the Move language.
package indirect enum MoveValue: Equatable, Sendable {
  case bool(Bool)
  case u8(UInt8)
  case u16(UInt16)
  case u32(UInt32)
  case u64(UInt64)
  case u128(UInt128)
  case u256(UInt256)
  case address(MoveAddress)
  /// `vector<u8>`.
  case bytes([UInt8])
  case string(String)
  case vector([MoveValue])
  case option(MoveValue?)
  /// Fields of a struct, as the node wrote them. No argument can be one.
  case structure(JSONObject)

  /// Reads the typed text of the tools: `u64:5`, `address:0x1`, `hex:0xaa` (bytes), `string:Lot`.
  ///
  /// Throws `move.bad_value` for another type or what the type cannot hold.
  package init(parsing text: String) throws(MoveError) {
    guard let colon = text.firstIndex(of: ":") else { throw MoveValue.refusal("an argument is TYPE:VALUE") }
    let (word, value) = (String(text[..<colon]), String(text[text.index(after: colon)...]))
    switch word {
    case "hex":
      guard let bytes = Hex.bytes(value) else { throw MoveValue.refusal("hex: takes an even number of hex digits") }
      self = .bytes(bytes)
    case "string": self = .string(value)
    case "address": self = .address(try MoveAddress(parsing: value))
    default:
      guard let type = try? MoveType(parsing: word) else { throw MoveValue.refusal("\(word) is no type of arguments") }
      self = try MoveValue.scalar(value, type)
    }
  }

  /// A number or a truth. Throws `move.bad_value`.
  static func scalar(_ text: String, _ type: MoveType) throws(MoveError) -> MoveValue {
    let isNumber = !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    let value: MoveValue? =
      switch type {
      case .bool: text == "true" ? .bool(true) : text == "false" ? .bool(false) : nil
      case .u8: isNumber ? UInt8(text).map { .u8($0) } : nil
      case .u16: isNumber ? UInt16(text).map { .u16($0) } : nil
      case .u32: isNumber ? UInt32(text).map { .u32($0) } : nil
      case .u64: isNumber ? UInt64(text).map { .u64($0) } : nil
      case .u128: isNumber ? UInt128(text).map { .u128($0) } : nil
      case .u256: isNumber ? (try? UInt256(decimal: text)).map { .u256($0) } : nil
      case .address, .signer, .vector, .structure: nil
      }
    guard let value else { throw refusal("a value is no \(type)") }
    return value
  }

  /// The typed text that `init(parsing:)` reads; for a vector or option, the values between brackets.
  package var text: String {
    switch self {
    case .bool(let value): "bool:\(value)"
    case .u8(let value): "u8:\(value)"
    case .u16(let value): "u16:\(value)"
    case .u32(let value): "u32:\(value)"
    case .u64(let value): "u64:\(value)"
    case .u128(let value): "u128:\(value)"
    case .u256(let value): "u256:\(value)"
    case .address(let value): "address:\(value)"
    case .bytes(let value): "hex:\(Hex.prefixed(value))"
    case .string(let value): "string:\(value)"
    case .vector(let values): "[" + values.map(\.text).joined(separator: ",") + "]"
    case .option(let value): "[" + (value?.text ?? "") + "]"
    case .structure(let object): JSON.object(object).text
    }
  }

  /// As a view's argument. Source: u8 to u32 as numbers, larger as decimal text, bytes as hex, options as `{"vec":[]}`.
  package var json: JSON {
    switch self {
    case .bool(let value): .bool(value)
    case .u8(let value): .integer(value)
    case .u16(let value): .integer(value)
    case .u32(let value): .integer(value)
    case .u64(let value): .string("\(value)")
    case .u128(let value): .string("\(value)")
    case .u256(let value): .string("\(value)")
    case .address(let value): .string(value.long)
    case .bytes(let value): .string(Hex.prefixed(value))
    case .string(let value): .string(value)
    case .vector(let values): .array(values.map(\.json))
    case .option(let value): ["vec": .array(value.map { [$0.json] } ?? [])]
    case .structure(let object): .object(object)
    }
  }

  /// The bytes of a transaction's argument. Throws `move.bad_value` for a struct.
  package var bcs: [UInt8] {
    get throws(MoveError) {
      var writer = BCS.Writer()
      try encode(to: &writer)
      return writer.bytes
    }
  }

  private func encode(to writer: inout BCS.Writer) throws(MoveError) {
    switch self {
    case .bool(let value): writer.append(value)
    case .u8(let value): writer.append(value)
    case .u16(let value): writer.append(value)
    case .u32(let value): writer.append(value)
    case .u64(let value): writer.append(value)
    case .u128(let value): writer.append(value)
    case .u256(let value): writer.append(value)
    case .address(let value): writer.append(value.bytes)
    case .bytes(let value): writer.append(bytes: value)
    case .string(let value): writer.append(value)
    case .vector(let values):
      writer.append(length: values.count)
      for value in values { try value.encode(to: &writer) }
    case .option(let value):
      writer.append(value != nil)
      try value?.encode(to: &writer)
    case .structure: throw MoveValue.refusal("a struct cannot be an argument")
    }
  }

  static func refusal(_ why: String) -> MoveError {
    MoveError(.badValue, why, hint: "such as u8:7, u64:5, bool:true, address:0x1 or hex:0xaa")
  }
}
