import Chains
import Codecs
import Money

/// Reads a report from the chain's views, in three rounds: what stands alone, which lotteries there are, and their details.
///
/// A view that the chain refuses leaves a mark and the rest of the report.
package struct ReportReader: Sendable {
  package let settings: MonitorSettings
  private let names: ViewNames

  /// More lotteries than a report can hold.
  static let mostLotteries: UInt64 = 10_000
  private static let switched = [
    "instances", "rounds", "treasury_multi", "autopurchase", "metadata", "operators", "history", "referrals", "vip",
  ]
  /// The overviews, in the report's order.
  private static let overviews = ["autopurchase", "metadata", "operators", "history", "referrals", "vip"]
  /// Views that only a single-lottery engine has.
  private static let optional: Set<String> = ["core.whitelist", "core.request_config"]

  package init(_ settings: MonitorSettings) {
    self.settings = settings
    names = ViewNames(settings)
  }

  /// `timestamp`: ISO 8601, UTC. Throws `rail.*` when the chain cannot be asked, `operations.*` for what no report can
  /// be made of.
  package func read(_ chain: any ChainViews, timestamp: String) throws -> MonitorReport {
    var round = ViewRound()
    askFirst(&round)
    try round.run(on: chain)
    round.forgive(ReportReader.optional)
    let ids = try lotteryIDs(round)
    askRegistrations(ids, &round)
    try round.run(on: chain)
    let registered = ids.filter { !round["lotteries[\($0)].registration"].isNull }
    askDetails(registered, &round)
    try round.run(on: chain)
    return MonitorReport(
      timestamp: timestamp, settings: settings, calculation: try calculation(round),
      hub: MonitorReport.Hub(
        lotteryCount: round["hub.lottery_count"], nextLotteryID: round["hub.next_lottery_id"],
        callbackSender: round["hub.callback_sender"], configuredIDs: ids),
      lotteries: registered.map { lottery($0, round) }, modules: modules(round), deposit: deposit(round),
      treasury: MonitorReport.Treasury(
        jackpotBalance: round["treasury.jackpot_balance"], tokenBalance: round["treasury.token_balance"],
        totalSupply: round["treasury.total_supply"], metadata: round["treasury.metadata"]),
      core: core(round), problems: round.problems)
  }

  // MARK: Asking

  private func askFirst(_ round: inout ViewRound) {
    round.ask("hub.lottery_count", names.hub("lottery_count"))
    round.ask("hub.next_lottery_id", names.hub("peek_next_lottery_id"))
    round.ask("hub.callback_sender", names.hub("callback_sender"), .option)
    for module in ReportReader.switched {
      round.ask("\(module).initialized", names.lottery(module, "is_initialized"))
    }
    names.askDeposit(&round)
    round.ask("treasury.token_balance", names.lottery("treasury_v1", "treasury_balance"))
    round.ask("treasury.total_supply", names.lottery("treasury_v1", "total_supply"))
    round.ask("treasury.metadata", names.lottery("treasury_v1", "metadata_summary"))
    if settings.meaning == .chain {
      round.ask("core.whitelist", names.engine("get_whitelist_status"))
      round.ask("core.request_config", names.engine("get_vrf_request_config"), .option)
    }
  }

  private func askRegistrations(_ ids: [UInt64], _ round: inout ViewRound) {
    for id in ids {
      round.ask("lotteries[\(id)].registration", names.hub("get_registration", id), .option)
    }
    for module in ReportReader.overviews where round.isTrue("\(module).initialized") {
      round.ask("\(module).ids", names.lottery(module, "list_lottery_ids"), .list)
    }
    if round.isTrue("treasury_multi.initialized") {
      round.ask("treasury.jackpot_balance", names.lottery("treasury_multi", "jackpot_balance"))
    }
  }

  private func askDetails(_ ids: [UInt64], _ round: inout ViewRound) {
    for id in ids {
      let at = "lotteries[\(id)]"
      round.ask("\(at).factory", names.factory("get_lottery", id), .option)
      if round.isTrue("instances.initialized") {
        round.ask("\(at).instance", names.lottery("instances", "get_lottery_info", id), .option)
        round.ask("\(at).stats", names.lottery("instances", "get_instance_stats", id), .option)
      }
      if round.isTrue("rounds.initialized") {
        round.ask("\(at).round.snapshot", names.lottery("rounds", "get_round_snapshot", id), .option)
        round.ask("\(at).round.pending_request_id", names.lottery("rounds", "pending_request_id", id), .option)
      }
      if round.isTrue("treasury_multi.initialized") {
        round.ask("\(at).treasury.config", names.lottery("treasury_multi", "get_config", id), .option)
        round.ask("\(at).treasury.pool", names.lottery("treasury_multi", "get_pool", id), .option)
      }
      if round.isTrue("metadata.initialized") {
        round.ask("\(at).metadata", names.lottery("metadata", "get_metadata", id), .option)
      }
      if round.isTrue("history.initialized") {
        round.ask("\(at).latest_history", names.lottery("history", "latest_record", id), .option)
      }
    }
    for module in ReportReader.overviews {
      for id in ViewValue.integers(round["\(module).ids"]) {
        for part in ModulePart.of(module) {
          round.ask("\(module)[\(id)].\(part.name)", names.lottery(module, part.view, id), part.form)
        }
      }
    }
  }

  private func lotteryIDs(_ round: ViewRound) throws(OperationsError) -> [UInt64] {
    if let given = settings.lotteryIDs { return given }
    guard let next = ViewValue.integer(round["hub.next_lottery_id"])?.uint64 else {
      if round["hub.next_lottery_id"]["error"] != nil { return [] }
      throw OperationsError(.unreadable, "the hub's next lottery id is no number")
    }
    guard next <= ReportReader.mostLotteries else {
      throw OperationsError(.unreadable, "the hub has \(next) lotteries", hint: "name some with --lottery-ids")
    }
    return Array(0..<next)
  }

  // MARK: Putting together

  private func calculation(_ round: ViewRound) throws(OperationsError) -> DepositCalculation {
    switch settings.terms {
    case .given(let terms):
      return try DepositCalculation(terms, margin: settings.margin, window: settings.window)
    case .fromChain:
      guard let fee = ViewValue.integer(round["deposit.max_txn_fee"]) else {
        throw OperationsError(.unreadable, "the deposit module names no fee for the client")
      }
      return try DepositCalculation(
        .fee(try ChainAmount(fee)), margin: settings.margin, window: settings.window)
    }
  }

  private func lottery(_ id: UInt64, _ round: ViewRound) -> MonitorReport.Lottery {
    let at = "lotteries[\(id)]"
    var lottery = MonitorReport.Lottery(id: id)
    lottery.registration = round["\(at).registration"]
    lottery.factory = round["\(at).factory"]
    lottery.instance = round["\(at).instance"]
    lottery.stats = round["\(at).stats"]
    lottery.snapshot = round["\(at).round.snapshot"]
    lottery.pendingRequestID = round["\(at).round.pending_request_id"]
    lottery.treasuryConfig = round["\(at).treasury.config"]
    lottery.treasuryPool = round["\(at).treasury.pool"]
    lottery.metadata = round["\(at).metadata"]
    lottery.latestHistory = round["\(at).latest_history"]
    return lottery
  }

  private func modules(_ round: ViewRound) -> [MonitorReport.Module] {
    ReportReader.overviews.map { module in
      let ids = ViewValue.integers(round["\(module).ids"])
      return MonitorReport.Module(
        name: module, isInitialized: round.isTrue("\(module).initialized"),
        lotteries: ids.map { id in
          var object = ReportObject()
          object.add("lottery_id", .integer(id))
          for part in ModulePart.of(module) { object.add(part.name, round["\(module)[\(id)].\(part.name)"]) }
          return object.json
        })
    }
  }

  private func deposit(_ round: ViewRound) -> MonitorReport.Deposit {
    var deposit = MonitorReport.Deposit()
    deposit.balance = round["deposit.balance"]
    deposit.minBalance = round["deposit.min_balance"]
    deposit.isMinimumReached = round.isTrue("deposit.min_balance_reached")
    switch settings.abi {
    case .legacyCamel:
      deposit.contractDetails = round["deposit.contract_details"]
      deposit.subscriptionInfo = round["deposit.subscription_info"]
      deposit.whitelistedContracts = round["deposit.whitelisted_contracts"]
      deposit.maxGasPrice = round["deposit.max_gas_price"]
      deposit.maxGasLimit = round["deposit.max_gas_limit"]
    case .l1v3:
      let modules = round["deposit.modules"].array ?? []
      let enabled = modules.filter { $0["enabled"].map(ViewValue.boolean) ?? false }
      deposit.contractDetails = .array(
        modules.map {
          ["module": $0["module_type_info"] ?? .null, "max_callback_txn_fee": $0["max_callback_txn_fee"] ?? .null]
        })
      deposit.subscriptionInfo = [
        "active": .bool(round.isTrue("deposit.active")), "remaining_grant": round["deposit.remaining_grant"],
        "total_grant": round["deposit.total_grant"],
      ]
      deposit.whitelistedContracts = .array(enabled.compactMap { $0["module_type_info"] })
      deposit.maxTxnFee = round["deposit.max_txn_fee"]
    }
    return deposit
  }

  private func core(_ round: ViewRound) -> MonitorReport.Core {
    func known(_ key: String) -> JSON? {
      let value = round[key]
      return value.isNull || value["error"] != nil ? nil : value
    }
    return MonitorReport.Core(whitelist: known("core.whitelist"), requestConfig: known("core.request_config"))
  }
}

/// What the overview of a module says of each lottery.
private struct ModulePart {
  let name: String
  let view: String
  let form: ViewForm

  static func of(_ module: String) -> [ModulePart] {
    switch module {
    case "autopurchase", "vip":
      [
        ModulePart(name: "summary", view: "get_lottery_summary", form: .option),
        ModulePart(name: "players", view: "list_players", form: .optionalList),
      ]
    case "metadata": [ModulePart(name: "metadata", view: "get_metadata", form: .option)]
    case "operators":
      [
        ModulePart(name: "owner", view: "get_owner", form: .option),
        ModulePart(name: "operators", view: "list_operators", form: .optionalList),
      ]
    case "history": [ModulePart(name: "records", view: "get_history", form: .list)]
    case "referrals":
      [
        ModulePart(name: "config", view: "get_lottery_config", form: .option),
        ModulePart(name: "stats", view: "get_lottery_stats", form: .option),
      ]
    default: []
    }
  }
}
