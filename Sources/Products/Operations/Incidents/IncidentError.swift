/// Why an entry of the incident log was refused. Codes are stable: docs/errors.md.
package struct IncidentError: Error, Hashable, Sendable {
  package enum Code: String, CaseIterable, Sendable {
    /// There is no incident with this number: `almoner incident list --all` shows them.
    case notFound = "incident.not_found"
    /// The incident is closed already; notes can still be added, milestones cannot.
    case closed = "incident.closed"
    /// A time is not `YYYY-MM-DD HH:MM` in UTC, lies in the future, or before the incident began.
    case badTime = "incident.bad_time"
    /// A text is empty, too long, or holds control characters.
    case badText = "incident.bad_text"
    /// This kind of incident, or this severity, has no such milestone: the message lists those it has.
    case noMilestone = "incident.no_milestone"
    /// The Markdown file has no table of incidents; nothing was written.
    case tableNotFound = "incident.table_not_found"
    /// A row of the Markdown table has not five cells or no time; nothing was written, mend the row first.
    case badRow = "incident.bad_row"
  }
  package let code: Code
  package let message: String
  package let hint: String?

  package init(_ code: Code, _ message: String, hint: String? = nil) {
    self.code = code
    self.message = message
    self.hint = hint
  }
}
