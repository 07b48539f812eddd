extension EIP712 {
  /// The struct types of a document, by name.
  struct StructTypes {
    /// One member of a struct type.
    struct Member {
      let name: String
      let type: MemberType
    }

    private var members: [String: [Member]] = [:]

    /// Reads `types`. Throws `eip712.bad_type` for names that are no identifiers, double members, unknown types.
    init(_ json: JSON) throws(EIP712Error) {
      guard let object = json.object else { throw EIP712Error(.badDocument, "types is not an object") }
      for type in object.members {
        guard StructTypes.isIdentifier(type.key), let list = type.value.array else {
          throw EIP712Error(.badType, "a struct type is a name and a list of members")
        }
        members[type.key] = try list.map(StructTypes.member)
        guard Set(list.compactMap { $0["name"]?.string }).count == list.count else {
          throw EIP712Error(.badType, "a member comes twice in \(type.key)")
        }
      }
      for member in members.values.joined() {
        if case .structure(let name) = member.type.base, members[name] == nil {
          throw EIP712Error(.badType, "the type \(name) is not known")
        }
      }
    }

    /// The members of a struct type, in their order. Throws `eip712.bad_type` when there is no such type.
    func members(of name: String) throws(EIP712Error) -> [Member] {
      guard let found = members[name] else { throw EIP712Error(.badType, "the type \(name) is not known") }
      return found
    }

    /// `encodeType`: the struct, then all the structs it refers to, sorted by name.
    func encoding(of name: String) throws(EIP712Error) -> String {
      var found: Set<String> = [name]
      var waiting = [name]
      while let next = waiting.popLast() {
        for member in try members(of: next) {
          if case .structure(let inner) = member.type.base, found.insert(inner).inserted { waiting.append(inner) }
        }
      }
      let others = found.subtracting([name]).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      var text = ""
      for structure in [name] + others {
        let list = try members(of: structure).map { "\($0.type) \($0.name)" }
        text += "\(structure)(\(list.joined(separator: ",")))"
      }
      return text
    }

    private static func member(_ json: JSON) throws(EIP712Error) -> Member {
      guard let object = json.object, Set(object.keys) == ["name", "type"], let name = object["name"]?.string,
        let type = object["type"]?.string, isIdentifier(name)
      else { throw EIP712Error(.badType, "a member is a name and a type") }
      return Member(name: name, type: try MemberType(type))
    }

    static func isIdentifier(_ text: String) -> Bool {
      func isLetter(_ byte: UInt8) -> Bool {
        byte >= 0x61 && byte <= 0x7a || byte >= 0x41 && byte <= 0x5a || byte == 0x5f || byte == 0x24
      }
      guard let first = text.utf8.first, isLetter(first) else { return false }
      return text.utf8.allSatisfy { isLetter($0) || $0 >= 0x30 && $0 <= 0x39 }
    }
  }

  /// The type of a member: a base, and the lengths of the arrays around it from inside out (nil: any length).
  struct MemberType: CustomStringConvertible {
    enum Base {
      case elementary(ABIType)
      case structure(String)
    }

    let base: Base
    let dimensions: [Int?]

    /// Reads `uint256`, `Person`, `bytes32[2][]`. Throws `eip712.bad_type`.
    init(_ text: String) throws(EIP712Error) {
      let name = text.utf8.prefix { $0 != UInt8(ascii: "[") }
      var rest = Array(text.utf8.dropFirst(name.count))[...]
      var dimensions: [Int?] = []
      while rest.popFirst() == UInt8(ascii: "[") {
        let digits = rest.prefix { $0 >= 0x30 && $0 <= 0x39 }
        rest = rest.dropFirst(digits.count)
        let count = Int(String(decoding: digits, as: UTF8.self))
        guard rest.popFirst() == UInt8(ascii: "]"), digits.first != 0x30, digits.isEmpty == (count == nil) else {
          throw EIP712Error(.badType, "an array's length is not a number")
        }
        dimensions.append(count)
      }
      guard rest.isEmpty, dimensions.count <= 16 else { throw EIP712Error(.badType, "something follows the type") }
      self.dimensions = dimensions
      let word = String(decoding: Array(name), as: UTF8.self)
      guard StructTypes.isIdentifier(word) else { throw EIP712Error(.badType, "a type is no identifier") }
      base = (try? ABIType(word)).map(Base.elementary) ?? .structure(word)
    }

    private init(base: Base, dimensions: [Int?]) {
      self.base = base
      self.dimensions = dimensions
    }

    /// The type of the elements of the outermost array.
    var element: MemberType { MemberType(base: base, dimensions: Array(dimensions.dropLast())) }

    var description: String {
      let name =
        switch base {
        case .elementary(let type): type.description
        case .structure(let name): name
        }
      return name + dimensions.map { "[\($0.map(String.init) ?? "")]" }.joined()
    }
  }
}
