package import Chains
package import Codecs
package import Signing

/// A signature that came back from a signer elsewhere, checked: the bytes are whole, and the account's own key made it.
///
/// As a file its schema is `almoner-signed/1`.
package struct SignedRequest: Hashable, Sendable {
  package static let schema = "almoner-signed/1"

  package let account: Address
  package let slot: UInt64
  package let unsigned: UnsignedTransaction
  /// What the bytes do.
  package let content: TransactionRequest
  package let signed: SignedTransaction

  /// Takes signed bytes apart and finds out who signed.
  ///
  /// Throws `signing.wrong_content` for bytes that the codec would not make, `signing.bad_signature` when another key
  /// than the account's made the signature.
  package init(_ bytes: [UInt8], account: Address, codec: any TransactionCodec) throws(SigningError) {
    let signature: RecoverableSignature
    do {
      (unsigned, signature) = try codec.disassemble(bytes)
      content = try codec.inspect(unsigned.bytes, account: account)
      signed = try codec.assemble(unsigned.bytes, signature)
    } catch {
      throw SigningError(.wrongContent, "the signed bytes cannot be read: \(error.message)")
    }
    guard signed.bytes == bytes else {
      throw SigningError(.wrongContent, "the signed bytes have more than one reading")
    }
    guard try KeyAccount.recover(signature, signingHash: unsigned.signingHash) == account else {
      throw SigningError(.badSignature, "the transaction was not signed by \(codec.text(account))")
    }
    self.account = account
    slot = content.slot
  }

  /// Reads a file. Throws `signing.bad_bundle` for another shape or chain, and as the other initialiser.
  package init(parsing bytes: [UInt8], codec: any TransactionCodec) throws(SigningError) {
    let json = try OfflineJSON.parse(bytes, schema: SignedRequest.schema)
    guard json["chain"]?.string == codec.chain.description else {
      throw SigningError(.badBundle, "the signed transaction is for another chain than \(codec.chain)")
    }
    try self.init(
      try OfflineJSON.bytes(json["signed"], "signed"), account: try OfflineJSON.address(json["account"], codec),
      codec: codec)
    guard json == self.json(codec) else {
      throw SigningError(.wrongContent, "the file of slot \(slot) shows something else than its bytes are")
    }
  }

  /// `signed-<account>-<slot>-<kind>-<first 8 digits of the signing hash>.json`.
  package var fileName: String { OfflineJSON.fileName("signed", account, slot, content, unsigned.signingHash) }

  /// The file's content.
  package func json(_ codec: any TransactionCodec) -> JSON {
    OfflineJSON.object([
      ("schema", .string(SignedRequest.schema)), ("chain", .string(codec.chain.description)),
      ("account", .string(codec.text(account))), ("slot", .string(String(slot))),
      ("kind", .string(content.purpose.kind.rawValue)), ("signingHash", .string(unsigned.signingHash.description)),
      ("hash", .string(signed.hash.description)), ("signed", .string(Hex.prefixed(signed.bytes))),
    ])
  }
}
