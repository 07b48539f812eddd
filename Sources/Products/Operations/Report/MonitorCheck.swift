package import Codecs
import Money

/// The short check of a deposit: three views, the calculation, and what is wrong.
/// Source: specification of the operator tools, 1.12.
package struct MonitorCheck: Equatable, Sendable {
  package enum Violation: String, Sendable {
    case atOrBelowMinimum = "DEPOSIT_AT_OR_BELOW_MIN_BALANCE"
    case belowExpected = "AVAILABLE_BELOW_EXPECTED_MIN_BALANCE"
    case belowCalculated = "AVAILABLE_BELOW_CALCULATED_MIN_BALANCE"
  }

  package let settings: MonitorSettings
  package let calculation: DepositCalculation
  /// Nil when the answer holds nothing.
  private let fund: JSON?
  private let available: UInt256?
  private let minimum: UInt256?
  private let isReached: Bool?
  /// Instead of the calculated minimum.
  private let limit: UInt256?
  package let violations: [Violation]
  package let warnings: [String]

  /// Where an account's fund may say what is available, the first that is there.
  private static let availableFields = ["available_fund", "available_balance", "available_amount", "available"]

  /// The views of a legacy deposit module, in the order of `calls`.
  package static func calls(_ settings: MonitorSettings) -> [MoveCall] {
    let names = ["checkClientFund", "checkMinBalanceClient", "isMinimumBalanceReached"]
    let modern = ["check_client_fund", "check_min_balance_client_v2", "has_minimum_balance_reached_v2"]
    let client = (try? MoveAddress(shortened: settings.addresses.client)).map { MoveValue.address($0) }
    return (settings.abi == .legacyCamel ? names : modern).map {
      MoveCall("\(settings.addresses.deposit)::deposit::\($0)", [client ?? .string(settings.addresses.client)])
    }
  }

  /// `answers`: results of `calls`. `limit`: MIN_BALANCE_LIMIT; what is no number counts as not set.
  ///
  /// `readsPlainFund` compares an answer that is a bare number too; the original did not.
  package init(
    _ settings: MonitorSettings, calculation: DepositCalculation, answers: [JSON], limit: String?,
    readsPlainFund: Bool = true
  ) {
    self.settings = settings
    self.calculation = calculation
    func first(_ place: Int) -> JSON? {
      guard place < answers.count else { return nil }
      let list = answers[place].array ?? [answers[place]]
      return list.first.flatMap { $0.isNull ? nil : MoveAnswer.plain($0) }
    }
    let fund = first(0)
    self.fund = fund.map(MonitorCheck.numbers)
    let named = MonitorCheck.availableFields.lazy.compactMap { fund?[$0] }.first.flatMap(ViewValue.integer)
    available = named ?? (readsPlainFund ? fund.flatMap { $0.object == nil ? ViewValue.integer($0) : nil } : nil)
    minimum = first(1).flatMap(ViewValue.integer)
    isReached = first(2).map(ViewValue.boolean)
    self.limit = limit.flatMap { try? ChainAmount(parsing: $0, "MIN_BALANCE_LIMIT").value }
    var violations: [Violation] = []
    if isReached == true { violations.append(.atOrBelowMinimum) }
    var warnings: [String] = []
    if let available {
      if available < self.limit ?? calculation.minBalance.value {
        violations.append(self.limit == nil ? .belowCalculated : .belowExpected)
      }
      if available < calculation.recommendedDeposit.value { warnings.append("available_below_recommended_deposit") }
    }
    self.violations = violations
    self.warnings = warnings
  }

  package var isGood: Bool { violations.isEmpty }

  package var json: JSON {
    var object = ReportObject()
    object.add("profile", .string(settings.profile))
    object.add("lottery_addr", .string(settings.addresses.lottery))
    object.add("client_addr", .string(settings.addresses.client))
    object.add("deposit_module", .string(settings.addresses.deposit))
    object.add("monitor_margin", calculation.margin.json)
    object.add("request_window", .integer(calculation.window))
    object.add("calc", calculation.json)
    var chain = ReportObject()
    if let fund {
      chain.add("checkClientFund", fund)
      chain.add("available_quants", MonitorCheck.text(available))
    }
    if minimum != nil { chain.add("min_balance_client", MonitorCheck.text(minimum)) }
    chain.add("isMinimumBalanceReached", isReached.map { .bool($0) } ?? .null)
    object.add("onchain", chain.json)
    var checks = ReportObject()
    checks.add("available_quants", MonitorCheck.text(available))
    checks.add("min_balance_onchain", MonitorCheck.text(minimum))
    checks.add("min_balance_expected", MonitorCheck.text(limit ?? calculation.minBalance.value))
    checks.add("recommended_deposit", calculation.recommendedDeposit)
    checks.add("violations", .array(violations.map { .string($0.rawValue) }))
    if !warnings.isEmpty { checks.add("warnings", .array(warnings.map { .string($0) })) }
    object.add("checks", checks.json)
    object.add("status", .string(isGood ? "ok" : "alert"))
    return object.json
  }

  private static func text(_ number: UInt256?) -> JSON { number.map { .string($0.description) } ?? .null }

  /// Whole numbers in text as numbers: the form of this tool's struct.
  private static func numbers(_ json: JSON) -> JSON {
    switch json {
    case .string(let text) where !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }: .number(text)
    case .array(let list): .array(list.map(numbers))
    case .object(let object):
      (try? JSONObject(object.members.map { (key: $0.key, value: numbers($0.value)) })).map { .object($0) } ?? json
    case .null, .bool, .number, .string: json
    }
  }
}
