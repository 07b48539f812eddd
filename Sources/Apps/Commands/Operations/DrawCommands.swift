import Codecs
import Operations
import POSIX
import Terminal

/// `ops draw-readiness`, `ops manual-draw`, `ops auto-draw`.
enum DrawCommands {
  private static let drawing: [CommandSpec.Option] = [
    .value("function-id", "FUNCTION", "the function to call, instead of LOTTERY::main_v2::manual_draw"),
    .flag("assume-yes", "ask nothing"),
  ]

  static let all: [CommandSpec] = [
    CommandSpec(
      .desk, "ops draw-readiness", "Say whether a draw may be asked for, and why not",
      example: "almoner ops draw-readiness --min-tickets 5",
      OperationsOptions.report + OperationsOptions.readiness + [
        .flag("print-json", "the report below the verdict"), .flag("json-summary", "the summary alone, as JSON"),
        .flag("include-report", "the report inside the summary"), OperationsOptions.pretty,
      ], run: judge),
    CommandSpec(
      .desk, "ops manual-draw", "Ask for a draw, once the lottery is ready",
      example: "almoner ops manual-draw --dry-run",
      OperationsOptions.report + OperationsOptions.readiness + drawing + [
        .flag("skip-readiness", "do not ask whether it is ready"), .flag("dry-run", "send nothing"),
        .flag("print-json", "the report inside the result"), .flag("json-result", "the result as JSON"),
        OperationsOptions.pretty,
      ], run: draw),
    CommandSpec(
      .desk, "ops auto-draw", "One run of a scheduler: judge, draw with --execute, one JSON line",
      example: "almoner ops auto-draw --execute --lock-file draw.lock",
      OperationsOptions.report + OperationsOptions.readiness + drawing + [
        .flag("execute", "draw when it is ready"), .flag("dry-run", "never draw; so without --execute"),
        .value("lock-file", "PATH", "only one run at a time: another ends at once, with status locked"),
      ], run: schedule),
  ]

  // MARK: Readiness

  private static func rules(_ app: App) throws -> DrawReadiness.Rules {
    var rules = DrawReadiness.Rules()
    rules.minTickets = UInt64(try app.arguments.number("min-tickets", in: 0...Int64.max) ?? 5)
    rules.checksSchedule = !app.arguments.has("skip-draw-scheduled")
    rules.allowsPendingRequest = app.arguments.has("allow-pending-request")
    rules.checksMinBalance = !app.arguments.has("skip-min-balance")
    rules.requiresAggregator = app.arguments.has("require-aggregator")
    rules.expectedAggregators = app.arguments.lists["expect-aggregator"] ?? []
    return rules
  }

  private static func judge(_ app: App) throws -> ExitStatus {
    let isSummary = app.arguments.has("json-summary") || app.terminal.isJSON
    guard isSummary || !app.arguments.has("include-report") else {
      throw CommandError(.usage, "--include-report goes with --json-summary")
    }
    let readiness = try DrawReadiness(try app.monitorReport(), rules: try rules(app))
    if isSummary {
      app.print(readiness.summary(includingReport: app.arguments.has("include-report")))
    } else {
      for line in readiness.lines { app.terminal.line(line) }
      if app.arguments.has("print-json") { app.print(readiness.report.json) }
    }
    return readiness.isReady ? .success : .findings
  }

  // MARK: Draw

  private static func call(_ app: App, _ settings: MonitorSettings) -> MoveCall {
    MoveCall(
      app.arguments["function-id"] ?? ConfigurationCall.function(settings, "main_v2", "manual_draw"))
  }

  private static func draw(_ app: App) throws -> ExitStatus {
    let settings = try app.monitorSettings()
    let readiness =
      app.arguments.has("skip-readiness")
      ? nil : try DrawReadiness(try app.monitorReport(), rules: try rules(app))
    let call = call(app, settings)
    let isDry = app.arguments.has("dry-run")
    let sends = !isDry && (readiness?.isReady ?? true)
    if sends, !app.arguments.has("assume-yes") { try app.confirm("Call \(call)?") }
    let draw = try ManualDraw(
      call, readiness: readiness, isDryRun: isDry, sender: sends ? try app.supraSender() : nil)
    if app.arguments.has("json-result") || app.terminal.isJSON {
      app.print(draw.json(includingReport: app.arguments.has("print-json")))
    } else {
      for line in readiness?.lines ?? [] { app.terminal.line(line) }
      if isDry, let call = draw.call { app.terminal.line("Would call \(call)") }
      if let outcome = draw.outcome {
        app.terminal.line("\(outcome.word): \(outcome.hash ?? "no hash"), \(outcome.status)")
      }
    }
    return ExitStatus(rawValue: draw.exitCode) ?? .software
  }

  // MARK: Scheduler

  private static func schedule(_ app: App) throws -> ExitStatus {
    let executes = app.arguments.has("execute")
    guard !executes || !app.arguments.has("dry-run") else {
      throw CommandError(.usage, "--execute and --dry-run exclude each other")
    }
    var lock: FileLock?
    if let path = app.arguments["lock-file"] {
      lock = try FileLock.take(path)
      guard let lock else { return finish(app, executes, .locked) }
      let process = "\(app.holder) since \(app.utc("Z")) profile \(app.settings["AM_PROFILE"] ?? "-")\n"
      try lock.write(process)
    }
    let result = withExtendedLifetime(lock) { run(app, executes) }
    return finish(app, executes, result)
  }

  private static func run(_ app: App, _ executes: Bool) -> AutoDraw.Result {
    let readiness: DrawReadiness
    do { readiness = try DrawReadiness(try app.monitorReport(), rules: try rules(app)) } catch {
      let failure = AnyFailure(error)
      return .error(exitCode: ExitStatus.of(failure.code).rawValue, message: "\(failure.code): \(failure.message)")
    }
    guard readiness.isReady, executes else { return .judged(readiness, draw: nil) }
    do {
      let draw = try ManualDraw(
        call(app, readiness.report.settings), readiness: readiness, isDryRun: false, sender: try app.supraSender())
      return .judged(readiness, draw: draw)
    } catch {
      let failure = AnyFailure(error)
      return .notSent(
        readiness, exitCode: ExitStatus.of(failure.code).rawValue, message: "\(failure.code): \(failure.message)")
    }
  }

  private static func finish(_ app: App, _ executes: Bool, _ result: AutoDraw.Result) -> ExitStatus {
    let (readiness, draw) = commandLines(app)
    let run = AutoDraw(
      timestamp: app.utc("Z"), executes: executes, readinessArguments: readiness, drawArguments: draw, result: result)
    app.terminal.jsonLine(run.json.text)
    return ExitStatus(rawValue: run.exitCode) ?? .software
  }

  /// What would do the same by hand.
  private static func commandLines(_ app: App) -> (readiness: [String], draw: [String]) {
    let flags = [
      ("--profile", app.settings["AM_PROFILE"] ?? app.settings["PROFILE"]),
      ("--lottery-addr", app.settings["LOTTERY_ADDR"]),
      ("--deposit-addr", app.settings["DEPOSIT_ADDR"]), ("--max-gas-price", app.settings["MAX_GAS_PRICE"]),
      ("--max-gas-limit", app.settings["MAX_GAS_LIMIT"]),
      ("--verification-gas", app.settings["VERIFICATION_GAS_VALUE"]),
    ]
    return AutoDrawCommands.lines(
      common: flags.flatMap { name, value in value.map { [name, $0] } ?? [] },
      minTickets: app.arguments["min-tickets"] ?? "5", assumesYes: app.arguments.has("assume-yes"),
      function: app.arguments["function-id"])
  }
}
