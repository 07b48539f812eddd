import Money

extension EIP712 {
  /// Hashes values of struct types; remembers the hash of each type.
  struct StructHasher {
    private let types: StructTypes
    private var typeHashes: [String: Hash32] = [:]

    init(types: StructTypes) { self.types = types }

    /// `hashStruct`: keccak256(type hash ‖ the words of all members). Throws `eip712.bad_value`, `eip712.bad_type`.
    mutating func hash(_ value: JSON, as name: String) throws(EIP712Error) -> Hash32 {
      let members = try types.members(of: name)
      guard let object = value.object, object.members.count == members.count else {
        throw EIP712Error(.badValue, "a value of \(name) has exactly \(members.count) members")
      }
      var sponge = Keccak()
      sponge.absorb(try typeHash(name))
      for member in members {
        guard let inner = object[member.name] else {
          throw EIP712Error(.badValue, "\(name).\(member.name) is missing")
        }
        sponge.absorb(try word(inner, as: member.type))
      }
      return sponge.finish()
    }

    private mutating func typeHash(_ name: String) throws(EIP712Error) -> Hash32 {
      if let known = typeHashes[name] { return known }
      let hash = Keccak.hash256(Array(try types.encoding(of: name).utf8))
      typeHashes[name] = hash
      return hash
    }

    /// `encodeData` of one value: a word.
    private mutating func word(_ value: JSON, as type: MemberType) throws(EIP712Error) -> Hash32 {
      if let count = type.dimensions.last {
        guard let elements = value.array, count == nil || count == elements.count else {
          throw EIP712Error(.badValue, "a value is not an array of the length of \(type)")
        }
        var sponge = Keccak()
        let elementType = type.element
        for element in elements { sponge.absorb(try word(element, as: elementType)) }
        return sponge.finish()
      }
      switch type.base {
      case .structure(let name): return try hash(value, as: name)
      case .elementary(let elementary): return try word(value, as: elementary)
      }
    }

    private func word(_ value: JSON, as type: ABIType) throws(EIP712Error) -> Hash32 {
      let refusal = EIP712Error(.badValue, "a value does not fit the type \(type)")
      switch type {
      case .string:
        guard let text = value.string else { throw refusal }
        return Keccak.hash256(Array(text.utf8))
      case .bytes:
        guard let bytes = hex(value) else { throw refusal }
        return Keccak.hash256(bytes)
      case .uint, .int, .address, .bool, .fixedBytes, .array, .fixedArray, .tuple:
        guard let inner = elementary(value, as: type), let bytes = try? ABI.encode([inner], as: [type]),
          let word = Hash32(bytes)
        else { throw refusal }
        return word
      }
    }

    private func elementary(_ value: JSON, as type: ABIType) -> ABIValue? {
      switch type {
      case .uint: integer(value).flatMap { $0.isNegative ? nil : .uint($0.magnitude) }
      case .int: integer(value).map { .int($0) }
      case .address: (value.string.flatMap { try? EIP55.parse($0) }).map { .address($0.address) }
      case .bool: value.bool.map { .bool($0) }
      case .fixedBytes: hex(value).map { .bytes($0) }
      case .bytes, .string, .array, .fixedArray, .tuple: nil
      }
    }

    /// A whole number as a JSON number, decimal text or `0x` hex.
    private func integer(_ value: JSON) -> ABIInteger? {
      guard let text = value.string ?? value.number else { return nil }
      if text.utf8.starts(with: "0x".utf8) {
        let digits = text.utf8.dropFirst(2)
        guard !digits.isEmpty, digits.count <= 64 else { return nil }
        let even = (digits.count.isMultiple(of: 2) ? "" : "0") + String(text.dropFirst(2))
        guard let bytes = Hex.bytes("0x" + even), let magnitude = UInt256(bigEndian: bytes) else { return nil }
        return ABIInteger(isNegative: false, magnitude: magnitude)
      }
      return try? ABIInteger(decimal: text)
    }

    /// Bytes as hex; the `0x` is required.
    private func hex(_ value: JSON) -> [UInt8]? {
      guard let text = value.string, text.utf8.starts(with: "0x".utf8) else { return nil }
      return Hex.bytes(text)
    }
  }
}
