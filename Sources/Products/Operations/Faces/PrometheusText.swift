import Codecs
import Money

/// The report as metrics in Prometheus' text format. Source: specification of the operator tools, 1.6.
package struct PrometheusText: Sendable {
  package let prefix: String
  /// Labels beside the built-in ones; the same name replaces one.
  package let labels: [String: String]

  package static let standardPrefix = "supra_dvrf"

  package init(prefix: String = standardPrefix, labels: [String: String] = [:]) {
    self.prefix = prefix.isEmpty ? PrometheusText.standardPrefix : prefix
    self.labels = labels
  }

  /// Reads `name=value`. Throws `operations.bad_setting`.
  package static func label(_ text: String) throws(OperationsError) -> (name: String, value: String) {
    guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
      throw OperationsError(.badSetting, "\(text) is no label", hint: "such as env=test")
    }
    let name = text[..<equals]
    let isName = name.utf8.enumerated().allSatisfy { place, byte in
      (0x61...0x7a).contains(byte) || (0x41...0x5a).contains(byte) || byte == 0x5f
        || (place > 0 && (0x30...0x39).contains(byte))
    }
    guard isName else { throw OperationsError(.badSetting, "\(name) is no name of a label", hint: "such as env=test") }
    return (String(name), String(text[text.index(after: equals)...]))
  }

  /// One metric: its name without the prefix, what it means, and its samples.
  package struct Family: Sendable {
    package let name: String
    package let help: String
    package let samples: [(labels: [String: String], value: String)]
  }

  /// `exitCode` of the report alone: 0, or 1 for low. With `comments`, HELP and TYPE stand before each family.
  package func text(_ report: MonitorReport, exitCode: Int32, comments: Bool = true) -> String {
    let own = builtIn(report).merging(labels) { $1 }
    var out = ""
    for family in families(report, exitCode) {
      if comments {
        out += "# HELP \(prefix)_\(family.name) \(family.help)\n# TYPE \(prefix)_\(family.name) gauge\n"
      }
      for sample in family.samples {
        out += "\(prefix)_\(family.name){\(PrometheusText.text(own.merging(sample.labels) { $1 }))} \(sample.value)\n"
      }
    }
    return out
  }

  private func builtIn(_ report: MonitorReport) -> [String: String] {
    let addresses = report.settings.addresses
    return [
      "client_addr": addresses.client, "deposit_addr": addresses.deposit, "hub_addr": addresses.hub,
      "lottery_addr": addresses.lottery,
      "profile": report.settings.profile.isEmpty ? "<unknown>" : report.settings.profile,
    ].filter { !$0.value.isEmpty }
  }

  private static func text(_ labels: [String: String]) -> String {
    labels.sorted { $0.key < $1.key }.map { "\($0.key)=\"\(escaped($0.value))\"" }.joined(separator: ",")
  }

  private static func escaped(_ text: String) -> String {
    var out = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": out += "\\\\"
      case "\"": out += "\\\""
      case "\n": out += "\\n"
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out
  }

  // MARK: Families

  private func families(_ report: MonitorReport, _ exitCode: Int32) -> [Family] {
    let (deposit, calculation, primary) = (report.deposit, report.calculation, report.primary)
    var families = [
      one("deposit_balance_quants", "Balance of the client in the deposit module", number(deposit.balance)),
      one("min_balance_quants", "Minimum for the configured number of requests", calculation.minBalance.description),
      one("recommended_deposit_quants", "Minimum plus margin", calculation.recommendedDeposit.description),
      one("per_request_fee_quants", "Highest fee of one request", calculation.perRequestFee.description),
      one("request_window_requests", "Requests the minimum must cover", "\(calculation.window)"),
      one("balance_ratio", "Balance over minimum", ratio(report)),
      one(
        "min_balance_reached", "Flag of the deposit module; 1 means at or below the minimum",
        flag(deposit.isMinimumReached)),
      one("max_gas_price", "Price limit of the client", number(deposit.maxGasPrice)),
      one("max_gas_limit", "Gas limit of the client", number(deposit.maxGasLimit)),
      one("draw_scheduled", "Draw scheduled", flag(primary?.isScheduled ?? false)),
      one("pending_request", "Randomness request open", flag(primary?.hasPendingRequest ?? false)),
      one("ticket_count", "Tickets in the round", primary?.ticketCount.map(number) ?? "0"),
      one("rng_count", "Random numbers per request", report.core.requestConfig?["rng_count"].map(number) ?? "0"),
      one("monitor_exit_code", "Exit code of the monitor step", "\(exitCode)"),
    ]
    if let active = deposit.subscriptionInfo["active"] {
      families.append(one("subscription_active", "Subscription state", flag(ViewValue.boolean(active))))
    }
    return report.settings.meaning == .chain ? families + further(report) : families
  }

  /// What the original did not have.
  private func further(_ report: MonitorReport) -> [Family] {
    let each = report.lotteries.map { lottery in (labels: ["lottery_id": "\(lottery.id)"], lottery: lottery) }
    return [
      one("min_balance_ok", "The deposit module lets requests through", flag(report.isMinimumGood)),
      one("deposit_headroom_requests", "Requests that the balance covers above the minimum", headroom(report)),
      one("whitelisted_consumers", "Contracts that may ask for randomness", "\(consumers(report))"),
      one("degraded_values", "Values that could not be read", "\(report.problems.count)"),
      Family(
        name: "lottery_ticket_count", help: "Tickets in the round of a lottery",
        samples: each.map { ($0.labels, $0.lottery.ticketCount.map(number) ?? "0") }),
      Family(
        name: "lottery_draw_scheduled", help: "Draw scheduled in a lottery",
        samples: each.map { ($0.labels, flag($0.lottery.isScheduled)) }),
      Family(
        name: "lottery_pending_request", help: "Randomness request open in a lottery",
        samples: each.map { ($0.labels, flag($0.lottery.hasPendingRequest)) }),
    ].filter { !$0.samples.isEmpty }
  }

  private func one(_ name: String, _ help: String, _ value: String) -> Family {
    Family(name: name, help: help, samples: [([:], value)])
  }

  private func flag(_ value: Bool) -> String { value ? "1" : "0" }

  private func number(_ value: JSON) -> String { ViewValue.integer(value)?.description ?? "0" }

  private func consumers(_ report: MonitorReport) -> Int {
    report.core.whitelist?["consumers"]?.array?.count ?? ViewValue.texts(report.deposit.whitelistedContracts).count
  }

  /// Six decimals, exact.
  private func ratio(_ report: MonitorReport) -> String {
    let minimum = report.calculation.minBalance.value
    guard let balance = report.balance, !minimum.isZero else { return "0.000000" }
    let millionths = LongDivision.halfToEven(balance, times: 1_000_000, over: minimum)
    let digits = millionths.description
    let padded = String(repeating: "0", count: max(0, 7 - digits.utf8.count)) + digits
    return padded.dropLast(6) + "." + padded.suffix(6)
  }

  private func headroom(_ report: MonitorReport) -> String {
    let fee = report.calculation.perRequestFee.value
    guard let balance = report.balance, balance > report.calculation.minBalance.value, !fee.isZero else { return "0" }
    let over = balance.subtractingReportingOverflow(report.calculation.minBalance.value).partialValue
    return LongDivision.quotient(over, over: fee).quotient.description
  }
}
