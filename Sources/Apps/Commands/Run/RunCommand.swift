import Chains
import Codecs
import Engine
import Foundation
import Keys
import Money
import Payouts
import Signing
import Terminal

/// `run`: the plan, the question, the work, and how it ended.
enum RunCommand {
  static func run(_ app: App) throws -> ExitStatus {
    let store = try app.store()
    // What is wrong with the broker's settings is said before anything begins.
    if app.hasBroker { _ = try BrokerFeed(app, store: store) }
    let campaign = try RunCommands.planned(try app.campaign(store), app)
    let planning = try planning(campaign, app)
    let isDry = app.arguments.has("dry-run") || app.arguments["dry-run"] != nil
    if isDry, !["sign", nil].contains(app.arguments["dry-run"]) {
      throw CommandError(.usage, "--dry-run takes nothing, or =sign")
    }
    guard app.arguments["unsigned-out"] == nil || (!isDry && planning.mode != .shadow) else {
      throw CommandError(.usage, "--unsigned-out makes intents, which neither --dry-run nor --mode shadow does")
    }
    if app.arguments["unsigned-out"] == nil { app.warnOfKeys(campaign.chain) }
    let rail = try app.rail(campaign.chain)
    let accounts = try RunCommands.senders(app, campaign.chain)
    if isDry { return try dryRun(campaign, store, rail, accounts, app) }
    if planning.mode == .shadow { return try shadow(campaign, store, rail, accounts, app) }
    try startIfNeeded(campaign, planning, store, rail, accounts, app)
    if app.arguments.has("start-only") {
      let started = try app.campaign(store)
      CampaignCommands.show(started, try store.tally(started.id), app)
      return .success
    }
    return try work(try app.campaign(store), store, rail, accounts[0], app)
  }

  // MARK: Planning

  private static func planning(_ campaign: Campaign, _ app: App) throws -> CampaignChange.Planning {
    let text = app.arguments["mode"] ?? "async-batch"
    guard let mode = CampaignMode(rawValue: text == "synchronous" ? "sync" : text) else {
      throw CommandError(.usage, "\(text) is no mode", hint: "sync, async-batch, canary or shadow")
    }
    let canary = try app.arguments.number("canary", in: 1...5) ?? 3
    return CampaignChange.Planning(
      mode: mode, priority: Int(try app.arguments.number("priority", in: 1...9) ?? 5),
      window: try WindowOptions.window(app.arguments), maxBatch: campaign.maxBatch,
      canary: mode == .canary ? Int(canary) : 0)
  }

  /// The planning of a running campaign with what this command line changes about it; nil when it changes nothing.
  private static func replanning(
    _ campaign: Campaign, _ asked: CampaignChange.Planning, _ app: App
  ) throws(CommandError) -> CampaignChange.Planning? {
    func given(_ names: String...) -> Bool { names.contains { app.arguments[$0] != nil } }
    let mode = given("mode") ? asked.mode : campaign.mode
    guard mode != .canary || campaign.mode == .canary else {
      throw CommandError(
        .usage, "\(campaign.name) already runs: no recipients can go first any more",
        hint: "leave --mode canary out, or pause the campaign")
    }
    let isResized = app.settings.value("AM_MAX_BATCH_SIZE")?.source == .flag
    let now = CampaignChange.Planning(
      mode: campaign.mode, priority: campaign.priority, window: campaign.window, maxBatch: campaign.maxBatch,
      canary: campaign.canary)
    let wanted = CampaignChange.Planning(
      mode: mode, priority: given("priority") ? asked.priority : campaign.priority,
      window: given("start-at", "end-at", "window", "time-zone") ? asked.window : campaign.window,
      maxBatch: isResized ? asked.maxBatch : campaign.maxBatch, canary: mode == .canary ? campaign.canary : 0)
    return wanted == now ? nil : wanted
  }

  /// Shows the plan, asks, approves what stands and starts. A campaign that already runs is gone on with, under what this
  /// command line says anew; a paused one is only watched, since whoever paused it decides when it goes on.
  private static func startIfNeeded(
    _ campaign: Campaign, _ planning: CampaignChange.Planning, _ store: any PayoutStore, _ rail: any Rail,
    _ accounts: [Address], _ app: App
  ) throws {
    if campaign.status == .canceled || campaign.status == .paused { return }
    if campaign.status == .running {
      // `campaign` has the batch size of this command line: the stored one is what runs.
      let stored = try app.campaign(store)
      guard let changed = try replanning(stored, planning, app) else { return }
      _ = try app.campaigns(store).start(stored, planning: changed, feeCap: try app.maxFee)
      return
    }
    let tally = try store.tally(campaign.id)
    if tally.count > 0, tally[.queued].count == 0, tally[.submitted].count == 0 { return }
    let quote = try app.retrying { try Quote.of(campaign, store: store, rail: rail, accounts: accounts) }
    RunCommands.show(quote, campaign, rail, app)
    guard quote.isCovered else {
      let who = quote.senders.count > 1 ? "the \(quote.senders.count) accounts together" : rail.codec.text(accounts[0])
      throw CommandError(
        .insufficientFunds, "\(who) cannot pay the whole campaign",
        hint: "fund what is lacking above, then run again; nothing was started")
    }
    try app.confirm("Pay \(quote.payouts) recipients \(quote.total) base units?")
    let service = try app.campaigns(store)
    if let approvals = try app.approvals(store) {
      let request = try approvals.ask(
        campaign, feeCap: try app.maxFee, lanes: accounts, by: app.actor, validMilliseconds: ApprovalCommands.validity,
        secrets: try app.peopleSecrets())
      ApprovalCommands.tellAsked(request, app)
    } else {
      _ = try service.approve(campaign, feeCap: try app.maxFee)
    }
    _ = try service.start(campaign, planning: planning, feeCap: try app.maxFee)
  }

