import Codecs
import Engine
import Money
import Policy
import Terminal

/// `proposals ...`: acts that wait for a second person.
enum ProposalCommands {
  static let all: [CommandSpec] = [
    CommandSpec(
      .common, "proposals list", "List acts that were proposed to a second person, the newest first",
      example: "almoner proposals list", [.value("limit", "N", "at most this many (100)")], run: list),
    CommandSpec(
      .common, "proposals show", "Show exactly what would happen", example: "almoner proposals show 3",
      words: "the proposal's number", run: show),
    CommandSpec(
      .common, "proposals confirm", "Confirm what somebody else proposed: it happens at once",
      example: "almoner proposals confirm 3", [.flag("yes", "do not ask")], words: "the proposal's number",
      run: confirm),
    CommandSpec(
      .common, "proposals reject", "Say no to a proposal, or take one's own back",
      example: "almoner proposals reject 3 --reason wrong-file", [.value("reason", "TEXT", "why")],
      words: "the proposal's number", run: reject),
  ]

  private static func number(_ app: App) throws(CommandError) -> Int64 {
    guard let word = app.arguments.words.first, let number = Int64(word), number > 0 else {
      throw CommandError(.usage, "a proposal's number is needed", hint: "see almoner proposals list")
    }
    return number
  }

  private static func list(_ app: App) throws -> ExitStatus {
    let store = try app.store()
    let service = app.proposals(store)
    let limit = try app.arguments.number("limit", in: 1...10_000) ?? 100
    let found = try store.proposals(before: nil, limit: Int(limit))
    for one in found { try tell(one.proposal.number, service, app, isWhole: false) }
    if found.isEmpty, !app.terminal.isJSON { app.terminal.line("Nothing was ever proposed.") }
    return .success
  }

  private static func show(_ app: App) throws -> ExitStatus {
    let store = try app.store()
    try tell(try number(app), app.proposals(store), app, isWhole: true)
    return .success
  }

  private static func tell(_ number: Int64, _ service: ProposalService, _ app: App, isWhole: Bool) throws {
    let (found, state) = try service.look(number)
    let proposal = found.proposal
    if app.terminal.isJSON {
      let line: JSON = [
        "event": "proposal", "proposal": .integer(number), "kind": .string(proposal.kind.rawValue),
        "subject": .string(proposal.subject), "state": .string(state.rawValue),
        "initiator": .string(proposal.initiator), "created_at": .integer(proposal.createdAt.milliseconds),
        "expires_at": .integer(proposal.expiresAt.milliseconds), "digest": .string(proposal.digest.description),
        "content": isWhole ? .string(proposal.content) : .null,
        "answered_by": found.answer.map { .string($0.by) } ?? .null,
        "reason": found.answer.map { .string($0.reason) } ?? .null,
      ]
      return app.terminal.line(line.text)
    }
    let answer = found.answer.map { " by \(Printable.foreign($0.by)) \(Printable.foreign($0.reason, most: 500))" } ?? ""
    app.terminal.line(
      "\(number)  \(state.rawValue)\(answer)  \(proposal.kind.rawValue) \(Printable.foreign(proposal.subject)), by "
        + "\(Printable.foreign(proposal.initiator)), until \(proposal.expiresAt.text)")
    guard isWhole else { return }
    app.terminal.line("  digest  \(proposal.digest)")
    if let content = (try? JSON.parse(proposal.content))?.object {
      for member in content.members {
        app.terminal.line("  " + member.key.padded(to: 14) + Printable.foreign(member.value.text, most: 1 << 20))
      }
    }
  }

  // MARK: Answers

  private static func confirm(_ app: App) throws -> ExitStatus {
    let store = try app.store()
    let service = app.proposals(store)
    let number = try number(app)
    let (session, person) = try app.myself(store)
    let (found, _) = try service.look(number)
    switch found.proposal.kind {
    case .policyActivation:
      let policies = PolicyService(store: store, clock: app.clock, actor: person.actor)
      let document = try policies.document(of: found.proposal)
      let act = try policies.act(document)
      if try service.mayConfirm(number, as: act, session: session, person: person) {
        try tell(number, service, app, isWhole: true)
        try PolicyCommands.tellSimulation(document, app, store)
        try app.confirm("Put \(document.name), version \(document.digest), in force?")
      }
      try service.confirm(
        number, as: act, session: session, person: person,
        writes: [.activatePolicy(policies.activation(document, of: found.proposal))])
    case .payoutSettlement:
      throw CommandError(
        .usage, "a settlement is confirmed by whoever looked too, in the same words",
        hint: "airdrop payouts settle --confirm \(number) --payout-id ... with everything that you saw yourself")
    case .secretRotation:
      throw CommandError(
        .usage, "a rotation is confirmed with the same file",
        hint: "almoner secrets rotate \(found.proposal.subject) --from FILE --confirm \(number)")
    }
    tellConfirmed(number, person, app)
    return .success
  }

  static func tellConfirmed(_ number: Int64, _ person: Person, _ app: App) {
    app.tell(
      ["event": "confirmed", "proposal": .integer(number), "by": .string(person.actor)],
      or: "\(person.name) confirmed proposal \(number)")
  }

  private static func reject(_ app: App) throws -> ExitStatus {
    let store = try app.store()
    let (session, person) = try app.myself(store)
    let number = try number(app)
    try app.proposals(store).reject(
      number, reason: try app.arguments.required("reason"), session: session, person: person)
    app.tell(
      ["event": "rejected", "proposal": .integer(number)], or: "\(person.name) rejected proposal \(number)")
    return .success
  }
}
