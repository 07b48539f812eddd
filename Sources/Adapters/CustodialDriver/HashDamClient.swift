import Money
package import Payouts
import Transport

/// The pool as the desk uses it.
package struct HashDamClient: Sendable {
  /// The pool keeps a history of withdrawals, and documents four refusals that come before anything else.
  package static let rules = CustodialRules(harmlessRefusals: CustodialRules.documented, hasHistory: true)
  /// Pages of one history that are read; more is an error, not an end.
  private static let mostPages = 1000

  private let client: CustodialClient

  package init(_ client: CustodialClient) { self.client = client }

  /// Throws as `CustodialClient.send` and `HashDam.balance`.
  package func balance() throws(CustodialError) -> HashDam.Balance {
    let response = try client.send(HashDam.request(.hashBalance))
    return try HashDam.balance(status: response.status, body: response.body)
  }

  /// One request. The caller has written its permit down, and writes down what came of it.
  package func withdraw(coin: String, amount: String) -> CustodialOutcome<HashDam.Withdrawal> {
    CustodialOutcome { () throws(CustodialError) in
      let response = try client.send(try HashDam.withdrawal(coin: coin, amount: amount))
      return try HashDam.withdrawal(status: response.status, body: response.body)
    }
  }

  /// The one row of an id, or none.
  package func rows(id: String) throws(CustodialError) -> [ProviderRow] {
    try withdrawals(coin: nil, id: id, from: nil).filter { $0.id == id }.map(\.row)
  }

  /// Rows of a coin and an amount since a day, `YYYY-MM-DD`, without those that are claimed: an amount is the same in any
  /// spelling.
  package func rows(
    coin: String, amount: String, from day: String, claimed: Set<String>
  ) throws(CustodialError) -> [ProviderRow] {
    let wanted = try HashDamClient.units(amount)
    var found: [ProviderRow] = []
    for row in try withdrawals(coin: coin, id: nil, from: day) where row.coin == coin && !claimed.contains(row.id) {
      if try HashDamClient.units(row.amount) == wanted { found.append(row.row) }
    }
    return found
  }

  private func withdrawals(coin: String?, id: String?, from day: String?) throws(CustodialError) -> [HashDam
    .WithdrawalRow]
  {
    var rows: [HashDam.WithdrawalRow] = []
    for page in 1...HashDamClient.mostPages {
      let response = try client.send(
        HashDam.history(
          .assetWithdrawHistory, page: page, limit: 1000, coin: coin, startDate: day, endDate: nil, id: id))
      let found = try HashDam.withdrawals(status: response.status, body: response.body)
      rows += found.rows
      if !found.hasNext { return rows }
    }
    throw CustodialError(.malformedResponse, "the history has more than \(HashDamClient.mostPages) pages")
  }

  private static func units(_ amount: String) throws(CustodialError) -> UInt256 {
    do {
      return try DecimalText.units(Array(try PlainAmount.text(amount).utf8), decimals: 18)
    } catch let error as CustodialError {
      throw error
    } catch {
      throw CustodialError(.malformedResponse, "an amount of the history has more than 18 decimals")
    }
  }
}

extension HashDam.WithdrawalRow {
  /// As the machine of a call reads it: a status that nobody documents is pending.
  package var row: ProviderRow {
    switch status {
    case .completed: ProviderRow(id: id, status: .completed)
    case .canceled, .failed: ProviderRow(id: id, status: .canceled)
    case .other: ProviderRow(id: id, status: .pending)
    }
  }
}
