import Codecs
import Engine
import Foundation
import Keys
import Money
import OpenSSL
import Policy
import Terminal

/// `secrets ...`: how old the desk's secrets are, and putting new ones in their place.
enum SecretCommands {
  static let all: [CommandSpec] = [
    CommandSpec(
      .common, "secrets report", "Show every secret that the settings name: where it is, its age, when it is due",
      example: "almoner secrets report", run: report),
    CommandSpec(
      .common, "secrets rotate", "Put a new secret in the place of an old one, once the service takes it",
      example: "almoner secrets rotate AM_KYC_KEY_FILE --from new.key",
      [
        .value("from", "FILE", "the new secret, readable by its owner alone"),
        .value("calls", "N", "calls that must succeed before the old one ends, 1 to 100 (3)"),
        .value("subject", "TEXT", "who a KYC or sanctions provider is asked about (almoner-test-call)"),
        .value("confirm", "N", "confirm proposal N, which another person made with the same file"),
        .flag("back", "take back a rotation that was not ended"), .flag("yes", "do not ask"),
      ], words: "the setting that names the secret", run: rotate),
  ]

  // MARK: Report

  private static func report(_ app: App) throws -> ExitStatus {
    let terms = try app.secretTerms()
    let now = app.clock.now()
    var table = TextTable([
      ("secret", .left), ("where", .left), ("age", .right), ("due", .left), ("replaced", .left), ("warnings", .left),
    ])
    var isSound = true
    let entries = SecretInventory(app).entries
    for entry in entries {
      let shown = SecretLine(entry, terms, now)
      isSound = isSound && shown.warnings.allSatisfy { $0 == .inSettings }
      if app.terminal.isJSON { app.terminal.line(shown.json.text) } else { table.add(shown.row) }
    }
    if !app.terminal.isJSON {
      app.terminal.line(entries.isEmpty ? "No setting names a secret." : table.text)
    }
    return isSound ? .success : .findings
  }

  // MARK: Rotate

  private static func rotate(_ app: App) throws -> ExitStatus {
    let (name, path) = try found(app)
    let store = try app.store()
    let calls = try app.arguments.number("calls", in: 1...100) ?? 3
    let subject = app.arguments["subject"] ?? "almoner-test-call"
    let trail = SecretTrail(app, store, name: name, path: path)
    let files = SecretFiles(path: path)
    func rotation(_ record: @escaping (SecretRotation.Step) throws -> Void) -> SecretRotation {
      SecretRotation(
        files, calls: Int(calls), test: { try SecretTestCalls.call(name, $0, subject: subject, app) }, record: record)
    }
    if app.arguments.has("back") {
      try rotation { try trail.write($0) }.back()
      return .success
    }
    let source = try app.arguments.required("from")
    let new = try SecretRotation.new(from: source)
    try files.check()
    let consent = try SecretConsent(app, name, files, new: new, calls: calls, store)
    if case .proposed(let proposal) = consent { return proposed(proposal, name, source, app) }
    try app.confirm("Replace \(name) in \(Printable.foreign(path))?")
    _ = try rotation { try trail.write($0, consent) }.run(new)
    app.terminal.note(
      "Now end the old secret at the service itself, remove \(Printable.foreign(source)), and start again what has read "
        + "\(Printable.foreign(path)) once")
    return .success
  }

  private static func proposed(_ proposal: Proposal, _ name: String, _ source: String, _ app: App) -> ExitStatus {
    app.tell(
      [
        "event": "proposed", "proposal": .integer(proposal.number), "secret": .string(name),
        "digest": .string(proposal.digest.description),
      ],
      or: "Proposal \(proposal.number) waits for another person: almoner secrets rotate \(name) --from "
        + "\(Printable.foreign(source)) --confirm \(proposal.number)")
    return .again
  }

  /// Throws `secrets.not_set`, `secrets.by_hand`.
  private static func found(_ app: App) throws -> (name: String, path: String) {
    guard let word = app.arguments.words.first else {
      throw CommandError(.usage, "the name of a secret is needed", hint: "see almoner secrets report")
    }
    let entries = SecretInventory(app).entries.filter { $0.name == word }
    guard let entry = entries.first else {
      throw SecretError(
        .notSet, "no setting names a secret \(word)", hint: "almoner secrets report lists those that are named")
    }
    if case .byHand(let how) = entry.change {
      throw SecretError(.byHand, "\(word) is not replaced by a command", hint: how)
    }
    guard case .file(let path) = entry.place else {
      throw SecretError(.byHand, "\(word) stands in the setting itself", hint: "write the new one into the setting")
    }
    return (word, path)
  }
}

