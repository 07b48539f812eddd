extension LotteryEngine {
  /// `status_overview`: walks over every lottery once. Throws `registryMissing`.
  package func statusOverview(_ context: Context) throws(LotteryError) -> StatusOverview {
    guard let registry else { throw LotteryError(.registryMissing, "the registry was not initialised") }
    var overview = StatusOverview()
    for id in registry.orderedIds {
      guard let lottery = registry.lotteries[id] else { continue }
      overview.count(lottery.status)
      if let vrf = draws?.states[id]?.vrf { overview.count(vrf, now: context.now) }
      if let winners = payouts?.states[id] { overview.count(winners, lottery.schema) }
      if let sales = sales?.states[id] {
        overview.count(sales.refund, of: sales.ticketsSold, registry.cancellations[id], now: context.now)
      }
    }
    return overview
  }
}

extension StatusOverview {
  fileprivate mutating func count(_ status: LotteryStatus) {
    total += 1
    switch status {
    case .draft: draft += 1
    case .active: active += 1
    case .closing: closing += 1
    case .drawRequested: drawRequested += 1
    case .drawn: drawn += 1
    case .payout: payout += 1
    case .finalized: finalized += 1
    case .canceled: canceled += 1
    }
  }

  fileprivate mutating func count(_ vrf: VrfState, now: UInt64) {
    switch vrf.status {
    case .requested:
      vrfRequested += 1
      if !vrf.consumed && vrf.retryAfterTs > now { vrfRetryBlocked += 1 }
    case .fulfilled: if !vrf.consumed { vrfFulfilledPending += 1 }
    case .idle, .failed: break
    }
  }

  fileprivate mutating func count(_ winners: WinnerState, _ schema: Schema) {
    guard winners.initialized else { return }
    if winners.totalRequired > winners.totalAssigned { winnersPending += 1 }
    // Schema 1 compares two counts that have nothing to do with each other (GAP 28).
    let hasBacklog =
      schema == .v1 ? winners.nextWinnerBatchNo > winners.payoutRound : winners.totalAssigned > winners.winnersPaid
    if hasBacklog { payoutBacklog += 1 }
  }

  fileprivate mutating func count(
    _ refund: RefundProgress, of ticketsSold: UInt64, _ canceled: CancellationRecord?, now: UInt64
  ) {
    guard refund.active, !refund.isComplete else { return }
    refundActive += 1
    let outstanding = ticketsSold > refund.ticketsProcessed ? ticketsSold - refund.ticketsProcessed : 0
    refundBatchPending += outstanding
    guard let canceled, now > canceled.canceledTs else { return }
    let waited = now - canceled.canceledTs
    let isBreach =
      refund.round == 0
      ? waited > Limits.refundFirstBatchSeconds : outstanding > 0 && waited > Limits.refundCompleteSeconds
    if isBreach { refundSlaBreach = true }
  }
}
