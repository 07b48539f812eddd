package import Codecs

extension Runbook {
  /// Reads a runbook. Strict: a member that is not known is refused, since it would be a check that nobody makes.
  package init(parsing text: [UInt8]) throws(RunbookError) {
    let json: JSON
    do throws(JSONError) { json = try JSON.parse(text, limits: JSON.Limits(bytes: 1 << 20, depth: 16)) } catch {
      throw RunbookError(.badFile, "no JSON: \(error.message)")
    }
    self = try Runbook(json)
  }

  package init(_ json: JSON) throws(RunbookError) {
    let reader = try RunbookReader(json, "runbook", ["format", "name", "title", "trigger", "inputs", "steps"])
    guard json["format"]?.number == "1" else { throw RunbookError(.badFile, "format is not 1") }
    name = try reader.word("name")
    title = try reader.text("title")
    trigger = try reader.text("trigger")
    inputs = try reader.list("inputs").map { value throws(RunbookError) in try RunbookInput(value) }
    steps = try reader.list("steps").map { value throws(RunbookError) in try RunbookStep(value) }
    source = json
    try check()
  }

  /// What a schema cannot say: names that point somewhere, and inputs that exist.
  private func check() throws(RunbookError) {
    guard !steps.isEmpty, steps.count <= 200 else { throw RunbookError(.badFile, "1 to 200 steps are needed") }
    guard Set(steps.map(\.id)).count == steps.count, Set(inputs.map(\.name)).count == inputs.count else {
      throw RunbookError(.badFile, "a step or an input stands twice")
    }
    for (place, step) in steps.enumerated() {
      for named in [step.otherThan, step.pause?.since].compactMap({ $0 }) {
        guard steps[..<place].contains(where: { $0.id == named }) else {
          throw RunbookError(.badFile, "step \(step.id) names \(named), which is no step before it")
        }
      }
      try checkInputs(of: step)
    }
  }

  private func checkInputs(of step: RunbookStep) throws(RunbookError) {
    let words = [step.command, step.verify].compactMap { $0 }.flatMap(\.words)
    for name in words.flatMap(RunbookText.names) {
      guard let input = inputs.first(where: { $0.name == name }), input.kind != .text else {
        throw RunbookError(.badFile, "step \(step.id) puts {\(name)} into a command, which is no input for commands")
      }
    }
    for name in [step.text, step.title, step.call ?? "", step.undo ?? ""].flatMap(RunbookText.names) {
      guard inputs.contains(where: { $0.name == name }) else {
        throw RunbookError(.badFile, "step \(step.id) names {\(name)}, which is no input")
      }
    }
  }
}

extension RunbookInput {
  init(_ json: JSON) throws(RunbookError) {
    let reader = try RunbookReader(json, "input", ["name", "kind", "about"])
    name = try reader.word("name")
    kind = try reader.choice("kind")
    about = try reader.text("about")
  }
}

extension RunbookEvidence {
  init(_ json: JSON) throws(RunbookError) {
    let reader = try RunbookReader(json, "evidence", ["name", "kind", "about"])
    name = try reader.word("name")
    kind = try reader.choice("kind")
    about = try reader.text("about")
  }
}

extension RunbookStep {
  init(_ json: JSON) throws(RunbookError) {
    let reader = try RunbookReader(
      json, "step",
      [
        "id", "kind", "title", "text", "who", "other_than", "command", "verify", "call", "evidence", "undo", "optional",
        "row", "milestone", "pause",
      ])
    id = try reader.word("id")
    kind = try reader.choice("kind")
    title = try reader.text("title")
    text = try reader.text("text")
    who = try reader.list("who").map { value throws(RunbookError) in try reader.word(value, "who") }
    otherThan = try reader.optional("other_than")
    command = try reader.command("command")
    verify = try reader.command("verify")
    call = try reader.optional("call")
    evidence = try reader.list("evidence").map { value throws(RunbookError) in try RunbookEvidence(value) }
    undo = try reader.optional("undo")
    isOptional = try reader.flag("optional")
    row = try reader.optional("row")
    milestone = try reader.optional("milestone")
    pause = try reader.pause("pause")
    guard command != nil || pause != nil || !evidence.isEmpty else {
      throw RunbookError(
        .badFile, "step \(id) has no command, no pause and no evidence: nothing shows that it was done")
    }
    guard kind != .act || undo != nil else {
      throw RunbookError(.badFile, "step \(id) changes something and has no undo", hint: "say so when there is none")
    }
    guard kind == .act || verify == nil else {
      throw RunbookError(.badFile, "step \(id) has verify, which only a step that changes something has")
    }
  }
}
