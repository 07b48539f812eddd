import Codecs
import Money
import OpenSSL
import TestSupport

extension VectorTests {
  static func supraAddresses(_ file: inout VectorFile) {
    file.each("cases") { node, check in
      _ = try node("id").note()
      let long = try node("long").text()
      let address = try MoveAddress(parsing: long)
      check.equal(address.bytes.bytes, try node("bytes").bytes(), "bytes")
      check.equal(address.long, long, "long")
      check.equal(address.description, try node("display").text(), "display")
      check.equal(try MoveAddress(parsing: address.description), address, "the display read again")
      check.equal(try MoveAddress(shortened: address.description), address, "the display of a node")
    }
    file.each("invalid") { node, check in
      _ = try node("reason").note()
      let text = try node("text").text()
      check.refused(by: MoveError.self, text, accepts: { $0.code == .badAddress }) {
        _ = try MoveAddress(parsing: text)
      }
    }
  }

  static func supraKeys(_ file: inout VectorFile) {
    file.each("cases") { node, check in
      let seed = try node("seed").bytes()
      check.equal(try SHA256.hash(Array(try node("label").text().utf8)).bytes, seed, "seed")
      let key = try signingKey(seed)
      check.equal(key.publicKey, try node("publicKey").bytes(), "public key")
      let address = MoveAddress(ed25519: key.publicKey)
      check.equal(address.bytes.bytes, try node("authKey").bytes(), "authKey")
      check.equal(address.long, try node("address").text(), "address")
    }
  }

  static func signingKey(_ seed: [UInt8]) throws -> Ed25519.PrivateKey {
    var bytes = seed
    return try Ed25519.PrivateKey(seed: try SecretBytes(wiping: &bytes))
  }

  // MARK: BCS

  static func supraBCS(_ file: inout VectorFile) {
    file.each("cases") { node, check in
      let (type, bytes) = (try node("type").text(), try node("bcs").bytes())
      let value = try node("value")
      guard type != "uleb128" else {
        guard let number = Int(try value.text()) else { throw VectorFailure("no count") }
        var writer = BCS.Writer()
        writer.append(length: number)
        check.equal(writer.bytes, bytes, "bcs")
        var reader = BCS.Reader(bytes)
        check.equal(try reader.uleb128(), UInt64(number), "read again")
        try reader.finish()
        return
      }
      let made = try moveValue(type, value.whole())
      check.equal(try made.bcs, bytes, "bcs")
      check.equal(try read(type, bytes), made, "read again")
    }
    file.each("invalid") { node, check in
      let reason = try node("reason").note()
      let (type, bytes) = (try node("type").text(), try node("bytes").bytes())
      check.refused(by: BCSError.self, reason) {
        if type == "uleb128" {
          var reader = BCS.Reader(bytes)
          _ = try reader.uleb128()
        } else {
          _ = try read(type, bytes)
        }
      }
    }
  }

  /// A value of the vectors, as their files write it.
  static func moveValue(_ type: String, _ json: JSON) throws -> MoveValue {
    if type == "bytes" { return .bytes(Hex.bytes(json.string ?? "") ?? []) }
    if type == "string" { return .string(json.string ?? "") }
    if type.hasPrefix("option<") {
      return .option(json.isNull ? nil : try moveValue(String(type.dropFirst(7).dropLast()), json))
    }
    return try MoveValue(json, as: try MoveType(parsing: type))
  }

  private static func read(_ type: String, _ bytes: [UInt8]) throws -> MoveValue {
    var reader = BCS.Reader(bytes)
    let value: MoveValue
    switch type {
    case "bool": value = .bool(try reader.bool())
    case "u8": value = .u8(try reader.uint8())
    case "u16": value = .u16(try reader.uint16())
    case "u32": value = .u32(try reader.uint32())
    case "u64": value = .u64(try reader.uint64())
    case "u128": value = .u128(try reader.uint128())
    case "u256": value = .u256(try reader.uint256())
    case "bytes": value = .bytes(try reader.byteString())
    case "string": value = .string(try reader.text())
    case "vector<u64>": value = .vector(try reader.list { reader throws(BCSError) in .u64(try reader.uint64()) })
    case "option<u64>": value = .option(try reader.option { reader throws(BCSError) in .u64(try reader.uint64()) })
    default: throw VectorFailure("\(type) is not known")
    }
    try reader.finish()
    return value
  }

  // MARK: Transactions

  static func supraTransactions(_ file: inout VectorFile) {
    file.eachMember("salts") { name, node, check in
      let salt = try node.text()
      check.equal(salt, "\(name.uppercased())::RawTransaction", "salt")
    }
    file.each("cases") { node, check in
      _ = try node("id").note()
      let key = try signingKey(try node("seed").bytes())
      let network = try node("network").text()
      let isSupra = network == "supra"
      guard isSupra || network == "aptos" else { throw VectorFailure("no network is called \(network)") }
      let transaction = try transaction(node)
      let raw = try node("rawTransaction").bytes()
      check.equal(transaction.bcs, raw, "rawTransaction")
      check.equal(try SupraTransaction(bcs: raw), transaction, "read again")
      check.equal(MoveAddress(ed25519: key.publicKey), transaction.sender, "sender")
      let domain = isSupra ? SupraTransaction.domain : Keccak.sha3(Array("APTOS::RawTransaction".utf8))
      check.equal(domain.bytes, try node("signingPrefix").bytes(), "signingPrefix")
      let message = isSupra ? transaction.signingMessage : domain.bytes + transaction.bcs
      check.equal(message, try node("signingMessage").bytes(), "signingMessage")
      let signature = try key.sign(message)
      check.equal(signature, try node("signature").bytes(), "signature")
      let signed = SupraSignedTransaction(transaction, publicKey: key.publicKey, signature: signature)
      check.equal(signed.bcs, try node("signedTransaction").bytes(), "signedTransaction")
      check.refused(by: MoveError.self, "a byte less", accepts: { $0.code == .badTransaction }) {
        _ = try SupraTransaction(bcs: Array(raw.dropLast()))
      }
      check.refused(by: MoveError.self, "a byte more", accepts: { $0.code == .badTransaction }) {
        _ = try SupraTransaction(bcs: raw + [0])
      }
    }
  }

  private static func transaction(_ node: VectorNode) throws -> SupraTransaction {
    func number(_ key: String) throws -> UInt64 {
      guard let number = UInt64(try node(key).text()) else { throw VectorFailure("\(key) is no number") }
      return number
    }
    let call = MoveCall(
      "\(try node("module").text())::\(try node("function").text())",
      types: try node("typeArguments").list().map { try $0.text() },
      try node("arguments").list().map { try moveValue(try $0("type").text(), try $0("value").whole()) })
    return SupraTransaction(
      sender: try MoveAddress(parsing: try node("sender").text()), sequenceNumber: try number("sequenceNumber"),
      entry: try MoveEntry(call), maxGasAmount: try number("maxGasAmount"), gasUnitPrice: try number("gasUnitPrice"),
      expiration: try number("expirationTimestampSecs"), chainID: UInt8(truncatingIfNeeded: try node("chainId").count())
    )
  }
}
