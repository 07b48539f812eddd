import Money

extension MoveValue {
  /// Reads one value of a view's answer by its declared type.
  ///
  /// Takes every form that nodes and tools write: numbers as text, as numbers or tagged (`{"U64":"1"}`); bytes as hex or
  /// as a list of numbers; options as `{"vec":[]}`, `[]` or null. Throws `move.bad_answer`.
  package init(_ json: JSON, as type: MoveType) throws(MoveError) {
    switch type {
    case .bool: self = .bool(try MoveValue.boolean(json))
    case .u8, .u16, .u32, .u64, .u128, .u256:
      guard let text = MoveAnswer.digits(json), let value = try? MoveValue.scalar(text, type) else {
        throw MoveValue.bad(type)
      }
      self = value
    case .address, .signer:
      guard let text = MoveAnswer.untagged(json).string, let address = try? MoveAddress(shortened: text) else {
        throw MoveValue.bad(type)
      }
      self = .address(address)
    case .vector(.u8): self = .bytes(try MoveValue.bytes(json))
    case .vector(let element):
      guard let values = MoveAnswer.untagged(json).array else { throw MoveValue.bad(type) }
      var read: [MoveValue] = []
      for value in values { read.append(try MoveValue(value, as: element)) }
      self = .vector(read)
    case .structure(let structure):
      self = try MoveValue.structure(json, structure)
    }
  }

  private static func structure(_ json: JSON, _ type: MoveStructure) throws(MoveError) -> MoveValue {
    if MoveType.structure(type) == .string {
      guard let text = MoveAnswer.untagged(json).string else { throw bad(.string) }
      return .string(text)
    }
    if type.address == MoveStructure.standard, type.module == "option", type.name == "Option",
      let inner = type.types.first
    {
      guard let value = try MoveAnswer.option(json) else { return .option(nil) }
      return .option(try MoveValue(value, as: inner))
    }
    guard let object = MoveAnswer.plain(json).object else { throw bad(.structure(type)) }
    return .structure(object)
  }

  private static func boolean(_ json: JSON) throws(MoveError) -> Bool {
    switch MoveAnswer.untagged(json) {
    case .bool(let value): return value
    case .string("true"): return true
    case .string("false"): return false
    default: throw bad(.bool)
    }
  }

  private static func bytes(_ json: JSON) throws(MoveError) -> [UInt8] {
    let json = MoveAnswer.untagged(json)
    if let text = json.string {
      guard text.hasPrefix("0x"), let bytes = Hex.bytes(text) else { throw bad(.vector(.u8)) }
      return bytes
    }
    guard let list = json.array else { throw bad(.vector(.u8)) }
    var bytes: [UInt8] = []
    for element in list {
      guard let byte = MoveAnswer.digits(element).flatMap({ UInt8($0) }) else { throw bad(.vector(.u8)) }
      bytes.append(byte)
    }
    return bytes
  }

  private static func bad(_ type: MoveType) -> MoveError { MoveError(.badAnswer, "the node's answer is no \(type)") }
}

/// Views' answers in all the forms that nodes and tools write, brought to one.
///
/// Source: specification of the operator tools, 0.3 and 5.3.
package enum MoveAnswer {
  /// The words that tag a value: `{"U64":"1"}` of some nodes, `{"u64":"1"}` of the command-line tool.
  private static let tags: Set<String> = [
    "bool", "u8", "u16", "u32", "u64", "u128", "u256", "address", "string", "vector", "hex", "bytes",
  ]

  /// Without its tag, if it has one.
  package static func untagged(_ json: JSON) -> JSON {
    guard let object = json.object, object.members.count == 1, let member = object.members.first,
      tags.contains(member.key.lowercased())
    else { return json }
    return member.value
  }

  /// Values as the report writes them: tags gone, options as `[]` or `[x]`, structs as objects.
  package static func plain(_ json: JSON) -> JSON {
    switch untagged(json) {
    case .array(let elements): return .array(elements.map(plain))
    case .object(let object):
      if let fields = fields(object) { return fields }
      if let inside = vec(object) { return .array(inside.map(plain)) }
      var out = JSONObject()
      for member in object.members { _ = out.append(member.key, plain(member.value)) }
      return .object(out)
    case let scalar: return scalar
    }
  }

  /// What an option holds: `{"vec":[x]}`, `[x]`, x itself; nil for `{"vec":[]}`, `[]` and null. Throws
  /// `move.bad_answer` for more than one value.
  package static func option(_ json: JSON) throws(MoveError) -> JSON? {
    if json.isNull { return nil }
    guard let inside = json.object.flatMap(vec) ?? json.array else { return json }
    guard inside.count < 2 else { throw MoveError(.badAnswer, "an option holds \(inside.count) values") }
    return inside.first
  }

  /// The decimal digits of a whole number, however it is written; nil for anything else.
  package static func digits(_ json: JSON) -> String? {
    let json = untagged(json)
    guard let text = json.string ?? json.number, !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) })
    else { return nil }
    return text
  }

  /// `{"struct":{"type":"0x1::m::S","fields":[{"name":"a","value":..}]}}` of the command-line tool.
  private static func fields(_ object: JSONObject) -> JSON? {
    guard object.members.count == 1, let fields = object["struct"]?["fields"]?.array else { return nil }
    var out = JSONObject()
    for field in fields {
      guard let name = field["name"]?.string, let value = field["value"] else { return nil }
      _ = out.append(name, plain(value))
    }
    return .object(out)
  }

  private static func vec(_ object: JSONObject) -> [JSON]? {
    object.members.count == 1 ? object["vec"]?.array : nil
  }
}
