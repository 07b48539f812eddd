import Codecs
import Operations
import Terminal

/// Incidents for people and for programs.
enum IncidentText {
  static func json(_ incident: Incident, at now: Int64) -> JSON {
    let notes = incident.notes.map { note -> JSON in
      [
        "at": .integer(note.at), "by": .string(note.by), "text": .string(note.text),
        "milestone": note.milestone.map { .string($0) } ?? .null,
      ]
    }
    let late = incident.timers(at: now).filter(\.isBreached).map { JSON.string($0.level.milestone) }
    return [
      "event": "incident", "id": .integer(incident.id), "kind": .string(incident.kind.rawValue),
      "severity": .string(incident.severity.rawValue), "title": .string(incident.title),
      "state": .string(incident.closed == nil ? "open" : "closed"), "opened_by": .string(incident.openedBy),
      "began": .integer(incident.began), "links": .string(incident.links), "notes": .array(notes), "late": .array(late),
      "closed": incident.closed.map { ["at": .integer($0.at), "by": .string($0.by), "text": .string($0.text)] }
        ?? .null,
    ]
  }

  static func lines(_ incident: Incident, at now: Int64) -> String {
    var out = [
      "Incident \(incident.id), \(incident.severity.rawValue), \(incident.kind.rawValue): \(Printable.foreign(incident.title))",
      "  \(UTCMinute(milliseconds: incident.began))  began; opened by \(Printable.foreign(incident.openedBy))",
    ]
    for note in incident.notes.sorted(by: { $0.at < $1.at }) {
      let milestone = note.milestone.map { "[\($0)] " } ?? ""
      out.append(
        "  \(UTCMinute(milliseconds: note.at))  \(milestone)\(Printable.foreign(note.text, most: 500)) (\(Printable.foreign(note.by)))"
      )
    }
    if let closed = incident.closed {
      out.append(
        "  \(UTCMinute(milliseconds: closed.at))  closed: \(Printable.foreign(closed.text, most: 500)) (\(Printable.foreign(closed.by)))"
      )
    }
    out += incident.timers(at: now).map { line($0, of: incident) }
    return out.joined(separator: "\n")
  }

  static func json(_ timer: Incident.Timer, of incident: Incident) -> JSON {
    let (standing, seconds): (JSON, JSON) =
      switch timer.standing {
      case .reached(let late): (.string(late ? "reached_late" : "reached"), .null)
      case .open(let left): ("open", .integer(left))
      case .overdue(let over): ("overdue", .integer(over))
      }
    return [
      "event": "sla", "incident": .integer(incident.id), "milestone": .string(timer.level.milestone),
      "due": .integer(timer.due),
      "standing": standing, "seconds": seconds,
    ]
  }

  static func line(_ timer: Incident.Timer, of incident: Incident) -> String {
    let standing =
      switch timer.standing {
      case .reached(let late): late ? "reached, too late" : "reached in time"
      case .open(let left): "due in \(duration(left))"
      case .overdue(let over): "OVERDUE for \(duration(over))"
      }
    return "  #\(incident.id) \(timer.level.milestone.padded(to: 18))\(UTCMinute(milliseconds: timer.due))  \(standing)"
  }

  private static func duration(_ seconds: Int64) -> String {
    seconds < 7_200 ? "\(seconds / 60) min" : seconds < 172_800 ? "\(seconds / 3_600) h" : "\(seconds / 86_400) days"
  }
}
