extension LotteryEngine {
  /// The refund after one more batch. Throws, in this order: `refundBatchEmpty`, `registryMissing`,
  /// `refundStatusInvalid`, `refundNotActive`, `refundRoundNonMonotonic`, `refundTimestamp`, `refundLimitTickets`,
  /// `refundLimitFunds`; in schema 2 `refundAfterPayout` where prizes or operations were paid already (GAP 23).
  func refunding(
    _ id: UInt64, round: UInt64, tickets: UInt64, prize: UInt64, operations: UInt64, now: UInt64
  ) throws(LotteryError) -> RefundProgress {
    guard tickets > 0 || prize > 0 || operations > 0 else { throw LotteryError(.refundBatchEmpty) }
    guard sales != nil else { throw LotteryError(.registryMissing) }
    guard let refund = sales?.states[id]?.refund else { throw LotteryError(.refundStatusInvalid) }
    let totals = try salesTotals(id)
    guard refund.active else { throw LotteryError(.refundNotActive) }
    let expected = try refund.round.adding(1)
    #if ALMONER_MUTANTS
      let follows = LotteryMutant.refundRoundsSkipped.isActive || round == expected
    #else
      let follows = round == expected
    #endif
    guard follows else { throw LotteryError(.refundRoundNonMonotonic, "round \(round) after \(refund.round)") }
    guard refund.lastRefundTs == 0 || now >= refund.lastRefundTs else { throw LotteryError(.refundTimestamp) }
    var next = refund
    next.round = round
    next.lastRefundTs = now
    next.ticketsProcessed = try refund.ticketsProcessed.adding(tickets)
    next.prizeTotal = try refund.prizeTotal.adding(prize)
    next.operationsTotal = try refund.operationsTotal.adding(operations)
    #if ALMONER_MUTANTS
      if LotteryMutant.refundUnlimited.isActive { return next }
    #endif
    guard next.ticketsProcessed <= totals.ticketsSold else {
      throw LotteryError(.refundLimitTickets, "\(next.ticketsProcessed) of \(totals.ticketsSold) tickets")
    }
    let money = try next.prizeTotal.adding(next.operationsTotal)
    guard money <= totals.proceedsAccum else {
      throw LotteryError(.refundLimitFunds, "\(money) of \(totals.proceedsAccum) would be refunded")
    }
    if try lottery(id).schema >= .v2 {
      let books = try accountingSnapshot(id)
      let paid = try books.totalPrizePaid.adding(books.totalOperationsPaid)
      guard money <= totals.proceedsAccum - min(paid, totals.proceedsAccum) else {
        throw LotteryError(
          .refundAfterPayout, "\(paid) of \(totals.proceedsAccum) was paid out already",
          hint: "What was paid must come back first.")
      }
      next.isComplete = next.ticketsProcessed == totals.ticketsSold && money + paid >= totals.proceedsAccum
    }
    return next
  }

  /// Whose tickets a refund of the next `tickets` covers, in order of purchase, and what each paid: the per-buyer ledger
  /// of refunds (schema 2). Throws `refundStatusInvalid`, `arithmetic`.
  package func refundShares(
    _ id: UInt64, tickets: UInt64
  ) throws(LotteryError) -> [(buyer: LotteryAddress, tickets: UInt64, amount: UInt64)] {
    guard let state = sales?.states[id] else { throw LotteryError(.refundStatusInvalid) }
    let first = state.refund.ticketsProcessed
    var out: [(buyer: LotteryAddress, tickets: UInt64, amount: UInt64)] = []
    for share in state.tickets.shares(of: first..<(try first.adding(tickets))) {
      out.append((share.buyer, share.tickets, try share.tickets.multiplied(by: state.ticketPrice)))
    }
    return out
  }

  /// How far the refund is; all zero without a sale.
  package func refundProgress(_ id: UInt64) -> RefundProgressView {
    var view = RefundProgressView()
    guard let state = sales?.states[id] else { return view }
    view.active = state.refund.active && !state.refund.isComplete
    view.refundRound = state.refund.round
    view.ticketsRefunded = state.refund.ticketsProcessed
    view.prizeRefunded = state.refund.prizeTotal
    view.operationsRefunded = state.refund.operationsTotal
    view.lastRefundTs = state.refund.lastRefundTs
    view.ticketsSold = state.ticketsSold
    view.proceedsAccum = state.proceedsAccum
    return view
  }
}
