import Codecs
import Engine
import Money
import Payouts
import Policy
import Terminal

/// `screen` and `reviews ...`: what the policy says of a campaign, and what people say of what it left to them.
enum ReviewCommands {
  private static let payout = CommandSpec.Option.value("payout-id", "ID", "the payout's id")
  private static let reason = CommandSpec.Option.value("reason", "TEXT", "why, for the record")

  static let all: [CommandSpec] = [
    CommandSpec(
      .airdrop, "screen", "Screen the waiting payouts of a campaign by the policy in force; nothing is sent",
      example: "airdrop screen --campaign Q4-Rewards", [CampaignCommands.named], run: screen),
    CommandSpec(
      .airdrop, "reviews list", "List the payouts that the policy does not let go, and why",
      example: "airdrop reviews list --campaign Q4-Rewards",
      [
        CampaignCommands.named, .value("limit", "N", "at most this many (100)"),
        .value("after", "CURSOR", "go on after this cursor"),
      ], run: list),
    CommandSpec(
      .airdrop, "reviews show", "Show what was decided for one payout, by which rule",
      example: "airdrop reviews show --payout-id abc123", [payout], run: show),
    CommandSpec(
      .airdrop, "reviews clear", "Let a payout go that waits for review; the same is not asked again",
      example: "airdrop reviews clear --payout-id abc123 --reason namesake", [payout, reason],
      run: { app in try decide(app) { try $0.clear($1, reason: $2) } }),
    CommandSpec(
      .airdrop, "reviews refuse", "Fail a payout that waits, for good",
      example: "airdrop reviews refuse --payout-id abc123 --reason entry-1234",
      [payout, reason, .flag("yes", "do not ask")],
      run: { app in
        try app.confirm("Refuse \(Printable.foreign(try app.arguments.required("payout-id"))) for good?")
        return try decide(app) { try $0.refuse($1, reason: $2) }
      }),
  ]

  private static func screen(_ app: App) throws -> ExitStatus {
    let store = try app.store()
    let campaign = try app.campaign(store)
    let screener = Screener(store: store, facts: try app.factSources(), civil: SystemCivilTime())
    var bar = ProgressBar(app.terminal, "screening \(campaign.name)")
    while true {
      switch try screener.step(campaign, actor: app.actor, at: app.clock.now()) {
      case .noPolicy:
        bar.finish()
        app.tell(["event": "screening", "policy": "none"], or: "screening: none configured, everything is allowed")
        return .success
      case .working:
        bar.show(Int64(try store.screening(campaign.id)?.upTo ?? 0), of: Int64(campaign.readyOrdinal), "screened")
      case .current(let screening):
        bar.finish()
        tell(screening, campaign, app)
        return screening.count(.review) + screening.count(.held) > 0 ? .findings : .success
      }
    }
  }

  private static func tell(_ screening: CampaignScreening, _ campaign: Campaign, _ app: App) {
    let counts = screening.counts.sorted { $0.key < $1.key }
    app.tell(
      [
        "event": "screening", "policy": .string(screening.policy.description),
        "valid_until": .integer(screening.validUntil.milliseconds),
        "counts": .array(counts.map { ["verdict": .string($0.key), "count": .integer($0.value)] }),
      ],
      or: """
        \(campaign.name) is screened by policy \(screening.policy)
        \(counts.map { "  \($0.value) \($0.key)" }.joined(separator: "\n"))
        """)
  }

  private static func list(_ app: App) throws -> ExitStatus {
    let store = try app.store()
    let campaign = try app.campaign(store)
    let limit = Int(try app.arguments.number("limit", in: 1...100_000) ?? 100)
    let after = try app.arguments.number("after", in: 0...Int64.max).map { PayoutID($0) }
    let held = try store.heldPayouts(campaign.id, nil, isWaiting: true, after: after, limit: limit)
    for row in held where !row.verdict.kind.maySend { try tell(row, store, app) }
    if held.isEmpty, !app.terminal.isJSON { app.terminal.line("Nothing waits for a person.") }
    if held.count == limit, let last = held.last, !app.terminal.isJSON {
      app.terminal.note("More: --after \(last.payout.raw)")
    }
    return .success
  }

  private static func show(_ app: App) throws -> ExitStatus {
    let store = try app.store()
    let view = try view(app, store)
    guard let held = try store.heldPayout(view.payout) else {
      let word = try store.activePolicy() == nil ? "screening: none configured" : "allowed, or not screened yet"
      app.tell(["event": "verdict", "payout_id": .string(view.key), "verdict": .null], or: word)
      return .success
    }
    try tell(held, store, app)
    return .success
  }

  private static func view(_ app: App, _ store: any PayoutStore) throws -> PayoutView {
    let key = try app.arguments.required("payout-id")
    guard let view = try store.payout(key: key) else {
      throw PayoutError(.notFound, "there is no payout \(key)", hint: "see them with: airdrop payouts list")
    }
    return view
  }

  private static func decide(
    _ app: App, _ body: (PolicyService, PayoutID, String) throws -> Void
  ) throws -> ExitStatus {
    let store = try app.store()
    let reason = try app.arguments.required("reason")
    let view = try view(app, store)
    try body(PolicyService(store: store, clock: app.clock, actor: app.actor), view.payout, reason)
    return try show(app)
  }

  private static func tell(_ held: HeldPayout, _ store: any PayoutStore, _ app: App) throws {
    let key = try store.payout(held.payout)?.key ?? held.payout.description
    let verdict = held.verdict
    let decided = held.decidedBy.map { "; \($0): \(held.decision ?? "")" } ?? ""
    app.tell(
      [
        "event": "verdict", "payout_id": .string(key), "verdict": .string(verdict.kind.rawValue),
        "rule": .string(verdict.rule), "reason": .string(verdict.reason), "detail": .string(verdict.detail),
        "units": .string(held.units.description), "policy": .string(held.policy.description),
        "decided_by": held.decidedBy.map { .string($0) } ?? .null,
        "decision": held.decision.map { .string($0) } ?? .null,
      ],
      or:
        "\(Printable.foreign(key))  \(verdict.kind.rawValue)  \(verdict.rule): \(verdict.reason) \(Printable.foreign(verdict.detail, most: 200))\(Printable.foreign(decided, most: 600))"
    )
  }
}
