import Codecs
import Operations
import TestSupport

/// Deposit calculation, report and its faces.
extension LotteryVectorTests {
  static func calculations(_ file: inout VectorFile) {
    file.optionalNote("about")
    file.each("cases") { node, check in
      _ = try node("name").note()
      let input = try node("input")
      let made = try calculation(
        [
          "--max-gas-price": try input("max_gas_price").text(), "--max-gas-limit": try input("max_gas_limit").text(),
          "--verification-gas": try input("verification_gas").text(), "--margin": try input("margin").text(),
          "--window": "\(try input("window").count())",
        ])
      let exact = try node("exact_recommended_deposit").text()
      check.equal(made.recommendedDeposit.description, exact, "recommended deposit")
      // The original's deposit went through floating point.
      var wanted = try node("snapshot_json").whole()
      let differs = try node("differs_from_float").bool()
      check.equal(differs, wanted["recommended_deposit"] != .string(exact), "what the file says of floating point")
      if differs { wanted = wanted.replacing("recommended_deposit", .string(exact)) }
      check.equal(made.json.text, wanted.text, "json")
      _ = try node("amount_text_9_decimals").whole()
      let texts = try node("amount_text_8_decimals")
      check.equal(QuantsText.text(made.perRequestFee), try texts("per_request_fee").text(), "fee")
      check.equal(QuantsText.text(made.minBalance), try texts("min_balance").text(), "minimum")
      check.equal(QuantsText.text(made.recommendedDeposit), try texts("recommended_deposit").text(), "deposit")
    }
    file.each("argument_cases") { node, check in
      let flags = flags(try node("args").list().map { try $0.text() })
      if try node("exit_code").count() == 0 {
        check.equal(try calculation(flags).json.text, try node("json").whole().text, "json")
      } else {
        check.holds(try node("json").isNull(), "no json")
        check.refused(by: OperationsError.self, "the arguments") { _ = try calculation(flags) }
      }
    }
  }

  static func calculation(_ flags: [String: String]) throws -> DepositCalculation {
    func amount(_ flag: String) throws -> ChainAmount { try ChainAmount(parsing: flags[flag] ?? "", flag) }
    let window = flags["--window"].map { UInt64($0) ?? 0 } ?? DepositCalculation.standardWindow
    return try DepositCalculation(
      .gas(
        price: try amount("--max-gas-price"), limit: try amount("--max-gas-limit"),
        verification: try amount("--verification-gas")),
      margin: try flags["--margin"].map { try DepositMargin(parsing: $0) } ?? .standard, window: window)
  }

  /// `--name value` pairs; a flag without a value has an empty one.
  static func flags(_ words: [String]) -> [String: String] {
    var flags: [String: String] = [:]
    var rest = words[...]
    while let word = rest.popFirst() {
      flags[word] = rest.first.map { $0.hasPrefix("--") ? "" : $0 } ?? ""
      if let next = rest.first, !next.hasPrefix("--") { rest.removeFirst() }
    }
    return flags
  }

  /// Values of a flag that may stand several times.
  static func values(_ words: [String], _ flag: String) -> [String] {
    zip(words, words.dropFirst()).filter { $0.0 == flag }.map(\.1)
  }

  // MARK: Report

  static func reports(_ file: inout VectorFile) {
    file.optionalNote("about")
    file.each("cases") { node, check in
      _ = try node("name").note()
      _ = try node("options").whole()
      _ = try node("views").whole()
      let report = try RecordedReport(node.whole()).read()
      let wanted = try node("report_without_timestamp").whole()
      let made = report.json.without("timestamp")
      for key in wanted.object?.keys ?? [] { check.equal(made[key], wanted[key], key) }
      check.equal(made.object?.keys, wanted.object?.keys, "keys")
      check.holds(report.problems.isEmpty, "a whole report")
      check.equal(try node("exit_code_plain").count(), 0, "exit code")
      // The original compared with the calculated minimum alone; no case tells the two apart.
      check.equal(report.shortfall == nil ? 0 : 1, try node("exit_code_fail_on_low").count(), "exit code when low")
    }
  }

