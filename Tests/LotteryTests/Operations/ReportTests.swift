import Chains
import Codecs
import Money
import Operations
import TestSupport
import Testing

@Suite("Operators' report")
struct ReportTests {
  /// The healthy lottery, its answers changed.
  static func report(
    _ meaning: BalanceMeaning = .chain, refusing refused: Set<String> = [], changing changed: [String: JSON] = [:]
  ) throws -> MonitorReport {
    let recorded = try RecordedReport("healthy")
    var members: [(key: String, value: JSON)] = []
    for member in recorded.node["views"]?.object?.members ?? [] where changed[member.key] == nil {
      members.append((member.key, member.value))
    }
    members += changed.map { ($0.key, $0.value) }.sorted { $0.0 < $1.0 }
    let chain = try RecordedChain(.object(try JSONObject(members)), refusing: refused)
    return try ReportReader(try recorded.settings(meaning)).read(chain, timestamp: "2026-11-22T06:00:00+00:00")
  }

  @Test func `a refused view leaves a mark at its place and the rest of the report`() throws {
    let report = try Self.report(refusing: ["0xa1::treasury_v1::total_supply", "0xa1::vip::is_initialized"])
    #expect(report.json["treasury"]?["total_supply"]?["error"] == "rail.view_refused")
    #expect(report.json["treasury"]?["token_balance"] == "123456")
    #expect(report.problems.map(\.path).sorted() == ["treasury.total_supply", "vip.initialized"])
    #expect(report.json["vip"]?["initialized"] == .bool(false))
    #expect(report.json["degraded"]?.array?.count == 2)
  }

  @Test func `what a deployment may well not have is no mark`() throws {
    #expect(try Self.report().problems.isEmpty)
    #expect(try Self.report().core.whitelist == nil)
  }

  @Test func `a chain that cannot be asked gives no report`() throws {
    struct Silent: ChainViews {
      func views(_ calls: [MoveCall]) -> [Result<JSON, RailError>] {
        calls.map { _ in .failure(RailError(.noQuorum, "nobody answers")) }
      }
    }
    let settings = try RecordedReport("healthy").settings(.chain)
    let error = #expect(throws: RailError.self) { try ReportReader(settings).read(Silent(), timestamp: "") }
    #expect(error?.code == .noQuorum)
  }

  @Test func `the flag is bad when the chain says true, and was good to the original`() throws {
    for reached in [true, false] {
      let changed: [String: JSON] = ["0xd1::deposit::isMinimumBalanceReached address:0xa1": [.bool(reached)]]
      #expect(try Self.report(.chain, changing: changed).isMinimumGood == !reached)
      #expect(try Self.report(.legacy, changing: changed).isMinimumGood == reached)
      let json = try Self.report(.chain, changing: changed).json
      #expect(json["deposit"]?["min_balance_ok"] == .bool(!reached))
      #expect(try Self.report(.legacy, changing: changed).json["deposit"]?["min_balance_ok"] == nil)
    }
  }

  @Test(
    arguments: [
      ("20000000000", "15750000000", nil), ("15749999999", "1", "calculation.min_balance"),
      ("20000000000", "20000000001", "deposit.min_balance"), ("15750000000", "15750000000", nil),
      ("1", "15750000001", "deposit.min_balance"),
    ] as [(String, String, String?)])
  func `low is below the larger of both minima`(balance: String, minimum: String, name: String?) throws {
    let report = try Self.report(changing: [
      "0xd1::deposit::checkClientFund address:0xa1": [.string(balance)],
      "0xd1::deposit::checkMinBalanceClient address:0xa1": [.string(minimum)],
    ])
    #expect(report.shortfall?.name == name)
  }

  @Test func `an aggregator is looked for where the engine lists it`() throws {
    let status: JSON = [["aggregator": ["vec": ["0xAGG"]], "consumers": ["0xc1", "0xc2"]]]
    let report = try Self.report(changing: ["0xa1::core_main_v2::get_whitelist_status": status])
    #expect(report.aggregators == ["0xAGG"])
    var rules = DrawReadiness.Rules()
    rules.checksMinBalance = false
    rules.expectedAggregators = ["0xagg"]
    #expect(try DrawReadiness(report, rules: rules).isReady)
    let none: JSON = [["aggregator": ["vec": []], "consumers": []]]
    rules.requiresAggregator = true
    let empty = try DrawReadiness(
      try Self.report(changing: ["0xa1::core_main_v2::get_whitelist_status": none]), rules: rules)
    #expect(empty.reasons == [.aggregatorsEmpty, .aggregatorsMissing(["0xagg"])])
  }

