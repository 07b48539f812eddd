import Codecs
import Money
import Operations
import TestSupport

/// Readiness, draws and the operators' calls.
extension LotteryVectorTests {
  static func rules(_ words: [String]) -> DrawReadiness.Rules {
    var rules = DrawReadiness.Rules()
    rules.minTickets = flags(words)["--min-tickets"].flatMap { UInt64($0) } ?? 5
    rules.checksSchedule = !words.contains("--skip-draw-scheduled")
    rules.allowsPendingRequest = words.contains("--allow-pending-request")
    rules.checksMinBalance = !words.contains("--skip-min-balance")
    rules.requiresAggregator = words.contains("--require-aggregator")
    rules.expectedAggregators = values(words, "--expect-aggregator")
    return rules
  }

  static func readiness(_ file: inout VectorFile) {
    file.optionalNote("about")
    file.each("cases") { node, check in
      _ = try node("name").note()
      let words = try node("args").list().map { try $0.text() }
      for meaning in BalanceMeaning.allCases {
        let expected = try node(meaning.rawValue)
        let made = try DrawReadiness(
          try RecordedReport(try node("report").text()).read(meaning), rules: rules(words))
        check.equal(made.summary(), try expected("summary").whole(), "\(meaning) summary")
        check.equal(made.isReady ? 0 : 1, try expected("exit_code").count(), "\(meaning) exit code")
        check.equal(made.summary(includingReport: true)["report"], made.report.json, "the report inside")
      }
    }
  }

  static func manualDraws(_ file: inout VectorFile) {
    file.optionalNote("about")
    file.each("cases") { node, check in
      _ = try node("name").note()
      let words = try node("args").list().map { try $0.text() }
      let report = try RecordedReport(try node("report").text()).read()
      let made = try ManualDraw(
        MoveCall(flags(words)["--function-id"] ?? "0xa1::main_v2::manual_draw"),
        readiness: words.contains("--skip-readiness") ? nil : try DrawReadiness(report, rules: rules(words)),
        isDryRun: words.contains("--dry-run"), sender: try RecordedSender(tool: try node("cli")))
      try compare(made, try node("result"), check)
      check.equal(Int(made.exitCode), ours(try node("exit_code").count()), "exit code")
    }
  }

  /// The code of an outside tool is ours for a transaction without effect.
  private static func ours(_ code: Int) -> Int { code == 7 ? Int(OperationsExit.transactionFailed) : code }

  private static func compare(_ made: ManualDraw, _ result: VectorNode, _ check: VectorChecks) throws {
    let json = made.json()
    for key in ["ready", "readiness", "readiness_skipped", "executed", "dry_run", "stdout", "stderr"] {
      check.equal(json[key], try result(key).whole(), key)
    }
    let code = try result("returncode")
    check.equal(json["returncode"], code.isNull() ? .null : .integer(ours(try code.count())), "returncode")
    // The command line of the original's tool: its function is our call.
    let command = try result("command").whole()
    let words = command.array?.compactMap(\.string) ?? []
    check.equal(json["call"]?["function"]?.string, values(words, "--function-id").first, "function")
    check.equal(json["call"]?.isNull, command.isNull, "a call")
  }

  static func autoDraws(_ file: inout VectorFile) {
    file.optionalNote("about")
    file.each("cases") { node, check in
      _ = try node("name").note()
      let line = try node("line_without_timestamp")
      guard !(try node("report").isNull()) else { return try compareError(node, line, check) }
      let words = try node("args").list().map { try $0.text() }
      let readiness = try DrawReadiness(
        try RecordedReport(try node("report").text()).read(), rules: rules(words))
      let executes = words.contains("--execute")
      let function = flags(words)["--function-id"]
      let tool = try RecordedSender(tool: try node("cli"))
      let draw =
        executes && readiness.isReady
        ? try ManualDraw(
          MoveCall(function ?? "0xa1::main_v2::manual_draw"), readiness: readiness, isDryRun: false, sender: tool) : nil
      let lines = AutoDrawCommands.lines(
        common: [
          "--profile", "ops", "--lottery-addr", "0xa1", "--deposit-addr", "0xd1", "--max-gas-price", "1000",
          "--max-gas-limit", "500000", "--verification-gas", "25000",
        ], minTickets: flags(words)["--min-tickets"] ?? "5", assumesYes: words.contains("--assume-yes"),
        function: function)
      let made = AutoDraw(
        timestamp: "2026-11-22T06:00:00Z", executes: executes, readinessArguments: lines.readiness,
        drawArguments: lines.draw, result: .judged(readiness, draw: draw))
      try compare(made, line, check)
      let keys = try node("keys_in_order").list().map { try $0.text() }
      check.equal(made.json.object?.keys ?? [], keys, "keys")
      check.equal(Int(made.exitCode), ours(try node("exit_code").count()), "exit code")
    }
  }

