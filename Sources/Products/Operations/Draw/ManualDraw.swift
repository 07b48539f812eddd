package import Codecs

/// One draw asked for by hand or by a scheduler. Source: specification of the operator tools, 1.8.
package struct ManualDraw: Equatable, Sendable {
  /// Nil when the check was skipped.
  package let readiness: DrawReadiness?
  /// Nil when it was not ready.
  package let call: MoveCall?
  package let isDryRun: Bool
  /// Nil when nothing was sent.
  package let outcome: TransactionOutcome?

  /// Sends the call unless it is not ready, or a dry run. Throws what `sender` throws before it sends.
  package init(
    _ call: MoveCall, readiness: DrawReadiness?, isDryRun: Bool, sender: (any ChainSending)?
  ) throws {
    self.readiness = readiness
    self.isDryRun = isDryRun
    guard readiness?.isReady ?? true else {
      self.call = nil
      outcome = nil
      return
    }
    self.call = call
    outcome = isDryRun ? nil : try sender?.send(call)
  }

  package var isReady: Bool { readiness?.isReady ?? true }

  package var exitCode: Int32 {
    guard isReady else { return OperationsExit.conditionNotMet }
    return outcome?.exitCode ?? 0
  }

  /// The result for programs.
  package func json(includingReport: Bool = false) -> JSON {
    var object = ReportObject()
    object.add("ready", .bool(isReady))
    object.add("readiness", readiness?.summary() ?? .null)
    object.add("readiness_skipped", .bool(readiness == nil))
    object.add("call", call?.json ?? .null)
    object.add("executed", .bool(outcome != nil))
    object.add("dry_run", .bool(isDryRun))
    for (name, value) in TransactionFields.of(outcome) { object.add(name, value) }
    if includingReport, let readiness { object.add("readiness_report", readiness.report.json) }
    return object.json
  }
}

/// The members that every result of a transaction has.
enum TransactionFields {
  static func of(_ outcome: TransactionOutcome?) -> [(String, JSON)] {
    [
      ("returncode", outcome.map { .integer($0.exitCode) } ?? .null),
      ("stdout", outcome.map { .string($0.hash.map { "Transaction hash: \($0)" } ?? "") } ?? .null),
      ("stderr", outcome.map { .string($0.isExecuted ? "" : $0.status) } ?? .null),
      ("outcome", outcome.map { .string($0.word) } ?? .null),
      ("tx_hash", outcome?.hash.map { .string($0) } ?? .null),
      ("vm_status", outcome.map { .string($0.status) } ?? .null),
      ("gas_used", outcome?.gasUsed.map { .integer($0) } ?? .null),
    ]
  }
}
