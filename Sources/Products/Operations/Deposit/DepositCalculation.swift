package import Codecs
import Money

/// What a deposit for randomness must hold: the dearest request, times the requests it must cover, plus a margin.
///
/// Source: specification of the operator tools, 1.1. Exact: no floating point anywhere.
package struct DepositCalculation: Hashable, Sendable {
  /// What one request may cost at most.
  package enum Terms: Hashable, Sendable {
    /// price x (limit + verification).
    case gas(price: ChainAmount, limit: ChainAmount, verification: ChainAmount)
    /// The fee that the client allowed (module of dVRF 3.0).
    case fee(ChainAmount)
  }

  package let terms: Terms
  package let margin: DepositMargin
  /// Requests that the minimum must cover.
  package let window: UInt64
  package let perRequestFee: ChainAmount
  package let minBalance: ChainAmount
  /// floor(minimum x (1 + margin)).
  package let recommendedDeposit: ChainAmount

  package static let standardWindow: UInt64 = 30

  /// Throws `operations.bad_setting` for a window of 0, `operations.overflow`.
  package init(
    _ terms: Terms, margin: DepositMargin = .standard, window: UInt64 = standardWindow
  ) throws(OperationsError) {
    guard window > 0 else { throw OperationsError(.badSetting, "the window counts requests, at least one") }
    self.terms = terms
    self.margin = margin
    self.window = window
    switch terms {
    case .gas(let price, let limit, let verification):
      perRequestFee = try price.multiplied(by: try limit.adding(verification))
    case .fee(let fee): perRequestFee = fee
    }
    minBalance = try perRequestFee.multiplied(by: try ChainAmount(UInt256(window)))
    let factor = UInt256(margin.scale).addingReportingOverflow(margin.share).partialValue
    let (product, overflow) = minBalance.value.multipliedReportingOverflow(by: factor)
    guard !overflow, let quotient = product.quotientAndRemainder(dividingBy: margin.scale)?.quotient else {
      throw ChainAmount.overflow()
    }
    recommendedDeposit = try ChainAmount(quotient)
  }

  /// Sums as decimal text, since they can pass 2^53.
  package var json: JSON {
    var object = ReportObject()
    switch terms {
    case .gas(let price, let limit, let verification):
      object.add("max_gas_price", price)
      object.add("max_gas_limit", limit)
      object.add("verification_gas_value", verification)
    case .fee(let fee): object.add("max_txn_fee", fee)
    }
    object.add("per_request_fee", perRequestFee)
    object.add("min_balance", minBalance)
    object.add("recommended_deposit", recommendedDeposit)
    object.add("margin_ratio", margin.json)
    object.add("request_window", .integer(window))
    return object.json
  }

  /// One line for each value.
  package var lines: [String] {
    var lines: [String] = []
    switch terms {
    case .gas(let price, let limit, let verification):
      lines += ["Max gas price: \(price)", "Max gas limit: \(limit)", "Verification gas: \(verification)"]
    case .fee(let fee): lines.append("Max transaction fee: \(QuantsText.text(fee))")
    }
    return lines + [
      "Per request fee: \(QuantsText.text(perRequestFee))",
      "Minimum balance (\(window) requests): \(QuantsText.text(minBalance))",
      "Recommended deposit: \(QuantsText.text(recommendedDeposit))",
    ]
  }
}

/// Members of an object, put together one by one; the names are ours and never come twice.
struct ReportObject {
  private var object = JSONObject()

  mutating func add(_ name: String, _ value: JSON) { _ = object.append(name, value) }
  mutating func add(_ name: String, _ amount: ChainAmount) { add(name, .string(amount.description)) }

  var json: JSON { .object(object) }
}