  @Test func `a ticket count that is no number is an error, a missing one a reason`() throws {
    let key = "0xa1::rounds::get_round_snapshot u64:1"
    let bad = try Self.report(changing: [key: [["ticket_count": "many", "draw_scheduled": true]]])
    #expect(throws: OperationsError.self) { try DrawReadiness(bad, rules: DrawReadiness.Rules()) }
    let missing = try Self.report(changing: [key: [["draw_scheduled": true]]])
    #expect(try DrawReadiness(missing, rules: DrawReadiness.Rules()).reasons.first == .ticketsUnknown)
  }

  @Test func `modules have the names of their deployment`() throws {
    let recorded = try RecordedReport("healthy")
    let settings = try recorded.settings(.legacy)
    let renamed = MonitorSettings(
      profile: "ops", addresses: settings.addresses, terms: settings.terms, modules: .current, meaning: .chain)
    let chain = try RecordedChain(.object(JSONObject()))
    _ = try? ReportReader(renamed).read(chain, timestamp: "")
    #expect(chain.calls.contains("0xa1::core_rounds::is_initialized"))
    #expect(chain.calls.contains("0xa1::support_history::is_initialized"))
    #expect(chain.calls.contains("0xa1::core_treasury_v1::total_supply"))
    #expect(chain.calls.contains("0xa1::hub::lottery_count"))
    #expect(try ModuleNames(parsing: "rounds=x")["rounds"] == "x")
    for text in ["", "a", "a=", "a=b,a=c", "a=b=c"] {
      #expect(throws: OperationsError.self) { try ModuleNames(parsing: text) }
    }
  }

  @Test func `the deposit module of dVRF 3 is asked in its own words`() throws {
    let recorded = try RecordedReport("healthy")
    let base = try recorded.settings(.chain)
    let settings = MonitorSettings(
      profile: "ops", addresses: base.addresses, terms: .fromChain, abi: .l1v3, meaning: .chain)
    var members =
      recorded.node["views"]?.object?.members.filter { !$0.key.contains("::deposit::") }
      .map { (key: $0.key, value: $0.value) } ?? []
    let module: JSON = [
      "module_type_info": "0xa1::consumer::Type", "max_callback_txn_fee": "7", "min_balance_limit": "1",
      "balance": "1", "enabled": true, "current_grant": "0",
    ]
    let answers: [(String, JSON)] = [
      ("check_client_fund", ["600"]), ("check_min_balance_client_v2", ["300"]),
      ("has_minimum_balance_reached_v2", [false]), ("is_client_whitelisted_v2", [true]),
      ("check_max_txn_fee_client_v2", ["10"]), ("get_client_remaining_grant", ["3"]),
      ("get_client_total_grant", ["5"]), ("get_client_modules_info", [[module]]),
    ]
    members += answers.map { (key: "0xd1::deposit::\($0.0) address:0xa1", value: $0.1) }
    let report = try ReportReader(settings).read(
      try RecordedChain(.object(try JSONObject(members))), timestamp: "")
    #expect(report.problems.isEmpty && report.isMinimumGood)
    #expect(report.calculation.perRequestFee.description == "10")
    #expect(report.calculation.minBalance.description == "300")
    #expect(report.json["deposit"]?["max_txn_fee"] == "10" && report.json["deposit"]?["max_gas_price"] == .null)
    #expect(report.json["deposit"]?["whitelisted_contracts"] == ["0xa1::consumer::Type"])
    #expect(report.json["deposit"]?["subscription_info"]?["active"] == .bool(true))
    #expect(report.json["calculation"]?["max_txn_fee"] == "10")
  }

