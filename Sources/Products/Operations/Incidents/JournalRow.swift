/// One row of the incident log: when, what kind of event, and what to know about it.
package struct JournalRow: Hashable, Sendable {
  /// As written; `2025-11-30 10:15` in UTC.
  package let time: String
  package let type: String
  package let description: String
  package let responsible: String
  package let links: String

  package init(time: String, type: String, description: String, responsible: String, links: String) {
    self.time = time
    self.type = type
    self.description = description
    self.responsible = responsible
    self.links = links
  }

  /// The kinds of events that a log is expected to have; others are taken with a warning.
  package static let types = [
    "Release", "Incident", "Dry-run", "Backfill", "VRF top-up", "Cancellation", "Manual payout", "Price feed", "Roles",
    "Retrospective", "Bug bounty",
  ]

  /// As a line of the Markdown table. Bars are escaped and line ends become blanks: a cell stays one cell.
  package var markdown: String {
    "| " + [time, type, description, responsible, links].map(JournalRow.escaped).joined(separator: " | ") + " |"
  }

  private static func escaped(_ cell: String) -> String {
    String(cell.map { $0.isNewline ? " " : $0 }).replacing("\\|", with: "|").replacing("|", with: "\\|")
      .trimmed
  }
}

extension StringProtocol {
  /// Without blanks and tabs at its ends.
  var trimmed: String {
    let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    let start = drop(while: isBlank)
    return String(start.reversed().drop(while: isBlank).reversed())
  }
}
