import Codecs
@testable import Commands
import Foundation
import Operations
import Policy
import TestSupport
import Testing

@Suite("Runbooks")
struct RunbookTests {
  /// A runbook of two steps, with members of the first replaced; `nil` takes one away.
  static func file(_ change: [String: JSON?] = [:], inputs: JSON = []) throws -> [UInt8] {
    var step: [(key: String, value: JSON)] = [
      ("id", "one"), ("kind", "check"), ("title", "One"), ("text", "Look."), ("command", ["run": ["config", "check"]]),
    ]
    for (key, value) in change.sorted(by: { $0.key < $1.key }) {
      step.removeAll { $0.key == key }
      if let value { step.append((key, value)) }
    }
    let last: JSON = [
      "id": "two", "kind": "wait", "title": "Two", "text": "Wait.", "pause": ["minutes": .integer(5), "since": "one"],
    ]
    let book: JSON = [
      "format": .integer(1), "name": "test", "title": "A test", "trigger": "Always.", "inputs": inputs,
      "steps": [.object(try JSONObject(step)), last],
    ]
    return book.utf8
  }

  @Test(arguments: ShippedRunbooks.names)
  func `every shipped runbook is read, and says only what the program has`(name: String) throws {
    let book = try ShippedRunbooks.named(name)
    #expect(book.name == name)
    #expect(RunbookNames.findings(book) == [])
    #expect(try Runbook(book.source) == book)
  }

