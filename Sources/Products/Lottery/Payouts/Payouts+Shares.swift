extension LotteryEngine {
  /// Whom a payout of the next `count` winners pays, in order of their ordinals: the per-winner ledger of payouts
  /// (schema 2, GAP 15). Winners that were paid or waived come before them, so nobody comes twice.
  ///
  /// Throws `registryMissing`, `payoutStateMissing`, and `winnersPaidExceeded` when fewer are known and unpaid.
  package func payoutShares(_ id: UInt64, winners count: UInt64) throws(LotteryError) -> [WinnerRecord] {
    guard payouts != nil else { throw LotteryError(.registryMissing) }
    guard let state = payouts?.states[id] else { throw LotteryError(.payoutStateMissing) }
    let end = try state.winnersPaid.adding(count)
    guard end <= state.totalAssigned else {
      throw LotteryError(.winnersPaidExceeded, "\(end) of \(state.totalAssigned) winners would be paid")
    }
    return Array(state.records[Int(state.winnersPaid)..<Int(end)])
  }
}
