import Codecs
import Files
import Foundation
import Operations
import Terminal

/// `incident`: the log of incidents, their terms of service and their reports.
enum IncidentCommands {
  private static let time = CommandSpec.Option.value(
    "at", "TIME", "when it happened, in UTC: 2025-11-30 10:15; now unless given")
  private static let number = CommandSpec.Option.value("id", "N", "number of the incident")

  static let all: [CommandSpec] = [
    CommandSpec(
      .desk, "incident open", "Begin an incident and its terms of service",
      example: "almoner incident open --severity high --title Deposit-low --kind vrf-deposit",
      [
        .value("severity", "LEVEL", "critical, high, medium or low"),
        .value("title", "TEXT", "one line, without personal data"),
        .value(
          "kind", "KIND", IncidentKind.allCases.map(\.rawValue).joined(separator: ", ") + "; incident unless given"),
        .value("links", "TEXT", "where to read more"), time,
      ], run: open),
    CommandSpec(
      .desk, "incident note", "Add a note to an incident, or say that a milestone is reached",
      example: "almoner incident note --id 3 --text Topped-up --reached topped-up",
      [
        number, .value("text", "TEXT", "one line"), .value("reached", "MILESTONE", "a milestone of `incident sla`"),
        time,
      ],
      run: note),
    CommandSpec(
      .desk, "incident close", "End an incident",
      example: "almoner incident close --id 3 --text Deposit-is-above-the-minimum",
      [number, .value("text", "TEXT", "what ended it, in one line"), time], run: close),
    CommandSpec(
      .desk, "incident list", "List incidents that are open, the newest first", example: "almoner incident list --all",
      [.flag("all", "also those that are closed")], run: list),
    CommandSpec(
      .desk, "incident show", "Show an incident with its time line", example: "almoner incident show --id 3", [number],
      run: show),
    CommandSpec(
      .desk, "incident sla", "Show what is due until when; ends 1 when something is late",
      example: "almoner incident sla", [.value("id", "N", "one incident; else every open one")], run: sla),
    CommandSpec(
      .desk, "incident post-mortem", "Write the skeleton of an incident's report as Markdown",
      example: "almoner incident post-mortem --id 3 --out incident-3.md",
      [number, .value("out", "FILE", "a new file; standard output unless given")], run: postMortem),
    CommandSpec(
      .desk, "incident row", "Add a row to the log that belongs to no incident, such as a release or a dry run",
      example: "almoner incident row --type Release --description v1.4 --responsible operator",
      [
        .value("type", "TYPE", JournalRow.types.joined(separator: ", ")), .value("description", "TEXT", "one line"),
        .value("responsible", "TEXT", "roles, not names"), .value("links", "TEXT", "where to read more"), time,
      ], run: row),
    CommandSpec(
      .desk, "incident log", "Print the whole log as a Markdown table, newest first",
      example: "almoner incident log", run: log),
    CommandSpec(
      .desk, "incident-log", "Add a row to a Markdown file with the table of incidents",
      example: "almoner incident-log --log incident_log.md --type Release --description v1.4 --responsible operator",
      [
        .value("log", "FILE", "the Markdown file"),
        .value("timestamp", "TIME", "in UTC: 2025-11-30 10:15; now unless given"),
        .value("type", "TYPE", JournalRow.types.joined(separator: ", ")), .value("description", "TEXT", "one line"),
        .value("responsible", "TEXT", "roles, not names"), .value("links", "TEXT", "where to read more"),
        .flag("dry-run", "print the new document and write nothing"),
      ], run: markdownLog),
  ]

  // MARK: Changes

