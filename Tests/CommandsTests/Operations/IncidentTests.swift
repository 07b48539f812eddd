import Codecs
import Foundation
import Operations
import TestSupport
import Testing

@Suite("Incidents")
struct IncidentTests {
  private static let minute: Int64 = 60_000

  private static func book(_ severity: IncidentSeverity, _ kind: IncidentKind = .incident) throws -> [OperationsRecord]
  {
    [try IncidentBook([]).opening(kind, severity, title: "deposit low", links: "", began: 0, at: 0, by: "user:a@b")]
  }

  @Test(arguments: ["1970-01-01 00:00", "2024-02-29 23:59", "2025-11-30 10:15", "2100-03-01 00:00", "9999-12-31 23:59"])
  func `a minute is read and written alike`(text: String) throws {
    #expect(try UTCMinute(parsing: text).description == text)
  }

  @Test func `a minute is counted as the system counts it`() throws {
    let format = DateFormatter()
    format.dateFormat = "yyyy-MM-dd HH:mm"
    format.timeZone = TimeZone(identifier: "UTC")
    format.locale = Locale(identifier: "en_US_POSIX")
    for day in stride(from: Int64(0), to: 60_000, by: 97) {
      let milliseconds = (day * 1_440 + day % 1_440) * 60_000 + 59_999
      let date = Date(timeIntervalSince1970: TimeInterval(milliseconds / 1_000))
      #expect(UTCMinute(milliseconds: milliseconds).description == format.string(from: date))
    }
  }

  @Test(arguments: [
    "", "2025-11-30", "2025-11-30T10:15", "2025-02-29 10:00", "2025-13-01 10:00", "2025-11-30 24:00",
    "2025-11-30 10:60",
    "1969-12-31 23:59", "2025-11-3٠ 10:15", "-025-11-30 10:15",
  ])
  func `what is no minute is refused`(text: String) {
    #expect { try UTCMinute(parsing: text) } throws: { ($0 as? IncidentError)?.code == .badTime }
  }

  @Test func `terms of service run from the beginning of the incident`() throws {
    let records = try Self.book(.critical)
    let incident = try IncidentBook(records).incident(1)
    func standing(_ name: String, at now: Int64) -> Incident.Standing? {
      incident.timers(at: now).first { $0.level.milestone == name }?.standing
    }
    #expect(standing("acknowledged", at: 14 * Self.minute) == .open(secondsLeft: 60))
    #expect(standing("acknowledged", at: 15 * Self.minute) == .open(secondsLeft: 0))
    #expect(standing("acknowledged", at: 16 * Self.minute) == .overdue(seconds: 60))
    #expect(standing("reported", at: 24 * 60 * Self.minute) == .open(secondsLeft: 0))
  }

  @Test func `a milestone counts when it happened first, not when it was written down`() throws {
    var records = try Self.book(.high)
    for (happened, at) in [(40 * Self.minute, 41 * Self.minute), (29 * Self.minute, 50 * Self.minute)] {
      records.append(
        try IncidentBook(records).note(1, "seen", milestone: "acknowledged", happened: happened, at: at, by: "user:a@b")
      )
    }
    let timers = try IncidentBook(records).incident(1).timers(at: 60 * Self.minute)
    #expect(timers.first?.standing == .reached(late: false))
    #expect(timers.filter(\.isBreached).isEmpty)
  }

