package import Chains
package import Codecs
import Money
package import Signing

/// One request to a signer that sits elsewhere, with everything a person needs to judge it.
///
/// As a file (schema `almoner-unsigned/1`) it shows chain, account, slot, fence, kind, payees or what else is done, and
/// fee, beside the unsigned bytes. Whatever is shown is computed from the bytes again when the file is read: a file that
/// shows anything else than its bytes would do is refused.
package struct UnsignedRequest: Hashable, Sendable {
  package static let schema = "almoner-unsigned/1"

  package let chain: ChainID
  package let request: SigningRequest
  /// What the bytes would do.
  package let content: TransactionRequest
  package let signingHash: Hash32

  /// Takes bytes apart. Throws `signing.wrong_content` when they are not what the codec makes, or not for this slot.
  package init(_ request: SigningRequest, codec: any TransactionCodec) throws(SigningError) {
    let again: UnsignedTransaction
    do {
      content = try codec.inspect(request.unsigned, account: request.account)
      again = try codec.prepare(content)
    } catch {
      throw SigningError(
        .wrongContent, "the unsigned bytes of slot \(request.slot) cannot be read: \(error.message)")
    }
    guard again.bytes == request.unsigned, content.slot == request.slot, content.account == request.account else {
      throw SigningError(.wrongContent, "the unsigned bytes are not those of slot \(request.slot)")
    }
    chain = codec.chain
    self.request = request
    signingHash = again.signingHash
  }

  /// Reads a file. Throws `signing.bad_bundle` for another shape or chain, and `signing.wrong_content` when it shows
  /// something else than its bytes would do.
  package init(parsing bytes: [UInt8], codec: any TransactionCodec) throws(SigningError) {
    let json = try OfflineJSON.parse(bytes, schema: UnsignedRequest.schema)
    let account = try OfflineJSON.address(json["account"], codec)
    let request = SigningRequest(
      account: account, fence: try OfflineJSON.int64(json["fence"], "fence"),
      slot: try OfflineJSON.uint64(json["slot"], "slot"), unsigned: try OfflineJSON.bytes(json["unsigned"], "unsigned"))
    guard json["chain"]?.string == codec.chain.description else {
      throw SigningError(.badBundle, "the request is for another chain than \(codec.chain)")
    }
    try self.init(request, codec: codec)
    guard json == self.json(codec) else {
      throw SigningError(
        .wrongContent, "the request for slot \(request.slot) shows something else than its bytes would do",
        hint: "do not sign it; make the bundle again and find out who changed it")
    }
  }

  /// `unsigned-<account>-<slot>-<kind>-<first 8 digits of the signing hash>.json`: sorted by account and slot.
  package var fileName: String { OfflineJSON.fileName("unsigned", request.account, request.slot, content, signingHash) }

  /// The file's content. Numbers are decimal text, in smallest units; addresses as a person writes them.
  package func json(_ codec: any TransactionCodec) -> JSON {
    var members: [(key: String, value: JSON)] = [
      ("schema", .string(UnsignedRequest.schema)), ("chain", .string(chain.description)),
      ("account", .string(codec.text(request.account))), ("slot", .string(String(request.slot))),
      ("fence", .string(String(request.fence))), ("kind", .string(content.purpose.kind.rawValue)),
    ]
    members += purpose(codec)
    members.append(("fee", OfflineJSON.fee(content.fee)))
    members.append(("unsigned", .string(Hex.prefixed(request.unsigned))))
    members.append(("signingHash", .string(signingHash.description)))
    return OfflineJSON.object(members)
  }

  private func purpose(_ codec: any TransactionCodec) -> [(key: String, value: JSON)] {
    switch content.purpose {
    case .pay(let asset, let payees):
      let rows = payees.map { payee in
        OfflineJSON.object([
          ("address", .string(codec.text(payee.address))), ("units", .string(payee.units.description)),
        ])
      }
      return [
        ("asset", .string(asset.description)), ("total", .string(OfflineJSON.total(payees))), ("payees", .array(rows)),
      ]
    case .void:
      return []
    case .allowance(let asset, let spender, let units):
      return [
        ("asset", .string(asset.description)), ("spender", .string(codec.text(spender))),
        ("units", .string(units.description)),
      ]
    case .deploy(let code):
      return [("codeHash", .string(Keccak.hash256(code).description)), ("codeBytes", .string(String(code.count)))]
    }
  }
}
