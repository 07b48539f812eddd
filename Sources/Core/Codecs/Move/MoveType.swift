/// A type of the Move language, as transactions name it.
/// Source: BCS layout of TypeTag: bool 0, u8 1, u64 2, u128 3, address 4, signer 5, vector 6, struct 7, u16 8, u32 9,
/// u256 10.
package indirect enum MoveType: Hashable, Sendable, CustomStringConvertible {
  case bool, u8, u16, u32, u64, u128, u256, address, signer
  case vector(MoveType)
  case structure(MoveStructure)

  /// Types inside one another that are read.
  private static let deepest = 8

  /// Reads `u64`, `vector<u8>`, `0x1::option::Option<address>`. Throws `move.bad_type`.
  package init(parsing text: String) throws(MoveError) {
    var rest = text[...]
    self = try MoveType.read(&rest, depth: MoveType.deepest)
    guard rest.isEmpty else { throw MoveType.refusal() }
  }

  package var description: String {
    switch self {
    case .bool: "bool"
    case .u8: "u8"
    case .u16: "u16"
    case .u32: "u32"
    case .u64: "u64"
    case .u128: "u128"
    case .u256: "u256"
    case .address: "address"
    case .signer: "signer"
    case .vector(let element): "vector<\(element)>"
    case .structure(let structure): structure.description
    }
  }

  /// Text of the standard library.
  package static let string = MoveType.structure(MoveStructure(MoveStructure.standard, "string", "String"))

  package static func option(_ type: MoveType) -> MoveType {
    .structure(MoveStructure(MoveStructure.standard, "option", "Option", [type]))
  }

  private static let words: [String: MoveType] = [
    "bool": .bool, "u8": .u8, "u16": .u16, "u32": .u32, "u64": .u64, "u128": .u128, "u256": .u256,
    "address": .address, "signer": .signer,
  ]

  private static func read(_ rest: inout Substring, depth: Int) throws(MoveError) -> MoveType {
    guard depth > 0 else { throw refusal() }
    while rest.first == " " { rest.removeFirst() }
    let word = rest.prefix { $0 != "<" && $0 != ">" && $0 != "," && $0 != " " }
    rest = rest[word.endIndex...]
    if let simple = words[String(word)] { return simple }
    let types = rest.first == "<" ? try readList(&rest, depth: depth) : []
    if word == "vector" {
      guard types.count == 1, let element = types.first else { throw refusal() }
      return .vector(element)
    }
    let name = try MoveFunction(parsing: String(word), refusal: .badType)
    return .structure(MoveStructure(name.address, name.module, name.name, types))
  }

  private static func readList(_ rest: inout Substring, depth: Int) throws(MoveError) -> [MoveType] {
    var types: [MoveType] = []
    repeat {
      rest.removeFirst()
      types.append(try read(&rest, depth: depth - 1))
      while rest.first == " " { rest.removeFirst() }
    } while rest.first == ","
    guard rest.first == ">" else { throw refusal() }
    rest.removeFirst()
    return types
  }

  private static func refusal() -> MoveError {
    MoveError(.badType, "that is no Move type", hint: "such as u64, vector<u8> or 0x1::supra_coin::SupraCoin")
  }
}

/// A struct's type: where it is declared, its name and its type arguments.
package struct MoveStructure: Hashable, Sendable, CustomStringConvertible {
  package let address: MoveAddress
  package let module: String
  package let name: String
  package let types: [MoveType]

  package init(_ address: MoveAddress, _ module: String, _ name: String, _ types: [MoveType] = []) {
    self.address = address
    self.module = module
    self.name = name
    self.types = types
  }

  /// 0x1, where the standard library lives.
  package static let standard = MoveAddress(Hash32(words: (0, 0, 0, 1)))

  package var description: String {
    let name = "\(address)::\(module)::\(name)"
    return types.isEmpty ? name : name + "<" + types.map(\.description).joined(separator: ", ") + ">"
  }
}

extension MoveType: BCSEncodable {
  package func encode(to bytes: inout BCS.Writer) {
    switch self {
    case .bool: bytes.append(UInt8(0))
    case .u8: bytes.append(UInt8(1))
    case .u64: bytes.append(UInt8(2))
    case .u128: bytes.append(UInt8(3))
    case .address: bytes.append(UInt8(4))
    case .signer: bytes.append(UInt8(5))
    case .vector(let element):
      bytes.append(UInt8(6))
      bytes.append(element)
    case .structure(let structure):
      bytes.append(UInt8(7))
      bytes.append(structure.address.bytes)
      bytes.append(structure.module)
      bytes.append(structure.name)
      bytes.append(structure.types)
    case .u16: bytes.append(UInt8(8))
    case .u32: bytes.append(UInt8(9))
    case .u256: bytes.append(UInt8(10))
    }
  }

  init(from bytes: inout BCS.Reader) throws(BCSError) { self = try MoveType.read(&bytes, depth: MoveType.deepest) }

  private static func read(_ bytes: inout BCS.Reader, depth: Int) throws(BCSError) -> MoveType {
    let offset = bytes.offset
    guard depth > 0 else { throw BCSError(.badVariant, at: offset) }
    switch try bytes.uleb128() {
    case 0: return .bool
    case 1: return .u8
    case 2: return .u64
    case 3: return .u128
    case 4: return .address
    case 5: return .signer
    case 6: return .vector(try read(&bytes, depth: depth - 1))
    case 7:
      let address = MoveAddress(try bytes.hash())
      let (module, name) = (try bytes.text(), try bytes.text())
      let types = try bytes.list { bytes throws(BCSError) in try read(&bytes, depth: depth - 1) }
      return .structure(MoveStructure(address, module, name, types))
    case 8: return .u16
    case 9: return .u32
    case 10: return .u256
    default: throw BCSError(.badVariant, at: offset)
    }
  }
}
