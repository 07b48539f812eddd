/// The prepaid balance for randomness, as last reported.
package struct VrfDeposit: Equatable, Sendable {
  package internal(set) var requestsPaused = false

  package init() {}
}

extension LotteryEngine {
  /// Throws `vrfRequestsPaused`; passes when there is no ledger.
  package func requireVrfRequestsAllowed() throws(LotteryError) {
    guard vrfDeposit?.requestsPaused != true else { throw LotteryError(.vrfRequestsPaused) }
  }
}
