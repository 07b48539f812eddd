import Codecs
import Money
import TestSupport

extension VectorTests {
  static func transactions(_ file: inout VectorFile) {
    file.each("cases") { node, check in try signed(node, check) }
  }

  static func transactionsInvalid(_ file: inout VectorFile) {
    file.one("valid") { node, check in
      // The sound transaction from which the broken ones were made carries no id.
      check.holds(node.optional("id")?.isNull() ?? true, "id")
      try signed(node, check)
    }
    file.each("cases") { node, check in
      let raw = try node("raw").bytes()
      check.refused(by: TransactionError.self, try node("reason").note()) {
        _ = try EVMSignedTransaction(decoding: raw)
      }
    }
  }

  static func erc20(_ file: inout VectorFile) {
    file.each("cases") { node, check in
      try signed(node, check)
      let arguments = try node("args")
      let amount = try arguments("amount").number()
      let to = try arguments("to").address()
      let calldata = try node("calldata").bytes()
      let function = try node("function").text()
      switch function {
      case "transfer(address,uint256)": check.equal(ERC20.transfer(to: to, amount), calldata, "calldata")
      case "approve(address,uint256)": check.equal(ERC20.approve(to, amount), calldata, "calldata")
      case "transferFrom(address,address,uint256)":
        let from = try arguments("from").address()
        check.equal(ERC20.transferFrom(from, to: to, amount), calldata, "calldata")
      default: throw VectorFailure("no check for the function \(function)")
      }
      check.equal(Array(calldata.prefix(4)), ABI.selector(function), "selector")
      check.equal(try node("tx")("data").bytes(), calldata, "data of the transaction")
    }
  }

  /// Hash to sign, assembly with the given signature, and reading both forms back.
  private static func signed(_ node: VectorNode, _ check: VectorChecks) throws {
    let transaction = try transaction(try node("tx"))
    check.equal(transaction.signingHash.bytes, try node("signingHash").bytes(), "signingHash")
    var scratch: [UInt8] = [1, 2, 3]
    check.equal(transaction.signingHash(scratch: &scratch), transaction.signingHash, "signingHash(scratch:)")
    check.equal(
      try EVMTransaction(decodingUnsigned: transaction.unsignedBytes), transaction, "unsigned bytes read back")

    let v = try node("v").number()
    let parity: UInt256
    if case .legacy = transaction.fees {
      parity = try v.subtracting(UInt256(transaction.chainID * 2 + 35))
    } else {
      parity = v
    }
    guard let yParity = parity.uint64.flatMap({ UInt8(exactly: $0) }) else { throw VectorFailure("v is too large") }
    let signature = try EVMSignature(r: node("r").word(), s: node("s").word(), yParity: yParity)
    let signed = EVMSignedTransaction(transaction, signature: signature)
    let raw = try node("raw").bytes()
    check.equal(UInt256(signed.v), v, "v")
    check.equal(signed.raw, raw, "raw")
    check.equal(signed.hash.bytes, try node("hash").bytes(), "hash")
    check.equal(try EVMSignedTransaction(decoding: raw), signed, "raw read back")
  }

  /// The fields as eth-account writes them; `to` "" deploys.
  private static func transaction(_ tx: VectorNode) throws -> EVMTransaction {
    let to = try tx("to").text()
    return try EVMTransaction(
      chainID: tx("chainId").uint64(), nonce: tx("nonce").uint64(), gasLimit: tx("gas").uint64(),
      to: to.isEmpty ? nil : tx("to").address(), value: tx("value").number(), data: tx("data").bytes(),
      fees: try fees(tx))
  }

  private static func fees(_ tx: VectorNode) throws -> EVMTransaction.Fees {
    let list = try tx.optional("accessList")?.list().map { entry in
      EVMAccess(
        address: try entry("address").address(), storageKeys: try entry("storageKeys").list().map { try $0.hash() })
    }
    switch try tx.optional("type")?.text() {
    case nil where list == nil: return .legacy(gasPrice: try tx("gasPrice").number())
    case "1": return .accessList(gasPrice: try tx("gasPrice").number(), list ?? [])
    case "2":
      return .dynamic(
        maxFeePerGas: try tx("maxFeePerGas").number(), maxPriorityFeePerGas: try tx("maxPriorityFeePerGas").number(),
        list ?? [])
    case let other: throw VectorFailure("no check for the type \(other ?? "none with an access list")")
    }
  }
}

extension VectorNode {
  fileprivate func uint64() throws -> UInt64 {
    guard let value = try number().uint64 else { throw VectorFailure("\(path) is above 64 bits") }
    return value
  }

  /// A number as 32 or fewer bytes of hex.
  fileprivate func word() throws -> UInt256 {
    guard let value = UInt256(bigEndian: try bytes()) else { throw VectorFailure("\(path) is above 256 bits") }
    return value
  }
}