  // MARK: Without sending

  private static func dryRun(
    _ campaign: Campaign, _ store: any PayoutStore, _ rail: any Rail, _ accounts: [Address], _ app: App
  ) throws -> ExitStatus {
    if app.arguments["dry-run"] == "sign" {
      let planning = try planning(campaign, app)
      try startIfNeeded(campaign, planning, store, rail, accounts, app)
      return try work(try app.campaign(store), store, rail, accounts[0], app, reach: .sign)
    }
    var transactions = 0
    let isNew = campaign.status == .pending
    let asPlanned = campaign.with(
      maxBatch: campaign.maxBatch, canary: isNew ? try planning(campaign, app).canary : campaign.canary)
    try DryRun(store: store, rail: rail).run(asPlanned, account: accounts[0]) { planned in
      transactions += 1
      show(planned, rail.codec, app)
    }
    if !app.terminal.isJSON {
      app.terminal.line("\(transactions) transactions would be signed. Nothing was signed, sent or written.")
    }
    return .success
  }

  private static func show(_ planned: DryRun.Planned, _ codec: any TransactionCodec, _ app: App) {
    var payees: [Payee] = []
    if case .pay(_, let list) = planned.purpose { payees = list }
    if app.terminal.isJSON {
      let line: JSON = [
        "event": "unsigned", "slot": .integer(planned.slot), "kind": .string(planned.purpose.kind.rawValue),
        "payees": .integer(payees.count), "signing_hash": .string(planned.unsigned.signingHash.description),
        "unsigned": .string(Hex.prefixed(planned.unsigned.bytes)),
      ]
      return app.terminal.line(line.text)
    }
    app.terminal.line(
      "slot \(planned.slot)  \(planned.purpose.kind.rawValue)  \(payees.count) recipients  signing hash \(planned.unsigned.signingHash)"
    )
  }

  /// Everything but signing and sending, and whether the real run would start.
  private static func shadow(
    _ campaign: Campaign, _ store: any PayoutStore, _ rail: any Rail, _ accounts: [Address], _ app: App
  ) throws -> ExitStatus {
    let quote = try app.retrying { try Quote.of(campaign, store: store, rail: rail, accounts: accounts) }
    RunCommands.show(quote, campaign, rail, app)
    var bytes = 0
    var transactions = 0
    let policy = try app.policy(campaign.chain)
    let account = accounts[0]
    try DryRun(store: store, rail: rail).run(campaign, account: account) { planned in
      try policy.check(
        TransactionRequest(account: account, slot: planned.slot, purpose: planned.purpose, fee: planned.fee))
      bytes += planned.unsigned.bytes.count
      transactions += 1
    }
    let isReady = quote.isCovered
    if app.terminal.isJSON {
      let line: JSON = [
        "event": "shadow", "transactions": .integer(transactions), "bytes": .integer(bytes), "ready": .bool(isReady),
      ]
      app.terminal.line(line.text)
    } else {
      app.terminal.line("Shadow run: \(transactions) transactions, \(bytes) bytes, every one within the signer's rules")
      app.terminal.line(isReady ? "  ready: a live run would start" : "  not ready: see what is lacking above")
    }
    return isReady ? .success : .refused
  }

  // MARK: Work