  @Test func `the folder of runbooks is what is shipped`() throws {
    let folder = VectorFolder.repositoryPath + "/Sources/Apps/Commands/Ops/Runbooks"
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).map { $0.replacing(".json", with: "") }
    #expect(names.sorted() == ShippedRunbooks.names)
    #expect(
      Set(names) == [
        "administrator", "price-feed", "partner", "automation-bot", "dual-write", "vrf-deposit", "emergency-refund",
        "key-leak", "release", "refund",
      ])
  }

  @Test func `a role that a step names is one of the program's`() throws {
    for book in try ShippedRunbooks.all() {
      for step in book.steps {
        for role in step.who { #expect(Role(rawValue: role) != nil, "\(book.name) \(step.id)") }
      }
    }
  }

  @Test func `a command, option or exit that does not exist is found`() throws {
    for command: JSON in [
      ["run": ["config", "chek"]], ["run": ["nonsense"]], ["run": ["config", "check", "--fast"]],
      ["run": ["config", "check"], "exit": [.integer(3)]], ["run": ["sh", "-c", "true"]],
    ] {
      let book = try Runbook(parsing: try Self.file(["command": command]))
      #expect(RunbookNames.findings(book).count == 1, "\(command.text)")
    }
    #expect(RunbookNames.findings(try Runbook(parsing: try Self.file())) == [])
  }

  @Test func `a file that does not say enough, or too much, is refused`() throws {
    let changes: [[String: JSON?]] = [
      ["kind": "effect"], ["id": "One"], ["id": "two"], ["title": ""], ["title": "a\nb"], ["text": nil],
      ["command": nil],
      ["command": ["run": ["--json"]]], ["command": ["run": []]], ["command": "config check"], ["shell": "true"],
      ["kind": "do"], ["verify": ["run": ["config", "check"]]], ["other_than": "two"], ["other_than": "one"],
      ["pause": ["minutes": .integer(0), "since": "one"]], ["text": "{lottery}"],
      ["command": ["run": ["config", "{lottery}"]]], ["evidence": [["name": "x", "kind": "file", "about": "x"]]],
      ["command": ["run": ["config"], "json": [["event": "x"]]]],
      ["command": ["run": ["config"], "json": [["event": "x", "path": "y", "equals": true, "at_most": .integer(1)]]]],
    ]
    for change in changes {
      let text = try Self.file(change)
      #expect { try Runbook(parsing: text) } throws: { ($0 as? RunbookError)?.code == .badFile }
    }
    #expect { try Runbook(parsing: Array("{".utf8)) } throws: { ($0 as? RunbookError)?.code == .badFile }
  }

  @Test func `an input for texts never becomes a word of a command`() throws {
    let command: JSON = ["run": ["safety", "stop", "--reason", "{why}"]]
    for (kind, isGood) in [("word", true), ("number", true), ("hex", true), ("text", false)] {
      let text = try Self.file(["command": command], inputs: [["name": "why", "kind": .string(kind), "about": "why"]])
      #expect(((try? Runbook(parsing: text)) != nil) == isGood, "\(kind)")
    }
  }

  @Test(arguments: [
    ("number", "7", true), ("number", "-7", false), ("number", "7 8", false), ("number", "", false),
    ("hex", "0xab", true),
    ("hex", "0xabc", true), ("hex", "ab", false), ("hex", "0xzz", false), ("word", "AM_X", true),
    ("word", "--yes", false),
    ("word", "a b", false), ("word", "a;b", false), ("word", "$(x)", false), ("text", "a b", true),
    ("text", "a\nb", false),
  ])
  func `an input is of its kind`(kind: String, value: String, isGood: Bool) throws {
    let input: JSON = ["name": "x", "kind": .string(kind), "about": "x"]
    let book = try Runbook(parsing: try Self.file(inputs: [input]))
    let begun = try? RunbookRun.beginning(book, id: 1, inputs: ["x": value], incident: 0, at: 0, by: "x")
    #expect((begun != nil) == isGood)
  }

  @Test func `a command's end is judged by its exit and its last line of the event`() throws {
    func judge(_ rules: JSON, exit: Int32 = 0, _ lines: JSON...) throws -> Bool {
      let book = try Runbook(parsing: try Self.file(["command": ["run": ["x"], "exit": [.integer(0)], "json": rules]]))
      return try #require(book.steps.first?.command).refusal(exit: exit, lines: lines) == nil
    }
    let waiting: (Int) -> JSON = { ["event": "outbox", "of": ["waiting": .integer($0)], "text": .string("\($0)")] }
    let most: JSON = [["event": "outbox", "path": "of.waiting", "at_most": .integer(3)]]
    #expect(try judge(most, waiting(9), waiting(3)))
    #expect(try !judge(most, waiting(3), waiting(4)))
    #expect(try !judge(most, exit: 1, waiting(3)))
    #expect(try !judge(most))
    #expect(try judge([["event": "outbox", "path": "text", "at_least": .integer(3)]], waiting(3)))
    #expect(try !judge([["event": "outbox", "path": "of.nothing", "at_least": .integer(3)]], waiting(3)))
    #expect(try judge([["event": "outbox", "path": "text", "equals": "3"]], waiting(3)))
    #expect(try judge([["event": "unknown", "none": true]], waiting(3)))
    #expect(try !judge([["event": "outbox", "none": true]], waiting(3)))
  }

  @Test func `a pause counts from the end of the step that it names`() throws {
    let book = try Runbook(parsing: try Self.file())
    var records = [try RunbookRun.beginning(book, id: 1, inputs: [:], incident: 0, at: 0, by: "x")]
    let run = try #require(RunbookRun.all(records).first)
    records.append(run.record("done", book.steps[0], at: 1_000, by: "x"))
    let now = try #require(RunbookRun.all(records).first)
    #expect { try now.check(book.steps[1], by: "x", at: 300_999) } throws: { ($0 as? RunbookError)?.code == .notYet }
    #expect(throws: Never.self) { try now.check(book.steps[1], by: "x", at: 301_000) }
  }

  // MARK: The published schema

  @Test func `the schema's words are those of the format, and every runbook has only its members`() throws {
    let path = VectorFolder.repositoryPath + "/docs/reference/runbook.schema.json"
    let schema = try JSON.parse(String(contentsOfFile: path, encoding: .utf8))
    func words(_ json: JSON?) -> [String] { (json?["enum"]?.array ?? []).compactMap(\.string) }
    let parts = try #require(schema["$defs"])
    #expect(words(parts["step"]?["properties"]?["kind"]) == RunbookStep.Kind.allCases.map(\.rawValue))
    #expect(words(parts["input"]?["properties"]?["kind"]) == RunbookInput.Kind.allCases.map(\.rawValue))
    #expect(words(parts["evidence"]?["properties"]?["kind"]) == RunbookEvidence.Kind.allCases.map(\.rawValue))
    func check(_ value: JSON, _ part: JSON, _ place: String) {
      let known = part["properties"]?.object?.keys ?? []
      for key in value.object?.keys ?? [] { #expect(known.contains(key), "\(place): \(key)") }
      for name in (part["required"]?.array ?? []).compactMap(\.string) {
        #expect(value[name] != nil, "\(place): \(name)")
      }
    }
    for book in try ShippedRunbooks.all() {
      check(book.source, schema, book.name)
      for step in book.source["steps"]?.array ?? [] {
        check(step, parts["step"] ?? .null, "\(book.name) \(step["id"]?.string ?? "")")
      }
    }
  }
}
