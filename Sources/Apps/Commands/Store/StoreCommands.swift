import Audit
import Codecs
import Engine
import Foundation
import Money
import Payouts
import Store
import Terminal

/// `store ...` and `snapshot ...`: the database itself.
enum StoreCommands {
  static let all: [CommandSpec] = [
    CommandSpec(
      .common, "store check", "Check the database: pages, ledger sums, counts", example: "almoner store check",
      run: check
    ),
    CommandSpec(
      .airdrop, "snapshot export", "Copy the store as of now into one file, with a sealed audit trail",
      example: "airdrop snapshot export --campaign Q4-Rewards --file q4.snapshot",
      [CampaignCommands.named, .value("file", "FILE", "the file to make")], run: export),
    CommandSpec(
      .airdrop, "snapshot restore",
      "Make a store from a snapshot; its lanes stay closed until the signer's log was asked",
      example: "airdrop snapshot restore --file q4.snapshot --dsn sqlite:restored.db",
      [.value("file", "FILE", "the snapshot"), .flag("yes", "do not ask")], run: restore),
  ]

  private static func check(_ app: App) throws -> ExitStatus {
    let store = try app.store()
    let sentences = try store.integrityCheck() + store.checkInvariants()
    let identity = try store.identity()
    if app.terminal.isJSON {
      let line: JSON = [
        "event": "store", "uuid": .string(identity.uuid), "epoch": .integer(identity.epoch),
        "schema_version": .integer(identity.schemaVersion), "problems": .array(sentences.map { .string($0) }),
      ]
      app.terminal.line(line.text)
    } else {
      app.terminal.line("Store \(identity.uuid), epoch \(identity.epoch), schema version \(identity.schemaVersion)")
      for sentence in sentences { app.terminal.line("  " + Printable.foreign(sentence)) }
      app.terminal.line(sentences.isEmpty ? "  sound: pages, ledger and counts agree" : "  \(sentences.count) problems")
    }
    return sentences.isEmpty ? .success : .findings
  }

  private static func export(_ app: App) throws -> ExitStatus {
    let file = try app.storeFile(
      instead: "seal the trail with almoner audit seal, then copy the database with pg_dump")
    let store = try SQLiteStore(path: file, mode: .existing, sha256: app.sha256)
    let campaign = try app.campaign(store)
    let path = try app.arguments.required("file")
    guard !FileManager.default.fileExists(atPath: path) else {
      throw CommandError(.fileExists, "\(path) exists", hint: "choose another file")
    }
    let note = Note(
      action: "snapshot.exported", entity: "campaign", entityID: campaign.id.description, details: [:], isPublic: false)
    try store.commit(Commit(guardedBy: nil, actor: app.actor, at: app.clock.now(), writes: [.note(note)]))
    let checkpoint = try app.audit(store).seal(at: app.clock.now())
    try store.backup(to: path)
    app.tell(
      ["event": "snapshot", "file": .string(path), "checkpoint": .integer(checkpoint?.number ?? 0)],
      or: "Snapshot \(path), audit checkpoint \(checkpoint?.number ?? 0). It holds every campaign of this store.")
    return .success
  }

  private static func restore(_ app: App) throws -> ExitStatus {
    let source = try app.arguments.required("file")
    let target = try app.storeFile(
      instead: "restore with pg_restore into a new database; the first command that opens it raises its epoch")
    guard FileManager.default.fileExists(atPath: source) else {
      throw CommandError(.cannotRead, "there is no snapshot \(source)")
    }
    guard !FileManager.default.fileExists(atPath: target) else {
      throw CommandError(
        .fileExists, "\(target) exists", hint: "name a new store with --dsn; a restore never overwrites one")
    }
    try app.confirm("Make \(target) from \(source)? Nothing is sent; its lanes stay closed until you reopen them.")
    try SQLiteStore(path: source, mode: .readOnly, sha256: app.sha256).backup(to: target)
    let store = try app.store()
    try store.raiseEpoch(reason: "restored", actor: app.actor, at: app.clock.now())
    let identity = try store.identity()
    app.tell(
      ["event": "restored", "file": .string(target), "epoch": .integer(identity.epoch)],
      or: "Restored into \(target), epoch \(identity.epoch). Next: almoner lanes adopt, then almoner lanes reopen")
    return .success
  }
}
