import Chains
import Codecs
import Engine
import Loads
import Lottery
import Money
import Policy

/// `lottery ...`: every operation of the specification by its own name, and the desk's own: settle, check, status.
enum LotteryCommands {
  private static let own: [CommandSpec.Option] = [
    .value("admin", "ADDRESS", "the desk's admin, as the journal was begun with"),
    .value("token", "ADDRESS", "the token that tickets cost; the native coin without it"),
  ]

  static let all: [CommandSpec] =
    LotteryOperation.names.map { name in
      CommandSpec(
        .desk, "lottery \(name)", "Lotteries: \(name) of the specification",
        example: "almoner lottery \(name) --key order-1 --as 0xad --admin 0xad",
        own + [
          .value("key", "TEXT", "the request's own key: asked twice, it is done once"),
          .value("as", "ADDRESS", "for whom it is done"),
        ] + options(name), run: { try perform(name, $0) })
    } + [
      CommandSpec(
        .desk, "lottery settle", "Put the payouts of decided batches into their campaigns",
        example: "almoner lottery settle --admin 0xad", own, run: settle),
      CommandSpec(
        .desk, "lottery check", "Recompute ledger, accounting, rounds and journal of all lotteries",
        example: "almoner lottery check --admin 0xad", own, run: check),
    ]

  /// Who may ask: purchases and what moves money are the operator's, all else is preparation.
  static let access: [String: CommandAccess] = {
    var access: [String: CommandAccess] = [
      "lottery settle": .needs(.campaignPrepare), "lottery check": .needs(.auditView),
    ]
    for name in LotteryOperation.names { access["lottery \(name)"] = .needs(permission(name)) }
    return access
  }()

  private static func permission(_ name: String) -> Permission {
    switch name {
    case "set_emergency_stop", "cancel_lottery_admin": .campaignStop
    case "clear_emergency_stop": .laneManage
    case "create_draft_admin", "create_draft_partner": .campaignPrepare
    default: .campaignRun
    }
  }

  private static func options(_ name: String) -> [CommandSpec.Option] {
    (LotteryOperation.shapes[name] ?? []).flatMap { field in
      field.kind.flags(field.flag).map { .value($0, field.kind.rawValue.uppercased(), "argument of the specification") }
    }
  }

  // MARK: Doing

  private static func desk(_ app: App) throws -> LotteryDesk {
    let chain = try app.evmChain()
    guard let admin = LotteryAddress(parsing: try app.arguments.required("admin")) else {
      throw CommandError(.usage, "--admin is no address")
    }
    let settings = LotterySettings(
      admin: admin, chain: chain, asset: AssetID(chain: chain.description, token: app.arguments["token"]))
    return try LotteryDesk(
      store: try app.store(), settings: settings,
      time: ClockTime(clock: app.clock, chainID: UInt8(truncatingIfNeeded: chain.number)), clock: app.clock,
      actor: app.actor)
  }

  private static func perform(_ name: String, _ app: App) throws -> ExitStatus {
    guard let actor = LotteryAddress(parsing: try app.arguments.required("as")) else {
      throw CommandError(.usage, "--as is no address")
    }
    let taken = Set(options(name).map(\.name))
    var words = LotteryFieldWords(app.arguments.values.filter { taken.contains($0.key) })
    let operation = try LotteryOperation(named: name, from: &words)
    try words.finish()
    let request = LotteryRequest(key: try app.arguments.required("key"), actor: actor, operation: operation)
    switch try desk(app).perform(request) {
    case .done(let answer, let entry, let isNew):
      app.tell(
        [
          "event": "lottery", "operation": .string(name), "key": .string(request.key), "entry": .integer(entry),
          "new": .bool(isNew),
          "events": .array(
            answer.events.map { ["event": .string($0.word), "bytes": .string(Hex.prefixed($0.bytes))] }),
        ], or: "\(name): entry \(entry)\(isNew ? "" : ", done before")")
      return .success
    case .refused(let error): throw error
    case .denied(let error): throw error
    }
  }

  private static func settle(_ app: App) throws -> ExitStatus {
    let store = try app.store()
    let loads = LotteryLoads(store: store, sha256: app.sha256, clock: app.clock, actor: app.actor)
    let loaded = try desk(app).settle(with: loads)
    app.tell(["event": "lottery_settled", "batches": .integer(loaded)], or: "\(loaded) batches were loaded")
    return .success
  }

  private static func check(_ app: App) throws -> ExitStatus {
    let faults = try desk(app).check()
    for fault in faults { app.tell(["event": "lottery_fault", "message": .string(fault)], or: fault) }
    if faults.isEmpty { app.tell(["event": "lottery_checked", "faults": .integer(0)], or: "All lotteries agree.") }
    return faults.isEmpty ? .success : .findings
  }
}

extension LotteryFieldKind {
  /// The flags of an argument: its own, or for a record those of its parts.
  fileprivate func flags(_ flag: String) -> [String] {
    switch self {
    case .answer: ["nonce", "message", "signature", "caller_address", "rng_count", "client_seed"]
    case .reading: ["total_balance", "minimum_balance", "effective_balance"]
    case .botCap: ["bot_operator", "cron_spec"]
    case .botTerms: ["cron_spec", "allowed_actions", "timelock_secs", "max_failures", "expires_at"]
    case .effect:
      ["action", "id", "reason", "round", "winners_paid", "prize_paid", "operations_paid"]
    case .uint64, .uint16, .uint8, .bool, .bytes, .address, .schema, .status, .optionalUInt64, .optionalAddress,
      .addresses, .numbers:
      [flag]
    }
  }
}
