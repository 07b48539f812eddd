import Codecs

/// One incident, as its records in the journal tell it.
package struct Incident: Equatable, Sendable {
  /// Counted from 1 in the order of opening.
  package let id: Int
  package let kind: IncidentKind
  package let severity: IncidentSeverity
  package let title: String
  package let openedBy: String
  package let links: String
  /// When it began, by whoever opened it; milliseconds since 1970.
  package let began: Int64
  /// What happened, in the order in which it was written down.
  package internal(set) var notes: [Note] = []
  package internal(set) var closed: Note?
  /// When each milestone was reached first.
  package internal(set) var reached: [String: Int64] = [:]

  package struct Note: Equatable, Sendable {
    package let at: Int64
    package let by: String
    package let text: String
    package let milestone: String?
  }

  package enum Standing: Equatable, Sendable {
    case reached(late: Bool)
    case open(secondsLeft: Int64)
    case overdue(seconds: Int64)
  }

  /// One promise and how it stands.
  package struct Timer: Equatable, Sendable {
    package let level: ServiceLevel
    /// Milliseconds since 1970.
    package let due: Int64
    package let standing: Standing
    package var isBreached: Bool {
      switch standing {
      case .reached(let late): late
      case .open: false
      case .overdue: true
      }
    }
  }

  package func timers(at now: Int64) -> [Timer] {
    ServiceLevel.all(kind, severity).map { level in
      let due = began + level.seconds * 1_000
      let standing: Standing =
        if let at = reached[level.milestone] {
          .reached(late: at > due)
        } else if now > due {
          .overdue(seconds: (now - due) / 1_000)
        } else {
          .open(secondsLeft: (due - now) / 1_000)
        }
      return Timer(level: level, due: due, standing: standing)
    }
  }

  package var row: JournalRow {
    let end = closed.map { "; closed \(UTCMinute(milliseconds: $0.at)): \($0.text)" } ?? ""
    return JournalRow(
      time: UTCMinute(milliseconds: began).description, type: kind.rowType,
      description: "#\(id) \(severity.rawValue): \(title)\(end)", responsible: openedBy, links: links)
  }
}
