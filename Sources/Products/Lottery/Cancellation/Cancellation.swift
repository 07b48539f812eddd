extension LotteryEngine {
  /// Cancels a lottery and begins its refund.
  ///
  /// Throws `registryMissing` (a sales state without store cannot be), `notAuthorized`, `cancelReasonInvalid`,
  /// `lotteryNotFound`, `statusTransitionNotAllowed`.
  package mutating func cancelLotteryAdmin(
    _ id: UInt64, reason: UInt8, _ context: Context
  ) throws(LotteryError) -> [LotteryEvent] {
    try requireAdmin(context)
    return try cancel(id, reason: reason, context)
  }

  /// As `cancelLotteryAdmin`, for callers that have already been let in: a failed draw, an automation bot.
  mutating func cancel(_ id: UInt64, reason: UInt8, _ context: Context) throws(LotteryError) -> [LotteryEvent] {
    guard reason > 0 else { throw LotteryError(.cancelReasonInvalid, hint: "1 VRF, 2 compliance, 3 operations.") }
    let lottery = try lottery(id)
    if lottery.schema >= .v2, CancelReason(rawValue: reason) == nil {
      throw LotteryError(.cancelReasonInvalid, "\(reason) is no reason", hint: "1 VRF, 2 compliance, 3 operations.")
    }
    try lottery.requireTransition(to: .canceled)
    let (sold, proceeds) = (sales?.states[id]?.ticketsSold ?? 0, sales?.states[id]?.proceedsAccum ?? 0)
    let record = CancellationRecord(
      reasonCode: reason, canceledTs: context.now, previousStatus: lottery.status.rawValue, ticketsSold: sold,
      proceedsAccum: proceeds)
    beginRefund(id)
    registry?.lotteries[id]?.snapshotFrozen = true
    registry?.cancellations[id] = record
    mark(id, .canceled)
    return [
      .lotteryCanceled(
        LotteryCanceledEvent(
          lotteryId: id, previousStatus: record.previousStatus, reasonCode: reason, ticketsSold: sold,
          proceedsAccum: proceeds, timestamp: context.now))
    ]
  }

  /// Begins refund tracking where tickets were sold and none has begun.
  private mutating func beginRefund(_ id: UInt64) {
    guard let active = sales?.states[id]?.refund.active, !active else { return }
    var refund = RefundProgress()
    refund.active = true
    sales?.states[id]?.refund = refund
  }
}