  private static func compare(_ made: AutoDraw, _ line: VectorNode, _ check: VectorChecks) throws {
    let json = made.json
    for key in ["execute", "status", "stderr", "readiness_exit_code"] {
      check.equal(json[key], try line(key).whole(), key)
    }
    // The report stands in the line; the file has a placeholder there.
    check.equal(try line("readiness")("report").text(), "<full monitor report>", "placeholder")
    check.equal(json["readiness"]?.without("report"), try line("readiness").whole().without("report"), "readiness")
    check.holds(json["readiness"]?["report"]?["deposit"] != nil, "a report")
    for (name, words) in [("readiness", made.readinessArguments), ("manual_draw", made.drawArguments)] {
      guard let command = try line("commands").optional(name) else {
        check.holds(json["commands"]?[name] == nil, "no command \(name)")
        continue
      }
      // No tool is shelled out to.
      var wanted = try command.list().map { try $0.text() }
      if let tool = wanted.firstIndex(of: "--supra-cli-bin") { wanted.removeSubrange(tool...tool + 1) }
      check.equal(words, wanted, name)
      check.equal(json["commands"]?[name], .array(wanted.map { .string($0) }), name)
    }
    let draw = try line("manual_draw")
    if draw.isNull() {
      check.equal(json["manual_draw"], .null, "no draw")
    } else if case .judged(_, let made?) = made.result {
      try compare(made, draw, check)
    }
    if let code = line.optional("manual_draw_exit_code") {
      check.equal(json["manual_draw_exit_code"], .integer(ours(try code.count())), "manual_draw_exit_code")
    }
    check.equal(json["exit_code"], .integer(ours(try line("exit_code").count())), "exit_code")
  }

  /// Settings are missing: the original's tool ended with 2, ours with 64, and our line has an exit code too.
  private static func compareError(_ node: VectorNode, _ line: VectorNode, _ check: VectorChecks) throws {
    _ = try node("args").text()
    _ = try line("commands").whole()
    let made = AutoDraw(
      timestamp: "2026-11-22T06:00:00Z", executes: false, readinessArguments: [], drawArguments: [],
      result: .error(exitCode: 64, message: "operations.missing_setting: MAX_GAS_PRICE is not set"))
    for key in ["execute", "readiness", "manual_draw", "status"] {
      check.equal(made.json[key], try line(key).whole(), key)
    }
    check.equal(try node("exit_code").count(), 2, "the original's code")
    check.equal(try line("readiness_exit_code").count(), 2, "the original's code")
    check.equal(try line("stderr").text(), "<non-empty>", "stderr")
    check.holds(!(try line("error").text()).isEmpty && made.json["error"]?.string?.isEmpty == false, "error")
    let keys = try node("keys_in_order").list().map { try $0.text() }
    check.equal(made.json.object?.keys ?? [], keys + ["exit_code"], "keys")
  }

  // MARK: Calls

  static func operatorCalls(_ file: inout VectorFile) {
    file.optionalNote("about")
    file.each("cases", operatorCall)
  }

  private static func operatorCall(_ node: VectorNode, _ check: VectorChecks) throws {
    _ = try node.optional("source")?.note()
    var words: [String] = []
    for word in try node("args").list() { words.append(try word.text()) }
    let name = try node("command").text()
    guard let tool = OperatorTool(rawValue: name) else { throw VectorFailure("\(name) is not known") }
    let wanted = try node("calls").list()
    let code = try node("exit_code").count()
    if code != 0 {
      check.equal(wanted.count, 0, "calls")
      check.holds((try? tool.calls(words)) == nil, "refused")
      return
    }
    let calls: [OperatorCall] = try tool.calls(words)
    check.equal(calls.count, wanted.count, "calls")
    for (made, expected) in zip(calls, wanted) {
      check.equal(made.kind.rawValue, try expected("kind").text(), "kind")
      check.equal(made.call.function, try expected("function").text(), "function")
      var arguments: [String] = []
      for argument in try expected("args").list() { arguments.append(try argument.text()) }
      let texts: [String] = made.call.arguments.map { $0.text }
      check.equal(texts, arguments, "arguments")
    }
  }

  static func configurations(_ file: inout VectorFile) {
    file.optionalNote("about")
    file.each("cases", configured)
  }

