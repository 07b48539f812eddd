/// What the nonce of a batch cap counts. Schema 1 counts all batches of the engine together, so only one lottery could
/// ever be paid (GAP 5); schema 2 counts per lottery and kind.
package enum NonceScope: Hashable, Sendable {
  case engine
  case payouts(lottery: UInt64)
  case refunds(lottery: UInt64)
}

/// Limits payout and refund batches; one for the whole engine.
package struct PayoutBatchCap: Hashable, Sendable {
  package let holder: LotteryAddress
  /// 0: unlimited.
  package let maxBatchSize: UInt64
  package let operationsBudgetTotal: UInt64
  package internal(set) var operationsBudgetUsed: UInt64 = 0
  package let cooldownSecs: UInt64
  package internal(set) var lastBatchAt: UInt64 = 0
  /// The last nonce of each scope; 0 where there is none.
  package internal(set) var lastNonces: [NonceScope: UInt64] = [:]
  package let nonceStride: UInt64

  package init(
    holder: LotteryAddress, maxBatchSize: UInt64, operationsBudgetTotal: UInt64, cooldownSecs: UInt64,
    nonceStride: UInt64
  ) {
    self.holder = holder
    self.maxBatchSize = maxBatchSize
    self.operationsBudgetTotal = operationsBudgetTotal
    self.cooldownSecs = cooldownSecs
    self.nonceStride = nonceStride
  }

  /// The `last_nonce` of schema 1.
  package var lastNonce: UInt64 { lastNonces[.engine] ?? 0 }

  /// The cap after one more batch. Throws the `payoutBatch…` and `payoutOperationsBudget` refusals, in that order.
  package func consuming(
    items: UInt64, operations: UInt64, now: UInt64, nonce: UInt64, scope: NonceScope = .engine
  ) throws(LotteryError) -> PayoutBatchCap {
    guard maxBatchSize == 0 || items <= maxBatchSize else {
      throw LotteryError(.payoutBatchTooLarge, "\(items) items, but the cap allows \(maxBatchSize)")
    }
    if cooldownSecs > 0, lastBatchAt > 0 {
      let next = try lastBatchAt.adding(cooldownSecs)
      guard now >= next else { throw LotteryError(.payoutBatchCooldown, "the next batch may run from \(next)") }
    }
    if nonceStride > 0 {
      let expected = try (lastNonces[scope] ?? 0).adding(nonceStride)
      guard nonce == expected else { throw LotteryError(.payoutBatchNonce, "nonce \(nonce), expected \(expected)") }
    }
    let used = try operationsBudgetUsed.adding(operations)
    guard used <= operationsBudgetTotal else {
      throw LotteryError(.payoutOperationsBudget, "\(used) of \(operationsBudgetTotal) would be used")
    }
    var next = self
    next.lastNonces[scope] = nonce
    #if ALMONER_MUTANTS
      if LotteryMutant.nonceRepeated.isActive { next.lastNonces = lastNonces }
    #endif
    next.operationsBudgetUsed = used
    next.lastBatchAt = now
    return next
  }
}

/// Limits what one partner is paid.
package struct PartnerPayoutCap: Hashable, Sendable {
  package let partner: LotteryAddress
  package let maxTotalPayout: UInt64
  package internal(set) var remainingPayout: UInt64
  package let payoutCooldownSecs: UInt64
  package internal(set) var lastPayoutAt: UInt64 = 0
  package internal(set) var nextNonce: UInt64
  package let nonceStride: UInt64
  /// 0: never.
  package let expiresAt: UInt64

  package init(
    partner: LotteryAddress, maxTotalPayout: UInt64, payoutCooldownSecs: UInt64, nonceStride: UInt64,
    expiresAt: UInt64
  ) {
    self.partner = partner
    self.maxTotalPayout = maxTotalPayout
    remainingPayout = maxTotalPayout
    self.payoutCooldownSecs = payoutCooldownSecs
    nextNonce = nonceStride
    self.nonceStride = nonceStride
    self.expiresAt = expiresAt
  }

  /// The cap after one more payout. Throws the `partnerPayout…` refusals: budget, expiry, cooldown, nonce.
  package func consuming(amount: UInt64, now: UInt64, nonce: UInt64) throws(LotteryError) -> PartnerPayoutCap {
    guard amount <= remainingPayout else {
      throw LotteryError(.partnerPayoutBudgetExceeded, "\(amount), but \(remainingPayout) is left")
    }
    guard expiresAt == 0 || now <= expiresAt else {
      throw LotteryError(.partnerPayoutExpired, "the cap ended at \(expiresAt)")
    }
    if payoutCooldownSecs > 0, lastPayoutAt > 0 {
      let next = try lastPayoutAt.adding(payoutCooldownSecs)
      guard now >= next else { throw LotteryError(.partnerPayoutCooldown, "the next payout may run from \(next)") }
    }
    guard nonce == nextNonce else {
      throw LotteryError(.partnerPayoutNonce, "nonce \(nonce), expected \(nextNonce)")
    }
    var next = self
    next.remainingPayout = remainingPayout - amount
    #if ALMONER_MUTANTS
      if LotteryMutant.partnerBudgetKept.isActive { next.remainingPayout = remainingPayout }
    #endif
    next.lastPayoutAt = now
    next.nextNonce = try nextNonce.adding(nonceStride)
    return next
  }
}