  @Test(arguments: [("4, 2,4", [4, 2]), ("[4,2]", [4, 2]), ("", []), ("7", [7]), (" [1, \"2\"] ", [1, 2])])
  func `ids are read once each`(text: String, ids: [UInt64]) throws { #expect(try LotteryIDs.parse(text) == ids) }

  @Test(arguments: ["a", "1,b", "-1", "[1,", "[-1]", "1.5", "[1.5]"])
  func `what is no list of ids is refused`(text: String) {
    #expect(throws: OperationsError.self) { try LotteryIDs.parse(text) }
  }

  @Test func `a card for Teams holds title, facts and warning`() throws {
    let report = try Self.report()
    let card = try #require(
      ChatMessage(report, title: "T", isFailing: true).payload(.teams)["attachments"]?.array?.first?["content"])
    let body = try #require(card["body"]?.array)
    #expect(body.count == 3 && body[0]["text"] == "✅ T")
    #expect(body[1]["facts"]?.array?.first == ["title": "Profile", "value": "ops"])
    #expect(body[2]["color"] == "Attention")
  }

  @Test func `labels and values of metrics cannot break out of their line`() throws {
    let text = PrometheusText(labels: ["a": "x\ny\"\\z"]).text(try Self.report(), exitCode: 0)
    #expect(text.contains(#"a="x\ny\"\\z""#))
    #expect(text.split(separator: "\n").allSatisfy { $0.hasPrefix("#") || $0.hasPrefix("supra_dvrf_") })
    #expect(text.contains("supra_dvrf_deposit_headroom_requests{"))
    for label in ["novalue", "=x", "1a=x", "a-b=x", "a b=x"] {
      #expect(throws: OperationsError.self) { try PrometheusText.label(label) }
    }
  }
}

@Suite("Deposit calculation")
struct DepositCalculationTests {
  static func amount(_ text: String) throws -> ChainAmount { try ChainAmount(parsing: text, "a") }

  @Test(arguments: ["abc", "", "-1", "+1", "1.0", "1e3", "_1", "1_", "1__0", "0x5"])
  func `an amount is digits`(text: String) {
    #expect(throws: OperationsError.self) { try Self.amount(text) }
  }

  @Test func `an amount past 2^128 - 1 is refused, and so is a sum`() throws {
    let most = "340282366920938463463374607431768211455"
    #expect(try Self.amount(most).description == most)
    let over = #expect(throws: OperationsError.self) { try Self.amount("340282366920938463463374607431768211456") }
    #expect(over?.code == .overflow)
    for (price, limit, verification) in [(most, "2", "0"), ("1", most, "1"), (most, "1", "0")] {
      let error = #expect(throws: OperationsError.self) {
        try DepositCalculation(
          .gas(
            price: try Self.amount(price), limit: try Self.amount(limit), verification: try Self.amount(verification)))
      }
      #expect(error?.code == .overflow)
    }
    // Exactly at the end it is still a number.
    let last = try DepositCalculation(
      .fee(try Self.amount(most)), margin: try DepositMargin(parsing: "0"), window: 1)
    #expect(last.recommendedDeposit.description == most)
  }

  @Test(arguments: ["-0.1", "1e-1", ".5", "5.", "0,15", "", "0.1234567890123456789"])
  func `a margin is a decimal share`(text: String) {
    #expect(throws: OperationsError.self) { try DepositMargin(parsing: text) }
  }

  @Test func `a margin is exact to its eighteenth digit`() throws {
    let one = try DepositCalculation(
      .fee(try Self.amount("1000000000000000000")), margin: try DepositMargin(parsing: "0.000000000000000001"),
      window: 1)
    #expect(one.recommendedDeposit.description == "1000000000000000001")
  }

  @Test(
    arguments: [
      ("50", "~0.000000"), ("150", "~0.000002"), ("250", "~0.000002"), ("251", "~0.000003"), ("350", "~0.000004"),
      ("99999950", "~1.000000"), ("100000000", "~1.000000"), ("123456789012345678", "~1234567890.123457"),
    ])
  func `coins are rounded half to even`(quants: String, coins: String) throws {
    #expect(QuantsText.text(try Self.amount(quants)).contains("(\(coins) SUPRA)"))
  }
}
