import Codecs
import Money
import TestSupport

extension VectorTests {
  static func eip55(_ file: inout VectorFile) {
    file.each("cases") { node, check in
      let bytes = try node("bytes").bytes()
      let checksummed = try node("checksummed").text()
      guard let address = EVMAddress(bytes) else { throw VectorFailure("bytes is no address") }
      check.equal(EIP55.text(address), checksummed, "checksummed")
      let parsed = try EIP55.parse(checksummed)
      check.holds(parsed.address == address && parsed.checksum == .verified, "checksummed is not verified")
      for form in ["lower", "upper"] {
        let text = try node(form).text()
        let read = try EIP55.parse(text)
        check.equal(read.address, address, form)
        check.equal(read.checksum, text == checksummed ? .verified : .absent, "checksum of \(form)")
      }
    }
    file.each("invalid") { node, check in
      let text = try node("text").text()
      check.refused(by: EIP55Error.self, try node("reason").note()) { _ = try EIP55.parse(text) }
    }
  }

  static func rlp(_ file: inout VectorFile) {
    file.each("cases") { node, check in
      let item = try node("value").rlpItem()
      let encoded = try node("encoded").bytes()
      check.equal(RLP.encode(item), encoded, "encoded")
      check.equal(try RLP.decode(encoded), item, "decoded")
    }
    file.each("integers") { node, check in
      let value = try node("value").number()
      let encoded = try node("encoded").bytes()
      check.equal(RLP.encode(.integer(value)), encoded, "encoded")
      if let small = value.uint64 { check.equal(RLP.encode(.integer(small)), encoded, "encoded from 64 bits") }
      check.equal(try RLP.decode(encoded).uint256(), value, "decoded")
    }
    file.each("invalid") { node, check in
      let input = try node("input").bytes()
      check.refused(by: RLPError.self, try node("reason").note()) { _ = try RLP.decode(input) }
    }
  }

  static func abi(_ file: inout VectorFile) {
    file.each("cases") { node, check in
      let types = try node("types").list().map { try ABIType($0.text()) }
      let values = try zip(node("values").list(), types).map { try $0.abiValue($1) }
      let encoded = try node("encoded").bytes()
      check.equal(try ABI.encode(values, as: types), encoded, "encoded")
      check.equal(try ABI.decode(encoded, as: types), values, "decoded")
      for (type, text) in zip(types, try node("types").list()) {
        check.equal(type.description, try text.text(), "type")
      }
    }
    file.eachMember("selectors") { signature, node, check in
      check.equal(ABI.selector(signature), try node.bytes(), "selector")
    }
    file.eachMember("eventTopics") { signature, node, check in
      check.equal(ABI.topic(signature).bytes, try node.bytes(), "topic")
    }
    file.eachMember("errors") { signature, node, check in
      check.equal(ABI.selector(signature), try node.bytes(), "selector")
    }
  }

  static func contractAddress(_ file: inout VectorFile) {
    file.each("cases") { node, check in
      let deployer = try node("deployer").address()
      guard let nonce = try node("nonce").number().uint64 else { throw VectorFailure("the nonce is too large") }
      check.equal(
        ContractAddress.create(deployer: deployer, nonce: nonce), try node("create").address(), "create")
      let create2 = ContractAddress.create2(
        deployer: deployer, salt: try node("salt").hash(), initCode: try node("initCode").bytes())
      check.equal(create2, try node("create2").address(), "create2")
    }
  }
}

extension VectorNode {
  /// Decimal text.
  func number() throws -> UInt256 { try UInt256(decimal: text()) }

  /// Checksummed text; lower-case text is accepted too.
  func address() throws -> EVMAddress { try EIP55.parse(text()).address }

  func hash() throws -> Hash32 {
    guard let hash = Hash32(try bytes()) else { throw VectorFailure("\(path) is not 32 bytes") }
    return hash
  }

  func rlpItem() throws -> RLP.Item { isList ? .list(try list().map { try $0.rlpItem() }) : .bytes(try bytes()) }

  func abiValue(_ type: ABIType) throws -> ABIValue {
    switch type {
    case .uint: .uint(try number())
    case .int: .int(try ABIInteger(decimal: text()))
    case .address: .address(try address())
    case .bool: .bool(try bool())
    case .fixedBytes, .bytes: .bytes(try bytes())
    case .string: .string(try text())
    case .array(let element), .fixedArray(let element, _): .list(try list().map { try $0.abiValue(element) })
    case .tuple(let members): .list(try zip(list(), members).map { try $0.abiValue($1) })
    }
  }
}
