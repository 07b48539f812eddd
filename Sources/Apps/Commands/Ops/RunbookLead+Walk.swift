import Codecs
import Keys
import Operations
import Synchronization
import Terminal

extension RunbookLead {
  /// Leads through the rest of the run, asking before every step; ends with 75 when told to stop.
  func walk(_ begun: RunbookRun) throws -> ExitStatus {
    var run = begun
    app.terminal.note("Run \(run.id) of \(run.book.name): \(run.book.title). Say q to stop; the same command goes on.")
    while run.end == nil, let step = run.next {
      app.terminal.note(RunbookText.step(step, number: run.number(of: step), inputs: run.inputs))
      if case .failed(let why) = run.state(step) {
        app.terminal.note("  The last try failed: \(Printable.foreign(why, most: 600))")
      }
      if run.isHalfDone(step) {
        switch ask("This step was begun and did not come to its end. Did it happen? [y/n/q]") {
        case "y": try settle(step, of: run, happened: true, try evidence(of: step))
        case "n": try settle(step, of: run, happened: false, [:])
        default: return try stopped(run)
        }
      } else {
        switch ask("\(question(step)) [y/\(step.isOptional ? "s/" : "")q]") {
        case "y": try confirm(step, of: run, try evidence(of: step))
        case "s" where step.isOptional:
          guard let reason = app.terminal.ask("Why is it left out?") else { return try stopped(run) }
          try skip(step, of: run, reason: reason)
        default: return try stopped(run)
        }
      }
      run = try again(run)
      app.terminal.note("  Step \(run.number(of: step)) is written down.")
    }
    return try tell(run)
  }

  private func question(_ step: RunbookStep) -> String {
    switch (step.kind, step.command != nil) {
    case (.check, true): "Run this check?"
    case (.check, false): "Does this hold?"
    case (.act, true): "Do this now?"
    case (.act, false): "Is this done?"
    case (.wait, _): "Is the wait over?"
    }
  }

  private func ask(_ question: String) -> String {
    app.terminal.ask(question)?.lowercased().first.map(String.init) ?? "q"
  }

  private func evidence(of step: RunbookStep) throws -> [String: String] {
    var given: [String: String] = [:]
    for wanted in step.evidence {
      given[wanted.name] = app.terminal.ask("  \(wanted.name) (\(wanted.about)):") ?? ""
    }
    return given
  }

  private func stopped(_ run: RunbookRun) throws -> ExitStatus {
    throw RunbookError(
      .unfinished, "run \(run.id) of \(run.book.name) stops before its end",
      hint: "go on: almoner runbook run \(run.book.name)")
  }

  // MARK: Commands

  /// How a command of a step ended.
  struct Ended {
    let exit: Int32
    let lines: [JSON]
    /// What the journal keeps of it.
    let evidence: JSON
  }

  /// Runs one command of this program in this process, with the settings of the run and nothing in between.
  func execute(_ command: RunbookCommand, _ inputs: [String: String]) -> Ended {
    let sink = Kept()
    var globals: [String] = []
    for name in ["dsn", "config"] { if let value = app.arguments[name] { globals += ["--\(name)", value] } }
    var words = command.line(inputs)
    let isAirdrop = words.first == "airdrop"
    if isAirdrop { words.removeFirst() }
    let terminal = Terminal(isJSON: true, isInteractive: false, usesColour: false, sink: sink)
    let status = Shell.run(
      globals + words + ["--json"], program: isAirdrop ? "airdrop" : "almoner", isAirdrop, terminal, app.environment)
    let out = sink.out
    let lines = out.split(separator: "\n").compactMap { try? JSON.parse(String($0)) }
    app.terminal.note("  ran: \(command.line(inputs).joined(separator: " ")); it ended \(status.rawValue)")
    return Ended(
      exit: status.rawValue, lines: lines,
      evidence: [
        "run": .array(command.line(inputs).map { .string($0) }), "exit": .integer(status.rawValue),
        "sha256": .string(Hex.text(app.sha256.sha256(Array(out.utf8)).bytes)),
        "output": .string(String(out.suffix(4_000))),
      ])
  }
}

/// What a step's command said, up to a bound.
private final class Kept: TerminalSink {
  private let text = Mutex("")
  private static let most = 4 << 20

  func write(_ text: String, toError: Bool) {
    guard !toError else { return }
    self.text.withLock { if $0.utf8.count < Kept.most { $0 += text } }
  }
  var hasLostOutput: Bool { false }
  var out: String { text.withLock { $0 } }
}
