/// The incident log as a Markdown document: one table of five columns, newest first, anything around it.
///
/// Source: specification of the operator tools, 1.15. Rows whose first cell is empty or underscores are placeholders.
package struct MarkdownLog: Equatable, Sendable {
  private let before: [String]
  private let separator: String
  private var rows: [JournalRow]
  private let after: [String]

  /// A new document.
  package static let empty =
    "# Incident log\n\n| Date/time (UTC) | Event type | Description | Responsible | Links |\n| --- | --- | --- | --- | --- |\n"

  /// Reads a document. Throws `incident.table_not_found`, and `incident.bad_row` for a row that would be lost.
  package init(parsing text: String) throws(IncidentError) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let isHeader: (String) -> Bool = { $0.hasPrefix("| Дата/время (UTC)") || $0.hasPrefix("| Date/time (UTC)") }
    guard let header = lines.firstIndex(where: isHeader), header + 1 < lines.count, lines[header + 1].hasPrefix("|")
    else {
      throw IncidentError(
        .tableNotFound, "the file has no table of incidents",
        hint: "its header begins with: | Date/time (UTC) | Event type | Description | Responsible | Links |")
    }
    before = Array(lines[...header])
    separator = lines[header + 1]
    var rows: [JournalRow] = []
    var place = header + 2
    while place < lines.count, lines[place].hasPrefix("|") {
      if let row = try MarkdownLog.row(lines[place], number: place + 1) { rows.append(row) }
      place += 1
    }
    self.rows = rows
    after = Array(lines[place...])
  }

  /// Puts a row where its time belongs; one of the same minute goes behind those that are there.
  package mutating func insert(_ row: JournalRow) {
    let sorted = (rows + [row]).enumerated().sorted { a, b in
      a.element.time == b.element.time ? a.offset < b.offset : a.element.time > b.element.time
    }
    rows = sorted.map(\.element)
  }

  package var text: String { (before + [separator] + rows.map(\.markdown) + after).joined(separator: "\n") }

  package static func document(_ rows: [JournalRow]) -> String {
    guard var log = try? MarkdownLog(parsing: empty) else { return empty }
    for row in rows { log.insert(row) }
    return log.text
  }

  private static func row(_ line: String, number: Int) throws(IncidentError) -> JournalRow? {
    let cells = cells(line)
    if let first = cells.first, first.allSatisfy({ $0 == "_" }) { return nil }
    guard cells.count == 5, (try? UTCMinute(parsing: cells[0])) != nil else {
      throw IncidentError(
        .badRow, "line \(number) of the log is no row of five cells with a time", hint: "mend it: nothing was written")
    }
    return JournalRow(time: cells[0], type: cells[1], description: cells[2], responsible: cells[3], links: cells[4])
  }

  /// Splits at bars that no backslash escapes.
  private static func cells(_ line: String) -> [String] {
    var cells: [String] = [""]
    var isEscaped = false
    for character in line.trimmed.dropFirst() {
      if isEscaped {
        cells[cells.count - 1] += character == "|" ? "|" : "\\\(character)"
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else if character == "|" {
        cells.append("")
      } else {
        cells[cells.count - 1].append(character)
      }
    }
    if cells.last?.trimmed.isEmpty == true, !isEscaped { cells.removeLast() }
    if isEscaped { cells[cells.count - 1] += "\\" }
    return cells.map(\.trimmed)
  }
}
