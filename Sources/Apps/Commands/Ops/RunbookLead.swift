import Codecs
import Files
import Foundation
import Operations
import POSIX
import Terminal

/// Leads through one run. Its state is the journal alone: whatever is not written there has not happened for it.
struct RunbookLead {
  let app: App
  let hand: Hand

  init(_ app: App, by hand: Hand) {
    self.app = app
    self.hand = hand
  }

  /// Whether somebody answers questions.
  var isAsking: Bool { app.arguments.has("lead") || (!app.terminal.isJSON && Console.isTerminal) }

  // MARK: The run

  /// The run that the command line means: the newest open one of this runbook, or a new one.
  func found() throws -> RunbookRun {
    let book = try RunbookCommands.runbook(app)
    let number = try app.arguments.number("run", in: 1...1_000_000_000).map { Int($0) }
    let incident = Int(try app.arguments.number("incident", in: 1...1_000_000_000) ?? 0)
    let inputs = try RunbookText.pairs(app.arguments["inputs"] ?? "")
    return try app.withJournal { journal, records in
      let runs = RunbookRun.all(records)
      if let number {
        guard let run = runs.first(where: { $0.id == number && $0.book.name == book.name }) else {
          throw RunbookCommands.missing(number)
        }
        return run
      }
      let open = runs.last { $0.book.name == book.name && $0.end == nil }
      if let open, !app.arguments.has("fresh") {
        guard inputs.isEmpty || inputs == open.inputs else {
          throw RunbookError(
            .badInput, "run \(open.id) of \(book.name) is open with other inputs",
            hint: "go on with it without --inputs, or begin another run: --fresh")
        }
        return open
      }
      if incident > 0 { _ = try IncidentBook(records).incident(incident) }
      let record = try RunbookRun.beginning(
        book, id: runs.count + 1, inputs: inputs, incident: incident, at: app.now, by: hand.by)
      try journal.append(record.json)
      guard let run = RunbookRun.all(records + [record]).last else { throw RunbookCommands.missing(runs.count + 1) }
      return run
    }
  }

  /// Where the run stands and what comes next, for whoever leads through it with --step.
  func tell(_ run: RunbookRun) throws -> ExitStatus {
    guard let next = run.next, run.end == nil else { return try finish(run) }
    app.tell(RunbookText.json(run), or: RunbookText.next(next, of: run))
    return .again
  }

  private func finish(_ run: RunbookRun) throws -> ExitStatus {
    app.tell(RunbookText.json(run), or: "Run \(run.id) of \(run.book.name) is done.")
    return .success
  }

  // MARK: One step

  /// `--step N --confirm`, `--happened`, `--repeat` or `--skip`.
  func take(_ text: String, of run: RunbookRun) throws -> ExitStatus {
    let step = try step(text, of: run)
    let words = ["confirm", "happened", "repeat", "skip"].filter { app.arguments.has($0) }
    guard words.count == 1, let word = words.first else {
      throw CommandError(.usage, "say one of --confirm, --happened, --repeat or --skip with --step")
    }
    let evidence = try RunbookText.pairs(app.arguments["evidence"] ?? "")
    switch word {
    case "skip": try skip(step, of: run, reason: try app.arguments.required("reason"))
    case "happened": try settle(step, of: run, happened: true, evidence)
    case "repeat":
      try settle(step, of: run, happened: false, evidence)
      try confirm(step, of: run, evidence)
    default: try confirm(step, of: run, evidence)
    }
    return try tell(try again(run))
  }

  private func step(_ text: String, of run: RunbookRun) throws -> RunbookStep {
    if let step = run.book.step(text) { return step }
    guard let number = Int(text), run.book.steps.indices.contains(number - 1) else {
      throw CommandError(
        .usage, "\(text) is no step of \(run.book.name)", hint: "almoner runbook show \(run.book.name)")
    }
    return run.book.steps[number - 1]
  }

  func again(_ run: RunbookRun) throws -> RunbookRun {
    try app.withJournal { _, records in
      guard let now = RunbookRun.all(records).first(where: { $0.id == run.id }) else {
        throw RunbookCommands.missing(run.id)
      }
      return now
    }
  }

  /// Takes the step: runs its command, or takes a person's word and evidence. Throws `runbook.check_failed`.
  func confirm(_ step: RunbookStep, of run: RunbookRun, _ evidence: [String: String]) throws {
    for wanted in step.evidence { try wanted.check(evidence[wanted.name]) }
    for name in evidence.keys.sorted() where !step.evidence.contains(where: { $0.name == name }) {
      throw RunbookError(.evidenceMissing, "step \(step.id) has no evidence named \(name)")
    }
    try write(run) { now, _ in
      try allowed(step, of: now)
      guard !now.isHalfDone(step) else { throw halfDone(step, of: now) }
      // The intent is on the disk before anything changes: a crash from here on is asked about.
      return step.kind == .act ? [now.record("begun", step, at: app.now, by: hand.by)] : []
    }
    var kept: [(key: String, value: JSON)] = step.evidence.map { ($0.name, .string(evidence[$0.name] ?? "")) }
    for (name, command) in [("command", step.command), ("verify", step.verify)] {
      guard let command else { continue }
      let ended = execute(command, run.inputs)
      kept.append((name, ended.evidence))
      guard let refusal = command.refusal(exit: ended.exit, lines: ended.lines) else { continue }
      try write(run) { now, _ in
        [now.record("failed", step, why: refusal, evidence: RunbookText.object(kept), at: app.now, by: hand.by)]
      }
      throw RunbookError(
        .checkFailed,
        "step \(run.number(of: step)), \(step.id): \(command.line(run.inputs).joined(separator: " ")): \(refusal)",
        hint: "mend it and take the same step again")
    }
    try write(run) { now, records in
      try allowed(step, of: now)
      return try done(step, of: now, RunbookText.object(kept), records)
    }
  }

