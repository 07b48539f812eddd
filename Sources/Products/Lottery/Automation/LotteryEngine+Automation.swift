// The operations of the module `automation`. Source: spec 2.15.
extension LotteryEngine {
  /// Throws E_AUTOBOT_REGISTRY_MISSING for anybody but the admin, E_ALREADY_INITIALIZED.
  package mutating func initAutomation(schema: Schema = .v2, _ context: Context) throws(LotteryError) {
    try requireAdmin(context, .autobotRegistryMissing)
    guard automation == nil else { throw LotteryError(.alreadyInitialized) }
    automation = AutomationRegistry(schema: schema)
  }

  /// `register_bot`: the admin asks, and the shell has the operator's own agreement.
  package mutating func registerBot(
    botOperator: LotteryAddress, terms: AutomationTerms, _ context: Context
  ) throws(LotteryError) -> [LotteryEvent] {
    try requireAdmin(context, .autobotRegistryMissing)
    try terms.check(automation?.schema ?? .v2)
    guard automation != nil else { throw LotteryError(.autobotRegistryMissing) }
    return try automation?.register(botOperator, terms) ?? []
  }

  /// `rotate_bot`. Schema 2 asks for the admin only: the operator's key may be what was lost (GAP 19).
  package mutating func rotateBot(
    botOperator: LotteryAddress, terms: AutomationTerms, _ context: Context
  ) throws(LotteryError) -> [LotteryEvent] {
    try requireAdmin(context, .autobotRegistryMissing)
    try terms.check(automation?.schema ?? .v2)
    guard automation != nil else { throw LotteryError(.autobotRegistryMissing) }
    return try automation?.rotate(botOperator, terms) ?? []
  }

  /// Removes a bot. Not in schema 1.
  package mutating func unregisterBot(
    botOperator: LotteryAddress, _ context: Context
  ) throws(LotteryError) {
    try requireAdmin(context, .autobotRegistryMissing)
    guard let schema = automation?.schema, schema == .v2 else { throw LotteryError(.autobotRegistryMissing) }
    try automation?.unregister(botOperator)
  }

  /// `announce_dry_run`, by the operator.
  package mutating func announceDryRun(
    action: UInt64, actionHash: [UInt8], executesAfter: UInt64, _ context: Context
  ) throws(LotteryError) -> [LotteryEvent] {
    try requireOperator(context)
    return try automation?.announce(
      context.actor, action, actionHash, now: context.now, executesAfter: executesAfter) ?? []
  }

  /// `record_success`, by the operator.
  package mutating func recordSuccess(
    action: UInt64, actionHash: [UInt8], _ context: Context
  ) throws(LotteryError) -> [LotteryEvent] {
    try requireOperator(context)
    guard let bot = try automation?.afterSuccess(context.actor, action, actionHash, now: context.now) else { return [] }
    return automation?.commitSuccess(context.actor, action, bot) ?? []
  }

  /// `record_failure`, by the operator.
  package mutating func recordFailure(
    action: UInt64, actionHash: [UInt8], errorCode: UInt64, _ context: Context
  ) throws(LotteryError) -> [LotteryEvent] {
    try requireOperator(context)
    return try automation?.recordFailure(
      context.actor, action, actionHash, now: context.now, errorCode: errorCode) ?? []
  }

  /// `report_call_rejected`, by the operator: an event and nothing else. Schema 2 refuses an empty digest.
  package func reportCallRejected(
    action: UInt64, actionHash: [UInt8], reasonCode: UInt64, _ context: Context
  ) throws(LotteryError) -> [LotteryEvent] {
    try requireOperator(context)
    if automation?.schema == .v2 && actionHash.isEmpty { throw LotteryError(.autobotActionHashEmpty) }
    return [
      .automationCallRejected(
        AutomationCallRejectedEvent(
          botOperator: context.actor, actionId: action, actionHash: actionHash, reasonCode: reasonCode))
    ]
  }

  /// `automation_status`. Throws E_AUTOBOT_NOT_REGISTERED.
  package func automationStatus(of botOperator: LotteryAddress) throws(LotteryError) -> AutomationBot {
    guard let automation else { throw LotteryError(.autobotNotRegistered) }
    return try automation.known(botOperator)
  }

  /// The caller has a cap, and no emergency stop is set. Throws E_AUTOBOT_NOT_REGISTERED or E_EMERGENCY_STOP.
  private func requireOperator(_ context: Context) throws(LotteryError) {
    try requireNotStopped()
    guard automation?.bot(of: context.actor) != nil else {
      throw LotteryError(.autobotNotRegistered, "\(context.actor) is no bot of this engine")
    }
  }
}
