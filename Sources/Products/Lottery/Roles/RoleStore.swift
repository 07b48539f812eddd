/// Lets a buyer use the premium path.
///
/// `autoRenew` and `referrer` are kept and shown; nothing acts on them (docs/adr/0014).
package struct PremiumAccessCap: Hashable, Sendable {
  package let holder: LotteryAddress
  /// 0: never.
  package let expiresAt: UInt64
  package let autoRenew: Bool
  package let referrer: LotteryAddress?

  package init(holder: LotteryAddress, expiresAt: UInt64, autoRenew: Bool, referrer: LotteryAddress?) {
    self.holder = holder
    self.expiresAt = expiresAt
    self.autoRenew = autoRenew
    self.referrer = referrer
  }

  package func isActive(at now: UInt64) -> Bool { expiresAt == 0 || expiresAt >= now }
}

/// Who holds which capability.
package struct RoleStore: Equatable, Sendable {
  package let schema: Schema
  package internal(set) var payoutBatchCap: PayoutBatchCap?
  package internal(set) var partnerPayoutCaps = OrderedTable<LotteryAddress, PartnerPayoutCap>()
  package internal(set) var premiumCaps = OrderedTable<LotteryAddress, PremiumAccessCap>()
  /// Issued by the admin; schema 2 alone looks here.
  package internal(set) var partnerCreateCaps: [LotteryAddress: PartnerCreateCap] = [:]

  package init(schema: Schema = .v2) { self.schema = schema }
}

// What other modules ask. Each is a check, or a write that cannot fail any more.
extension LotteryEngine {
  /// Whether the actor has an active premium cap. Throws as checks 0a and 0b of a premium purchase.
  package func requirePremium(_ context: Context) throws(LotteryError) {
    guard let roles else { throw LotteryError(.rolesNotInitialized) }
    guard let cap = roles.premiumCaps[context.actor] else { throw LotteryError(.premiumCapMissing) }
    guard cap.isActive(at: context.now) else { throw LotteryError(.premiumCapExpired) }
  }

  /// The batch cap after a batch; `apply` it when every other check has passed.
  package func consumedPayoutBatch(
    items: UInt64, operations: UInt64, now: UInt64, nonce: UInt64, scope: NonceScope
  ) throws(LotteryError) -> PayoutBatchCap {
    guard let roles else { throw LotteryError(.rolesNotInitialized) }
    guard let cap = roles.payoutBatchCap else { throw LotteryError(.payoutBatchCapMissing) }
    return try cap.consuming(items: items, operations: operations, now: now, nonce: nonce, scope: scope)
  }

  package mutating func apply(_ cap: PayoutBatchCap) { roles?.payoutBatchCap = cap }

  /// The partner's cap after a payout; `apply` it when every other check has passed.
  package func consumedPartnerPayout(
    partner: LotteryAddress, amount: UInt64, now: UInt64, nonce: UInt64
  ) throws(LotteryError) -> PartnerPayoutCap {
    guard let roles else { throw LotteryError(.rolesNotInitialized) }
    guard let cap = roles.partnerPayoutCaps[partner] else { throw LotteryError(.partnerPayoutCapMissing) }
    return try cap.consuming(amount: amount, now: now, nonce: nonce)
  }

  package mutating func apply(_ cap: PartnerPayoutCap) { roles?.partnerPayoutCaps.put(cap.partner, cap) }
}
