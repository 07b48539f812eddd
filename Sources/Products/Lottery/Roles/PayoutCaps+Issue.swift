extension PayoutBatchCap {
  /// The free-standing constructor of the original: throws `payoutBatchNonce` for stride 0, which would switch the
  /// check of nonces off.
  package static func checked(
    holder: LotteryAddress, maxBatchSize: UInt64, operationsBudgetTotal: UInt64, cooldownSecs: UInt64,
    nonceStride: UInt64
  ) throws(LotteryError) -> PayoutBatchCap {
    guard nonceStride > 0 else { throw LotteryError(.payoutBatchNonce, "a stride of 0 checks no nonce") }
    return PayoutBatchCap(
      holder: holder, maxBatchSize: maxBatchSize, operationsBudgetTotal: operationsBudgetTotal,
      cooldownSecs: cooldownSecs, nonceStride: nonceStride)
  }
}

extension PartnerPayoutCap {
  /// The free-standing constructor of the original: throws `partnerPayoutNonce` for stride 0.
  package static func checked(
    partner: LotteryAddress, maxTotalPayout: UInt64, payoutCooldownSecs: UInt64, nonceStride: UInt64, expiresAt: UInt64
  ) throws(LotteryError) -> PartnerPayoutCap {
    guard nonceStride > 0 else { throw LotteryError(.partnerPayoutNonce, "a stride of 0 repeats one nonce") }
    return PartnerPayoutCap(
      partner: partner, maxTotalPayout: maxTotalPayout, payoutCooldownSecs: payoutCooldownSecs,
      nonceStride: nonceStride, expiresAt: expiresAt)
  }

  /// Whether nothing can be paid by it any more.
  package func isSpent(at now: UInt64) -> Bool { remainingPayout == 0 || (expiresAt > 0 && now > expiresAt) }
}
