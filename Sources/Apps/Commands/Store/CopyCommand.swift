import Airdrop
import Codecs
import Engine
import Files
import Money
import Store
import Terminal

/// `store copy`: from one engine to the other, or to another place.
enum CopyCommand {
  static let all: [CommandSpec] = [
    CommandSpec(
      .common, "store copy", "Copy a whole store into a new one on either engine, and compare both by digests",
      example: "almoner store copy --from sqlite:almoner.db --to postgresql://almoner@db.example/almoner",
      [
        .value("from", "DSN", "the store to copy; nothing may work on it meanwhile"),
        .value("to", "DSN", "a file that does not exist, or a database without tables"),
        .flag("yes", "do not ask"),
      ], run: run)
  ]

  private static func run(_ app: App) throws -> ExitStatus {
    let from = try StoreDSN(try app.arguments.required("from"))
    let to = try StoreDSN(try app.arguments.required("to"))
    try app.confirm("Copy \(from) to \(to)? The lanes of the copy stay closed until you reopen them.")
    let copy = StoreCopy(from: from, to: to, sha256: app.sha256, hashing: StreamHashing())
    let terminal = app.terminal
    let done = try copy.run(actor: app.actor, at: app.clock.now()) { stage throws(StoreError) in
      switch stage {
      case .copied(let table, let rows): terminal.status("\(table): \(rows) rows copied")
      case .verifying: terminal.status("reading the copy")
      case .verified(let proof): terminal.status("\(proof.table): the same")
      }
    }
    terminal.clearStatus()
    show(done.proofs, app)
    let rows = done.proofs.reduce(Int64(0)) { $0 + $1.rows }
    app.tell(
      [
        "event": "copied", "from": .string(from.description), "to": .string(to.description),
        "tables": .integer(done.proofs.count), "rows": .integer(rows), "epoch": .integer(done.identity.epoch),
      ],
      or: """
        Copied \(done.proofs.count) tables, \(rows) rows; every digest was the same on both sides. Epoch \(done.identity.epoch).
        Next, with AM_DB_DSN of the copy and the same AM_SIGNING_LOG: almoner lanes adopt, then almoner lanes reopen.
        Never work on the old store again.
        """)
    return .success
  }

  private static func show(_ proofs: [StoreCopy.Proof], _ app: App) {
    var table = TextTable([("table", .left), ("rows", .right), ("sha256", .left)])
    for proof in proofs {
      if app.terminal.isJSON {
        let line: JSON = [
          "event": "table", "table": .string(proof.table), "rows": .integer(proof.rows),
          "sha256": .string(proof.digest.description),
        ]
        app.terminal.line(line.text)
      } else {
        table.add([proof.table, "\(proof.rows)", proof.digest.description])
      }
    }
    if !app.terminal.isJSON { app.terminal.line(table.text) }
  }
}
