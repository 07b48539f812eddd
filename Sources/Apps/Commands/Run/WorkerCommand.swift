import Engine
import Terminal

/// `worker`: works lanes until it is told to stop, for every running campaign. Any number may run beside each other.
enum WorkerCommand {
  static let lanes = CommandSpec.Option.value("lanes", "N", "most lanes that this worker holds at once (all)")

  static let all: [CommandSpec] = [
    CommandSpec(
      .common, "worker", "Work the lanes of the configured keys until stopped; start as many as you like",
      example: "almoner worker --lanes 2",
      [lanes, .flag("until-idle", "end when nothing is left to do on any lane")], run: run)
  ]

  private static func run(_ app: App) throws -> ExitStatus {
    let shift = try Shift(app)
    StopSignal.install()
    app.terminal.note(
      "worker \(app.holder): \(shift.accounts) accounts on \(shift.chain), at most \(shift.mostLanes) lanes at once")
    try shift.work(untilIdle: app.arguments.has("until-idle"))
    return .success
  }
}
