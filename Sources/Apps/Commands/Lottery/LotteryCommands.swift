import Codecs
import Engine
import Loads
import Lottery
import Money
import Policy
import Terminal

/// `lottery ...`: every operation and every view of the specification by its own name, and the desk's own: settle, check,
/// vaults, address.
enum LotteryCommands {
  static let all: [CommandSpec] = operations + views + own

  private static let operations: [CommandSpec] = LotteryOperation.names.map { name in
    CommandSpec(
      .desk, "lottery \(name)", "Lotteries: \(name) of the specification", example: example(name),
      App.lotteryDeskOptions + [
        .value("key", "TEXT", "the request's own key: asked twice, it is done once"),
        .value("as", "ADDRESS", "for whom it is done; the admin without it, me for oneself"),
      ] + options(LotteryOperation.shapes[name] ?? []), run: { try perform(name, $0) })
  }

  private static let views: [CommandSpec] = LotteryView.all.map { view in
    CommandSpec(
      .desk, "lottery \(view.name)", "Lotteries: the view \(view.name) as JSON",
      example: "almoner lottery \(view.name)"
        + view.shape.filter { !$0.kind.isOptional }.map { " --\($0.flag) 7" }.joined(),
      options(view.shape) + [.value("major", "N", "1 for JSON numbers of 64 bits (default), 2 for decimal text")],
      run: { try show(view, $0) })
  }

  private static let own: [CommandSpec] = [
    LotterySales.command,
    CommandSpec(
      .desk, "lottery settle", "Put the payouts of decided batches into their campaigns",
      example: "almoner lottery settle", run: settle),
    CommandSpec(
      .desk, "lottery check", "Recompute ledger, accounting, rounds, payouts and journal of all lotteries",
      example: "almoner lottery check", run: check),
    CommandSpec(
      .desk, "lottery vaults", "Show what is set aside for partners; 1 when a vault is below the water line",
      example: "almoner lottery vaults --below 1000",
      [.value("below", "UNITS", "the water line: a lottery in payout with less is told and ends the command with 1")],
      run: vaults),
    CommandSpec(
      .desk, "lottery address", "Show who a person of the desk is in lotteries",
      example: "almoner lottery address --person eve", [.value("person", "NAME", "the person; oneself without it")],
      run: address),
  ]

  /// Who may ask: what an operation prepares, sells, pays or stops is asked of the same people as for campaigns; roles,
  /// caps, bots and features are the administrator's.
  static let access: [String: CommandAccess] = {
    var access: [String: CommandAccess] = [
      "lottery sell": .needs(.campaignRun), "lottery settle": .needs(.campaignPrepare),
      "lottery check": .needs(.auditView),
      "lottery vaults": .needs(.view), "lottery address": .needs(.view),
    ]
    for view in LotteryView.all { access["lottery \(view.name)"] = .needs(.view) }
    for name in LotteryOperation.names { access["lottery \(name)"] = .needs(permission(name)) }
    return access
  }()

  private static func permission(_ name: String) -> Permission {
    switch name {
    case "set_emergency_stop", "cancel_lottery_admin": .campaignStop
    case "clear_emergency_stop": .laneManage
    case "create_draft_admin", "create_draft_partner", "set_primary_type", "set_tags_mask": .campaignPrepare
    case "set_payout_batch_cap_admin", "revoke_payout_batch_cap_admin", "upsert_partner_payout_cap_admin",
      "revoke_partner_payout_cap_admin", "grant_partner_create_cap_admin", "revoke_partner_create_cap_admin",
      "grant_premium_access_admin", "revoke_premium_access_admin", "set_feature_mode", "register_bot", "rotate_bot",
      "unregister_bot", "set_emergency_operators":
      .policyManage
    case _ where name.hasPrefix("init_"): .laneManage
    default: .campaignRun
    }
  }

  private static func example(_ name: String) -> String {
    let flags = (LotteryOperation.shapes[name] ?? []).filter { !$0.kind.isOptional }.flatMap { $0.kind.flags($0.flag) }
    return "almoner lottery \(name) --key order-1" + flags.map { " --\($0) ..." }.joined()
  }

  private static func options(_ shape: [(flag: String, kind: LotteryFieldKind)]) -> [CommandSpec.Option] {
    shape.flatMap { field in
      field.kind.flags(field.flag).map { .value($0, field.kind.word, field.kind.help($0)) }
    }
  }
}

// MARK: Doing

extension LotteryCommands {
  private static func flags(_ shape: [(flag: String, kind: LotteryFieldKind)]) -> Set<String> {
    Set(shape.flatMap { $0.kind.flags($0.flag) })
  }

  private static func perform(_ name: String, _ app: App) throws -> ExitStatus {
    let key = try app.arguments.required("key")
    var words = LotteryFieldWords(try app.lotteryWords(flags(LotteryOperation.shapes[name] ?? [])))
    let operation = try LotteryOperation(named: name, from: &words)
    try words.finish()
    let desk = try app.lotteryDesk(create: name == "init_registry")
    let actor = try app.lotteryActor(name, admin: desk.settings.admin)
    let request = LotteryRequest(key: key, actor: actor, operation: operation)
    switch try app.retrying({ try desk.perform(request) }) {
    case .done(let answer, let entry, let isNew):
      let events = answer.events.map { event -> JSON in
        ["event": .string(event.word), "bytes": .string(Hex.prefixed(event.bytes))]
      }
      app.tell(
        [
          "event": "lottery", "operation": .string(name), "key": .string(key), "entry": .integer(entry),
          "new": .bool(isNew), "events": .array(events),
        ], or: "\(name): entry \(entry)\(isNew ? "" : ", done before")")
      return .success
    case .refused(let error): throw error
    case .denied(let error): throw error
    }
  }

