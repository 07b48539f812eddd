extension LotteryEngine {
  /// Records a batch of prizes paid. `nonce` is the cap's; schema 1 has the round in its place.
  ///
  /// Throws in the order of the specification (2.9): `notAuthorized`, `drawStatusInvalid`, what the batch cap throws,
  /// `registryMissing`, `payoutStateMissing`, `payoutRoundNonMonotonic`, `payoutCooldown`, `payoutAllocExceeded`,
  /// `operationsAllocExceeded`; in schema 2 `winnersPaidExceeded`. There the cap's holder may call it too.
  package mutating func recordPayoutBatchAdmin(
    _ id: UInt64, round: UInt64, winnersPaid: UInt64, prizePaid: UInt64, operationsPaid: UInt64, _ context: Context
  ) throws(LotteryError) -> [LotteryEvent] {
    try requireNotStopped()
    try requireBatchCaller(context, registry?.lotteries[id]?.schema ?? .v1)
    let lottery = try lottery(id)
    try lottery.requireStatus(.payout)
    if lottery.schema >= .v2 { try requireFeature(.payout, premium: false) }
    let cap = try consumedPayoutBatch(
      items: winnersPaid, operations: operationsPaid, now: context.now, nonce: round,
      scope: lottery.schema == .v1 ? .engine : .payouts(lottery: id))
    let progress = try payoutProgress(id)
    guard round == (try progress.round.adding(1)) else {
      throw LotteryError(.payoutRoundNonMonotonic, "round \(round) after \(progress.round)")
    }
    guard progress.lastTs == 0 || context.now >= progress.lastTs else { throw LotteryError(.payoutCooldown) }
    let books = try paying(id, prize: prizePaid, operations: operationsPaid)
    let paid = try progress.winnersPaid.adding(winnersPaid)
    if lottery.schema >= .v2 {
      guard paid <= progress.winnersAssigned else {
        throw LotteryError(.winnersPaidExceeded, "\(paid) of \(progress.winnersAssigned) winners would be paid")
      }
    }
    apply(cap)
    sales?.states[id]?.accounting = books
    payouts?.states[id]?.recordRound(round, paid, context)
    return [
      .payoutBatch(
        PayoutBatchEvent(
          lotteryId: id, payoutRound: round, winnersPaid: winnersPaid, prizePaid: prizePaid,
          operationsPaid: operationsPaid, timestamp: context.now))
    ]
  }

  /// Records a payout to a partner out of the operations share. Without a `nonce` of its own the round is the cap's
  /// nonce, as in schema 1 (GAP 16).
  ///
  /// Throws `notAuthorized`, `drawStatusInvalid`, what the partner's cap throws, `registryMissing`,
  /// `payoutStateMissing`, `payoutRoundNonMonotonic`, `operationsAllocExceeded`.
  package mutating func recordPartnerPayoutAdmin(
    _ id: UInt64, partner: LotteryAddress, amount: UInt64, round: UInt64, nonce: UInt64? = nil, _ context: Context
  ) throws(LotteryError) -> [LotteryEvent] {
    try requireNotStopped()
    try requireAdmin(context)
    let lottery = try lottery(id)
    try lottery.requireStatus(.payout)
    if lottery.schema >= .v2 { try requireFeature(.payout, premium: false) }
    let own = lottery.schema >= .v2 ? nonce : nil
    let cap = try consumedPartnerPayout(partner: partner, amount: amount, now: context.now, nonce: own ?? round)
    let progress = try payoutProgress(id)
    guard round >= progress.round else {
      throw LotteryError(.payoutRoundNonMonotonic, "round \(round), the lottery is in \(progress.round)")
    }
    let books = try paying(id, prize: 0, operations: amount)
    apply(cap)
    sales?.states[id]?.accounting = books
    #if ALMONER_MUTANTS
      if LotteryMutant.partnerCountsRound.isActive { payouts?.states[id]?.payoutRound += 1 }
    #endif
    return [
      .partnerPayout(
        PartnerPayoutEvent(
          lotteryId: id, partner: partner, amount: amount, payoutRound: round, timestamp: context.now))
    ]
  }

  /// Gives up paying winners whose prize cannot be delivered, so that the lottery can be finalized. Schema 2.
  ///
  /// Throws `notAuthorized`, `drawStatusInvalid`, `payoutStateMissing`, `winnersPaidExceeded`.
  package mutating func waiveWinnersAdmin(
    _ id: UInt64, count: UInt64, _ context: Context
  ) throws(LotteryError) {
    try requireAdmin(context)
    try lottery(id).requireStatus(.payout)
    let progress = try payoutProgress(id)
    let settled = try progress.winnersPaid.adding(count)
    guard settled <= progress.winnersAssigned else {
      throw LotteryError(.winnersPaidExceeded, "\(settled) of \(progress.winnersAssigned) winners would be settled")
    }
    payouts?.states[id]?.winnersPaid = settled
  }

  /// Records a batch of refunds of a canceled lottery. `notAuthorized`, `refundStatusInvalid`, what the batch cap throws,
  /// what `refunding` throws, `registryMissing`. Works during an emergency stop.
  package mutating func forceRefundBatchAdmin(
    _ id: UInt64, round: UInt64, ticketsRefunded: UInt64, prizeRefund: UInt64, operationsRefund: UInt64,
    _ context: Context
  ) throws(LotteryError) -> [LotteryEvent] {
    try requireBatchCaller(context, registry?.lotteries[id]?.schema ?? .v1)
    let lottery = try lottery(id)
    guard lottery.status == .canceled else {
      throw LotteryError(.refundStatusInvalid, "lottery \(id) is \(lottery.status)")
    }
    let cap = try consumedPayoutBatch(
      items: ticketsRefunded, operations: operationsRefund, now: context.now, nonce: round,
      scope: lottery.schema == .v1 ? .engine : .refunds(lottery: id))
    let refund = try refunding(
      id, round: round, tickets: ticketsRefunded, prize: prizeRefund, operations: operationsRefund, now: context.now)
    guard payouts != nil else { throw LotteryError(.registryMissing) }
    apply(cap)
    sales?.states[id]?.refund = refund
    return [
      .refundBatch(
        RefundBatchEvent(
          lotteryId: id, refundRound: round, ticketsRefunded: ticketsRefunded, prizeRefunded: prizeRefund,
          operationsRefunded: operationsRefund, totalTicketsRefunded: refund.ticketsProcessed,
          totalAmountRefunded: refund.prizeTotal &+ refund.operationsTotal, timestamp: context.now))
    ]
  }

  /// The admin, or in schema 2 the holder of the batch cap (GAP 5).
  private func requireBatchCaller(_ context: Context, _ schema: Schema) throws(LotteryError) {
    if schema >= .v2, let cap = roles?.payoutBatchCap, cap.holder == context.actor { return }
    try requireAdmin(context)
  }

  /// How far payouts are. Throws `registryMissing`, `payoutStateMissing`.
  private func payoutProgress(
    _ id: UInt64
  ) throws(LotteryError) -> (round: UInt64, lastTs: UInt64, winnersPaid: UInt64, winnersAssigned: UInt64) {
    guard payouts != nil else { throw LotteryError(.registryMissing) }
    guard let state = payouts?.states[id] else { throw LotteryError(.payoutStateMissing) }
    return (state.payoutRound, state.lastPayoutTs, state.winnersPaid, state.totalAssigned)
  }

  /// The books after a payout; nothing is looked at for an amount of 0.
  private func paying(_ id: UInt64, prize: UInt64, operations: UInt64) throws(LotteryError) -> Accounting {
    var books = try accountingSnapshot(id)
    if prize > 0 { books = try books.payingPrize(prize) }
    if operations > 0 { books = try books.payingOperations(operations) }
    return books
  }
}

extension WinnerState {
  fileprivate mutating func recordRound(_ round: UInt64, _ paid: UInt64, _ context: Context) {
    payoutRound = round
    lastPayoutTs = context.now
    winnersPaid = paid
    #if ALMONER_MUTANTS
      if LotteryMutant.roundKept.isActive { payoutRound = round - 1 }
    #endif
  }
}
