import Codecs
import Operations
import Terminal

extension RunbookText {
  /// Reads `name=value;name=value`. Throws `command.usage`.
  static func pairs(_ text: String) throws(CommandError) -> [String: String] {
    var pairs: [String: String] = [:]
    for part in text.split(separator: ";") {
      let trimmed = part.drop { $0 == " " }
      guard let equals = trimmed.firstIndex(of: "="), equals > trimmed.startIndex else {
        throw CommandError(.usage, "\(part) is not name=value", hint: "several are parted by semicolons")
      }
      let name = String(trimmed[..<equals])
      guard pairs.updateValue(String(trimmed[trimmed.index(after: equals)...]), forKey: name) == nil else {
        throw CommandError(.usage, "\(name) is given twice")
      }
    }
    return pairs
  }

  static func object(_ members: [(key: String, value: JSON)]) -> JSON {
    (try? JSONObject(members)).map { .object($0) } ?? [:]
  }

  // MARK: For people

  static func book(_ book: Runbook) -> String {
    var out = ["\(book.name): \(book.title)", "Use it when: \(book.trigger)"]
    for input in book.inputs { out.append("Input \(input.name) (\(input.kind.rawValue)): \(input.about)") }
    for (place, step) in book.steps.enumerated() { out.append("\n" + self.step(step, number: place + 1, inputs: [:])) }
    return out.joined(separator: "\n")
  }

  static func step(_ step: RunbookStep, number: Int, inputs: [String: String]) -> String {
    let fill = { (text: String) in Printable.foreign(filled(text, inputs), most: 2_000) }
    var out = [
      "\(number). \(step.id), \(step.kind.rawValue)\(step.isOptional ? ", optional" : ""): \(fill(step.title))",
      "   \(fill(step.text))",
    ]
    if !step.who.isEmpty { out.append("   who: \(step.who.joined(separator: " or "))") }
    if let other = step.otherThan { out.append("   who: somebody else than took \(other)") }
    if let pause = step.pause { out.append("   waits: \(pause.minutes) minutes since \(pause.since)") }
    for (word, command) in [("runs", step.command), ("then checks", step.verify)] {
      guard let command else { continue }
      let exits = command.exits.map(String.init).joined(separator: " or ")
      out.append("   \(word): almoner \(command.line(inputs).joined(separator: " ")) (must end \(exits))")
      out += command.expectations.map { "     \($0.event) \($0.path) must be \($0.rule.words)" }
    }
    if let call = step.call { out.append("   call on the chain: \(fill(call))") }
    for wanted in step.evidence { out.append("   evidence \(wanted.name) (\(wanted.kind.rawValue)): \(wanted.about)") }
    if let undo = step.undo { out.append("   undo: \(fill(undo))") }
    return out.joined(separator: "\n")
  }

  static func next(_ step: RunbookStep, of run: RunbookRun) -> String {
    let number = run.number(of: step)
    let evidence = step.evidence.map { "\($0.name)=..." }.joined(separator: ";")
    let how =
      run.isHalfDone(step)
      ? "It was begun and did not come to its end. Look whether it happened, then: --step \(number) --happened, or --step \(number) --repeat"
      : "Take it: almoner runbook run \(run.book.name) --step \(number) --confirm\(evidence.isEmpty ? "" : " --evidence '\(evidence)'")"
    return "\(line(run))\nNext:\n\(self.step(step, number: number, inputs: run.inputs))\n\(how)"
  }

  static func line(_ run: RunbookRun) -> String {
    let state =
      switch run.end {
      case nil: run.next.map { "at step \(run.number(of: $0)) of \(run.book.steps.count), \($0.id)" } ?? "open"
      case "": "done"
      case .some(let why): "given up: \(Printable.foreign(why))"
      }
    return "Run \(run.id) of \(run.book.name), begun \(UTCMinute(milliseconds: run.began)) UTC: \(state)"
  }

  static func run(_ run: RunbookRun) -> String {
    let steps = run.book.steps.map { step in
      let taker = run.takers[step.id].map { " by \(Printable.foreign($0.by)), \(UTCMinute(milliseconds: $0.at))" } ?? ""
      return "  \(run.number(of: step)). \(step.id): \(word(run.state(step)))\(taker)"
    }
    return ([line(run)] + steps).joined(separator: "\n")
  }

  // MARK: For programs

  static func json(_ run: RunbookRun) -> JSON {
    let next = run.end == nil ? run.next : nil
    let steps = run.book.steps.map { step -> JSON in
      [
        "step": .string(step.id), "state": .string(word(run.state(step))),
        "by": (run.takers[step.id]?.by).map { .string($0) } ?? .null,
      ]
    }
    return [
      "event": "runbook_run", "run": .integer(run.id), "name": .string(run.book.name),
      "state": .string(run.end == nil ? "open" : run.end == "" ? "done" : "given_up"),
      "next": next.map { .string($0.id) } ?? .null, "next_number": next.map { .integer(run.number(of: $0)) } ?? .null,
      "steps": .array(steps),
    ]
  }

  private static func word(_ state: RunbookRun.State) -> String {
    switch state {
    case .waiting: "waiting"
    case .begun: "begun"
    case .done: "done"
    case .failed: "failed"
    case .skipped: "skipped"
    }
  }
}