  /// Says what became of an action that did not come to its end; what must hold after it is looked at all the same.
  func settle(_ step: RunbookStep, of run: RunbookRun, happened: Bool, _ evidence: [String: String]) throws {
    if happened { for wanted in step.evidence { try wanted.check(evidence[wanted.name]) } }
    var kept: [(key: String, value: JSON)] = step.evidence.map { ($0.name, .string(evidence[$0.name] ?? "")) }
    let now = try again(run)
    try allowed(step, of: now)
    guard now.isHalfDone(step) else {
      throw RunbookError(.wrongStep, "step \(step.id) was not begun", hint: "take it with --confirm")
    }
    if happened, let verify = step.verify {
      let ended = execute(verify, run.inputs)
      kept.append(("verify", ended.evidence))
      if let refusal = verify.refusal(exit: ended.exit, lines: ended.lines) {
        throw RunbookError(
          .checkFailed, "step \(step.id): what must hold after it does not: \(refusal)", hint: "take it again: --repeat"
        )
      }
    }
    try write(run) { now, records in
      try allowed(step, of: now)
      guard now.isHalfDone(step) else { throw RunbookError(.wrongStep, "somebody else took step \(step.id)") }
      return happened
        ? try done(step, of: now, RunbookText.object(kept), records)
        : [now.record("undone", step, why: "to be taken again", at: app.now, by: hand.by)]
    }
  }

  func skip(_ step: RunbookStep, of run: RunbookRun, reason: String) throws {
    guard step.isOptional else {
      throw RunbookError(
        .notOptional, "step \(step.id) must not be left out", hint: "give the run up instead: almoner runbook abandon")
    }
    let why = try IncidentBook.checked(reason)
    try write(run) { now, _ in
      try allowed(step, of: now)
      guard !now.isHalfDone(step) else { throw halfDone(step, of: now) }
      if case .failed = now.state(step), step.kind == .check {
        throw RunbookError(
          .notOptional, "check \(step.id) has failed, and a failed check is not left out", hint: "mend what it found")
      }
      let skipped = now.record("skipped", step, why: why, at: app.now, by: hand.by)
      return [skipped] + end(now, after: step)
    }
  }

  // MARK: Records

  /// Everything that follows from a step's end: its row of the log, its milestone, the end of the run.
  private func done(
    _ step: RunbookStep, of run: RunbookRun, _ evidence: JSON, _ before: [OperationsRecord]
  ) throws -> [OperationsRecord] {
    var records = [run.record("done", step, evidence: evidence, at: app.now, by: hand.by)]
    if let type = step.row {
      let text = "\(run.book.name), run \(run.id): \(RunbookText.filled(step.title, run.inputs))"
      records.append(
        try IncidentBook.row(type, text, responsible: hand.by, links: "", happened: app.now, at: app.now, by: hand.by))
    }
    if let milestone = step.milestone, run.incident > 0 {
      let book = IncidentBook(before)
      // An incident of another kind has other milestones: then the step is a note in its time line.
      let text = "runbook \(run.book.name): \(RunbookText.filled(step.title, run.inputs))"
      let note: (String?) throws -> OperationsRecord = { milestone in
        try book.note(run.incident, text, milestone: milestone, happened: app.now, at: app.now, by: hand.by)
      }
      records.append(try (try? note(milestone)) ?? note(nil))
    }
    return records + end(run, after: step)
  }

  private func end(_ run: RunbookRun, after step: RunbookStep) -> [OperationsRecord] {
    run.book.steps.last?.id == step.id ? [run.record("ended", nil, why: "", at: app.now, by: hand.by)] : []
  }

  /// Writes records that `make` draws from the run as it stands, while nobody else can write.
  private func write(
    _ run: RunbookRun, _ make: (_ now: RunbookRun, _ records: [OperationsRecord]) throws -> [OperationsRecord]
  ) throws {
    try app.withJournal { journal, records in
      guard let now = RunbookRun.all(records).first(where: { $0.id == run.id }) else {
        throw RunbookCommands.missing(run.id)
      }
      for record in try make(now, records) { try journal.append(record.json) }
    }
  }

  private func allowed(_ step: RunbookStep, of run: RunbookRun) throws {
    try run.check(step, by: hand.by, at: app.now)
    guard let roles = hand.roles, !step.who.isEmpty, roles.isDisjoint(with: step.who) else { return }
    throw RunbookError(
      .notYours, "step \(step.id) is for \(step.who.joined(separator: " or "))",
      hint: "log in as one of them: almoner login")
  }

  private func halfDone(_ step: RunbookStep, of run: RunbookRun) -> RunbookError {
    RunbookError(
      .halfDone,
      "step \(run.number(of: step)), \(step.id), was begun and did not come to its end: nobody knows how far it came",
      hint: "look whether it happened; then --step \(step.id) --happened, or --repeat")
  }
}