  static func metrics(_ file: inout VectorFile) {
    file.optionalNote("about")
    file.each("cases") { node, check in
      _ = try node("name").note()
      _ = try node("profile").note()
      let report = try RecordedReport(try node("report").text()).read()
      let words = try node("args").list().map { try $0.text() }
      var labels: [String: String] = [:]
      for text in values(words, "--label") {
        let label = try PrometheusText.label(text)
        labels[label.name] = label.value
      }
      let isLow = words.contains("--fail-on-low") && report.shortfall != nil
      check.equal(isLow ? 1 : 0, try node("exit_code").count(), "exit code")
      let metrics = PrometheusText(prefix: flags(words)["--metric-prefix"] ?? "", labels: labels)
      let text = metrics.text(report, exitCode: isLow ? 1 : 0, comments: false)
      check.equal(text, try node("text").text(), "text")
      let samples = metrics.text(report, exitCode: isLow ? 1 : 0).split(separator: "\n").filter { !$0.hasPrefix("#") }
      check.equal(samples.joined(separator: "\n") + "\n", text, "text without its comments")
    }
    file.each("label_errors") { node, check in
      let text = try node("label").text()
      check.equal(try node("exit_code").count(), 2, "exit code")
      check.refused(by: OperationsError.self, text) { _ = try PrometheusText.label(text) }
    }
  }

  static func messages(_ file: inout VectorFile) {
    file.optionalNote("about")
    file.each("cases") { node, check in
      _ = try node("name").note()
      let report = try RecordedReport(try node("report").text()).read()
      let words = try node("args").list().map { try $0.text() }
      let isLow = words.contains("--fail-on-low") && report.shortfall != nil
      check.equal(isLow ? 1 : 0, try node("exit_code").count(), "exit code")
      let message = ChatMessage(
        report, title: flags(words)["--title"] ?? ChatMessage.standardTitle, isFailing: isLow,
        includesReport: words.contains("--include-json"))
      check.equal(message.text, try node("text").text(), "text")
      check.equal(message.payload(.slack), try node("slack_payload").whole(), "payload")
      let generic = message.payload(.generic)
      check.equal(
        generic.object?.keys.sorted() ?? [], try node("generic_payload_keys").list().map { try $0.text() }, "keys")
      check.equal(generic["status"]?.uint64, UInt64(try node("generic_status").count()), "status")
      check.equal(generic["data"], report.json, "data")
      // Slots are parts of the text.
      let slots = try node("slots")
      for member in try slots.entries() {
        switch member.key {
        case "low_balance_line": check.equal(isLow, try member.node.bool(), member.key)
        case "draw" where member.node.isNull(): check.holds(!message.text.contains("Lottery:"), "no lottery")
        default: check.holds(message.text.contains(try member.node.text()), member.key)
        }
      }
    }
  }

  static func checks(_ file: inout VectorFile) {
    file.optionalNote("about")
    file.each("cases") { node, check in
      let name = try node("name").note()
      let calc = try node("calc")
      let calculation = try calculation(
        [
          "--max-gas-price": try calc("max_gas_price").text(), "--max-gas-limit": try calc("max_gas_limit").text(),
          "--verification-gas": try calc("verification_gas_value").text(), "--margin": "0.15",
          "--window": "\(try calc("request_window").count())",
        ])
      check.equal(calculation.json, calc.whole(), "calc")
      let answers = ["checkClientFund", "checkMinBalanceClient", "isMinimumBalanceReached"].map { key in
        (try? node(key).whole())?["result"] ?? []
      }
      let limit = try node("MIN_BALANCE_LIMIT")
      // A bare number was not compared by the original (GAP 20).
      let made = MonitorCheck(
        try RecordedReport("healthy").settings(.chain), calculation: calculation, answers: answers,
        limit: limit.isNull() ? nil : try limit.text(), readsPlainFund: false)
      check.equal(made.json, try node("summary").whole(), name)
      check.equal(made.isGood ? 0 : 1, try node("exit_code").count(), "exit code")
    }
  }
}

extension JSON {
  func without(_ key: String) -> JSON {
    guard let members = object?.members,
      let rest = try? JSONObject(members.filter { $0.key != key }.map { (key: $0.key, value: $0.value) })
    else { return self }
    return .object(rest)
  }

  func replacing(_ key: String, _ value: JSON) -> JSON {
    guard let members = object?.members,
      let all = try? JSONObject(members.map { (key: $0.key, value: $0.key == key ? value : $0.value) })
    else { return self }
    return .object(all)
  }
}
