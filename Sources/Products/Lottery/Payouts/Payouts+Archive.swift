import Codecs

extension LotteryEngine {
  /// Archives a paid lottery.
  ///
  /// Throws `notAuthorized`, `drawStatusInvalid`, `registryMissing`, `payoutStateMissing`, `finalizationIncomplete`, and
  /// what the archive throws; in schema 2 `winnersUnpaid` and `timeReversed`. Works during an emergency stop.
  package mutating func finalizeLotteryAdmin(_ id: UInt64, _ context: Context) throws(LotteryError) -> [LotteryEvent] {
    try requireAdmin(context)
    let lottery = try lottery(id)
    try lottery.requireStatus(.payout)
    guard payouts != nil else { throw LotteryError(.registryMissing) }
    guard let state = payouts?.states[id] else { throw LotteryError(.payoutStateMissing) }
    guard state.totalRequired > 0, state.totalAssigned == state.totalRequired else {
      throw LotteryError(.finalizationIncomplete, "\(state.totalAssigned) of \(state.totalRequired) winners are known")
    }
    if lottery.schema >= .v2 {
      guard state.winnersPaid == state.totalRequired else {
        throw LotteryError(
          .winnersUnpaid, "\(state.winnersPaid) of \(state.totalRequired) winners are paid", hint: "Pay or waive them.")
      }
      guard context.now >= state.lastPayoutTs else { throw LotteryError(.timeReversed) }
    }
    let totals = try salesTotals(id)
    let draw = try finalizationSnapshot(id)
    var summary = LotterySummary(lottery, status: .finalized, draw)
    summary.take(totals.ticketsSold, totals.proceedsAccum, try accountingSnapshot(id))
    summary.payoutRound = state.payoutRound
    summary.closedAt = totals.lastPurchaseTs > 0 ? totals.lastPurchaseTs : draw.requestTs
    summary.finalizedAt = context.now
    let write = try checkedSummary(summary)
    mark(id, .finalized)
    return apply(write)
  }

  /// Archives a canceled lottery, once every ticket is refunded. Again with the same data it succeeds again.
  ///
  /// Throws `notAuthorized`, `drawStatusInvalid`, `cancellationRecordMissing`, `refundTimestamp`,
  /// `refundProgressIncomplete`, `refundProgressFunds`, and what the archive throws. The summary's `closed_at` is the
  /// time of cancellation: sales ended then (GAP 18, docs/adr/0013).
  package mutating func archiveCanceledLotteryAdmin(
    _ id: UInt64, _ context: Context
  ) throws(LotteryError) -> [LotteryEvent] {
    try requireAdmin(context)
    let lottery = try lottery(id)
    try lottery.requireStatus(.canceled)
    guard let record = registry?.cancellations[id] else { throw LotteryError(.cancellationRecordMissing) }
    guard context.now >= record.canceledTs else { throw LotteryError(.refundTimestamp) }
    try requireRefunded(lottery)
    let refund = refundProgress(id)
    var draw = FinalizationSnapshot()
    if hasDrawState(id) {
      draw = try finalizationSnapshot(id)
    } else {
      draw.snapshotHash = snapshotForDraw(id).hash
    }
    var summary = LotterySummary(lottery, status: .canceled, draw)
    if hasSalesState(id) { summary.take(refund.ticketsSold, refund.proceedsAccum, try accountingSnapshot(id)) }
    summary.payoutRound = refund.refundRound
    summary.closedAt = record.canceledTs
    summary.finalizedAt = context.now
    return apply(try checkedSummary(summary))
  }

  /// Every ticket, in at least one round, and all the money that was not paid out before.
  private func requireRefunded(_ lottery: Lottery) throws(LotteryError) {
    let refund = refundProgress(lottery.id)
    guard refund.ticketsSold > 0 else { return }
    guard refund.ticketsRefunded == refund.ticketsSold, refund.refundRound > 0, refund.lastRefundTs > 0 else {
      throw LotteryError(
        .refundProgressIncomplete, "\(refund.ticketsRefunded) of \(refund.ticketsSold) tickets are refunded")
    }
    let refunded = try refund.prizeRefunded.adding(refund.operationsRefunded)
    var due = refund.proceedsAccum
    if lottery.schema >= .v2 {
      let books = try accountingSnapshot(lottery.id)
      due -= min(due, try books.totalPrizePaid.adding(books.totalOperationsPaid))
    }
    guard refunded >= due else { throw LotteryError(.refundProgressFunds, "\(refunded) of \(due) is refunded") }
  }
}

extension LotterySummary {
  fileprivate init(_ lottery: Lottery, status: LotteryStatus, _ draw: FinalizationSnapshot) {
    self.init(id: lottery.id, runId: lottery.config.runId)
    self.status = status.rawValue
    eventSlug = lottery.config.eventSlug
    seriesCode = lottery.config.seriesCode
    vrfStatus = draw.vrfStatus.rawValue
    primaryType = lottery.config.primaryType
    tagsMask = lottery.config.tagsMask
    snapshotHash = draw.snapshotHash?.bytes ?? []
    slotsChecksum = lottery.slotsChecksum.bytes
    winnersBatchHash = draw.winnersBatchHash?.bytes ?? []
    checksumAfterBatch = draw.checksumAfterBatch?.bytes ?? []
    createdAt = lottery.config.salesWindow.salesStart
  }

  fileprivate mutating func take(_ tickets: UInt64, _ proceeds: UInt64, _ books: Accounting) {
    ticketsSold = tickets
    proceedsAccum = proceeds
    totalAllocated = books.totalAllocated
    totalPrizePaid = books.totalPrizePaid
    totalOperationsPaid = books.totalOperationsPaid
  }
}
