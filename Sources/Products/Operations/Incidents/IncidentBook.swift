import Codecs

/// Every incident and every row of the log, read from the journal; and the records that change them.
package struct IncidentBook: Equatable, Sendable {
  package private(set) var incidents: [Incident] = []
  /// Rows written by hand or by runbooks, oldest first.
  package private(set) var rows: [JournalRow] = []

  package init(_ records: [OperationsRecord]) {
    for record in records { apply(record) }
  }

  /// Every row of the log: incidents and the rest, for a table that sorts them.
  package var allRows: [JournalRow] { rows + incidents.map(\.row) }

  /// Throws `incident.not_found`.
  package func incident(_ id: Int) throws(IncidentError) -> Incident {
    guard let found = incidents.first(where: { $0.id == id }) else {
      throw IncidentError(.notFound, "there is no incident \(id)", hint: "almoner incident list --all")
    }
    return found
  }

  // MARK: Records

  /// The record that opens an incident; it began at `began`, now unless said. Throws `incident.bad_time`, `incident.bad_text`.
  package func opening(
    _ kind: IncidentKind, _ severity: IncidentSeverity, title: String, links: String, began: Int64, at now: Int64,
    by: String
  ) throws(IncidentError) -> OperationsRecord {
    guard began <= now else { throw IncidentError(.badTime, "an incident that begins later is none yet") }
    return OperationsRecord(
      at: now, by: by, event: "incident.opened",
      [
        "incident": .integer(incidents.count + 1), "kind": .string(kind.rawValue),
        "severity": .string(severity.rawValue),
        "title": .string(try IncidentBook.checked(title)),
        "links": .string(links.isEmpty ? "" : try IncidentBook.checked(links)),
        "began": .integer(began),
      ])
  }

  /// The record of a note, at `happened`; with a milestone when it says that one was reached.
  package func note(
    _ id: Int, _ text: String, milestone: String?, happened: Int64, at now: Int64, by: String
  ) throws(IncidentError) -> OperationsRecord {
    let incident = try incident(id)
    try IncidentBook.check(happened, incident, now)
    if let milestone {
      guard incident.closed == nil || milestone == "reported" || milestone == "retrospective" else {
        throw IncidentError(.closed, "incident \(id) is closed")
      }
      let known = ServiceLevel.all(incident.kind, incident.severity).map(\.milestone).filter { $0 != "closed" }
      guard known.contains(milestone) else {
        throw IncidentError(
          .noMilestone, "\(milestone) is no milestone of incident \(id)",
          hint: known.isEmpty ? "it has none" : "one of: \(known.joined(separator: ", "))")
      }
    }
    return OperationsRecord(
      at: now, by: by, event: "incident.noted",
      [
        "incident": .integer(id), "text": .string(try IncidentBook.checked(text)),
        "milestone": milestone.map { .string($0) } ?? .null, "happened": .integer(happened),
      ])
  }

  /// The record that closes an incident. Throws `incident.closed` when it is.
  package func closing(
    _ id: Int, _ text: String, happened: Int64, at now: Int64, by: String
  ) throws(IncidentError) -> OperationsRecord {
    let incident = try incident(id)
    guard incident.closed == nil else { throw IncidentError(.closed, "incident \(id) is closed already") }
    try IncidentBook.check(happened, incident, now)
    return OperationsRecord(
      at: now, by: by, event: "incident.closed",
      ["incident": .integer(id), "text": .string(try IncidentBook.checked(text)), "happened": .integer(happened)])
  }

  /// The record of a row that belongs to no incident: a release, a dry run, a top-up.
  package static func row(
    _ type: String, _ description: String, responsible: String, links: String, happened: Int64, at now: Int64,
    by: String
  ) throws(IncidentError) -> OperationsRecord {
    guard happened <= now else { throw IncidentError(.badTime, "the log takes what has happened") }
    return OperationsRecord(
      at: now, by: by, event: "log.row",
      [
        "type": .string(try checked(type)), "description": .string(try checked(description)),
        "responsible": .string(try checked(responsible)), "links": .string(links.isEmpty ? "" : try checked(links)),
        "happened": .integer(happened),
      ])
  }

  private static func check(_ happened: Int64, _ incident: Incident, _ now: Int64) throws(IncidentError) {
    // A minute is as exact as people write it.
    guard happened <= now, happened >= incident.began - 60_000 else {
      throw IncidentError(
        .badTime, "\(UTCMinute(milliseconds: happened)) lies before incident \(incident.id) or in the future")
    }
  }

  /// One line that a person can read.
  package static func checked(_ text: String) throws(IncidentError) -> String {
    let isTame = text.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7f...0x9f).contains($0.value) }
    guard !text.trimmed.isEmpty, text.utf8.count <= 4_000, isTame else {
      throw IncidentError(.badText, "a text is one line of 1 to 4,000 bytes without control characters")
    }
    return text
  }

  // MARK: Reading

  private mutating func apply(_ record: OperationsRecord) {
    if record.event == "log.row" {
      return rows.append(
        JournalRow(
          time: UTCMinute(milliseconds: record.time).description, type: record.text("type") ?? "",
          description: record.text("description") ?? "", responsible: record.text("responsible") ?? "",
          links: record.text("links") ?? ""))
    }
    guard let id = record.number("incident") else { return }
    if record.event == "incident.opened" { return open(record, id) }
    guard let place = incidents.firstIndex(where: { $0.id == id }) else { return }
    let note = Incident.Note(
      at: record.time, by: record.by, text: record.text("text") ?? "", milestone: record.text("milestone"))
    switch record.event {
    case "incident.closed":
      incidents[place].closed = note
      incidents[place].reached["closed"] = note.at
    case "incident.noted":
      incidents[place].notes.append(note)
      guard let milestone = note.milestone else { return }
      incidents[place].reached[milestone] = min(incidents[place].reached[milestone] ?? note.at, note.at)
    default: break
    }
  }

  private mutating func open(_ record: OperationsRecord, _ id: Int) {
    guard let kind = record.text("kind").flatMap(IncidentKind.init), let title = record.text("title"),
      let severity = record.text("severity").flatMap(IncidentSeverity.init),
      let began = record.body["began"]?.number.flatMap(Int64.init)
    else { return }
    incidents.append(
      Incident(
        id: id, kind: kind, severity: severity, title: title, openedBy: record.by, links: record.text("links") ?? "",
        began: began))
  }
}

extension OperationsRecord {
  /// When it happened, as far as somebody said so; else when it was written.
  var time: Int64 { body["happened"]?.number.flatMap(Int64.init) ?? at }
}
