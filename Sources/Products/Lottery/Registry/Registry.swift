/// Lotteries by id, in the order of their creation.
package struct Registry: Equatable, Sendable {
  package internal(set) var lotteries: [UInt64: Lottery] = [:]
  package internal(set) var orderedIds: [UInt64] = []
  package internal(set) var cancellations: [UInt64: CancellationRecord] = [:]
  /// How many lotteries of a partner are neither finalized nor canceled.
  package internal(set) var openByPartner: [LotteryAddress: UInt64] = [:]

  package init() {}
}

extension LotteryEngine {
  /// Creates the registry, once. Throws `notAuthorized`, `alreadyInitialized`.
  package mutating func initRegistry(_ context: Context) throws(LotteryError) {
    try requireAdmin(context)
    guard registry == nil else { throw LotteryError(.alreadyInitialized) }
    registry = Registry()
  }

  /// The lottery with this id. Throws `registryMissing`, `lotteryNotFound`.
  package func lottery(_ id: UInt64) throws(LotteryError) -> Lottery {
    guard let registry else { throw LotteryError(.registryMissing) }
    guard let lottery = registry.lotteries[id] else {
      throw LotteryError(.lotteryNotFound, "there is no lottery \(id)")
    }
    return lottery
  }

  /// The record of a cancellation, if there was one. Throws as `lottery`.
  package func cancellation(of id: UInt64) throws(LotteryError) -> CancellationRecord? {
    _ = try lottery(id)
    return registry?.cancellations[id]
  }
}

extension Lottery {
  /// The transitions of the specification, 3.1, by whatever operation.
  package static func mayFollow(_ next: LotteryStatus, after status: LotteryStatus) -> Bool {
    switch status {
    case .draft: next == .active || next == .canceled
    case .active: next == .closing || next == .canceled
    case .closing: next == .drawRequested || next == .finalized || next == .canceled
    case .drawRequested: next == .drawn || next == .canceled
    case .drawn: next == .payout || next == .canceled
    case .payout: next == .finalized || next == .canceled
    case .finalized, .canceled: false
    }
  }

  func requireTransition(to next: LotteryStatus) throws(LotteryError) {
    guard Lottery.mayFollow(next, after: status) else {
      throw LotteryError(.statusTransitionNotAllowed, "lottery \(id) is \(status) and cannot become \(next)")
    }
  }

  /// Throws `drawStatusInvalid` unless the lottery stands at one of these.
  func requireStatus(_ allowed: LotteryStatus...) throws(LotteryError) {
    guard allowed.contains(status) else {
      throw LotteryError(.drawStatusInvalid, "lottery \(id) is \(status)")
    }
  }
}
