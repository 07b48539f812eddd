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