/// What the audit trail hears of a rotation: which secret, which step, by whom; nothing of what it is.
private struct SecretTrail {
  private let app: App
  private let store: any DeskStore
  private let name: String
  private let path: String

  init(_ app: App, _ store: any DeskStore, name: String, path: String) {
    (self.app, self.store, self.name, self.path) = (app, store, name, path)
  }

  /// The second person's yes is given in the commit that says that the service took the new secret.
  func write(_ step: SecretRotation.Step, _ consent: SecretConsent = .alone) throws {
    let note = Write.note(
      Note(
        action: "secret.\(step.rawValue)", entity: "secret", entityID: name, details: ["file": .string(path)],
        isPublic: false))
    if step == .tested, case .confirmed(let yes) = consent, !yes.isAnswered {
      try SecretConsent.service(app, store).confirm(
        yes.number, as: yes.act, session: yes.session, person: yes.person, writes: [note])
    } else {
      try app.retrying {
        try store.commit(Commit(guardedBy: nil, actor: app.actor, at: app.clock.now(), writes: [note]))
      }
    }
    app.tell(
      ["event": "secret_rotation", "secret": .string(name), "step": .string(step.rawValue)],
      or: "\(name): \(step.sentence)")
  }
}

extension SecretRotation.Step {
  fileprivate var sentence: String {
    switch self {
    case .staged: "the new one lies beside the old one"
    case .tested: "the service takes the new one"
    case .switching: "the old one is kept"
    case .switched: "the new one is in force"
    case .confirmed: "the service goes on taking it"
    case .revoked: "the old one is gone from this machine"
    case .wentBack: "the old one is in force"
    }
  }
}

/// One secret as it is shown.
private struct SecretLine {
  private let entry: SecretInventory.Entry
  private let writtenAt: Timestamp?
  private let due: Timestamp?
  private let days: Int64?
  let warnings: [SecretWarning.Code]

  init(_ entry: SecretInventory.Entry, _ terms: SecretTerms, _ now: Timestamp) {
    self.entry = entry
    guard case .file(let path) = entry.place else {
      (writtenAt, due, days, warnings) = (nil, nil, nil, [.inSettings])
      return
    }
    let look = SecretLook(path: path)
    writtenAt = look.writtenAt
    days = look.writtenAt.map { max(0, now.milliseconds - $0.milliseconds) / 86_400_000 }
    let counts = entry.hasTerm || terms.names(entry.name)
    due = counts ? look.writtenAt.map { terms.due(entry.name, since: $0) } : nil
    let age = counts ? look.writtenAt.flatMap { terms.warning(entry.name, since: $0, at: now) } : nil
    warnings = look.warnings + [age].compactMap { $0 }
  }

  private var place: String {
    switch entry.place {
    case .file(let path): path
    case .setting(let source): "(\(source.rawValue))"
    }
  }

  private var replaced: String {
    switch entry.change {
    case .command: "by command"
    case .byHand: "by hand"
    }
  }

  private func day(_ time: Timestamp) -> String {
    Date(timeIntervalSince1970: Double(time.milliseconds) / 1000).formatted(.iso8601.year().month().day())
  }

  var row: [String] {
    [
      entry.name, Printable.foreign(place), days.map { "\($0) days" } ?? "not known", due.map(day) ?? "-",
      replaced, warnings.map(\.rawValue).joined(separator: " "),
    ]
  }

  var json: JSON {
    var file: JSON = .null
    if case .file(let path) = entry.place { file = .string(path) }
    var source: JSON = "file"
    if case .setting(let from) = entry.place { source = .string(from.rawValue) }
    var hint: JSON = .null
    if case .byHand(let how) = entry.change { hint = .string(how) }
    return [
      "event": "secret", "name": .string(entry.name), "what": .string(entry.what), "from": source, "file": file,
      "written_at": writtenAt.map { .integer($0.milliseconds) } ?? .null,
      "age_days": days.map { .integer($0) } ?? .null,
      "due_at": due.map { .integer($0.milliseconds) } ?? .null, "by_command": .bool(entry.change == .command),
      "how": hint, "warnings": .array(warnings.map { .string($0.rawValue) }),
    ]
  }
}
