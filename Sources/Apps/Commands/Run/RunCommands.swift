import Chains
import Codecs
import Engine
import Foundation
import Keys
import Money
import Payouts
import Policy
import Signing
import Terminal

/// `quote`, `run`, `import-signed`: the way from queued to confirmed.
enum RunCommands {
  static let all: [CommandSpec] = [
    CommandSpec(
      .airdrop, "quote", "What the fees of a campaign will be, expected and at worst",
      example: "airdrop quote --campaign Q4-Rewards", sending, run: quote),
    CommandSpec(
      .airdrop, "run", "Pay: show the plan, ask, and work until every payout is final",
      example: "airdrop run --campaign Q4-Rewards --max-batch 200 --concurrency 8",
      sending + [
        .value("mode", "MODE", "sync, async-batch (default), canary or shadow"),
        .optional("dry-run", "sign", "show what would be signed; with =sign also sign it, without sending"),
        .value("concurrency", "N", "most transactions on their way at once"),
        .value("canary", "N", "how many recipients go first in canary mode, 1 to 5 (3)"),
        .value("priority", "N", "share among running campaigns, 1 to 9 (5)"),
        .value("start-at", "TIME", "not before, as 2026-12-01T09:00:00Z"),
        .value("end-at", "TIME", "nothing new after; what is queued then fails as expired"),
        .value("window", "HH:MM-HH:MM", "only within these hours of the day"),
        .value("time-zone", "ZONE", "of --window, as Europe/Berlin (UTC)"),
        .value("unsigned-out", "DIR", "write unsigned transactions for an offline signer instead of signing"),
        .value("give-up-after", "SECONDS", "end when nothing moved for so long (600)"),
        .flag("start-only", "approve and start, and leave the work to almoner worker"),
        .flag("yes", "do not ask"),
      ], run: RunCommand.run),
    CommandSpec(
      .airdrop, "import-signed", "Take transactions that were signed elsewhere; the next run sends them",
      example: "airdrop import-signed --campaign Q4-Rewards --dir signed/ --from 0x...",
      [CampaignCommands.named, .value("dir", "DIR", "the folder with signed files"), from], run: importSigned),
  ]

  static let from = CommandSpec.Option.value("from", "ADDRESS", "the sending account, where its key is elsewhere")
  private static let sending: [CommandSpec.Option] = [
    CampaignCommands.named, .value("max-batch", "N", "most recipients in one transaction"), from,
  ]

  /// The accounts that would pay: `--from`, or those of every configured key. Never none.
  static func senders(_ app: App, _ chain: ChainID) throws -> [Address] {
    if let text = app.arguments["from"] { return [try app.codec(chain).address(text)] }
    let accounts = try app.signingAccounts(chain)
    guard !accounts.isEmpty else {
      throw CommandError(.noSender, "no key is configured", hint: "set AM_KEYSTORE or AM_HSM_URI, or name --from")
    }
    return accounts
  }

  /// The account a command speaks for, where it can be only one: the first of those.
  static func sender(_ app: App, _ chain: ChainID) throws -> Address { try senders(app, chain)[0] }

  private static func quote(_ app: App) throws -> ExitStatus {
    let store = try app.store()
    let campaign = try planned(try app.campaign(store), app)
    let rail = try app.rail(campaign.chain)
    let accounts = try senders(app, campaign.chain)
    let quote = try app.retrying { try Quote.of(campaign, store: store, rail: rail, accounts: accounts) }
    show(quote, campaign, rail, try screeningText(campaign, store), app)
    return quote.isCovered ? .success : .refused
  }

  /// The campaign as this command line would run it.
  static func planned(_ campaign: Campaign, _ app: App) throws -> Campaign {
    let most = try app.settings.number("AM_MAX_BATCH_SIZE", in: 1...10_000) ?? 500
    return campaign.with(maxBatch: Int(most))
  }

