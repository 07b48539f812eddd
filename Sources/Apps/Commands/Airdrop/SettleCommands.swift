import Chains
import Codecs
import EVMDriver
import Engine
import Money
import Payouts
import Policy
import Signing
import Terminal

/// `payouts unknown` and `payouts settle`: payouts that no evidence tells of, and what two people say of them.
enum SettleCommands {
  static let all: [CommandSpec] = [
    CommandSpec(
      .airdrop, "payouts unknown", "List payouts whose fate is unknown, and what the nodes say of them",
      example: "airdrop payouts unknown --campaign Q4-Rewards",
      [.value("campaign", "NAME", "this campaign alone; all unless given")], run: unknown),
    CommandSpec(
      .airdrop, "payouts settle", "Say, as one of two people, what became of an unknown payout and those it went with",
      example:
        "airdrop payouts settle --payout-id abc123 --as not-paid --transaction 0x… --block 19000000 --block-hash 0x… --seen etherscan",
      [
        .value("payout-id", "ID", "the payout's id"), .value("as", "WORD", "paid or not-paid"),
        .value("transaction", "HASH", "the transaction that spent the nonce"),
        .value("block", "N", "its block's number"), .value("block-hash", "HASH", "its block's hash"),
        .value("fee-paid", "UNITS", "what it cost, in native units (0)"),
        .value("seen", "TEXT", "what you looked at, in words"),
        .value("confirm", "N", "confirm proposal N, which another person made"),
      ] + App.keyOptions + [.flag("yes", "do not ask")], run: settle),
  ]

  // MARK: Looking

  private static func unknown(_ app: App) throws -> ExitStatus {
    let store = try app.store()
    var count = 0
    for campaign in try campaigns(app, store) where try store.tally(campaign.id).unknown > 0 {
      var after: PayoutID?
      var words: [BatchID: NodesWord] = [:]
      while true {
        let page = try store.payouts(campaign.id, status: .submitted, after: after, limit: 1_000)
        for view in page {
          guard case .unknown? = view.fate, let batch = view.batch else { continue }
          let found = try UnknownCase.of(view, store: store)
          let word = words[batch] ?? nodes(found, app)
          words[batch] = word
          tell(view, found, word, campaign, app)
          count += 1
        }
        guard let last = page.last, page.count == 1_000 else { break }
        after = last.payout
      }
    }
    if count == 0, !app.terminal.isJSON { app.terminal.line("No payout has an unknown fate.") }
    return count == 0 ? .success : .findings
  }

  private static func campaigns(_ app: App, _ store: any PayoutStore) throws -> [Campaign] {
    if app.arguments["campaign"] != nil { return [try app.campaign(store)] }
    var all: [Campaign] = []
    while true {
      let page = try store.campaigns(after: all.last?.id, limit: 500)
      all += page
      guard page.count == 500 else { return all }
    }
  }

  private static func tell(
    _ view: PayoutView, _ found: UnknownCase, _ nodes: NodesWord, _ campaign: Campaign, _ app: App
  ) {
    PayoutCommands.show(view, campaign, app)
    guard case .batch(let batch, _, _) = found else { return }
    let spent = nodes.finalCount.map { $0 > batch.slot }
    let attempts = batch.attempts.compactMap { $0.signed?.hash.description }
    if app.terminal.isJSON {
      let line: JSON = [
        "event": "unknown", "payout_id": .string(view.key), "batch": .integer(batch.id.raw),
        "slot": .integer(batch.slot), "attempts": .array(attempts.map { .string($0) }),
        "spent": spent.map { .bool($0) } ?? .null,
        "nodes": .array(
          nodes.statements.map {
            [
              "endpoint": .string($0.endpoint.name), "verdict": .string($0.verdict.word),
              "transaction": .string($0.spender.description), "block": .integer($0.blockNumber),
            ]
          }),
      ]
      return app.terminal.line(line.text)
    }
    let word =
      spent.map { $0 ? "spent in a final block" : "not spent in any final block" } ?? "no quorum of nodes answers"
    app.terminal.line("  nonce        \(batch.slot), \(word)")
    for hash in attempts { app.terminal.line("  sent         \(hash)") }
    for said in nodes.statements {
      app.terminal.line("  \(said.endpoint): \(said.verdict.word), by \(said.spender) in block \(said.blockNumber)")
    }
  }

  /// What the configured nodes say; silence where none answers.
  private static func nodes(_ found: UnknownCase, _ app: App) -> NodesWord {
    guard case .batch(let batch, let lane, let payees) = found, let rail = try? app.rail(lane.chain) else {
      return .silence
    }
    let question = SlotQuestion(
      batch: batch.id, account: lane.account, slot: batch.slot, asset: batch.asset, payees: payees,
      members: batch.members)
    let statements = rail.statements([question]).first ?? []
    return NodesWord(
      statements: statements, evidence: rail.quorum.evidence(in: statements),
      finalCount: (try? rail.account(lane.account))?.finalCount)
  }

