import Codecs
import Engine
import Money
import Terminal

/// `safety ...`: stops every new signature at once, until somebody lets them go on.
enum SafetyCommands {
  private static let reason = CommandSpec.Option.value("reason", "TEXT", "why, for the record")

  static let all: [CommandSpec] = [
    CommandSpec(
      .common, "safety stop", "Sign nothing any more, on any lane; what was sent is watched to its end",
      example: "almoner safety stop --reason stolen-key", [reason], run: { try change($0, isStopped: true) }),
    CommandSpec(
      .common, "safety resume", "Let signing go on", example: "almoner safety resume --reason key-changed",
      [reason, .flag("yes", "do not ask")],
      run: { app in
        try app.confirm("Let signing go on?")
        return try change(app, isStopped: false)
      }),
    CommandSpec(
      .common, "safety show", "Say whether signing is stopped, by whom, and why", example: "almoner safety show",
      run: show),
  ]

  private static func change(_ app: App, isStopped: Bool) throws -> ExitStatus {
    let reason = try app.arguments.required("reason")
    let store = try app.store()
    // Said twice is said: whoever stops in a hurry is not told of an error.
    if try (store.safety()?.isStopped ?? false) != isStopped {
      let change = SafetyChange(isStopped: isStopped, reason: reason, changedBy: app.actor)
      try store.commit(
        Commit(guardedBy: nil, actor: app.actor, at: app.clock.now(), writes: [.changeSafety(change)]))
    }
    return try show(app)
  }

  private static func show(_ app: App) throws -> ExitStatus {
    let safety = try app.store().safety()
    let isStopped = safety?.isStopped ?? false
    let why = safety.map { ": \($0.reason) (\($0.changedBy))" } ?? ""
    app.tell(
      [
        "event": "safety", "stopped": .bool(isStopped), "reason": safety.map { .string($0.reason) } ?? .null,
        "changed_by": safety.map { .string($0.changedBy) } ?? .null,
        "at": safety.map { .integer($0.at.milliseconds) } ?? .null,
      ], or: Printable.foreign(isStopped ? "Signing is STOPPED\(why)" : "Signing goes on\(why)", most: 700))
    return .success
  }
}
