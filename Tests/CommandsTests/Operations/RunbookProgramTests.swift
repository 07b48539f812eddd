import Codecs
import Foundation
import TestSupport
import Testing

/// `almoner runbook ...` as an operator runs it.
@Suite("The runbook commands")
struct RunbookProgramTests {
  private static let hash = "0x" + String(repeating: "ab", count: 32)

  /// A runbook file of one's own: a check, an action of this program that is verified, a person's word, an optional step.
  private static func file(_ desk: Desk) throws -> String {
    let text = """
      {"format": 1, "name": "drill", "title": "A drill", "trigger": "Every month.", "inputs": [
        {"name": "why", "kind": "word", "about": "why"}], "steps": [
        {"id": "look", "kind": "check", "title": "Look", "text": "Signing is not stopped.",
         "command": {"run": ["safety", "show"], "json": [{"event": "safety", "path": "stopped", "equals": false}]}},
        {"id": "stop", "kind": "do", "title": "Stop", "text": "Stop for {why}.", "undo": "almoner safety resume", "row": "Dry-run",
         "command": {"run": ["safety", "stop", "--reason", "{why}"]}, "milestone": "acknowledged",
         "verify": {"run": ["safety", "show"], "json": [{"event": "safety", "path": "stopped", "equals": true}]}},
        {"id": "maybe", "kind": "do", "title": "Maybe", "text": "If needed.", "undo": "None.", "optional": true,
         "evidence": [{"name": "seen", "kind": "text", "about": "what was seen"}]},
        {"id": "sent", "kind": "do", "title": "Send", "text": "By hand.", "undo": "None.",
         "evidence": [{"name": "tx", "kind": "hash", "about": "its hash"}]}]}
      """
    return try desk.scratch.write(text, to: "drill.json")
  }

  /// A store with one campaign, so that commands have something to look at.
  private static func desk() throws -> Desk {
    let desk = try Desk()
    try desk.run(["airdrop", "campaigns", "create", "--name", "Q4", "--chain", "evm"]).succeeded()
    return desk
  }

  private static func state(_ desk: Desk, _ run: Int = 1) throws -> [String: String] {
    let shown = try desk.run(["runbook", "status", "--run", "\(run)", "--json"])
    let steps = try #require(try shown.events.first?["steps"]?.array)
    return Dictionary(
      uniqueKeysWithValues: steps.compactMap { step in
        step["step"]?.string.map { ($0, step["state"]?.string ?? "") }
      })
  }