  static func show(_ quote: Quote, _ campaign: Campaign, _ rail: any Rail, _ screening: String, _ app: App) {
    if app.terminal.isJSON {
      let line: JSON = [
        "event": "quote", "campaign": .string(campaign.name),
        "payouts": .integer(quote.payouts), "total": .string(quote.total.description),
        "batches": .integer(quote.batches), "setup_transactions": .integer(quote.setupTransactions),
        "expected_fee": .string(quote.expectedFee.description), "worst_fee": .string(quote.worstFee.description),
        "native_shortfall": .string(quote.nativeShortfall.description),
        "token_shortfall": .string(quote.tokenShortfall.description),
        "senders": .array(quote.senders.map { json($0, rail.codec) }),
        "quorum": .integer(rail.quorum.size), "endpoints": .integer(rail.quorum.endpoints),
        "screening": .string(screening),
      ]
      return app.terminal.line(line.text)
    }
    app.terminal.line("Plan for \(campaign.name)")
    app.terminal.line("  recipients    \(quote.payouts), together \(quote.total) base units of \(campaign.asset)")
    app.terminal.line(
      "  transactions  \(quote.batches) of up to \(quote.payeesPerBatch) recipients"
        + (quote.setupTransactions > 0 ? ", and \(quote.setupTransactions) to set up" : ""))
    app.terminal.line("  fees          \(coins(quote.expectedFee)) expected, \(coins(quote.worstFee)) at most")
    app.terminal.line("  screening     \(screening)")
    for sender in quote.senders { show(sender, rail.codec, app) }
    if !quote.nativeShortfall.isZero {
      app.terminal.line(app.terminal.colour("  lacks         \(coins(quote.nativeShortfall)) of the native coin", .red))
    }
    if !quote.tokenShortfall.isZero {
      app.terminal.line(app.terminal.colour("  lacks         \(quote.tokenShortfall) base units of the token", .red))
    }
    if rail.quorum.isUnprotected {
      app.terminal.note("Only one node is configured: what it says is believed. Name three in AM_EVM_RPC.")
    }
  }

  /// By what policy the campaign is screened, in a few words.
  static func screeningText(_ campaign: Campaign, _ store: any PayoutStore) throws -> String {
    guard let policy = try store.activePolicy() else { return "none configured" }
    let name = "policy \(policy.name) (\(policy.digest))"
    guard let screening = try store.screening(campaign.id), screening.policy == policy.digest else {
      return "\(name), before anything is sent"
    }
    let waits = screening.count(.review) + screening.count(.held)
    return "\(name): \(screening.count(.deny)) denied, \(waits) wait"
  }

  private static func show(_ sender: Quote.Sender, _ codec: any TransactionCodec, _ app: App) {
    let token = sender.funds.token.map { " and \($0) base units" } ?? ""
    let note = sender.maySend ? "" : ": too little for the fee of one batch"
    app.terminal.line(
      "  paid by       \(codec.text(sender.account)), which holds \(coins(sender.funds.native))\(token)\(note)")
  }

  private static func json(_ sender: Quote.Sender, _ codec: any TransactionCodec) -> JSON {
    [
      "account": .string(codec.text(sender.account)), "needs_setup": .bool(sender.needsSetup),
      "may_send": .bool(sender.maySend), "native_balance": .string(sender.funds.native.description),
      "token_balance": sender.funds.token.map { .string($0.description) } ?? .null,
    ]
  }

  /// Wei as coins, exactly.
  static func coins(_ wei: UInt256) -> String { "\(DecimalText.text(wei, decimals: 18)) coins" }

  private static func importSigned(_ app: App) throws -> ExitStatus {
    let store = try app.store()
    let campaign = try app.campaign(store)
    let codec = try app.codec(campaign.chain)
    let account = try sender(app, campaign.chain)
    let signed = try OfflineSigner.readSigned(try app.arguments.required("dir"), codec: codec)
    let importer = SignedImport(store: store, codec: codec, clock: app.clock, actor: app.actor) {
      try? KeyAccount.recover($1, signingHash: $0)
    }
    let report = try app.withLane(store, campaign.chain, account, signerHighest: 0) { lane, held in
      try importer.take(signed.map(\.signed.bytes), lane: lane, held)
    }
    if app.terminal.isJSON {
      let line: JSON = [
        "event": "imported", "recorded": .integer(report.recorded), "already": .integer(report.already),
        "unknown": .array(report.strangers.map { .string($0.description) }),
      ]
      app.terminal.line(line.text)
    } else {
      app.terminal.line("\(report.recorded) transactions recorded, \(report.already) were recorded before")
      for hash in report.strangers { app.terminal.line("  not intended here: \(hash)") }
    }
    return report.strangers.isEmpty ? .success : .findings
  }
}