  private static func show(_ view: LotteryView, _ app: App) throws -> ExitStatus {
    let major: ViewSchema.Major = try app.arguments.number("major", in: 1...2) == 2 ? .two : .one
    let desk = try app.lotteryDesk()
    let now = UInt64(max(0, app.clock.now().milliseconds) / 1000)
    let document = try view.document(
      try app.lotteryWords(flags(view.shape)), of: try desk.engine(), Context(actor: desk.settings.admin, now: now),
      major)
    app.terminal.jsonLine(document.text)
    return .success
  }

  private static func settle(_ app: App) throws -> ExitStatus {
    let loads = LotteryLoads(store: try app.store(), sha256: app.sha256, clock: app.clock, actor: app.actor)
    let loaded = try app.lotteryDesk().settle(with: loads)
    for batch in loaded {
      app.tell(
        [
          "event": "lottery_settled", "campaign": .string(batch.name), "units": .string(String(batch.units)),
          "lottery": .string(String(batch.lottery)),
        ], or: "\(batch.name): \(batch.units) base units, to be run")
    }
    if loaded.isEmpty { app.tell(["event": "lottery_settled", "campaign": .null], or: "Every batch has its payouts.") }
    return .success
  }

  private static func check(_ app: App) throws -> ExitStatus {
    let faults = try app.lotteryDesk().check()
    for fault in faults { app.tell(["event": "lottery_fault", "message": .string(fault)], or: fault) }
    app.tell(
      ["event": "lottery_checked", "faults": .integer(faults.count)],
      or: faults.isEmpty ? "All lotteries agree." : "\(faults.count) sentences are not true.")
    return faults.isEmpty ? .success : .findings
  }

  private static func vaults(_ app: App) throws -> ExitStatus {
    var line = UInt256.zero
    if let text = app.arguments["below"] {
      do { line = try UInt256(decimal: text) } catch { throw CommandError(.usage, "--below takes a whole number") }
    }
    var isLow = false
    for vault in try app.lotteryDesk().vaults(below: line) {
      app.tell(
        [
          "event": "lottery_vault", "lottery": .string(String(vault.lottery)),
          "units": .string(vault.holds.description),
          "is_low": .bool(vault.isLow),
        ], or: "lottery \(vault.lottery): \(vault.holds)\(vault.isLow ? ", below \(line)" : "")")
      isLow = isLow || vault.isLow
    }
    return isLow ? .findings : .success
  }

  private static func address(_ app: App) throws -> ExitStatus {
    let name: PersonName
    if let text = app.arguments["person"] {
      name = try PersonName(text)
    } else {
      guard app.actor.hasPrefix("person:") else {
        throw CommandError(.usage, "--person is needed: nobody is logged in")
      }
      name = try PersonName(String(app.actor.dropFirst(7)))
    }
    let address = LotteryAddress(person: name.raw).description
    app.tell(
      ["event": "lottery_address", "person": .string(name.raw), "address": .string(address)], or: "\(name) \(address)")
    return .success
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

  fileprivate var isOptional: Bool {
    switch self {
    case .optionalUInt64, .optionalAddress, .schema: true
    case .uint64, .uint16, .uint8, .bool, .bytes, .address, .status, .addresses, .numbers, .answer, .reading, .botCap,
      .botTerms, .effect:
      false
    }
  }

  fileprivate var word: String {
    switch self {
    case .uint64, .uint16, .uint8, .optionalUInt64, .schema: "N"
    case .bool: "BOOL"
    case .bytes: "BYTES"
    case .address, .optionalAddress: "ADDRESS"
    case .addresses, .numbers: "LIST"
    case .status: "STATUS"
    case .answer, .reading, .botCap, .botTerms, .effect: "VALUE"
    }
  }

  fileprivate func help(_ flag: String) -> String {
    if flag == "lottery_config" { return "@FILE of JSON as get_lottery shows it, or 0x and its BCS bytes" }
    return switch self {
    case .uint64, .uint16, .uint8: "a whole number"
    case .optionalUInt64: "a whole number; may be left out"
    case .schema: "1 or 2 (default)"
    case .bool: "true or false"
    case .bytes: "0x and hex digits, or text: and the text"
    case .address: "0x and 64 digits, or the 40 of a chain's address"
    case .optionalAddress: "an address; may be left out"
    case .addresses: "addresses, joined by commas"
    case .numbers: "numbers in hex, joined by commas"
    case .status: "active or closing"
    case .answer: "part of the provider's answer"
    case .reading: "part of the deposit's reading"
    case .botCap, .botTerms: "part of the bot's terms"
    case .effect: "part of what the bot does; those that its action needs"
    }
  }
}
