import Chains
import Codecs
import Money
import Signing

/// Words that the files of offline signing share.
enum OfflineJSON {
  /// A transaction of a few thousand payees; nobody needs more.
  static let mostBytes = 4 << 20

  /// Throws `signing.bad_bundle`.
  static func parse(_ bytes: [UInt8], schema: String, most: Int = mostBytes) throws(SigningError) -> JSON {
    let json: JSON
    do { json = try JSON.parse(bytes, limits: JSON.Limits(bytes: most, depth: 8)) } catch {
      throw SigningError(.badBundle, "a file for offline signing is no JSON: \(error.message)")
    }
    guard json["schema"]?.string == schema else {
      throw SigningError(.badBundle, "the file is not of schema \(schema)")
    }
    return json
  }

  static func uint64(_ json: JSON?, _ name: String) throws(SigningError) -> UInt64 {
    guard let text = json?.string, let value = UInt64(text) else { throw bad(name) }
    return value
  }

  static func int64(_ json: JSON?, _ name: String) throws(SigningError) -> Int64 {
    guard let text = json?.string, let value = Int64(text) else { throw bad(name) }
    return value
  }

  static func bytes(_ json: JSON?, _ name: String) throws(SigningError) -> [UInt8] {
    guard let text = json?.string, let value = Hex.bytes(text) else { throw bad(name) }
    return value
  }

  static func address(_ json: JSON?, _ codec: any TransactionCodec) throws(SigningError) -> Address {
    guard let text = json?.string, let address = try? codec.address(text) else { throw bad("account") }
    return address
  }

  /// Members in this order; a key written twice in code would be a mistake in it.
  static func object(_ members: [(key: String, value: JSON)]) -> JSON {
    var object = JSONObject()
    for member in members { precondition(object.append(member.key, member.value), "the key \(member.key) twice") }
    return .object(object)
  }

  static func fee(_ fee: FeeTerms) -> JSON {
    let most = (try? fee.most)?.description ?? "more than 2^256"
    return object([
      ("limit", .string(String(fee.limit))), ("price", .string(fee.price.description)),
      ("tip", .string(fee.tip.description)), ("most", .string(most)),
    ])
  }

  static func total(_ payees: [Payee]) -> String {
    var total = UInt256.zero
    for payee in payees {
      guard let sum = try? total.adding(payee.units) else { return "more than 2^256" }
      total = sum
    }
    return total.description
  }

  /// Slots are padded, so that names sort as slots do.
  static func fileName(
    _ prefix: String, _ account: Address, _ slot: UInt64, _ content: TransactionRequest, _ signingHash: Hash32
  ) -> String {
    let digits = String(slot)
    let padded = String(repeating: "0", count: max(0, 20 - digits.utf8.count)) + digits
    let kind = content.purpose.kind.rawValue
    return "\(prefix)-\(Hex.text(account.bytes))-\(padded)-\(kind)-\(Hex.text(signingHash.bytes.prefix(4))).json"
  }

  private static func bad(_ name: String) -> SigningError {
    SigningError(.badBundle, "the field \(name) of a file for offline signing is missing or wrong")
  }
}