  private static func work(
    _ campaign: Campaign, _ store: any PayoutStore, _ rail: any Rail, _ account: Address, _ app: App,
    reach: LaneWorker.Reach = .send
  ) throws -> ExitStatus {
    StopSignal.install()
    let out = app.arguments["unsigned-out"]
    let observer = RunObserver(app.terminal)
    let signer = out == nil ? try app.signer(campaign.chain) : try app.keylessSigner(campaign.chain)
    let accounts = out == nil ? signer.accounts : [account]
    try app.releaseDeadHolders(store)
    let workers = try accounts.map {
      try app.worker($0, store, rail, signer, reach: out == nil ? reach : .intend, observer: observer)
    }
    let stall = try app.arguments.number("give-up-after", in: 1...31_536_000) ?? 600
    let runner = Runner(
      app: app, store: store, workers: workers,
      events: try EventFile(path: try app.beside("AM_JSONL_PATH", ".events.jsonl")),
      stallMilliseconds: stall * 1000, observer: observer)
    var bar = ProgressBar(app.terminal, campaign.name)
    let relay = try BackgroundRelay.begin(app, store)
    defer { relay?.end() }
    let end = try runner.run(campaign.id) { tally in
      let over = tally[.confirmed].count + tally[.failed].count + tally[.compensated].count
      bar.show(over, of: tally.count, "\(tally[.confirmed].count) confirmed, \(tally[.submitted].count) on their way")
    }
    bar.finish()
    _ = try app.audit(store).seal(at: app.clock.now())
    if let out { return try exportUnsigned(out, campaign, store, accounts, app) }
    let status = Result { try finish(end, try app.campaign(store), store, app) }
    // A lane that is not trusted with its store plans nothing, however often the command is repeated.
    if (try? status.get()) != .success, let lane = try draining(accounts, campaign, store) {
      throw EngineError(
        code: EngineError.Code.laneDraining.rawValue,
        message: "lane \(lane.id) plans nothing more: \(lane.modeReason ?? "it is draining")",
        hint: "the store is older than its signer or chain: almoner lanes adopt, then almoner lanes reopen",
        isPassing: false)
    }
    return try status.get()
  }

  private static func draining(_ accounts: [Address], _ campaign: Campaign, _ store: any PayoutStore) throws -> Lane? {
    let tally = try store.tally(campaign.id)
    guard tally[.queued].count > 0 else { return nil }
    return try store.lanes().first {
      $0.chain == campaign.chain && accounts.contains($0.account) && $0.mode == .draining
    }
  }

  private static func exportUnsigned(
    _ dir: String, _ campaign: Campaign, _ store: any PayoutStore, _ accounts: [Address], _ app: App
  ) throws -> ExitStatus {
    let codec = try app.codec(campaign.chain)
    var requests: [SigningRequest] = []
    for lane in try store.lanes() where lane.chain == campaign.chain && accounts.contains(lane.account) {
      for batch in try store.liveBatches(lane.id) {
        for attempt in batch.attempts where attempt.state == .intended {
          requests.append(
            SigningRequest(
              account: lane.account, fence: lane.fence, slot: batch.slot, unsigned: attempt.unsigned.bytes))
        }
      }
    }
    let summary = try OfflineSigner.export(requests, codec: codec, to: dir)
    if app.terminal.isJSON {
      app.terminal.line(
        (["event": "unsigned", "dir": .string(dir), "transactions": .integer(requests.count)] as JSON).text)
    } else {
      app.terminal.line("\(requests.count) unsigned transactions in \(dir), content \(summary.contentHash)")
      app.terminal.line("Sign them where the key is (almoner keys sign-offline), then: airdrop import-signed")
    }
    return requests.isEmpty ? .success : .again
  }

  /// 0 only when every payout is confirmed or compensated; 75 when a repeat can finish the rest.
  static func finish(_ end: Runner.End, _ campaign: Campaign, _ store: any PayoutStore, _ app: App) throws -> ExitStatus
  {
    let tally = try store.tally(campaign.id)
    CampaignCommands.show(campaign, tally, app)
    let open = tally[.queued].count + tally[.submitted].count
    if open == 0, tally[.failed].count == 0 { return .success }
    if case .stalled(let why?) = end {
      app.terminal.note("Nothing moved any more: \(why.code): \(why.message)\(why.hint.map { " (\($0))" } ?? "")")
    }
    if campaign.status == .paused || (open > 0 && tally.unknown == tally[.submitted].count && tally[.queued].count == 0)
    {
      throw CommandError(
        .needsPeople, "\(open) payouts wait for a decision: campaign \(campaign.status.rawValue)",
        hint: campaign.status == .paused
          ? "\(campaign.reason ?? "it was paused"); go on with: airdrop campaigns resume --campaign \(campaign.name)"
          : campaign.reason ?? "see airdrop payouts list --status submitted")
    }
    if open > 0 {
      throw CommandError(
        .incomplete, "\(open) payouts are not final yet", hint: "run the same command again; nobody is paid twice")
    }
    throw CommandError(
      .needsPeople, "\(tally[.failed].count) payouts failed; all others are confirmed",
      hint: "see airdrop payouts list --status failed; settle them with payouts compensate, or order them anew")
  }
}

extension Campaign {
  func with(maxBatch: Int, canary: Int? = nil) -> Campaign {
    Campaign(
      id: id, uuid: uuid, name: name, chain: chain, asset: asset, status: status, reason: reason, mode: mode,
      priority: priority, window: window, maxBatch: maxBatch, canary: canary ?? self.canary, createdBy: createdBy,
      createdAt: createdAt, readyOrdinal: readyOrdinal)
  }
}
