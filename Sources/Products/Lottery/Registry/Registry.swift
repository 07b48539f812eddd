/// Lotteries by id, in the order of their creation.
package struct Registry: Equatable, Sendable {
  package internal(set) var lotteries: [UInt64: Lottery] = [:]
  package internal(set) var orderedIds: [UInt64] = []
  package internal(set) var cancellations: [UInt64: CancellationRecord] = [:]

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
}
