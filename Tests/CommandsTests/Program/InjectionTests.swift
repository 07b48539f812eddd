import Codecs
import Foundation
import Terminal
import TestSupport
import Testing

@testable import Commands

/// Texts that mean something to SQL, a terminal, a spreadsheet, a page or a path, in every field that takes text.
@Suite("Hostile text in every field")
struct InjectionTests {
  static let texts = [
    "'; DROP TABLE payouts; --", "\" OR 1=1; --", "$1); SELECT pg_sleep(9); --", "x'||(SELECT password FROM people)||'",
    "\u{1b}[2J\u{1b}]0;owned\u{7}", "one\ntwo\r\nthree", "\u{202e}gnp.exe", "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>", "%s%n%x%p", "../../../etc/passwd", "\\x00\\u0000", "a\u{0}b", "{\"a\":1}", "\u{feff}",
    String(repeating: "é", count: 3_000), "person:root", "🏴‍☠️",
  ]

  /// One desk on either engine, and what a person at it does.
  private final class Place {
    let scratch: Scratch
    let settings: [String: String]
    let database: PostgreSQLDatabase?

    init(onServer: Bool) throws {
      scratch = try Scratch()
      database = onServer ? try PostgreSQLDatabase() : nil
      settings = [
        "AM_DB_DSN": database?.uri ?? "sqlite:" + scratch("desk.db"), "AM_EVM_CHAIN_ID": "11155111",
        "AM_CHECKPOINT_KEY": scratch("seal"), "AM_LISTS_DIR": scratch("lists"), "AM_PEOPLE_KEY": scratch("people.key"),
      ]
    }

    /// What was said, the terminal's text and the JSON of the same command line.
    @discardableResult
    func say(_ line: [String], asJSON: Bool = true, more: [String: String] = [:]) -> (
      status: Commands.ExitStatus, out: String, error: String
    ) {
      let sink = Collected()
      let terminal = Terminal(isJSON: asJSON, isInteractive: false, usesColour: false, sink: sink)
      let status = Shell.run(
        line + (asJSON ? ["--json"] : []), program: "almoner", false, terminal, settings.merging(more) { $1 })
      return (status, sink.out, sink.error)
    }

    /// Done, or refused for what it is: never a broken rule, a broken store or wild text.
    func tries(_ line: String...) {
      for asJSON in [true, false] {
        let said = say(line, asJSON: asJSON)
        #expect(
          [.success, .findings, .usage, .badData, .refused, .noInput, .config, .again].contains(said.status),
          "\(line): \(said.status) \(said.out)\(said.error)")
        #expect(OutputTests.isTame(said.out, newlines: true) && OutputTests.isTame(said.error, newlines: true))
        #expect(!said.out.contains("engine.unexpected") && !said.error.contains("engine.unexpected"))
      }
    }

    func isSound() {
      for line in [["store", "check"], ["audit", "verify"]] {
        let said = say(line)
        #expect(said.status == .success, "\(line): \(said.out)\(said.error)")
      }
    }
  }

  @Test(arguments: [false, true])
  func `no text of a person changes anything but itself`(onServer: Bool) throws {
    let place = try Place(onServer: onServer)
    #expect(place.say(["campaigns", "create", "--name", "Q4", "--chain", "evm"]).status == .success)
    try place.scratch.write("address,amount\n\(Recipient.text(1)),5\n", to: "plain.csv")
    #expect(
      place.say(["recipients", "ingest", "--campaign", "Q4", "--file", place.scratch("plain.csv")]).status == .success)
    for text in Self.texts {
      place.tries("campaigns", "create", "--name", text, "--chain", "evm")
      place.tries("campaigns", "show", "--campaign", text)
      place.tries("campaigns", "pause", "--campaign", "Q4", "--reason", text)
      place.tries("campaigns", "cancel", "--campaign", text, "--reason", text, "--yes")
      place.tries("recipients", "ingest", "--campaign", "Q4", "--file", text)
      place.tries("payouts", "status", "--payout-id", text)
      place.tries("payouts", "compensate", "--payout-id", text, "--reason", text, "--yes")
      place.tries("reviews", "clear", "--payout-id", text, "--reason", text)
      place.tries("safety", "stop", "--reason", text)
      place.tries("safety", "resume", "--reason", text)
      place.tries("lists", "check", "--name", text)
      place.tries("people", "show", "--name", text)
      place.tries("approvals", "show", text)
      place.tries("secrets", "rotate", text, "--from", text)
    }
    place.isSound()
    let shown = place.say(["campaigns", "show", "--campaign", "Q4"])
    #expect(shown.status == .success && shown.out.contains("\"queued\""))
  }

  @Test(arguments: [false, true])
  func `no text of a file changes anything but itself, and reports show it tamed`(onServer: Bool) throws {
    let place = try Place(onServer: onServer)
    #expect(place.say(["campaigns", "create", "--name", "Q4", "--chain", "evm"]).status == .success)
    func quoted(_ text: String) -> String { "\"" + text.replacing("\"", with: "\"\"") + "\"" }
    var rows = ["address,amount,payout_id,email,ip,country,kyc,name,note"]
    let texts = Self.texts.filter { !$0.contains("\u{0}") && $0.utf8.count < 500 }
    for (number, text) in texts.enumerated() {
      let cells = [Recipient.text(number), "\(number + 1)"] + Array(repeating: quoted(text), count: 7)
      rows.append(cells.joined(separator: ","))
    }
    try place.scratch.write(rows.joined(separator: "\n") + "\n", to: "in.csv")
    place.tries("recipients", "ingest", "--campaign", "Q4", "--file", place.scratch("in.csv"))
    for (number, text) in texts.enumerated() {
      let rule = JSON.object(
        try #require(
          try JSON.parse(
            """
            {"id":"r","when":[{"attribute":"recipient.metadata.note","op":"eq","value":"x"}],"then":"review","reason":"y"}
            """
          ).object))
      for field in ["name", "id", "value", "reason"] {
        let written = JSON.string(text).text
        var file =
          "{\"format\":1,\"name\":\"p\(number)\",\"rules\":[\(rule.text)],\"otherwise\":\"allow\"}"
        switch field {
        case "name": file = file.replacing("\"p\(number)\"", with: written)
        case "id": file = file.replacing("\"id\":\"r\"", with: "\"id\":\(written)")
        case "value": file = file.replacing("\"value\":\"x\"", with: "\"value\":\(written)")
        default: file = file.replacing("\"reason\":\"y\"", with: "\"reason\":\(written)")
        }
        try place.scratch.write(file, to: "policy.json")
        place.tries("policy", "check", place.scratch("policy.json"))
        if field == "value" { place.tries("policy", "activate", place.scratch("policy.json"), "--yes") }
      }
    }
    place.tries("screen", "--campaign", "Q4")
    place.tries("reviews", "list", "--campaign", "Q4")
    place.tries("report", "--campaign", "Q4")
    place.tries("report", "--campaign", "Q4", "--html", place.scratch("report.html"))
    let html = (try? place.scratch.read("report.html")) ?? ""
    #expect(!html.contains("<script>alert"))
    place.isSound()
  }
}
