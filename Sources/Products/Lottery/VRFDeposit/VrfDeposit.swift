/// What is known of the deposit that pays for randomness, and whether draws have to wait for a top-up.
/// Source: spec 2.12.
package struct VrfDeposit: Equatable, Sendable {
  /// When too little is there.
  package struct Config: Hashable, Sendable {
    /// By how much the provider's minimum is raised, in basis points: 12 000 asks for 1.2 times of it.
    package let minBalanceMultiplierBps: UInt64
    /// The least effective balance, whatever the provider says.
    package let effectiveFloor: UInt64

    /// Throws E_VRF_DEPOSIT_CONFIG for a multiplier below one.
    package init(minBalanceMultiplierBps: UInt64, effectiveFloor: UInt64) throws(LotteryError) {
      guard minBalanceMultiplierBps >= Limits.depositMultiplierBasisPoints else {
        throw LotteryError(.vrfDepositConfig, "a multiplier of \(minBalanceMultiplierBps) lowers the minimum")
      }
      self.minBalanceMultiplierBps = minBalanceMultiplierBps
      self.effectiveFloor = effectiveFloor
    }

    /// The least effective balance that the provider's minimum asks for. Throws E_AMOUNT_OVERFLOW.
    package func requiredMinimum(for minimum: UInt64) throws(LotteryError) -> UInt64 {
      try minimum.scaled(by: minBalanceMultiplierBps, over: Limits.basisPoints, .amountOverflow)
    }

    /// Whether draws have to wait.
    package func pauses(effective: UInt64, required: UInt64) -> Bool {
      effective < effectiveFloor || effective < required
    }
  }

  /// The balances that somebody read from the provider.
  package struct Reading: Hashable, Sendable {
    package let total: UInt64
    package let minimum: UInt64
    package let effective: UInt64

    package init(total: UInt64, minimum: UInt64, effective: UInt64) {
      self.total = total
      self.minimum = minimum
      self.effective = effective
    }
  }

  /// What `get_status` shows. All zero when there is no ledger.
  package struct Status: Hashable, Sendable {
    package internal(set) var totalBalance: UInt64 = 0
    package internal(set) var minimumBalance: UInt64 = 0
    package internal(set) var effectiveBalance: UInt64 = 0
    package internal(set) var requiredMinimum: UInt64 = 0
    package internal(set) var lastUpdateTs: UInt64 = 0
    package internal(set) var requestsPaused = false
    package internal(set) var pausedSinceTs: UInt64 = 0

    package init() {}
  }

  /// For how many seconds a reading counts (schema 2, GAP 29): a day, where readings are made every hour.
  package static let readingLifetime: UInt64 = 86_400

  package let schema: Schema
  package private(set) var config: Config
  package private(set) var status = Status()

  package init(config: Config, schema: Schema = .v2) {
    self.config = config
    self.schema = schema
  }

  /// Stores a reading, and pauses or resumes draws by it. Throws `amountOverflow`.
  package mutating func record(_ reading: Reading, at timestamp: UInt64) throws(LotteryError) -> [LotteryEvent] {
    let required = try config.requiredMinimum(for: reading.minimum)
    status.totalBalance = reading.total
    status.minimumBalance = reading.minimum
    status.effectiveBalance = reading.effective
    status.requiredMinimum = required
    status.lastUpdateTs = timestamp
    return [snapshot(at: timestamp)] + judge(at: timestamp)
  }

  /// Takes the config. Schema 1 leaves the status as it is; schema 2 judges the last reading by it (GAP 29).
  package mutating func update(config: Config, at timestamp: UInt64) throws(LotteryError) -> [LotteryEvent] {
    guard schema == .v2, status.lastUpdateTs > 0 else {
      self.config = config
      return []
    }
    let required = try config.requiredMinimum(for: status.minimumBalance)
    self.config = config
    status.requiredMinimum = required
    return judge(at: timestamp)
  }

  /// Lets draws go on: schema 1 without looking, schema 2 if the last reading allows it (GAP 29).
  package mutating func resume(at timestamp: UInt64) -> [LotteryEvent] {
    guard status.requestsPaused else { return [] }
    return schema == .v1 ? resumed(at: timestamp) : judge(at: timestamp)
  }

  /// Whether the last reading is too old to rely on. Before the first one nothing is known, and nothing is stale.
  package func isStale(at now: UInt64) -> Bool {
    status.lastUpdateTs > 0 && now > status.lastUpdateTs && now - status.lastUpdateTs > VrfDeposit.readingLifetime
  }

  // MARK: The rule

  private mutating func judge(at timestamp: UInt64) -> [LotteryEvent] {
    #if ALMONER_MUTANTS
      if LotteryMutant.pauseForgotten.isActive { return [] }
    #endif
    let mustPause = config.pauses(effective: status.effectiveBalance, required: status.requiredMinimum)
    guard mustPause else { return status.requestsPaused ? resumed(at: timestamp) : [] }
    var events = [alert(at: timestamp)]
    if !status.requestsPaused {
      status.requestsPaused = true
      status.pausedSinceTs = timestamp
      events.append(.vrfRequestsPaused(VrfRequestsPausedEvent(pausedSinceTs: timestamp)))
    }
    return events
  }

  private mutating func resumed(at timestamp: UInt64) -> [LotteryEvent] {
    status.requestsPaused = false
    status.pausedSinceTs = 0
    return [.vrfRequestsResumed(VrfRequestsResumedEvent(resumedTs: timestamp))]
  }

  private func snapshot(at timestamp: UInt64) -> LotteryEvent {
    .vrfDepositSnapshot(
      VrfDepositSnapshotEvent(
        totalBalance: status.totalBalance, minimumBalance: status.minimumBalance,
        effectiveBalance: status.effectiveBalance, requiredMinimum: status.requiredMinimum,
        effectiveFloor: config.effectiveFloor, timestamp: timestamp))
  }

  private func alert(at timestamp: UInt64) -> LotteryEvent {
    .vrfDepositAlert(
      VrfDepositAlertEvent(
        totalBalance: status.totalBalance, minimumBalance: status.minimumBalance,
        effectiveBalance: status.effectiveBalance, requiredMinimum: status.requiredMinimum,
        effectiveFloor: config.effectiveFloor, timestamp: timestamp))
  }
}
