import Codecs
import Engine
import Foundation
import Money
import Payouts
import Policy
import Terminal

/// `policy ...`: who may be paid, as a file that is checked, tried against what was paid, and put in force.
enum PolicyCommands {
  static let all: [CommandSpec] = [
    CommandSpec(
      .common, "policy check", "Read a policy file and say what it holds, or where it is wrong",
      example: "almoner policy check policy.json", words: "FILE", run: check),
    CommandSpec(
      .common, "policy simulate", "Show what a policy would have said of the payouts that are there",
      example: "almoner policy simulate policy.json --campaign Q4-Rewards",
      [.value("campaign", "NAME", "this campaign alone; all unless given")], words: "FILE", run: simulate),
    CommandSpec(
      .common, "policy activate", "Put a policy in force, with a second person's yes: all that waits is screened by it",
      example: "almoner policy activate policy.json",
      [.flag("yes", "do not ask")], words: "FILE", run: activate),
    CommandSpec(
      .common, "policy show", "Show the policy in force", example: "almoner policy show", run: show),
    CommandSpec(
      .common, "policy history", "List every policy that was ever in force, newest first",
      example: "almoner policy history", run: history),
  ]

  private static func document(_ app: App) throws -> PolicyDocument {
    guard let path = app.arguments.words.first else { throw CommandError(.usage, "which file?") }
    let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
    guard (size ?? 0) <= PolicyDocument.mostBytes, let data = FileManager.default.contents(atPath: path) else {
      throw CommandError(.cannotRead, "\(path) cannot be read", hint: "a policy is a file of at most 16 MiB")
    }
    return try PolicyDocument.parse([UInt8](data))
  }

  private static func check(_ app: App) throws -> ExitStatus {
    let policy = try document(app)
    app.tell(
      [
        "event": "policy", "name": .string(policy.name), "digest": .string(policy.digest.description),
        "rules": .integer(policy.rules.count), "lists": .integer(policy.lists.count),
        "otherwise": .string(policy.otherwise.rawValue), "max_age_seconds": .integer(policy.verdictSeconds),
      ],
      or: """
        \(policy.name): \(policy.rules.count) rules, \(policy.lists.count) lists of addresses, otherwise \(policy.otherwise.rawValue)
          version      \(policy.digest)
          verdicts     count for \(policy.verdictSeconds) seconds
        """)
    return .success
  }

  // MARK: Simulation

  private static func simulate(_ app: App) throws -> ExitStatus {
    let new = try document(app)
    try tellSimulation(new, app, try app.store())
    return .success
  }

  /// What a policy would have said of the payouts that are there, against the one in force.
  static func tellSimulation(_ new: PolicyDocument, _ app: App, _ store: any PayoutStore) throws {
    let old = try store.activePolicy().map { try PolicyDocument.parse(Array($0.document.utf8)) }
    var simulation = PolicySimulation()
    for campaign in try campaigns(app, store) {
      try simulation.add(
        campaign, store: store, new: new, old: old, civil: SystemCivilTime(), at: app.clock.now())
    }
    if !app.terminal.isJSON {
      app.terminal.line(
        "\(new.name) against \(old.map { "the policy in force, \($0.name)" } ?? "no policy") on \(simulation.payouts) payouts"
      )
    }
    for (key, count) in simulation.counts.sorted(by: { $0.key < $1.key }) {
      app.tell(["event": "verdicts", "verdict": .string(key), "count": .integer(count)], or: "  \(count) \(key)")
    }
    for change in simulation.changes.sorted(by: { $0.count > $1.count }) { tell(change, app) }
    if simulation.changes.isEmpty, !app.terminal.isJSON { app.terminal.line("Nothing would change.") }
  }

  private static func tell(_ change: PolicySimulation.Change, _ app: App) {
    let examples = change.examples.map { Printable.foreign($0) }.joined(separator: ", ")
    app.tell(
      [
        "event": "change", "from": .string(change.from.rawValue), "to": .string(change.to.rawValue),
        "rule": .string(change.rule), "count": .integer(change.count), "units": .string(change.units.description),
        "examples": .array(change.examples.map { .string($0) }),
      ],
      or:
        "\(change.count) payouts, \(change.units) base units: \(change.from.rawValue) would become \(change.to.rawValue) by \(change.rule) (\(examples))"
    )
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

  // MARK: In force

  private static func activate(_ app: App) throws -> ExitStatus {
    let policy = try document(app)
    let store = try app.store()
    let service = PolicyService(store: store, clock: app.clock, actor: app.actor)
    guard try store.activePolicy()?.digest != policy.digest else {
      throw PolicyError(.inForce, "this policy is in force already")
    }
    let isAlone = try app.secondPerson(store) == .notThere
    try tellSimulation(policy, app, store)
    try app.confirm("Put \(policy.name), version \(policy.digest), in force? Everything that waits is screened anew.")
    guard isAlone else {
      let (session, person) = try app.myself(store)
      let made = try app.proposals(store).propose(service.act(policy), session: session, person: person)
      return app.tellProposed(made, "almoner proposals confirm \(made.number)")
    }
    try service.activate(policy, proposedBy: app.actor)
    app.terminal.note("Nobody is enrolled: the single local operator put it in force, and no second person was asked.")
    return try show(app)
  }

  private static func show(_ app: App) throws -> ExitStatus {
    guard let policy = try app.store().activePolicy() else {
      app.tell(["event": "policy", "name": "none"], or: "No policy is in force: screening: none configured.")
      return .success
    }
    tell(policy, app)
    if !app.terminal.isJSON { app.terminal.line(policy.document) }
    return .success
  }

  private static func history(_ app: App) throws -> ExitStatus {
    let policies = try app.store().policies(limit: 10_000)
    for policy in policies { tell(policy, app) }
    if policies.isEmpty, !app.terminal.isJSON { app.terminal.line("No policy was ever in force.") }
    return .success
  }

  private static func tell(_ policy: StoredPolicy, _ app: App) {
    let alone = policy.proposedBy == policy.activatedBy ? ", the same person" : ""
    app.tell(
      [
        "event": "policy", "number": .integer(policy.number), "name": .string(policy.name),
        "digest": .string(policy.digest.description), "proposed_by": .string(policy.proposedBy),
        "activated_by": .string(policy.activatedBy), "at": .integer(policy.at.milliseconds),
        "document": .string(policy.document),
      ],
      or:
        "\(policy.number). \(policy.name)  \(policy.digest)  proposed by \(Printable.foreign(policy.proposedBy)), activated by \(Printable.foreign(policy.activatedBy))\(alone)"
    )
  }
}