  private static func configured(_ node: VectorNode, _ check: VectorChecks) throws {
    var words: [String] = []
    for word in try node("args").list() { words.append(try word.text()) }
    let command = try node("command").text()
    let result = try node("result_without_submitted_at")
    let named = node.optional("report")
    let report: MonitorReport? = named == nil ? nil : try recorded(named)
    let options = flags(words)
    let code = try node("exit_code").count()
    if code != 0 {
      check.holds(result.isNull(), "no result")
      check.holds((try? configuration(command, options, report)) == nil, "refused")
      return
    }
    let made = try configuration(command, options, report)
    var line: [String] = []
    for word in try result("command").list() { line.append(try word.text()) }
    let address = options["--lottery-addr"] ?? "0xa1"
    let function = options["--function-id"] ?? "\(address)::\(made.module)::\(made.name)"
    check.equal(values(line, "--function-id").first, function, "function")
    let typed = line.drop { $0 != "--args" }.dropFirst().filter { !$0.hasPrefix("--") }
    let texts: [String] = made.arguments.map { $0.text }
    check.equal(texts, Array(typed), "arguments")
    for key in ["returncode", "stdout", "stderr", "tx_hash", "dry_run"] { _ = try result(key).whole() }
    if let minimum = result.optional("expected_min_balance"), let report {
      let found = try ConfigurationCall.minimumBalance(report, expectedMinimum: nil, expectedFee: nil)
      check.equal(found.minimum.description, minimum.whole().number ?? "", "minimum")
      check.equal(found.fee.description, try result("expected_max_gas_fee").whole().number ?? "", "fee")
    }
  }

  private static func recorded(_ node: VectorNode?) throws -> MonitorReport? {
    guard let node, !node.isNull() else { return nil }
    return try RecordedReport(try node.text()).read()
  }

  private static func configuration(
    _ command: String, _ flags: [String: String], _ report: MonitorReport?
  ) throws -> (module: String, name: String, arguments: [MoveValue]) {
    func amount(_ flag: String) throws -> ChainAmount { try ChainAmount(parsing: flags[flag] ?? "", flag) }
    func expected(_ flag: String) throws -> ChainAmount? { try flags[flag].map { try ChainAmount(parsing: $0, flag) } }
    func number(_ flag: String, _ standard: UInt64? = nil) throws -> UInt64 {
      guard let number = flags[flag].map({ UInt64($0) }) ?? standard else { throw VectorFailure("\(flag) is missing") }
      return number
    }
    switch command {
    case "configure-vrf-gas":
      return (
        "main_v2", "configure_vrf_gas",
        try ConfigurationCall.vrfGas(
          price: try amount("--max-gas-price"), limit: try amount("--max-gas-limit"),
          callbackPrice: try amount("--callback-gas-price"), callbackLimit: try amount("--callback-gas-limit"),
          verification: try amount("--verification-gas"))
      )
    case "configure-vrf-request":
      return (
        "main_v2", "configure_vrf_request",
        try ConfigurationCall.vrfRequest(
          rngCount: try number("--rng-count"), confirmations: try number("--num-confirmations"),
          clientSeed: try number("--client-seed"))
      )
    case "record-client-whitelist":
      return (
        "main_v2", "record_client_whitelist_snapshot",
        ConfigurationCall.snapshot([
          try amount("--max-gas-price"), try amount("--max-gas-limit"), try amount("--min-balance-limit"),
        ])
      )
    case "record-consumer-whitelist":
      return (
        "main_v2", "record_consumer_whitelist_snapshot",
        ConfigurationCall.snapshot([try amount("--callback-gas-price"), try amount("--callback-gas-limit")])
      )
    case "configure-treasury-distribution":
      return (
        "treasury_v1", "set_config",
        try ConfigurationCall.treasuryDistribution([
          try number("--bp-jackpot"), try number("--bp-prize"), try number("--bp-treasury"),
          try number("--bp-marketing"), try number("--bp-community", 0), try number("--bp-team", 0),
          try number("--bp-partners", 0),
        ])
      )
    case "set-minimum-balance":
      guard let report else { throw VectorFailure("no report") }
      _ = try ConfigurationCall.minimumBalance(
        report, expectedMinimum: try expected("--expected-min-balance"),
        expectedFee: try expected("--expected-max-gas-fee"))
      return ("main_v2", "set_minimum_balance", [])
    case "remove-subscription":
      guard let report else { throw VectorFailure("no report") }
      try ConfigurationCall.removeSubscription(
        report, allowsPendingRequest: flags["--allow-pending-request"] != nil)
      return ("main_v2", "remove_subscription", [])
    default: throw VectorFailure("\(command) is not known")
    }
  }
}
