package import Codecs
package import Payouts
import Transport

/// The wallet provider as the desk uses it.
package struct MBlockClient: Sendable {
  /// It keeps no history: what is unknown, the chain or two people settle.
  package static let rules = CustodialRules(harmlessRefusals: CustodialRules.documented, hasHistory: false)

  private let client: CustodialClient

  package init(_ client: CustodialClient) { self.client = client }

  /// Throws as `CustodialClient.send` and `MBlock.balance`.
  package func balance(address: String, contract: String?) throws(CustodialError) -> MBlock.Balance {
    let response = try client.send(MBlock.balance(address: address, contract: contract))
    return try MBlock.balance(status: response.status, body: response.body)
  }

  /// Throws as `CustodialClient.send` and `MBlock.receipt`.
  package func receipt(txid: String, contract: String?) throws(CustodialError) -> MBlock.Receipt {
    let response = try client.send(MBlock.receipt(txid: txid, contract: contract))
    return try MBlock.receipt(status: response.status, body: response.body)
  }

  /// One request, never repeated: when its answer is lost, a wallet exists whose key nobody has.
  package func newWallet() throws(CustodialError) -> MBlock.Wallet {
    let response = try client.send(MBlock.newWallet())
    return try MBlock.newWallet(status: response.status, body: response.body)
  }

  /// One request. The caller has written its permit down, and writes down what came of it.
  package func transfer(
    walletKey: String, to: String, amount: String, contract: String?
  ) -> CustodialOutcome<MBlock.Accepted> {
    CustodialOutcome { () throws(CustodialError) in
      let response = try client.send(
        try MBlock.transfer(walletKey: walletKey, to: to, amount: amount, contract: contract))
      return try MBlock.transfer(status: response.status, body: response.body)
    }
  }

  /// As `transfer`; a nil amount is the whole balance.
  package func transit(
    walletKey: String, to: String, amount: String?, contract: String, config: JSONObject?
  ) -> CustodialOutcome<MBlock.Accepted> {
    CustodialOutcome { () throws(CustodialError) in
      let response = try client.send(
        try MBlock.transit(walletKey: walletKey, to: to, amount: amount, contract: contract, config: config))
      return try MBlock.transit(status: response.status, body: response.body)
    }
  }
}
