import Codecs
import Lottery
import Money
import OpenSSL
import TestSupport

/// Bytes of transactions, summaries and deposit snapshots, made independently.
extension LotteryVectorTests {
  static func encodings(_ file: inout VectorFile) {
    file.optionalNote("about")
    file.eachMember("prefix") { domain, node, check in
      check.equal(Keccak.sha3(Array(domain.utf8)).bytes, try node.bytes(), domain)
    }
    file.each("uleb128") { node, check in
      var writer = BCS.Writer()
      writer.append(length: try node("value").count())
      check.equal(writer.bytes, try node("bytes").bytes(), "bytes")
    }
    file.each("arguments") { node, check in
      let value = try MoveValue(parsing: try node("arg").text())
      check.equal(try value.bcs, try node("bcs").bytes(), "bcs")
    }
    file.each("transactions", transaction)
    file.each("lottery_summary") { node, check in
      let bytes = try node("bcs").bytes()
      let summary = try LotterySummary(bcs: bytes, schema: .v1)
      check.equal(ViewDocument().json(summary), try node("summary").whole(), "summary")
      check.equal(Keccak.sha3(bytes).bytes, try node("sha3_256").bytes(), "hash")
      check.equal(bytes.count, try node("size").count(), "size")
    }
    file.each("vrf_snapshot_hash") { node, check in
      var writer = BCS.Writer()
      for key in ["total", "minimum", "effective", "timestamp"] { writer.append(try node(key).uint64()) }
      check.equal(writer.bytes, try node("bcs").bytes(), "bcs")
      check.equal(Keccak.sha3(writer.bytes).bytes, try node("snapshot_hash").bytes(), "hash")
    }
  }

  private static func transaction(_ node: VectorNode, _ check: VectorChecks) throws {
    let input = try node("input")
    var seed = try input("private_seed_hex").bytes()
    let key = try Ed25519.PrivateKey(seed: try SecretBytes(wiping: &seed))
    check.equal(key.publicKey, try node("public_key").bytes(), "public key")
    let arguments = try input("args").list().map { try MoveValue(parsing: try $0.text()) }
    let entry = try MoveEntry(MoveCall(try input("function").text(), arguments))
    check.equal(entry.arguments, try node("encoded_args").list().map { try $0.bytes() }, "arguments")
    func number(_ key: String) throws -> UInt64 {
      guard let number = try input(key).whole().uint64 else { throw VectorFailure("\(key) is no number") }
      return number
    }
    let transaction = SupraTransaction(
      sender: MoveAddress(ed25519: key.publicKey), sequenceNumber: try number("sequence_number"), entry: entry,
      maxGasAmount: try number("max_gas_amount"), gasUnitPrice: try number("gas_unit_price"),
      expiration: try number("expiration_timestamp_secs"), chainID: UInt8(try number("chain_id")))
    check.equal(transaction.sender.long, try node("sender").text(), "sender")
    check.equal(transaction.bcs, try node("raw_transaction_bcs").bytes(), "raw transaction")
    check.equal(transaction.signingMessage, try node("signing_message").bytes(), "signing message")
    let signature = try key.sign(transaction.signingMessage)
    check.equal(signature, try node("signature").bytes(), "signature")
    let signed = SupraSignedTransaction(transaction, publicKey: key.publicKey, signature: signature)
    check.equal(signed.bcs, try node("signed_transaction_bcs").bytes(), "signed transaction")
    check.equal(signed.submitBody, try node("submit_body_bcs").bytes(), "submission in bytes")
    check.equal(signed.submitJSON, try node("submit_body_json").whole(), "submission in JSON")
  }
}