  // MARK: Settling

  private static func settle(_ app: App) throws -> ExitStatus {
    let store = try app.store()
    guard try app.secondPerson(store) == .required else { throw SettlementService.alone }
    let (session, person) = try app.myself(store)
    let proposals = app.proposals(store)
    let service = SettlementService(store: store)
    let key = try app.arguments.required("payout-id")
    guard let view = try store.payout(key: key) else {
      throw PayoutError(.notFound, "there is no payout \(key)", hint: "see them with: airdrop payouts unknown")
    }
    let sighting = try sighting(app)
    let seen = try app.arguments.required("seen")
    if let number = try app.arguments.number("confirm", in: 1...Int64.max) {
      let (proposed, _) = try proposals.look(number)
      if let answer = proposed.answer, answer.word == .confirmed, answer.by == person.actor {
        ProposalCommands.tellConfirmed(number, person, app)
        return .success
      }
    }
    let found = try UnknownCase.of(view, store: store)
    try check(service, found, sighting, app)
    guard let number = try app.arguments.number("confirm", in: 1...Int64.max) else {
      let act = try service.act(found, sighting, seen: seen)
      try app.confirm("Propose that \(found.subject), with \(key), was \(sighting.isPaid ? "paid" : "not paid")?")
      let made = try proposals.propose(
        act, session: session, person: person, sign: try app.proposalSigner())
      return app.tellProposed(made, "they look too, and say the same with --confirm \(made.number)")
    }
    try app.confirm("Settle \(found.subject), with \(key), as \(sighting.isPaid ? "paid" : "not paid")?")
    try confirm(number, view, sighting, seen, session, person, service, proposals, store, app)
    ProposalCommands.tellConfirmed(number, person, app)
    return .success
  }

  /// Under the lane's lease where the batch lives: no worker ends it meanwhile.
  private static func confirm(
    _ number: Int64, _ view: PayoutView, _ sighting: Sighting, _ seen: String, _ session: Session, _ person: Person,
    _ service: SettlementService, _ proposals: ProposalService, _ store: any PayoutStore, _ app: App
  ) throws {
    let proposal = try proposals.look(number).found.proposal
    // Each says in own words what they saw; all the rest must be the same.
    let first = (try? JSON.parse(proposal.content))?.object?["seen"]?.string ?? ""
    func finish(_ found: UnknownCase, _ held: LaneGuard?) throws {
      let act = try service.act(found, sighting, seen: first)
      guard try proposals.mayConfirm(number, as: act, session: session, person: person) else { return }
      try proposals.confirm(
        number, as: act, session: session, person: person, reason: String(seen.prefix(500)),
        sign: try app.proposalSigner(), guardedBy: held,
        writes: try service.writes(found, sighting, by: [proposal.initiator, person.actor]))
    }
    guard case .batch(_, let lane, _) = try UnknownCase.of(view, store: store) else {
      return try finish(UnknownCase.of(view, store: store), nil)
    }
    let signer = try app.keylessSigner(lane.chain)
    try app.withLane(store, lane.chain, lane.account, signerHighest: try signer.highestFence(lane.account)) {
      row, held in
      try signer.announce(lane.account, fence: row.fence)
      guard let now = try store.payout(view.payout) else { return }
      try finish(UnknownCase.of(now, store: store), held)
    }
  }

  private static func check(
    _ service: SettlementService, _ found: UnknownCase, _ sighting: Sighting, _ app: App
  ) throws {
    var signed: [Hash32] = []
    if case .batch(let batch, let lane, _) = found {
      signed = try app.signingWitness(lane.chain).records(lane.chain, lane.account, slots: [batch.slot])
        .map(\.signingHash)
    }
    try service.check(found, sighting, nodes: nodes(found, app), signed: signed)
  }

  private static func sighting(_ app: App) throws -> Sighting {
    let word = try app.arguments.required("as")
    guard word == "paid" || word == "not-paid" else {
      throw CommandError(.usage, "--as is paid or not-paid", hint: "as the chain shows it")
    }
    let fee: UInt256
    do { fee = try app.arguments["fee-paid"].map { try UInt256(decimal: $0) } ?? .zero } catch {
      throw CommandError(.usage, "--fee-paid is a whole number of native units")
    }
    return Sighting(
      isPaid: word == "paid", transaction: try hash("transaction", app),
      blockNumber: try app.arguments.number("block", in: 0...Int64.max).map { UInt64($0) },
      blockHash: try hash("block-hash", app), feePaid: fee)
  }

  private static func hash(_ option: String, _ app: App) throws(CommandError) -> Hash32? {
    guard let text = app.arguments[option] else { return nil }
    let digits = text.hasPrefix("0x") ? String(text.dropFirst(2)) : text
    guard digits.utf8.count == 64, let hash = Hex.bytes(digits).flatMap({ Hash32($0) }) else {
      throw CommandError(.usage, "--\(option) is a hash of 64 hex digits")
    }
    return hash
  }
}
