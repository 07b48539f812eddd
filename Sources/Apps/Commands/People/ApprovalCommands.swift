import Chains
import Codecs
import Engine
import Keys
import Money
import OpenSSL
import Payouts
import Policy
import Terminal

/// `approvals ...`: what waits for a yes, and saying it.
enum ApprovalCommands {
  /// How long an answer counts: a day.
  static let validity: Int64 = 86_400_000

  static let all: [CommandSpec] = [
    CommandSpec(
      .common, "approvals new-key", "Make an approval key of one's own, on one's own machine",
      example: "almoner approvals new-key --out eve.key --password-file eve-key.pw",
      [.value("out", "FILE", "where the key goes; never replaced"), PeopleCommands.password], run: newKey),
    CommandSpec(
      .common, "approvals ask", "Ask the approvers about what stands in a campaign",
      example: "almoner approvals ask --campaign Q4-Rewards",
      [
        CampaignCommands.named, RunCommands.from,
        .value("valid-hours", "N", "how long an answer counts, 1 to 720 (24)"),
      ], run: ask),
    CommandSpec(
      .common, "approvals list", "List requests, the newest first", example: "almoner approvals list", run: list),
    CommandSpec(
      .common, "approvals show", "Show exactly what an approval would be bound to, and who has given one",
      example: "almoner approvals show 7", words: "the request's number", run: show),
    CommandSpec(
      .common, "approvals approve", "Say yes, with one's own key",
      example: "almoner approvals approve 7 --key eve.key --key-password-file eve-key.pw",
      [
        .value("key", "FILE", "the approval key"), .value("key-password-file", "FILE", "file with the key's password"),
        .flag("yes", "do not ask"),
      ], words: "the request's number", run: approve),
    CommandSpec(
      .common, "approvals reject", "Say no: nothing of this content is paid",
      example: "almoner approvals reject 7 --reason wrong-token", [.value("reason", "TEXT", "why")],
      words: "the request's number", run: reject),
  ]

  private static func number(_ app: App) throws(CommandError) -> Int64 {
    guard let word = app.arguments.words.first, let number = Int64(word), number > 0 else {
      throw CommandError(.usage, "a request's number is needed", hint: "see almoner approvals list")
    }
    return number
  }

  private static func newKey(_ app: App) throws -> ExitStatus {
    let path = try app.arguments.required("out")
    let key = Hex.text(
      try ApprovalKeyFile.create(
        path, password: try app.secret("password-file", asking: "A password for the key:", isNew: true)
      ).publicKey)
    app.tell(
      ["event": "approval_key", "public_key": .string(key)],
      or: "\(key)\nAn admin enrols it: almoner people enroll-key --name NAME --key \(key)")
    return .success
  }

  private static func ask(_ app: App) throws -> ExitStatus {
    let store = try app.store()
    let campaign = try app.campaign(store)
    let hours = try app.arguments.number("valid-hours", in: 1...720) ?? 24
    let request = try app.requiredApprovals(store).ask(
      campaign, feeCap: try app.maxFee, lanes: try RunCommands.senders(app, campaign.chain), by: app.actor,
      validMilliseconds: hours * 3_600_000, secrets: try app.peopleSecrets())
    tellAsked(request, app)
    return .success
  }

  /// Says which request waits for an answer.
  static func tellAsked(_ request: ApprovalRequest, _ app: App) {
    app.tell(
      [
        "event": "approval_asked", "request": .integer(request.number),
        "root": .string(request.content.root.description),
      ],
      or: "Request \(request.number) asks \(request.rule) approvers; see almoner approvals show \(request.number)")
  }

  private static func list(_ app: App) throws -> ExitStatus {
    let store = try app.store()
    let approvals = try app.requiredApprovals(store)
    for request in try store.approvalRequests(before: nil, limit: 200) {
      let (found, state) = try approvals.look(request.number)
      app.tell(
        [
          "event": "approval_request", "request": .integer(request.number), "state": .string(state.rawValue),
          "campaign": .string(request.content.campaign), "votes": .integer(found.votes.count),
          "needed": .integer(request.rule.needed),
        ],
        or:
          "\(request.number)  \(state.rawValue)  \(found.votes.count) of \(request.rule.needed)  \(request.content.count) "
          + "payees, \(request.content.total) base units of \(request.content.asset)")
    }
    return .success
  }

  private static func show(_ app: App) throws -> ExitStatus {
    let store = try app.store()
    let (found, state) = try app.requiredApprovals(store).look(try number(app))
    try show(found, state, store, app)
    return .success
  }

