import Audit
import Chains
import Codecs
import Engine
import Money
import Payouts
import Terminal

/// `export`: datasets for a warehouse, from a cursor on.
enum ExportCommands {
  static let all: [CommandSpec] = [
    CommandSpec(
      .common, "export", "Write a dataset as CSV or JSON lines, from a cursor on",
      example: "almoner export --dataset payouts --campaign Q4-Rewards --format csv > payouts.csv",
      [
        .value("dataset", "NAME", "payouts, recipients, audit or ledger"),
        .value("format", "FORMAT", "csv (default) or jsonl"),
        .value("campaign", "NAME", "for payouts and recipients: only this campaign"),
        .value("since", "CURSOR", "go on after this cursor; the next one is told at the end, on standard error"),
      ], run: export)
  ]

  private static func export(_ app: App) throws -> ExitStatus {
    let format = app.arguments["format"] ?? (app.terminal.isJSON ? "jsonl" : "csv")
    guard format == "csv" || format == "jsonl" else { throw CommandError(.usage, "--format is csv or jsonl") }
    let writer = RowWriter(terminal: app.terminal, isCSV: format == "csv")
    let store = try app.store()
    let cursor: String
    switch try app.arguments.required("dataset") {
    case "payouts": cursor = try payouts(store, app, writer, isRecipients: false)
    case "recipients": cursor = try payouts(store, app, writer, isRecipients: true)
    case "audit": cursor = try audit(store, app, writer)
    case "ledger": cursor = try ledger(store, app, writer)
    case let other:
      throw CommandError(.usage, "\(other) is no dataset", hint: "payouts, recipients, audit or ledger")
    }
    app.terminal.note("next cursor: \(cursor)")
    return .success
  }

  private static func number(_ app: App) throws -> Int64? {
    try app.arguments.number("since", in: 0...Int64.max)
  }

  private static func payouts(
    _ store: any PayoutStore, _ app: App, _ writer: RowWriter, isRecipients: Bool
  ) throws -> String {
    var campaigns: [Campaign] = []
    if app.arguments["campaign"] != nil {
      campaigns = [try app.campaign(store)]
    } else {
      var after: CampaignID?
      while true {
        let page = try store.campaigns(after: after, limit: 500)
        campaigns += page
        guard page.count == 500, let last = page.last else { break }
        after = last.id
      }
    }
    var places = try Cursor(app.arguments["since"]).places { PayoutID($0).campaign.raw }
    writer.header(
      isRecipients
        ? ["cursor", "campaign", "payout_id", "address", "amount", "row", "metadata"]
        : [
          "cursor", "campaign", "payout_id", "address", "amount", "status", "fate", "tx_hash", "out_index",
          "error_code", "error_msg",
        ])
    for campaign in campaigns {
      var after = places[campaign.id.raw].map { PayoutID($0) }
      while true {
        let page = try store.payouts(campaign.id, status: nil, after: after, limit: 2_000)
        for view in page {
          let address = PayoutCommands.addressText(view.address, campaign, app)
          let cursor = view.payout.raw
          places[campaign.id.raw] = cursor
          if isRecipients {
            writer.row([
              "\(cursor)", campaign.name, view.key, address, view.units.description, "\(view.rowNumber)", view.metadata,
            ])
          } else {
            var fate = ""
            if case .unknown(let why)? = view.fate { fate = "unknown(\(why.rawValue))" }
            writer.row([
              "\(cursor)", campaign.name, view.key, address, view.units.description, view.status.rawValue, fate,
              view.transaction?.description ?? "", view.outIndex.map(String.init) ?? "", view.errorCode ?? "",
              view.errorMessage ?? "",
            ])
          }
        }
        guard let last = page.last, page.count == 2_000 else { break }
        after = last.payout
      }
    }
    return Cursor(places.sorted { $0.key < $1.key }.map { [$0.value] }).text
  }

  /// The cursor of the audit trail is `chain:sequence`, one for each chain of records.
  private static func audit(_ store: any PayoutStore, _ app: App, _ writer: RowWriter) throws -> String {
    var places = try Cursor(app.arguments["since"]).pairs()
    writer.header(["chain", "sequence", "at", "actor", "action", "entity", "entity_id", "details", "root", "hash"])
    for chain in try store.auditHeads().map(\.chain).sorted() {
      while true {
        let after = AuditHead(chain: chain, sequence: places[chain] ?? 0, hash: .zero)
        let page = try store.auditRecords(after: after, limit: 2_000)
        for record in page.prefix(while: { $0.chain == chain }) {
          places[chain] = record.sequence
          writer.row([
            "\(record.chain)", "\(record.sequence)", "\(record.at)", record.draft.actor, record.draft.action,
            record.draft.entity, record.draft.entityID, record.draft.details, record.draft.root?.description ?? "",
            record.hash.description,
          ])
        }
        guard page.count == 2_000, page.last?.chain == chain else { break }
      }
    }
    return Cursor(places.sorted { $0.key < $1.key }.map { [$0.key, $0.value] }).text
  }

  private static func ledger(_ store: any PayoutStore, _ app: App, _ writer: RowWriter) throws -> String {
    var cursor = try number(app) ?? 0
    writer.header(["cursor", "at", "kind", "debit", "credit", "units", "batch"])
    while true {
      let page = try store.ledgerEntries(after: cursor, limit: 2_000)
      for entry in page {
        writer.row([
          "\(entry.id)", "\(entry.at.milliseconds)", entry.kind, entry.debit, entry.credit, entry.units.description,
          entry.hold?.description ?? "",
        ])
      }
      cursor = page.last?.id ?? cursor
      if page.count < 2_000 { return "\(cursor)" }
    }
  }
}

/// Rows of named columns as CSV (RFC 4180) or JSON lines.
final class RowWriter {
  private let terminal: Terminal
  private let isCSV: Bool
  private var columns: [String] = []

  init(terminal: Terminal, isCSV: Bool) {
    self.terminal = terminal
    self.isCSV = isCSV
  }

  func header(_ columns: [String]) {
    self.columns = columns
    if isCSV { terminal.line(columns.joined(separator: ",")) }
  }

  func row(_ cells: [String]) {
    if isCSV { return terminal.line(cells.map(RowWriter.quoted).joined(separator: ",")) }
    var object = JSONObject()
    for (column, cell) in zip(columns, cells) { _ = object.append(column, cell.isEmpty ? .null : .string(cell)) }
    terminal.jsonLine(JSON.object(object).text)
  }

  /// Quoted where RFC 4180 asks for it; a leading formula sign gets a quote mark in front, since spreadsheets run it.
  private static func quoted(_ cell: String) -> String {
    var cell = cell
    if let first = cell.first, "=+-@\t\r".contains(first) { cell = "'" + cell }
    guard cell.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return cell }
    return "\"" + cell.replacingQuotes + "\""
  }
}

extension String {
  fileprivate var replacingQuotes: String {
    var out = ""
    for character in self { out += character == "\"" ? "\"\"" : String(character) }
    return out
  }
}
