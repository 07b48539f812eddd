import Codecs

/// The wire of the HashDam pool API, v1 of 2025-08-15: requests to bytes, answers to values.
package enum HashDam {
  package static let keyHeader = "x-hashdam-key"

  // MARK: Requests

  /// Methods that take no field.
  package enum Plain: String, CaseIterable, Sendable {
    case projectInfo, hashBalance, hashRateRecently, hashRateRecentlyMega, assetBalance
  }

  /// Methods that take a day, `YYYY-MM-DD`; nil for the latest.
  package enum Daily: String, CaseIterable, Sendable { case hashRateDaily, profitDaily, profitDailyMega }

  /// Histories, with the name of the id that each can be asked for.
  package enum History: String, CaseIterable, Sendable {
    case hashCreditChargeHistory, hashPowerSwapHistory, assetWithdrawHistory

    fileprivate var idField: String {
      switch self {
      case .hashCreditChargeHistory: "chargeId"
      case .hashPowerSwapHistory: "swapId"
      case .assetWithdrawHistory: "withdrawId"
      }
    }
  }

  package static func request(_ method: Plain) -> CustodialRequest { CustodialRequest(method.rawValue, [:]) }

  package static func request(_ method: Daily, date: String?) -> CustodialRequest {
    CustodialRequest(method.rawValue, ["date": date.map { JSON.string($0) }])
  }

  /// Throws `custodial.bad_request` for an amount that is no number.
  package static func withdrawal(coin: String, amount: String) throws(CustodialError) -> CustodialRequest {
    CustodialRequest(
      "assetWithdrawRequest", ["coin": .string(coin), "amount": .string(try PlainAmount.text(amount))])
  }

  /// Throws as `withdrawal`.
  package static func creditCharge(amount: String, from: String) throws(CustodialError) -> CustodialRequest {
    CustodialRequest(
      "hashCreditCharge", ["amount": .string(try PlainAmount.text(amount)), "from": .string(from)])
  }

  /// Throws as `withdrawal`.
  package static func powerSwap(amount: String) throws(CustodialError) -> CustodialRequest {
    CustodialRequest("hashPowerSwap", ["amount": .string(try PlainAmount.text(amount))])
  }

  /// Oldest first always: with the newest first, a row that comes while pages are read shifts all others, and one is missed.
  package static func history(
    _ method: History, page: Int, limit: Int, coin: String?, startDate: String?, endDate: String?, id: String?
  ) -> CustodialRequest {
    CustodialRequest(
      method.rawValue,
      [
        "page": .integer(page), "limit": .integer(min(max(1, limit), 1000)), "coin": coin.map { JSON.string($0) },
        "startDate": startDate.map { JSON.string($0) }, "endDate": endDate.map { JSON.string($0) },
        "sort": .bool(false),
        method.idField: id.map { JSON.string($0) },
      ])
  }

  // MARK: Answers

  package struct Balance: Hashable, Sendable {
    package let date: String
    package let credit: String
    package let power: String
  }

  /// Accepted, not yet paid. `isCodeAbsent`: counted as success, and worth a warning.
  package struct Withdrawal: Hashable, Sendable {
    package let id: String
    package let coin: String
    package let amount: String
    package let isCodeAbsent: Bool
  }

  package struct WithdrawalRow: Hashable, Sendable {
    package enum Status: Hashable, Sendable { case completed, canceled, failed, other(String) }
    package let id: String
    package let coin: String
    package let amount: String
    package let status: Status
    package let createdAtMilliseconds: UInt64
  }

  package struct Page: Sendable {
    package let rows: [WithdrawalRow]
    package let page: UInt64
    package let hasNext: Bool
  }

  package static func balance(status: Int, body: [UInt8]) throws(CustodialError) -> Balance {
    let fields = try data(status: status, body: body).fields
    return Balance(
      date: try fields.text("date"), credit: try fields.amount("credit"), power: try fields.amount("power"))
  }

  package static func withdrawal(status: Int, body: [UInt8]) throws(CustodialError) -> Withdrawal {
    let (fields, isCodeAbsent) = try data(status: status, body: body)
    return Withdrawal(
      id: try fields.text("withdrawId"), coin: try fields.text("coin"), amount: try fields.amount("amount"),
      isCodeAbsent: isCodeAbsent)
  }

  /// One page of `assetWithdrawHistory`.
  package static func withdrawals(status: Int, body: [UInt8]) throws(CustodialError) -> Page {
    let object = try accepted(status: status, body: body)
    guard let elements = object["data"]?.array, let pages = object["pagination"]?.object else {
      throw CustodialError(.malformedResponse, "the history has no 'data' array, or no 'pagination'")
    }
    var rows: [WithdrawalRow] = []
    for element in elements {
      guard let row = element.object else { throw CustodialError(.malformedResponse, "a row is no object") }
      rows.append(try withdrawalRow(CustodialFields(object: row)))
    }
    let pagination = CustodialFields(object: pages)
    return Page(rows: rows, page: try pagination.whole("currentPage"), hasNext: try pagination.flag("hasNext"))
  }

  private static func withdrawalRow(_ fields: CustodialFields) throws(CustodialError) -> WithdrawalRow {
    let word = try fields.text("status")
    let status: WithdrawalRow.Status =
      switch word {
      case "completed": .completed
      case "canceled": .canceled
      case "failed": .failed
      default: .other(word)
      }
    return WithdrawalRow(
      id: try fields.text("withdrawId"), coin: try fields.text("coin"), amount: try fields.amount("amount"),
      status: status, createdAtMilliseconds: try fields.whole("createAt"))
  }

  /// The object under `data`. An absent code counts as success only beside such an object.
  private static func data(
    status: Int, body: [UInt8]
  ) throws(CustodialError) -> (fields: CustodialFields, isCodeAbsent: Bool) {
    let object = try accepted(status: status, body: body)
    guard let data = object["data"]?.object else {
      throw CustodialError(.malformedResponse, "HashDam API response missing 'data' object.")
    }
    return (CustodialFields(object: data), object["code"] == nil)
  }

  private static func accepted(status: Int, body: [UInt8]) throws(CustodialError) -> JSONObject {
    let object = try answer(status: status, body: body)
    if let code = object["code"], code.uint64 != 0 {
      let said = object["message"]?.string ?? "Unknown error"
      throw CustodialError(.upstreamRejected, "HashDam API error: \(said)", upstreamMessage: said)
    }
    return object
  }
}
