// The operations of the module `vrf_deposit`. Source: spec 2.12.
extension LotteryEngine {
  /// Throws `notAuthorized`, `alreadyInitialized`, `vrfDepositConfig`.
  package mutating func initVrfDeposit(
    minBalanceMultiplierBps: UInt64, effectiveFloor: UInt64, schema: Schema = .v2, _ context: Context
  ) throws(LotteryError) {
    try requireAdmin(context)
    guard vrfDeposit == nil else { throw LotteryError(.alreadyInitialized) }
    vrfDeposit = VrfDeposit(
      config: try VrfDeposit.Config(
        minBalanceMultiplierBps: minBalanceMultiplierBps, effectiveFloor: effectiveFloor), schema: schema)
  }

  /// `update_config`. Schema 2 applies the rule to the last reading at once (GAP 29).
  package mutating func updateVrfDepositConfig(
    minBalanceMultiplierBps: UInt64, effectiveFloor: UInt64, _ context: Context
  ) throws(LotteryError) -> [LotteryEvent] {
    try requireAdmin(context)
    let config = try VrfDeposit.Config(
      minBalanceMultiplierBps: minBalanceMultiplierBps, effectiveFloor: effectiveFloor)
    try requireDeposit()
    return try vrfDeposit?.update(config: config, at: context.now) ?? []
  }

  /// `record_snapshot_admin`. Throws `notAuthorized`, `vrfDepositNotInitialized`, `amountOverflow`.
  package mutating func recordDepositSnapshotAdmin(
    _ reading: VrfDeposit.Reading, _ context: Context
  ) throws(LotteryError) -> [LotteryEvent] {
    try requireAdmin(context)
    try requireDeposit()
    return try vrfDeposit?.record(reading, at: context.now) ?? []
  }

  /// `record_snapshot_automation`: the same by a bot, announced before.
  ///
  /// Any digest is taken, as long as it is the announced one: balances change between announcement and writing, so it
  /// cannot be that of the reading (docs/adr/0014).
  package mutating func recordDepositSnapshotAutomation(
    cap: AutomationCap, _ reading: VrfDeposit.Reading, actionHash: [UInt8], _ context: Context
  ) throws(LotteryError) -> [LotteryEvent] {
    try requireNotStopped()
    guard context.actor == cap.botOperator else { throw LotteryError(.autobotCallerMismatch) }
    guard !actionHash.isEmpty else { throw LotteryError(.autobotActionHashEmpty) }
    guard let automation else { throw LotteryError(.autobotRegistryMissing) }
    let action = AutomationAction.topupVrfDeposit.rawValue
    try automation.ensureWired(context.actor, action, actionHash, now: context.now)
    try requireDeposit()
    let bot = try automation.afterSuccess(context.actor, action, actionHash, now: context.now)
    let events = try vrfDeposit?.record(reading, at: context.now) ?? []
    return events + (self.automation?.commitSuccess(context.actor, action, bot) ?? [])
  }

  /// `resume_requests`. Schema 2 leaves the pause in place while the balances are too low, and says so by an alert.
  package mutating func resumeVrfRequests(_ context: Context) throws(LotteryError) -> [LotteryEvent] {
    try requireAdmin(context)
    try requireDeposit()
    return vrfDeposit?.resume(at: context.now) ?? []
  }

  /// `ensure_requests_allowed`. Throws `vrfRequestsPaused`; passes when there is no ledger.
  ///
  /// In schema 2 a reading that is too old counts as a pause (GAP 29).
  package func requireVrfRequestsAllowed(_ context: Context) throws(LotteryError) {
    guard let vrfDeposit else { return }
    guard !vrfDeposit.status.requestsPaused else {
      throw LotteryError(
        .vrfRequestsPaused, "the deposit for randomness is too low", hint: "Top it up and record a new reading.")
    }
    guard vrfDeposit.schema == .v1 || !vrfDeposit.isStale(at: context.now) else {
      throw LotteryError(
        .vrfRequestsPaused, "the last reading of the deposit is of \(vrfDeposit.status.lastUpdateTs)",
        hint: "Record a new reading.")
    }
  }

  /// `get_status`: all zero when there is no ledger.
  package var vrfDepositStatus: VrfDeposit.Status { vrfDeposit?.status ?? VrfDeposit.Status() }

  private func requireDeposit() throws(LotteryError) {
    guard vrfDeposit != nil else { throw LotteryError(.vrfDepositNotInitialized) }
  }
}
