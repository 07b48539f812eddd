package import Codecs

/// One run of a runbook, as its records in the journal tell it.
package struct RunbookRun: Equatable, Sendable {
  package enum State: Equatable, Sendable {
    case waiting
    /// The action was begun and its end is not written down.
    case begun
    case done
    /// The last try failed; the same step is taken again.
    case failed(why: String)
    case skipped(why: String)
  }

  /// Counted from 1 in the order of beginning.
  package let id: Int
  package let book: Runbook
  package let inputs: [String: String]
  /// The incident that it belongs to; 0 for none.
  package let incident: Int
  package let began: Int64
  package private(set) var states: [String: State] = [:]
  /// Who took a step, and when, by its id.
  package private(set) var takers: [String: (by: String, at: Int64)] = [:]
  /// Why it was given up; empty for a run that came to its end; nil while it goes on.
  package private(set) var end: String?

  package static func == (a: RunbookRun, b: RunbookRun) -> Bool {
    a.id == b.id && a.states == b.states && a.end == b.end && a.book == b.book
  }

  /// Every run in the journal, oldest first.
  package static func all(_ records: [OperationsRecord]) -> [RunbookRun] {
    var runs: [RunbookRun] = []
    for record in records where record.event.hasPrefix("runbook.") {
      guard let id = record.number("run") else { continue }
      if record.event == "runbook.began" {
        if let run = RunbookRun(record, id) { runs.append(run) }
      } else if let place = runs.firstIndex(where: { $0.id == id }) {
        runs[place].apply(record)
      }
    }
    return runs
  }

  private init?(_ record: OperationsRecord, _ id: Int) {
    guard let book = record.body["runbook"].flatMap({ try? Runbook($0) }), let values = record.body["inputs"]?.object
    else { return nil }
    self.id = id
    self.book = book
    inputs = Dictionary(values.members.compactMap { member in member.value.string.map { (member.key, $0) } }) { a, _ in
      a
    }
    incident = record.number("incident") ?? 0
    began = record.at
  }

  private mutating func apply(_ record: OperationsRecord) {
    if record.event == "runbook.ended" { return end = record.text("why") ?? "" }
    guard let step = record.text("step") else { return }
    takers[step] = (record.by, record.at)
    switch record.event {
    case "runbook.begun": states[step] = .begun
    case "runbook.done": states[step] = .done
    case "runbook.failed": states[step] = .failed(why: record.text("why") ?? "")
    case "runbook.undone": states[step] = .waiting
    case "runbook.skipped": states[step] = .skipped(why: record.text("why") ?? "")
    default: break
    }
  }

  package func state(_ step: RunbookStep) -> State { states[step.id] ?? .waiting }

  /// Whether the step's action was begun, and nothing says that it came to its end: it may have happened or not.
  package func isHalfDone(_ step: RunbookStep) -> Bool {
    switch state(step) {
    case .begun: true
    case .failed: step.kind == .act
    case .waiting, .done, .skipped: false
    }
  }

  /// The step to be taken now; nil when all are.
  package var next: RunbookStep? {
    book.steps.first { step in
      switch state(step) {
      case .done, .skipped: false
      case .waiting, .begun, .failed: true
      }
    }
  }

  package func number(of step: RunbookStep) -> Int { (book.steps.firstIndex(of: step) ?? 0) + 1 }

  /// What was done and how to take it back, the newest first.
  package var undos: [(step: RunbookStep, text: String)] {
    book.steps.reversed().compactMap { step in
      let isTouched = state(step) == .done || isHalfDone(step)
      guard step.kind == .act, isTouched, let undo = step.undo else { return nil }
      return (step, RunbookText.filled(undo, inputs))
    }
  }

  // MARK: Guards

  /// Whether this step may be taken by this person now. Throws `runbook.ended`, `.wrong_step`, `.second_person`, `.not_yet`.
  package func check(_ step: RunbookStep, by: String, at now: Int64) throws(RunbookError) {
    guard end == nil else { throw RunbookError(.ended, "run \(id) is over", hint: "begin another one: --fresh") }
    guard let next, next.id == step.id else {
      let hint = next.map { "the next one is step \(number(of: $0)), \($0.id)" } ?? "every step is done"
      throw RunbookError(.wrongStep, "step \(number(of: step)), \(step.id), is not the next one", hint: hint)
    }
    if let other = step.otherThan, takers[other]?.by == by {
      throw RunbookError(
        .secondPerson, "\(by) took step \(other), which \(step.id) checks", hint: "somebody else takes this step")
    }
    if let pause = step.pause, let since = takers[pause.since]?.at, now < since + pause.minutes * 60_000 {
      let left = (since + pause.minutes * 60_000 - now + 59_999) / 60_000
      throw RunbookError(.notYet, "step \(step.id) waits \(left) minutes more", hint: "the same command goes on then")
    }
  }

  // MARK: Records

  /// The record that begins a run. Throws `runbook.bad_input`.
  package static func beginning(
    _ book: Runbook, id: Int, inputs: [String: String], incident: Int, at now: Int64, by: String
  ) throws(RunbookError) -> OperationsRecord {
    for name in inputs.keys.sorted() where !book.inputs.contains(where: { $0.name == name }) {
      let known = book.inputs.map(\.name).joined(separator: ", ")
      throw RunbookError(
        .badInput, "\(book.name) has no input \(name)", hint: known.isEmpty ? "it has none" : "it has \(known)")
    }
    var members: [(key: String, value: JSON)] = []
    for input in book.inputs {
      guard let value = inputs[input.name] else {
        throw RunbookError(
          .badInput, "\(book.name) needs \(input.name): \(input.about)", hint: "--inputs '\(input.name)=...'")
      }
      try input.check(value)
      members.append((input.name, .string(value)))
    }
    return OperationsRecord(
      at: now, by: by, event: "runbook.began",
      [
        "run": .integer(id), "incident": .integer(incident), "runbook": book.source,
        "inputs": (try? JSONObject(members)).map { .object($0) } ?? [:],
      ])
  }

  /// A record about a step, or about the run when there is no step.
  package func record(
    _ event: String, _ step: RunbookStep?, why: String? = nil, evidence: JSON? = nil, at now: Int64, by: String
  ) -> OperationsRecord {
    var members: [(key: String, value: JSON)] = [("run", .integer(id)), ("incident", .integer(incident))]
    if let step { members.append(("step", .string(step.id))) }
    if let why { members.append(("why", .string(why))) }
    if let evidence { members.append(("evidence", evidence)) }
    return OperationsRecord(
      at: now, by: by, event: "runbook.\(event)", (try? JSONObject(members)).map { .object($0) } ?? .null)
  }
}
