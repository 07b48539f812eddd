package import Codecs

/// The wire of the MBlock wallet API, v1.4.0: requests to bytes, answers to values. It has no history.
package enum MBlock {
  package static let keyHeader = "x-mblock-key"

  // MARK: Requests

  package static func balance(address: String, contract: String?) -> CustodialRequest {
    CustodialRequest("balanceOf", ["address": .string(address), "contract": given(contract)])
  }

  package static func receipt(txid: String, contract: String?) -> CustodialRequest {
    CustodialRequest("receiptByHash", ["txid": .string(txid), "contract": given(contract)])
  }

  /// Throws `custodial.bad_request` for an amount that is no number.
  package static func transfer(
    walletKey: String, to: String, amount: String, contract: String?
  ) throws(CustodialError) -> CustodialRequest {
    CustodialRequest(
      "transferByWalletKey",
      [
        "walletKey": .string(walletKey), "to": .string(to), "amount": .string(try PlainAmount.text(amount)),
        "contract": given(contract),
      ])
  }

  package static func newWallet() -> CustodialRequest { CustodialRequest("requestWallet", [:]) }

  /// The old key is void at once: when the answer is lost, nobody can move the funds. Sent only on an intent of two
  /// people, never by a timer.
  package static func refreshWallet(walletKey: String) -> CustodialRequest {
    CustodialRequest("refreshWallet", ["walletKey": .string(walletKey)])
  }

  /// Nil reads, an empty object resets, any other replaces.
  package static func transitConfig(_ config: JSONObject?) -> CustodialRequest {
    CustodialRequest("transitConfig", ["config": config.map { JSON.object($0) }])
  }

  /// Throws as `transfer`. A nil amount is the whole balance.
  package static func transit(
    walletKey: String, to: String, amount: String?, contract: String, config: JSONObject?
  ) throws(CustodialError) -> CustodialRequest {
    var text: JSON?
    if let amount { text = .string(try PlainAmount.text(amount)) }
    var override: JSON?
    if let config, !config.members.isEmpty { override = .object(config) }
    return CustodialRequest(
      "transitByWalletKey",
      [
        "walletKey": .string(walletKey), "to": .string(to), "amount": text, "contract": given(contract),
        "config": override,
      ])
  }

  private static func given(_ text: String?) -> JSON? {
    guard let text, !text.isEmpty else { return nil }
    return .string(text)
  }

  // MARK: Answers

  /// `isAmountAbsent`: counted as zero, and worth a warning.
  package struct Balance: Hashable, Sendable {
    package let amount: String
    package let isAmountAbsent: Bool
  }

  package struct Receipt: Hashable, Sendable {
    package let from: String
    package let to: String
    package let amount: String
  }

  /// `reference`: the chain's hash of a transfer, the token of a transit.
  package struct Accepted: Hashable, Sendable {
    package let reference: String
    package let message: String?
  }

  /// The key spends funds: it is stored encrypted, and never printed.
  package struct Wallet: Sendable {
    package let address: String
    package let walletKey: String
  }

  package static func balance(status: Int, body: [UInt8]) throws(CustodialError) -> Balance {
    let fields = try success(status: status, body: body)
    guard let value = fields.object["amount"], !value.isNull else { return Balance(amount: "0", isAmountAbsent: true) }
    return Balance(amount: try fields.amount("amount"), isAmountAbsent: false)
  }

  package static func receipt(status: Int, body: [UInt8]) throws(CustodialError) -> Receipt {
    let fields = try success(status: status, body: body)
    return Receipt(from: try fields.text("from"), to: try fields.text("to"), amount: try fields.amount("amount"))
  }

  package static func transfer(status: Int, body: [UInt8]) throws(CustodialError) -> Accepted {
    let fields = try success(status: status, body: body)
    return Accepted(reference: try fields.text("txid"), message: fields.optionalText("message"))
  }

  package static func transit(status: Int, body: [UInt8]) throws(CustodialError) -> Accepted {
    let fields = try success(status: status, body: body)
    return Accepted(reference: try fields.text("token"), message: fields.optionalText("message"))
  }

  package static func newWallet(status: Int, body: [UInt8]) throws(CustodialError) -> Wallet {
    let fields = try success(status: status, body: body)
    return Wallet(address: try fields.text("address"), walletKey: try fields.text("walletKey"))
  }

  /// The new wallet key.
  package static func refreshedKey(status: Int, body: [UInt8]) throws(CustodialError) -> String {
    try success(status: status, body: body).text("walletKey")
  }

  package static func transitConfig(status: Int, body: [UInt8]) throws(CustodialError) -> JSONObject {
    guard let config = try success(status: status, body: body).object["config"]?.object else {
      throw CustodialError(.malformedResponse, "the answer has no object 'config'")
    }
    return config
  }

  /// Success only when `result` is there and not false. Throws `custodial.upstream_rejected`, and as `answer`.
  private static func success(status: Int, body: [UInt8]) throws(CustodialError) -> CustodialFields {
    let object = try answer(status: status, body: body)
    guard object["result"]?.bool == true else {
      let said = object["message"]?.string ?? "Unknown error"
      throw CustodialError(.upstreamRejected, "MBlock API error: \(said)", upstreamMessage: said)
    }
    return CustodialFields(object: object)
  }
}
