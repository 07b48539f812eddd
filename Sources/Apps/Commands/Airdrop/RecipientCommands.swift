import Airdrop
import Chains
import Codecs
import Engine
import Files
import Foundation
import Keys
import Lottery
import Money
import Payouts
import Store
import Terminal

/// `recipients ingest`: a file becomes the recipients of a campaign.
enum RecipientCommands {
  static let all: [CommandSpec] = [
    CommandSpec(
      .airdrop, "recipients ingest", "Load a recipients file; the same file again changes nothing",
      example: "airdrop recipients ingest --campaign Q4-Rewards --file recipients.csv",
      [
        CampaignCommands.named, .value("file", "FILE", "CSV, JSON or JSON lines; - for standard input"),
        .value("format", "FORMAT", "csv, json or jsonl, where the file's name does not say"),
        .value("decimals", "N", "amounts are token units with N decimals; without it they are base units"),
        .value("on-duplicate", "POLICY", "error (default), sum, first or last"),
        .value("rejects", "FILE", "where bad rows go; FILE.rejects unless set"),
        .flag("strict", "load nothing if any row is bad"),
      ], run: ingest)
  ]

  private static func ingest(_ app: App) throws -> ExitStatus {
    let store = try app.store()
    let campaign = try app.campaign(store)
    guard !campaign.name.hasPrefix(LotteryBatch.namePrefix) else {
      throw CommandError(
        .usage, "\(campaign.name) pays whom its lottery names", hint: "load its payouts with: almoner lottery settle")
    }
    let file = try app.arguments.required("file")
    let report = try ingest(file, into: campaign, store: store, app)
    show(report, file: file, rejects: try rejectsPath(file, app), app)
    switch report.outcome {
    case .refused: return .badData
    case .loaded, .alreadyLoaded: return .success
    case .nothingToLoad: return report.summary.rejected > 0 ? .badData : .success
    }
  }

  private static func rejectsPath(_ file: String, _ app: App) throws -> String {
    if let path = app.arguments["rejects"] { return path }
    if file != "-" { return file + ".rejects" }
    return try app.storeFile(instead: "say --rejects FILE") + ".rejects"
  }

  /// Loads a file with the choices of the command line, showing progress.
  static func ingest(_ file: String, into campaign: Campaign, store: any DeskStore, _ app: App) throws -> IngestReport {
    let formatText = app.arguments["format"]
    let named = formatText.map { SourceFormat(rawValue: $0) } ?? SourceFormat(fileName: file)
    guard let format = named ?? (file == "-" && formatText == nil ? .csv : nil) else {
      throw CommandError(.usage, "the format of \(file) is not known", hint: "say --format csv, json or jsonl")
    }
    let policyText = app.arguments["on-duplicate"] ?? "error"
    guard let policy = DuplicatePolicy(rawValue: policyText) else {
      throw CommandError(.usage, "--on-duplicate is error, sum, first or last, not \(policyText)")
    }
    var forbidden: Set<Address> = []
    if let token = campaign.asset.token.flatMap({ Hex.bytes($0) }) { forbidden.insert(Address(token)) }
    if let contract = try app.batchContract() { forbidden.insert(Address(contract.bytes)) }
    let options = IngestOptions(
      duplicates: policy, decimals: try app.arguments.number("decimals", in: 0...77).map(Int.init),
      strict: app.arguments.has("strict"), forbidden: forbidden)
    let source = try file == "-" ? SourceFile.standardInput() : SourceFile.open(file)
    let service = IngestService(
      loads: store, commit: { commit throws(StoreError) in try store.commit(commit) },
      space: SpillDirectory(try app.spillFolder), hashing: StreamHashing(), sha256: app.sha256,
      parser: EVMRecipientAddresses(), beside: WorkThread())
    let size = (try? FileManager.default.attributesOfItem(atPath: file)[.size] as? Int64) ?? 0
    var bar = ProgressBar(app.terminal, "reading \(file)")
    let report = try service.ingest(
      source, format: format, into: campaign, options: options,
      by: IngestService.Actor(name: app.actor, at: app.clock.now()), rejects: RejectFile(try rejectsPath(file, app))
    ) { progress in
      bar.show(progress.bytes, of: size, "\(progress.rows) rows \(progress.phase.rawValue)")
    }
    bar.finish()
    return report
  }

  static func show(_ report: IngestReport, file: String, rejects: String, _ app: App) {
    let summary = report.summary
    if app.terminal.isJSON {
      let line: JSON = [
        "event": "ingested", "outcome": .string(report.outcome.rawValue), "file": .string(file),
        "content_hash": .string(Hex.text(report.contentHash.bytes)), "rows": .integer(summary.rows),
        "accepted": .integer(summary.accepted), "rejected": .integer(summary.rejected),
        "duplicates": .integer(summary.duplicates), "total": .string(summary.total.description),
        "resumed_after": .integer(report.resumedAfter), "without_checksum": .integer(report.withoutChecksum),
        "rejects_file": summary.rejected > 0 ? .string(rejects) : .null,
        "faults": .array(
          report.faults.map {
            [
              "code": .string($0.code.rawValue), "rows": .integer($0.rows),
              "first_rows": .array($0.firstRows.map { .integer($0) }),
            ]
          }),
      ]
      return app.terminal.line(line.text)
    }
    switch report.outcome {
    case .loaded: app.terminal.line("Loaded \(file)")
    case .alreadyLoaded: app.terminal.line("\(file) was loaded before: nothing changed")
    case .nothingToLoad: app.terminal.line("Nothing to load in \(file): nothing changed")
    case .refused: app.terminal.line("\(file) is refused, since --strict allows no bad row: nothing changed")
    }
    app.terminal.line("  SHA-256     \(Hex.text(report.contentHash.bytes))")
    app.terminal.line(
      "  rows        \(summary.rows): \(summary.accepted) accepted, \(summary.rejected) rejected, \(summary.duplicates) duplicates"
    )
    app.terminal.line("  total       \(summary.total) base units")
    if report.resumedAfter > 0 {
      app.terminal.line("  resumed     after \(report.resumedAfter) rows of an earlier try")
    }
    if report.withoutChecksum > 0 {
      app.terminal.line(
        "  note        \(report.withoutChecksum) addresses have no checksum: a typing error in them cannot be seen")
    }
    for fault in report.faults {
      let rows = fault.firstRows.map(String.init).joined(separator: ", ")
      app.terminal.line(
        "  \(fault.code.rawValue): \(fault.rows) rows (\(rows)\(fault.rows > Int64(fault.firstRows.count) ? ", ..." : ""))"
      )
    }
    if summary.rejected > 0 { app.terminal.line("  bad rows are in \(rejects), each with what to mend") }
  }
}
