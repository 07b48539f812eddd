package import Codecs

/// One run of a scheduler: exactly one JSON line. Source: specification of the operator tools, 1.9.
package struct AutoDraw: Equatable, Sendable {
  package enum Result: Equatable, Sendable {
    /// Somebody else holds the lock; nothing was asked and nothing sent.
    case locked
    case error(exitCode: Int32, message: String)
    case judged(DrawReadiness, draw: ManualDraw?)
    /// It was ready, and the draw could not even be sent.
    case notSent(DrawReadiness, exitCode: Int32, message: String)
  }

  /// ISO 8601, UTC, ending in Z.
  package let timestamp: String
  package let executes: Bool
  /// The command lines that would do the same by hand.
  package let readinessArguments: [String]
  package let drawArguments: [String]
  package let result: Result

  package init(
    timestamp: String, executes: Bool, readinessArguments: [String], drawArguments: [String], result: Result
  ) {
    self.timestamp = timestamp
    self.executes = executes
    self.readinessArguments = readinessArguments
    self.drawArguments = drawArguments
    self.result = result
  }

  /// Stable: `locked`, `error`, `not_ready`, `ready_dry_run`, `executed`, `manual_draw_failed`.
  package var status: String {
    switch result {
    case .locked: "locked"
    case .error: "error"
    case .notSent: "manual_draw_failed"
    case .judged(let readiness, let draw):
      if !readiness.isReady {
        "not_ready"
      } else if let draw {
        draw.exitCode == 0 ? "executed" : "manual_draw_failed"
      } else {
        "ready_dry_run"
      }
    }
  }

  package var exitCode: Int32 {
    switch result {
    case .locked: 0
    case .error(let code, _), .notSent(_, let code, _): code
    case .judged(let readiness, let draw): readiness.isReady ? draw?.exitCode ?? 0 : 0
    }
  }

  /// The line, its members in the order of the specification.
  package var json: JSON {
    var object = ReportObject()
    var (readiness, draw, words) = (DrawReadiness?.none, ManualDraw?.none, "")
    var (readinessExit, drawExit, error) = (Int32(0), Int32?.none, String?.none)
    switch result {
    case .locked: break
    case .error(let code, let message): (readinessExit, error, words) = (code, message, message)
    case .notSent(let judged, let code, let message):
      (readiness, drawExit, error, words) = (judged, code, message, message)
    case .judged(let judged, let made):
      (readiness, draw) = (judged, made)
      readinessExit = judged.isReady ? 0 : OperationsExit.conditionNotMet
      drawExit = made?.exitCode
    }
    var commands = ReportObject()
    commands.add("readiness", .array(readinessArguments.map { .string($0) }))
    if drawExit != nil { commands.add("manual_draw", .array(drawArguments.map { .string($0) })) }
    object.add("timestamp", .string(timestamp))
    object.add("execute", .bool(executes))
    object.add("commands", commands.json)
    object.add("readiness", readiness?.summary(includingReport: true) ?? .null)
    object.add("manual_draw", draw?.json() ?? .null)
    object.add("status", .string(status))
    object.add("stderr", .string(words))
    object.add("readiness_exit_code", .integer(readinessExit))
    if let drawExit { object.add("manual_draw_exit_code", .integer(drawExit)) }
    if let error { object.add("error", .string(error)) }
    object.add("exit_code", .integer(exitCode))
    return object.json
  }
}