  /// What is signed, field by field, and the first and last rows behind the root.
  private static func show(
    _ found: ApprovalCase, _ state: ApprovalState, _ store: any PayoutStore, _ app: App
  ) throws {
    let request = found.request
    let content = request.content
    let codec = try app.codec(content.chain)
    let lanes = content.lanes.map { codec.text($0) }
    let votes = found.votes.map(\.approver.raw)
    if app.terminal.isJSON {
      let line: JSON = [
        "event": "approval_request", "request": .integer(request.number), "state": .string(state.rawValue),
        "campaign": .string(content.campaign), "chain": .string(content.chain.description),
        "asset": .string(content.asset.description), "root": .string(content.root.description),
        "count": .integer(content.count), "total": .string(content.total.description),
        "fee_cap": .string(content.feeCap.description), "lanes": .array(lanes.map { .string($0) }),
        "initiators": .array(request.initiators.map { .string($0) }), "rule": .string(request.rule.description),
        "expires_at": .integer(request.expiresAt.milliseconds), "votes": .array(votes.map { .string($0) }),
      ]
      return app.terminal.line(line.text)
    }
    let name = try store.campaign(request.campaign)?.name ?? content.campaign
    let lines = [
      ("request", "\(request.number), \(state.rawValue)"), ("campaign", "\(name), \(content.campaign)"),
      ("payees", "\(content.count), together \(content.total) base units of \(content.asset)"),
      ("root", content.root.description), ("fee cap", "\(content.feeCap) per transaction"),
      ("accounts", lanes.joined(separator: ", ")), ("prepared by", request.initiators.joined(separator: ", ")),
      ("rule", "\(request.rule)"), ("approved by", votes.isEmpty ? "nobody yet" : votes.joined(separator: ", ")),
    ]
    for (title, text) in lines { app.terminal.line("  " + title.padded(to: 14) + Printable.foreign(text, most: 400)) }
    try showRows(request, store, codec, app)
    try showChanges(request, store, app)
  }

  private static func showRows(
    _ request: ApprovalRequest, _ store: any PayoutStore, _ codec: any TransactionCodec, _ app: App
  ) throws {
    let first = try store.payouts(request.campaign, status: nil, after: nil, limit: 3)
    let start = UInt32(clamping: max(0, Int64(clamping: request.content.count) - 3))
    let last = try store.payouts(
      request.campaign, status: nil,
      after: start == 0 ? nil : PayoutID(campaign: request.campaign, ordinal: start - 1), limit: 3)
    var shown: Set<PayoutID> = []
    for view in first + last where shown.insert(view.payout).inserted {
      app.terminal.line("  " + "\(view.payout.ordinal)".padded(to: 14) + "\(codec.text(view.address))  \(view.units)")
    }
  }

  /// What is different from the request before it.
  private static func showChanges(_ request: ApprovalRequest, _ store: any PayoutStore, _ app: App) throws {
    let before = try store.approvalRequests(before: request.number, limit: 200)
      .first { $0.campaign == request.campaign }
    guard let before else { return app.terminal.line("  nothing of this campaign was asked before") }
    let (old, new) = (before.content, request.content)
    let changes = [
      old.root == new.root ? nil : "the payees",
      old.count == new.count ? nil : "their number (\(old.count) before)",
      old.total == new.total ? nil : "the total (\(old.total) before)",
      old.feeCap == new.feeCap ? nil : "the fee cap (\(old.feeCap) before)",
      old.lanes == new.lanes ? nil : "the accounts",
    ].compactMap { $0 }
    app.terminal.line(
      "  since request \(before.number): \(changes.isEmpty ? "the same content" : changes.joined(separator: ", "))")
  }

  private static func approve(_ app: App) throws -> ExitStatus {
    let store = try app.store()
    let approvals = try app.requiredApprovals(store)
    let (session, person) = try app.myself(store)
    let number = try number(app)
    let (found, state) = try approvals.look(number)
    try show(found, state, store, app)
    try app.confirm("Approve request \(number)?")
    let key = try ApprovalKeyFile(path: try app.arguments.required("key"))
    let password = try app.secret("key-password-file", asking: "Password of the key:")
    let after = try approvals.approve(number, session: session, person: person) { bytes in
      (key.publicKey, try key.sign(bytes, password: password))
    }
    app.tell(
      [
        "event": "approved", "request": .integer(number), "votes": .integer(after.votes.count),
        "needed": .integer(after.request.rule.needed),
      ], or: "\(person.name) approved request \(number): \(after.votes.count) of \(after.request.rule.needed)")
    return .success
  }

  private static func reject(_ app: App) throws -> ExitStatus {
    let store = try app.store()
    let (session, person) = try app.myself(store)
    let number = try number(app)
    try app.requiredApprovals(store).reject(
      number, reason: try app.arguments.required("reason"), session: session, person: person)
    app.tell(["event": "rejected", "request": .integer(number)], or: "\(person.name) rejected request \(number)")
    return .success
  }
}