  @Test func `every kind's terms are those of the specification, in seconds`() {
    func terms(_ kind: IncidentKind, _ severity: IncidentSeverity) -> [String: Int64] {
      Dictionary(uniqueKeysWithValues: ServiceLevel.all(kind, severity).map { ($0.milestone, $0.seconds) })
    }
    #expect(terms(.incident, .critical) == ["acknowledged": 900, "closed": 86_400, "reported": 86_400])
    #expect(terms(.incident, .high) == ["acknowledged": 1_800, "closed": 86_400, "reported": 86_400])
    #expect(terms(.incident, .medium) == ["closed": 259_200, "reported": 259_200])
    #expect(terms(.incident, .low).isEmpty)
    #expect(terms(.vrfDeposit, .low) == ["topped-up": 900])
    #expect(terms(.salesPause, .low) == ["paused": 300])
    #expect(terms(.partner, .low) == ["answered": 1_800])
    #expect(terms(.cancellation, .low) == ["refunded": 86_400])
    #expect(
      terms(.refund, .critical) == [
        "acknowledged": 900, "players-notified": 1_800, "first-batch": 43_200, "refunded": 86_400,
        "retrospective": 259_200,
      ])
    #expect(terms(.support, .high) == ["acknowledged": 900, "resolved": 14_400])
    #expect(terms(.vulnerability, .critical) == ["acknowledged": 172_800, "triaged": 259_200, "fixed": 1_209_600])
    #expect(terms(.vulnerability, .high)["fixed"] == 2_592_000)
  }

  @Test func `a closed incident takes no second end and no milestone but its reports`() throws {
    var records = try Self.book(.high)
    records.append(try IncidentBook(records).closing(1, "mended", happened: 60_000, at: 60_000, by: "user:a@b"))
    let book = IncidentBook(records)
    #expect { try book.closing(1, "again", happened: 60_000, at: 60_000, by: "x") } throws: {
      ($0 as? IncidentError)?.code == .closed
    }
    #expect { try book.note(1, "x", milestone: "acknowledged", happened: 60_000, at: 60_000, by: "x") } throws: {
      ($0 as? IncidentError)?.code == .closed
    }
    #expect(throws: Never.self) { try book.note(1, "x", milestone: "reported", happened: 60_000, at: 60_000, by: "x") }
  }

  @Test func `times in the future or before the incident, and texts of several lines, are refused`() throws {
    let records = [
      try IncidentBook([]).opening(.incident, .low, title: "x", links: "", began: 600_000, at: 700_000, by: "x")
    ]
    let book = IncidentBook(records)
    for happened: Int64 in [400_000, 800_000] {
      #expect { try book.note(1, "x", milestone: nil, happened: happened, at: 700_000, by: "x") } throws: {
        ($0 as? IncidentError)?.code == .badTime
      }
    }
    for text in ["", "  ", "a\nb", "a\u{1b}b", String(repeating: "x", count: 4_001)] {
      #expect { try book.note(1, text, milestone: nil, happened: 700_000, at: 700_000, by: "x") } throws: {
        ($0 as? IncidentError)?.code == .badText
      }
    }
  }

  @Test func `the report's skeleton has the time line in order, bars escaped, and names nobody`() throws {
    var records = try Self.book(.high)
    for (text, happened) in [("second | step", 2 * Self.minute), ("first", Self.minute)] {
      records.append(
        try IncidentBook(records).note(
          1, text, milestone: nil, happened: happened, at: 5 * Self.minute, by: "person:anna"))
    }
    let text = PostMortem.markdown(try IncidentBook(records).incident(1), at: 5 * Self.minute)
    let rows = text.split(separator: "\n").filter { $0.hasPrefix("| 1970") }
    #expect(
      rows == [
        "| 1970-01-01 00:00 | It began |", "| 1970-01-01 00:01 | first |", "| 1970-01-01 00:02 | second \\| step |",
      ])
    #expect(!text.contains("anna"))
    for heading in ["Context", "Time line", "Impact", "Cause", "Recovery", "Actions", "Lessons"] {
      #expect(text.contains("## \(heading)\n"))
    }
  }
}

@Suite("The Markdown log")
struct MarkdownLogTests {
  @Test func `the log's vectors: the document before and after`() throws {
    let path = VectorFolder.repositoryPath + "/Tests/Vectors/ops/incident_log.json"
    let cases = try #require(try JSON.parse(String(contentsOfFile: path, encoding: .utf8))["cases"]?.array)
    #expect(cases.count == 6)
    for value in cases {
      let (before, entry) = (try #require(value["before"]?.string), try #require(value["entry"]))
      let word = { (name: String) in entry[name]?.string ?? "" }
      let row = JournalRow(
        time: word("timestamp"), type: word("type"), description: word("description"), responsible: word("responsible"),
        links: word("links"))
      guard let after = value["after"]?.string else {
        #expect { try MarkdownLog(parsing: before) } throws: { ($0 as? IncidentError)?.code == .tableNotFound }
        continue
      }
      var log = try MarkdownLog(parsing: before)
      log.insert(row)
      #expect(log.text == after, "\(value["name"]?.string ?? "")")
      // What was escaped once stays as it is however often the file is written.
      #expect(try MarkdownLog(parsing: log.text).text == after)
    }
  }

  @Test(arguments: [
    "| 2025-01-01 00:00 | A | only three |", "| yesterday | A | b | c | d |",
    "| 2025-01-01 00:00 | A | b | c | d | e |",
  ])
  func `a row that would be lost is refused`(row: String) {
    #expect { try MarkdownLog(parsing: MarkdownLog.empty + row + "\n") } throws: {
      ($0 as? IncidentError)?.code == .badRow
    }
  }

  @Test func `a document of rows is sorted, newest first, and stays one row a line`() throws {
    let rows = [("2025-01-01 00:00", "a"), ("2025-03-01 00:00", "b\nc | d"), ("2025-02-01 00:00", "e")].map {
      JournalRow(time: $0.0, type: "Release", description: $0.1, responsible: "operator", links: "")
    }
    let lines = MarkdownLog.document(rows).split(separator: "\n").suffix(3)
    #expect(lines.map { String($0.dropFirst(2).prefix(7)) } == ["2025-03", "2025-02", "2025-01"])
    #expect(lines.first?.contains("b c \\| d") == true)
  }
}