  private static func open(_ app: App) throws -> ExitStatus {
    guard let severity = IncidentSeverity(rawValue: try app.arguments.required("severity")) else {
      throw CommandError(.usage, "--severity is critical, high, medium or low")
    }
    guard let kind = IncidentKind(rawValue: app.arguments["kind"] ?? "incident") else {
      throw CommandError(.usage, "--kind is one of \(IncidentKind.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    let (title, links, began) = (
      try app.arguments.required("title"), app.arguments["links"] ?? "", try app.moment("at")
    )
    let by = app.hand().by
    let incident = try app.withJournal { journal, records in
      let record = try IncidentBook(records).opening(
        kind, severity, title: title, links: links, began: began, at: app.now, by: by)
      try journal.append(record.json)
      return IncidentBook(records + [record]).incidents.last
    }
    guard let incident else { return .software }
    app.tell(
      IncidentText.json(incident, at: app.now),
      or: "Incident \(incident.id) is open. Next: almoner incident sla --id \(incident.id)")
    return .success
  }

  private static func note(_ app: App) throws -> ExitStatus {
    let (id, text, happened) = (try id(app), try app.arguments.required("text"), try app.moment("at"))
    let by = app.hand().by
    return try change(app, id) { book in
      try book.note(id, text, milestone: app.arguments["reached"], happened: happened, at: app.now, by: by)
    }
  }

  private static func close(_ app: App) throws -> ExitStatus {
    let (id, text, happened) = (try id(app), try app.arguments.required("text"), try app.moment("at"))
    let by = app.hand().by
    return try change(app, id) { book in try book.closing(id, text, happened: happened, at: app.now, by: by) }
  }

  private static func change(_ app: App, _ id: Int, _ make: (IncidentBook) throws -> OperationsRecord) throws
    -> ExitStatus
  {
    let incident = try app.withJournal { journal, records in
      let record = try make(IncidentBook(records))
      try journal.append(record.json)
      return try IncidentBook(records + [record]).incident(id)
    }
    app.tell(IncidentText.json(incident, at: app.now), or: IncidentText.lines(incident, at: app.now))
    return .success
  }

  private static func row(_ app: App) throws -> ExitStatus {
    let row = try IncidentBook.row(
      try app.arguments.required("type"), try app.arguments.required("description"),
      responsible: try app.arguments.required("responsible"), links: app.arguments["links"] ?? "",
      happened: try app.moment("at"), at: app.now, by: app.hand().by)
    warnOfType(app, try app.arguments.required("type"))
    try app.withJournal { journal, _ in try journal.append(row.json) }
    app.tell(row.json, or: "The log has a new row: almoner incident log")
    return .success
  }

  // MARK: Looks

  private static func list(_ app: App) throws -> ExitStatus {
    let book = try app.withJournal { _, records in IncidentBook(records) }
    let shown = book.incidents.reversed().filter { app.arguments.has("all") || $0.closed == nil }
    if app.terminal.isJSON {
      for incident in shown { app.terminal.line(IncidentText.json(incident, at: app.now).text) }
      return .success
    }
    var table = TextTable([
      ("id", .right), ("began (UTC)", .left), ("severity", .left), ("kind", .left), ("state", .left), ("title", .left),
    ])
    for incident in shown {
      table.add([
        "\(incident.id)", UTCMinute(milliseconds: incident.began).description, incident.severity.rawValue,
        incident.kind.rawValue, incident.closed == nil ? "open" : "closed",
        Printable.foreign(incident.title, most: 120),
      ])
    }
    app.terminal.line(table.text)
    return .success
  }

  private static func show(_ app: App) throws -> ExitStatus {
    let id = try id(app)
    let incident = try app.withJournal { _, records in try IncidentBook(records).incident(id) }
    app.tell(IncidentText.json(incident, at: app.now), or: IncidentText.lines(incident, at: app.now))
    return .success
  }

  private static func sla(_ app: App) throws -> ExitStatus {
    let book = try app.withJournal { _, records in IncidentBook(records) }
    let shown: [Incident] =
      if app.arguments["id"] != nil { [try book.incident(try id(app))] } else {
        book.incidents.filter { $0.closed == nil }
      }
    var isLate = false
    for incident in shown {
      for timer in incident.timers(at: app.now) {
        isLate = isLate || timer.isBreached
        app.tell(IncidentText.json(timer, of: incident), or: IncidentText.line(timer, of: incident))
      }
    }
    return isLate ? .findings : .success
  }

  private static func log(_ app: App) throws -> ExitStatus {
    let book = try app.withJournal { _, records in IncidentBook(records) }
    let document = MarkdownLog.document(book.allRows)
    app.tell(["event": "incident_log", "markdown": .string(document)], or: String(document.dropLast()))
    return .success
  }

  private static func postMortem(_ app: App) throws -> ExitStatus {
    let id = try id(app)
    let incident = try app.withJournal { _, records in try IncidentBook(records).incident(id) }
    let text = PostMortem.markdown(incident, at: app.now)
    guard let out = app.arguments["out"] else {
      app.tell(["event": "post_mortem", "incident": .integer(id), "markdown": .string(text)], or: text)
      return .success
    }
    guard !FileManager.default.fileExists(atPath: out) else {
      throw CommandError(.fileExists, "\(out) is there already", hint: "name another file: a report is not overwritten")
    }
    do { try Data(text.utf8).write(to: URL(fileURLWithPath: out), options: .withoutOverwriting) } catch {
      throw CommandError(.cannotWrite, "\(out) cannot be written")
    }
    app.tell(["event": "post_mortem", "incident": .integer(id), "file": .string(out)], or: "Written to \(out)")
    return .success
  }

  // MARK: A Markdown file

  private static func markdownLog(_ app: App) throws -> ExitStatus {
    let path = try app.arguments.required("log")
    let time = try app.arguments["timestamp"].map { try UTCMinute(parsing: $0) } ?? UTCMinute(milliseconds: app.now)
    let type = try app.arguments.required("type")
    let row = JournalRow(
      time: time.description, type: type,
      description: try IncidentBook.checked(try app.arguments.required("description")),
      responsible: try app.arguments.required("responsible"), links: app.arguments["links"] ?? "")
    warnOfType(app, type)
    guard let data = FileManager.default.contents(atPath: path), let text = String(data: data, encoding: .utf8) else {
      throw CommandError(.cannotRead, "\(path) cannot be read")
    }
    var log = try MarkdownLog(parsing: text)
    log.insert(row)
    if app.arguments.has("dry-run") {
      app.tell(["event": "incident_log", "markdown": .string(log.text)], or: log.text)
      return .success
    }
    do { try Data(log.text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic) } catch {
      throw CommandError(.cannotWrite, "\(path) cannot be written")
    }
    app.tell(
      ["event": "incident_log", "file": .string(path), "time": .string(row.time)],
      or: "Row of \(row.time) is in \(path)")
    return .success
  }

  private static func warnOfType(_ app: App, _ type: String) {
    guard !JournalRow.types.contains(type) else { return }
    app.terminal.note("warning: \(Printable.foreign(type)) is no usual type of event")
  }

  private static func id(_ app: App) throws -> Int {
    guard let id = try app.arguments.number("id", in: 1...1_000_000_000) else {
      throw CommandError(.usage, "--id is needed")
    }
    return Int(id)
  }
}
