/// The skeleton of an incident's report: what is known is filled in, the rest is asked for. It names nobody.
///
/// Source: specification of the operator tools, 3.8.
package enum PostMortem {
  package static func markdown(_ incident: Incident, at now: Int64) -> String {
    var out = [
      "# Incident \(incident.id): \(incident.title)", "",
      "Severity \(incident.severity.rawValue), kind \(incident.kind.rawValue). Times are UTC. No personal data: say roles, not names.",
      "", "## Context", "", "What was running, for whom, and what had changed lately.", "", "## Time line", "",
      "| Time (UTC) | What happened |", "| --- | --- |",
    ]
    var moments = [(incident.began, "It began")]
    moments += incident.notes.map { ($0.at, ($0.milestone.map { "**\($0)**: " } ?? "") + $0.text) }
    if let closed = incident.closed { moments.append((closed.at, "**closed**: \(closed.text)")) }
    for (_, moment) in moments.enumerated().sorted(by: { ($0.element.0, $0.offset) < ($1.element.0, $1.offset) }) {
      out.append("| \(UTCMinute(milliseconds: moment.0)) | \(moment.1.replacing("|", with: "\\|")) |")
    }
    out += ["", "## Service levels", "", "| Milestone | Due (UTC) | Kept |", "| --- | --- | --- |"]
    for timer in incident.timers(at: now) {
      let kept =
        switch timer.standing {
        case .reached(let late): late ? "late" : "yes"
        case .open: "not due yet"
        case .overdue: "no"
        }
      out.append("| \(timer.level.milestone) | \(UTCMinute(milliseconds: timer.due)) | \(kept) |")
    }
    out += [
      "", "## Impact", "", "Who noticed what, for how long, and how much money was held, late or lost.", "", "## Cause",
      "",
      "The cause, and why nothing stopped it earlier.", "", "## Recovery", "",
      "What ended it, and how that was checked.",
      "", "## Actions", "", "| Action | Owner (role) | Date |", "| --- | --- | --- |", "| | | |", "", "## Lessons", "",
      "What went well, what did not, where luck helped.", "",
    ]
    return out.joined(separator: "\n")
  }
}
