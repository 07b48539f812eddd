/// The lottery side of the kill switch: while it is set, purchases, draws, payouts and automation are refused;
/// cancellation, refunds, archive and views work. Spec 2.21.
package struct EmergencyStop: Equatable, Sendable {
  /// Why and since when; nil: not stopped.
  package internal(set) var stop: Stop?
  /// Who has asked for it to be cleared, and waits for a second person.
  package internal(set) var firstToClear: LotteryAddress?
  /// Who may set it, and clear it together with another, besides the admin.
  package internal(set) var operators: Set<LotteryAddress> = []

  package struct Stop: Equatable, Sendable {
    package let reason: [UInt8]
    package let since: UInt64

    package init(reason: [UInt8], since: UInt64) {
      self.reason = reason
      self.since = since
    }
  }

  package init() {}
}

extension LotteryEngine {
  /// The first check of every operation that the stop stops.
  package func requireNotStopped() throws(LotteryError) {
    guard let stop = emergencyStop.stop else { return }
    throw LotteryError(
      .emergencyStop, "stopped since \(stop.since)", hint: "Two people clear it when the reason is gone.")
  }
}

// MARK: Operations

extension LotteryEngine {
  /// Stops purchases, draws, payouts and automation at once; again while stopped it changes nothing. Admin or operator.
  ///
  /// Throws `notAuthorized`.
  package mutating func setEmergencyStop(
    reason: [UInt8], _ context: Context
  ) throws(LotteryError) -> [LotteryEvent] {
    try requireOperator(context)
    guard emergencyStop.stop == nil else { return [] }
    emergencyStop.stop = EmergencyStop.Stop(reason: reason, since: context.now)
    emergencyStop.firstToClear = nil
    return [
      .emergencyStopSet(EmergencyStopSetEvent(actor: context.actor, reason: reason, timestamp: context.now))
    ]
  }

  /// Asks for the stop to be cleared: the second of two people clears it. Without a stop it changes nothing.
  ///
  /// Throws `notAuthorized`.
  package mutating func clearEmergencyStop(_ context: Context) throws(LotteryError) -> [LotteryEvent] {
    try requireOperator(context)
    guard emergencyStop.stop != nil else { return [] }
    guard let first = emergencyStop.firstToClear, first != context.actor else {
      emergencyStop.firstToClear = context.actor
      return []
    }
    emergencyStop.stop = nil
    emergencyStop.firstToClear = nil
    return [
      .emergencyStopCleared(
        EmergencyStopClearedEvent(first: first, second: context.actor, timestamp: context.now))
    ]
  }

  /// Says who may stop, and clear together with another, besides the admin. Throws `notAuthorized`.
  package mutating func setEmergencyOperators(
    _ operators: Set<LotteryAddress>, _ context: Context
  ) throws(LotteryError) {
    try requireAdmin(context)
    emergencyStop.operators = operators
    if let first = emergencyStop.firstToClear, first != admin, !operators.contains(first) {
      emergencyStop.firstToClear = nil
    }
  }

  private func requireOperator(_ context: Context) throws(LotteryError) {
    guard !emergencyStop.operators.contains(context.actor) else { return }
    try requireAdmin(context)
  }
}
