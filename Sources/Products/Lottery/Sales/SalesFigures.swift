/// The numbers of a sales state that a purchase is decided by, without the tickets.
struct SalesFigures {
  let ticketPrice: UInt64
  let ticketsSold: UInt64
  let proceedsAccum: UInt64
  let accounting: Accounting
  let lastPurchaseBlock: UInt64
  let blockPurchaseCount: UInt64
  /// The buyer as they are, or as they begin.
  let buyer: Buyer
  let isKnown: Bool

  /// A state that is not there yet is as the first purchase makes it.
  init(_ state: SalesState?, _ lottery: Lottery, buyer address: LotteryAddress) {
    let place = state?.tickets.buyers.place(of: address)
    isKnown = place != nil
    if let state, let place { buyer = state.tickets.buyers[place] } else { buyer = Buyer(address: address) }
    ticketPrice = state?.ticketPrice ?? lottery.config.ticketPrice
    ticketsSold = state?.ticketsSold ?? 0
    proceedsAccum = state?.proceedsAccum ?? 0
    accounting = state?.accounting ?? Accounting()
    lastPurchaseBlock = state?.lastPurchaseBlock ?? 0
    blockPurchaseCount = state?.blockPurchaseCount ?? 0
  }

  /// The rate limits: last seconds, block, window. Gives the counters after this purchase. Throws
  /// `purchaseGraceRestricted`, `purchaseRateLimitBlock`, `purchaseBlockShare` (schema 2), `purchaseRateLimitWindow`.
  func pace(
    _ lottery: Lottery, premium: Bool, _ context: Context
  ) throws(LotteryError) -> (buyer: Buyer, blockCount: UInt64) {
    let end = lottery.config.salesWindow.salesEnd
    if !premium, end > Limits.graceSeconds, try context.now.adding(Limits.graceSeconds) >= end, buyer.tickets == 0 {
      throw refusal(.purchaseGraceRestricted, .grace, lottery, context)
    }
    let count = lastPurchaseBlock == context.block ? blockPurchaseCount : 0
    guard count + 1 <= Limits.purchasesPerBlock else {
      throw refusal(.purchaseRateLimitBlock, .block, lottery, context)
    }
    var next = buyer
    if lottery.schema >= .v2 {
      next.blockCount = isKnown && buyer.lastBlock == context.block ? buyer.blockCount : 0
      guard UInt64(next.blockCount) + 1 <= Limits.purchasesPerBuyerAndBlock else {
        throw refusal(.purchaseBlockShare, .block, lottery, context)
      }
      next.blockCount += 1
      next.lastBlock = context.block
    }
    let windowEnd = try buyer.windowStart.adding(Limits.rateWindowSeconds)
    if !isKnown || context.now >= windowEnd {
      (next.windowStart, next.windowCount) = (context.now, 0)
    }
    guard UInt64(next.windowCount) + 1 <= Limits.purchasesPerWindow else {
      throw refusal(.purchaseRateLimitWindow, .window, lottery, context)
    }
    next.windowCount += 1
    return (next, count + 1)
  }

  private func refusal(
    _ code: LotteryError.Code, _ reason: RateLimitReason, _ lottery: Lottery, _ context: Context
  ) -> LotteryError {
    LotteryError(
      code, hint: "Try again later.",
      audit: .purchaseRateLimitHit(
        PurchaseRateLimitHitEvent(
          lotteryId: lottery.id, buyer: context.actor, timestamp: context.now, currentBlock: context.block,
          reasonCode: reason.rawValue)))
  }
}