  @Test func `a run goes step by step, keeps its place, and writes the log and the incident`() throws {
    let desk = try Self.desk()
    let file = try Self.file(desk)
    try desk.run(["incident", "open", "--severity", "high", "--title", "drill"]).succeeded()
    func run(_ words: String...) throws -> Program.Ended { try desk.run(["runbook", "run", "--file", file] + words) }
    #expect(try run("--incident", "1").code == "runbook.bad_input")
    let begun = try run("--incident", "1", "--inputs", "why=drill", "--json")
    #expect(begun.status == 75)
    #expect(try begun.events.first?["next"]?.string == "look")
    #expect(try run("--step", "2", "--confirm").code == "runbook.wrong_step")
    #expect(try run("--step", "1", "--skip", "--reason", "no").code == "runbook.not_optional")
    #expect(try run("--step", "look", "--confirm").status == 75)
    #expect(try run("--step", "1", "--confirm").code == "runbook.wrong_step")
    #expect(try run("--step", "2", "--confirm").status == 75)
    #expect(try desk.run(["safety", "show", "--json"]).events.first?["stopped"] == true)
    #expect(try run("--step", "3", "--skip", "--reason", "not needed").status == 75)
    #expect(try run("--step", "4", "--confirm").code == "runbook.evidence_missing")
    #expect(try run("--step", "4", "--confirm", "--evidence", "tx=0x12").code == "runbook.evidence_missing")
    #expect(
      try run("--step", "4", "--confirm", "--evidence", "tx=\(Self.hash);more=1").code == "runbook.evidence_missing")
    #expect(try run("--step", "4", "--confirm", "--evidence", "tx=\(Self.hash)").status == 0)
    #expect(try Self.state(desk) == ["look": "done", "stop": "done", "maybe": "skipped", "sent": "done"])
    #expect(try desk.run(["runbook", "status", "--name", "drill", "--inputs", "why=drill"]).status == 0)
    #expect(
      try desk.run(["runbook", "status", "--name", "drill", "--inputs", "why=other"]).code == "runbook.unfinished")
    let log = try desk.run(["incident", "log"]).succeeded().out
    #expect(log.contains("| Dry-run | drill, run 1: Stop |"))
    let incident = try #require(try desk.run(["incident", "show", "--id", "1", "--json"]).events.first)
    #expect(incident["notes"]?.array?.first?["milestone"]?.string == "acknowledged")
  }

  @Test func `a failed check is refused again and again, and holds when it is mended`() throws {
    let desk = try Self.desk()
    let file = try Self.file(desk)
    func run(_ words: String...) throws -> Program.Ended { try desk.run(["runbook", "run", "--file", file] + words) }
    _ = try run("--inputs", "why=drill")
    try desk.run(["safety", "stop", "--reason", "before"]).succeeded()
    for _ in 0..<2 {
      let failed = try run("--step", "1", "--confirm", "--json")
      #expect(failed.status == 1 && failed.code == "runbook.check_failed")
    }
    #expect(try run("--step", "2", "--confirm").code == "runbook.wrong_step")
    #expect(try run("--step", "1", "--skip", "--reason", "hurry").code == "runbook.not_optional")
    try desk.run(["safety", "resume", "--reason", "mended", "--yes"]).succeeded()
    #expect(try run("--step", "1", "--confirm").status == 75)
    #expect(try Self.state(desk)["look"] == "done")
  }

  @Test func `an action that broke off is not taken again without being asked about`() throws {
    let desk = try Self.desk()
    let file = try Self.file(desk)
    func run(_ words: String...) throws -> Program.Ended { try desk.run(["runbook", "run", "--file", file] + words) }
    _ = try run("--inputs", "why=drill")
    _ = try run("--step", "1", "--confirm")
    // What a crash leaves that came between the intent and the action: everything up to `begun`, and half a line more.
    _ = try run("--step", "2", "--confirm")
    let journal = desk.scratch("desk.db.operations.jsonl")
    let lines = try String(contentsOfFile: journal, encoding: .utf8).split(separator: "\n")
    let intent = try #require(lines.lastIndex { $0.contains("runbook.begun") })
    let left = lines[...intent].joined(separator: "\n") + "\n" + lines[intent + 1].prefix(40)
    try left.write(toFile: journal, atomically: false, encoding: .utf8)
    try desk.run(["safety", "resume", "--reason", "as if it had not happened", "--yes"]).succeeded()

    let stopped = try run()
    #expect(stopped.status == 75 && stopped.error.contains("torn") && stopped.out.contains("--happened"))
    #expect(try run("--step", "2", "--confirm").code == "runbook.half_done")
    #expect(try desk.run(["safety", "show", "--json"]).events.first?["stopped"] == false)
    // It did not happen, so what must hold after it does not.
    #expect(try run("--step", "2", "--happened").code == "runbook.check_failed")
    #expect(try run("--step", "2", "--repeat").status == 75)
    #expect(try Self.state(desk)["stop"] == "done")
    #expect(try desk.run(["safety", "show", "--json"]).events.first?["stopped"] == true)
  }

  @Test func `killed in the middle, the run stands at the step where it was`() throws {
    let desk = try Self.desk()
    let file = try Self.file(desk)
    _ = try desk.run(["runbook", "run", "--file", file, "--inputs", "why=drill"])
    for wait in [0.0, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05] {
      let running = try Program.Running(
        ["runbook", "run", "--file", file, "--step", "1", "--confirm"], environment: desk.environment,
        folder: desk.scratch.path)
      Thread.sleep(forTimeInterval: wait)
      running.send(SIGKILL)
      _ = try running.finish(killing: true)
      let state = try Self.state(desk)["look"]
      #expect(state == "waiting" || state == "done")
      if state == "done" { break }
    }
    let next = try desk.run(["runbook", "run", "--file", file, "--json"]).events.first?["next"]?.string
    #expect(next == "look" || next == "stop")
  }

  @Test func `led at a terminal: answers take the steps, and q keeps the place`() throws {
    let desk = try Self.desk()
    let file = try Self.file(desk)
    let first = try desk.run(["runbook", "run", "--file", file, "--inputs", "why=drill", "--lead"], input: "y\nq\n")
    #expect(first.error.contains("error runbook.unfinished") && first.status == 75)
    #expect(try Self.state(desk)["look"] == "done" && Self.state(desk)["stop"] == "waiting")
    let rest = try desk.run(
      ["runbook", "run", "--file", file, "--lead"], input: "y\ns\nnobody needs it\ny\n\(Self.hash)\n")
    #expect(rest.status == 0, "\(rest.error)")
    #expect(try Self.state(desk) == ["look": "done", "stop": "done", "maybe": "skipped", "sent": "done"])
  }

  @Test func `a second run waits until it is asked for, and a run given up says how to take back`() throws {
    let desk = try Self.desk()
    let file = try Self.file(desk)
    func run(_ words: String...) throws -> Program.Ended { try desk.run(["runbook", "run", "--file", file] + words) }
    _ = try run("--inputs", "why=drill")
    #expect(try run("--inputs", "why=other").code == "runbook.bad_input")
    _ = try run("--step", "1", "--confirm")
    _ = try run("--step", "2", "--confirm")
    let ended = try desk.run(["runbook", "abandon", "--run", "1", "--reason", "false alarm"]).succeeded()
    #expect(ended.out.contains("2. Stop: almoner safety resume"))
    #expect(try run("--run", "1", "--step", "3", "--skip", "--reason", "x").code == "runbook.ended")
    #expect(try run("--inputs", "why=other", "--json").events.first?["run"]?.uint64 == 2)
    #expect(try run("--inputs", "why=third", "--fresh", "--json").events.first?["run"]?.uint64 == 3)
  }

  @Test func `two who take the same step at once take it once`() throws {
    let desk = try Self.desk()
    let file = try Self.file(desk)
    _ = try desk.run(["runbook", "run", "--file", file, "--inputs", "why=drill"])
    _ = try desk.run(["runbook", "run", "--file", file, "--step", "1", "--confirm"])
    let both = try (0..<4).map { _ in
      try Program.Running(
        ["runbook", "run", "--file", file, "--step", "2", "--confirm"], environment: desk.environment,
        folder: desk.scratch.path)
    }.map { try $0.finish() }
    #expect(both.count { $0.status == 75 && $0.code == nil } == 1, "\(both.map(\.error))")
    let begun = try String(contentsOfFile: desk.scratch("desk.db.operations.jsonl"), encoding: .utf8)
      .split(separator: "\n").count { $0.contains("\"runbook.begun\"") }
    #expect(begun == 1)
  }

  @Test func `a journal that somebody changed is refused`() throws {
    let desk = try Self.desk()
    for title in ["one", "two"] {
      try desk.run(["incident", "open", "--severity", "low", "--title", title]).succeeded()
    }
    let journal = desk.scratch("desk.db.operations.jsonl")
    let text = try String(contentsOfFile: journal, encoding: .utf8)
    try text.replacing("\"one\"", with: "\"uno\"").write(toFile: journal, atomically: false, encoding: .utf8)
    let refused = try desk.run(["incident", "list"])
    #expect(refused.status == 1 && refused.code == "journal.broken")
  }

  @Test func `incidents are numbered once by whoever writes at the same time, with the store gone`() throws {
    let desk = try Desk()
    let all = try (0..<6).map { _ in
      try Program.Running(
        ["incident", "open", "--severity", "critical", "--title", "at once", "--json"],
        environment: desk.environment.merging(["AM_OPS_JOURNAL": desk.scratch("ops.jsonl")]) { $1 },
        folder: desk.scratch.path)
    }.map { try $0.finish().succeeded() }
    let numbers = try all.compactMap { try $0.events.first?["id"]?.uint64 }
    #expect(Set(numbers) == Set(1...6))
  }

  @Test func `the commands' own faces: sla ends 1 when late, the Markdown file is written whole`() throws {
    let desk = try Desk()
    try desk.run(["incident", "open", "--severity", "critical", "--title", "old", "--at", "2025-01-01 00:00"])
      .succeeded()
    #expect(try desk.run(["incident", "sla"]).status == 1)
    try desk.run(["incident", "close", "--id", "1", "--text", "over"]).succeeded()
    #expect(try desk.run(["incident", "sla"]).status == 0)
    #expect(try desk.run(["incident", "list"]).succeeded().out.contains("old") == false)
    #expect(try desk.run(["incident", "list", "--all"]).succeeded().out.contains("old"))
    let file = try desk.scratch.write(
      "# Log\n\n| Date/time (UTC) | a | b | c | d |\n|---|---|---|---|---|\n", to: "log.md")
    let row = [
      "incident-log", "--log", file, "--timestamp", "2025-11-30 10:15", "--type", "Release", "--description", "a|b",
      "--responsible", "ops",
    ]
    #expect(try desk.run(row + ["--dry-run"]).succeeded().out.contains("a\\|b"))
    #expect(try !desk.scratch.read("log.md").contains("Release"))
    try desk.run(row).succeeded()
    #expect(try desk.scratch.read("log.md").hasSuffix("| 2025-11-30 10:15 | Release | a\\|b | ops |  |\n"))
    let report = desk.scratch("report.md")
    try desk.run(["incident", "post-mortem", "--id", "1", "--out", report]).succeeded()
    #expect(try desk.run(["incident", "post-mortem", "--id", "1", "--out", report]).code == "command.file_exists")
  }
}
