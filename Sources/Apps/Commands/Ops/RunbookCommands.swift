import Codecs
import Files
import Foundation
import Operations
import Terminal

/// `runbook`: what to do when something is wrong or due, led step by step and written down.
enum RunbookCommands {
  private static let file = CommandSpec.Option.value("file", "FILE", "a runbook of one's own instead of a shipped one")

  static let all: [CommandSpec] = [
    CommandSpec(
      .desk, "runbook list", "List the runbooks that are shipped", example: "almoner runbook list", run: list),
    CommandSpec(
      .desk, "runbook show", "Show a runbook's steps, checks, evidence and undo; under --json its file",
      example: "almoner runbook show refund", [file], words: "NAME", run: show),
    CommandSpec(
      .desk, "runbook run", "Begin a runbook, or go on with it at the step where it stopped",
      example: "almoner runbook run key-leak --inputs secret=AM_HSM_PIN_FILE",
      [
        file, .value("inputs", "LIST", "values that the runbook asks for: name=value;name=value"),
        .value("incident", "N", "the incident that it belongs to: its milestones are reached by steps"),
        .flag("fresh", "begin another run although one is open"),
        .value("run", "N", "which run to go on with; the newest open one of this name unless given"),
        .value("step", "STEP", "take this step, by number or id; it must be the next one"),
        .flag("confirm", "with --step: yes, take it; what a person must have looked at or done is so"),
        .value("evidence", "LIST", "with --step: what the step wants written down: name=value;name=value"),
        .flag("happened", "with --step: the broken-off action did happen"),
        .flag("repeat", "with --step: the broken-off action did not happen; take it again"),
        .flag("skip", "with --step: leave this optional step out"),
        .value("reason", "TEXT", "with --skip: why"),
        .flag("lead", "ask step by step, also where standard input is no terminal"),
      ], words: "NAME", run: run),
    CommandSpec(
      .desk, "runbook status", "Show runs and where they stand; ends 75 while the run asked for is not done",
      example: "almoner runbook status --name refund",
      [
        .value("name", "NAME", "the newest run of this runbook"),
        .value("inputs", "LIST", "with --name: only runs with these inputs"),
        .value("run", "N", "this run, step by step"),
      ], run: status),
    CommandSpec(
      .desk, "runbook abandon", "Give a run up, and show how to take back what was done",
      example: "almoner runbook abandon --run 4 --reason False-alarm",
      [.value("run", "N", "which run"), .value("reason", "TEXT", "why, in one line")], run: abandon),
  ]

  static func runbook(_ app: App) throws -> Runbook {
    if let path = app.arguments["file"] {
      guard let data = FileManager.default.contents(atPath: path), data.count <= 1 << 20 else {
        throw CommandError(.cannotRead, "\(path) cannot be read")
      }
      return try Runbook(parsing: Array(data))
    }
    guard let name = app.arguments.words.first else {
      throw CommandError(.usage, "the name of a runbook is needed", hint: ShippedRunbooks.names.joined(separator: ", "))
    }
    return try ShippedRunbooks.named(name)
  }

  private static func list(_ app: App) throws -> ExitStatus {
    var table = TextTable([("name", .left), ("steps", .right), ("when", .left)])
    for book in try ShippedRunbooks.all() {
      if app.terminal.isJSON {
        let line: JSON = [
          "event": "runbook", "name": .string(book.name), "title": .string(book.title),
          "trigger": .string(book.trigger),
          "steps": .integer(book.steps.count),
        ]
        app.terminal.line(line.text)
      } else {
        table.add([book.name, "\(book.steps.count)", book.trigger])
      }
    }
    if !app.terminal.isJSON { app.terminal.line(table.text) }
    return .success
  }

  private static func show(_ app: App) throws -> ExitStatus {
    let book = try runbook(app)
    app.tell(["event": "runbook", "runbook": book.source], or: RunbookText.book(book))
    return .success
  }

  private static func run(_ app: App) throws -> ExitStatus {
    let lead = RunbookLead(app, by: app.hand())
    let run = try lead.found()
    if let step = app.arguments["step"] { return try lead.take(step, of: run) }
    for option in ["confirm", "happened", "repeat", "skip"] where app.arguments.has(option) {
      throw CommandError(.usage, "--\(option) says nothing without --step")
    }
    return try lead.isAsking ? lead.walk(run) : lead.tell(run)
  }

  private static func status(_ app: App) throws -> ExitStatus {
    let runs = try app.withJournal { _, records in RunbookRun.all(records) }
    if let number = try app.arguments.number("run", in: 1...1_000_000_000) {
      guard let run = runs.first(where: { $0.id == number }) else { throw missing(Int(number)) }
      app.tell(RunbookText.json(run), or: RunbookText.run(run))
      return run.end == "" ? .success : .again
    }
    if let name = app.arguments["name"] {
      let inputs = try RunbookText.pairs(app.arguments["inputs"] ?? "")
      let isMeant = { (run: RunbookRun) in run.book.name == name && inputs.allSatisfy { run.inputs[$0.key] == $0.value }
      }
      guard let run = runs.last(where: isMeant) else {
        throw RunbookError(.unfinished, "\(name) was never run", hint: "almoner runbook run \(name)")
      }
      app.tell(RunbookText.json(run), or: RunbookText.run(run))
      return run.end == "" ? .success : .again
    }
    for run in runs.reversed() { app.tell(RunbookText.json(run), or: RunbookText.line(run)) }
    return .success
  }

  private static func abandon(_ app: App) throws -> ExitStatus {
    guard let number = try app.arguments.number("run", in: 1...1_000_000_000) else {
      throw CommandError(.usage, "--run is needed")
    }
    let (reason, by) = (try IncidentBook.checked(try app.arguments.required("reason")), app.hand().by)
    let run = try app.withJournal { journal, records in
      guard let run = RunbookRun.all(records).first(where: { $0.id == number }) else { throw missing(Int(number)) }
      guard run.end == nil else { throw RunbookError(.ended, "run \(number) is over already") }
      try journal.append(run.record("ended", nil, why: reason, at: app.now, by: by).json)
      return run
    }
    let undos = run.undos.map { "  \(run.number(of: $0.step)). \($0.step.title): \($0.text)" }
    let list = run.undos.map {
      JSON.object((try? JSONObject([("step", .string($0.step.id)), ("undo", .string($0.text))])) ?? JSONObject())
    }
    app.tell(
      ["event": "runbook_abandoned", "run": .integer(run.id), "undo": .array(list)],
      or: (["Run \(run.id) of \(run.book.name) is given up."]
        + (undos.isEmpty ? [] : ["To take back, the newest first:"]) + undos)
        .joined(separator: "\n"))
    return .success
  }

  static func missing(_ run: Int) -> RunbookError {
    RunbookError(.notFound, "there is no run \(run)", hint: "almoner runbook status")
  }
}
