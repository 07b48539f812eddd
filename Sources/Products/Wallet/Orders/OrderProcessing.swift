/// What follows a failed attempt to distribute an order's bonuses.
package enum OrderAttempt: Hashable, Sendable {
  /// Try again after this pause.
  case again(pauseMilliseconds: Int64)
  /// The order is accepted, without bonuses.
  case acceptedWithoutBonuses
  /// The key becomes `FAILED`, and the error goes to the caller.
  case failed
}

/// Why an attempt failed.
package enum OrderFailure: Hashable, Sendable {
  /// A member is not in a tree: no attempt mends that.
  case notInTree
  /// The product refused for another reason.
  case domain
  /// Anything else: store, network.
  case other
}

extension OrderAttempt {
  /// Decides after failed attempt `attempt` (from 1). Every attempt is one transaction: nothing of it is left.
  package static func after(_ failure: OrderFailure, attempt: Int, schedule: RetrySchedule) -> OrderAttempt {
    switch failure {
    case .notInTree: return .acceptedWithoutBonuses
    case .domain:
      guard let pause = schedule.pauseMilliseconds(after: attempt) else { return .acceptedWithoutBonuses }
      return .again(pauseMilliseconds: pause)
    case .other:
      guard let pause = schedule.pauseMilliseconds(after: attempt) else { return .failed }
      return .again(pauseMilliseconds: pause)
    }
  }
}
