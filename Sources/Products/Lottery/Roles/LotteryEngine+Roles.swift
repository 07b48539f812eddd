// The operations of the module `roles`. Source: spec 2.10.
extension LotteryEngine {
  /// Throws `notAuthorized`, `alreadyInitialized`.
  package mutating func initRoles(schema: Schema = .v2, _ context: Context) throws(LotteryError) {
    try requireAdmin(context)
    guard roles == nil else { throw LotteryError(.alreadyInitialized) }
    roles = RoleStore(schema: schema)
  }

  // MARK: The batch cap

  /// `set_payout_batch_cap_admin`: replaces the cap; the old holder's is revoked first.
  ///
  /// Schema 2 refuses a stride other than 1 (`payoutBatchNonce`): the nonce is the round, and rounds count by one.
  package mutating func setPayoutBatchCapAdmin(
    holder: LotteryAddress, maxBatchSize: UInt64, operationsBudgetTotal: UInt64,
    cooldownSecs: UInt64, nonceStride: UInt64, _ context: Context
  ) throws(LotteryError) -> [LotteryEvent] {
    let roles = try rolesForAdmin(context)
    guard roles.schema == .v1 || nonceStride == 1 else {
      throw LotteryError(
        .payoutBatchNonce, "the stride is \(nonceStride)", hint: "Rounds count by one, so the stride is 1.")
    }
    var events: [LotteryEvent] = []
    if let old = roles.payoutBatchCap {
      events.append(.payoutBatchCapRevoked(PayoutBatchCapRevokedEvent(holder: old.holder)))
    }
    self.roles?.payoutBatchCap = PayoutBatchCap(
      holder: holder, maxBatchSize: maxBatchSize, operationsBudgetTotal: operationsBudgetTotal,
      cooldownSecs: cooldownSecs, nonceStride: nonceStride)
    events.append(
      .payoutBatchCapGranted(
        PayoutBatchCapGrantedEvent(
          holder: holder, maxBatchSize: maxBatchSize, operationsBudgetTotal: operationsBudgetTotal,
          cooldownSecs: cooldownSecs, nonceStride: nonceStride)))
    return events
  }

  /// Throws `payoutBatchCapMissing`.
  package mutating func revokePayoutBatchCapAdmin(_ context: Context) throws(LotteryError) -> [LotteryEvent] {
    guard let cap = try rolesForAdmin(context).payoutBatchCap else { throw LotteryError(.payoutBatchCapMissing) }
    roles?.payoutBatchCap = nil
    return [.payoutBatchCapRevoked(PayoutBatchCapRevokedEvent(holder: cap.holder))]
  }

  // MARK: Partners

  /// `upsert_partner_payout_cap_admin`: a partner's old cap is revoked first, and the new one takes its place in the
  /// list. Schema 2 refuses stride 0 (`partnerPayoutNonce`).
  package mutating func upsertPartnerPayoutCapAdmin(
    partner: LotteryAddress, maxTotalPayout: UInt64, payoutCooldownSecs: UInt64,
    nonceStride: UInt64, expiresAt: UInt64, _ context: Context
  ) throws(LotteryError) -> [LotteryEvent] {
    let roles = try rolesForAdmin(context)
    guard roles.schema == .v1 || nonceStride > 0 else {
      throw LotteryError(.partnerPayoutNonce, "a stride of 0 repeats one nonce")
    }
    var events: [LotteryEvent] = []
    if roles.partnerPayoutCaps[partner] != nil {
      events.append(.partnerPayoutCapRevoked(PartnerPayoutCapRevokedEvent(partner: partner)))
    }
    self.roles?.partnerPayoutCaps.put(
      partner,
      PartnerPayoutCap(
        partner: partner, maxTotalPayout: maxTotalPayout, payoutCooldownSecs: payoutCooldownSecs,
        nonceStride: nonceStride, expiresAt: expiresAt))
    events.append(
      .partnerPayoutCapGranted(
        PartnerPayoutCapGrantedEvent(
          partner: partner, maxTotalPayout: maxTotalPayout, payoutCooldownSecs: payoutCooldownSecs,
          nonceStride: nonceStride, expiresAt: expiresAt)))
    return events
  }

  /// Throws `partnerPayoutCapMissing`.
  package mutating func revokePartnerPayoutCapAdmin(
    partner: LotteryAddress, _ context: Context
  ) throws(LotteryError) -> [LotteryEvent] {
    guard try rolesForAdmin(context).partnerPayoutCaps[partner] != nil else {
      throw LotteryError(.partnerPayoutCapMissing)
    }
    roles?.partnerPayoutCaps.take(partner)
    return [.partnerPayoutCapRevoked(PartnerPayoutCapRevokedEvent(partner: partner))]
  }

  // MARK: Creators

  /// Stores what a partner may create. Schema 2 takes no cap out of a caller's hand (GAP 4). No event: the original
  /// has none for it, and the cap was checked when it was made.
  package mutating func grantPartnerCreateCapAdmin(
    partner: LotteryAddress, cap: PartnerCreateCap, _ context: Context
  ) throws(LotteryError) {
    _ = try rolesForAdmin(context)
    roles?.partnerCreateCaps[partner] = cap
  }

  /// Throws `partnerCapRefused` when there is none.
  package mutating func revokePartnerCreateCapAdmin(
    partner: LotteryAddress, _ context: Context
  ) throws(LotteryError) {
    guard try rolesForAdmin(context).partnerCreateCaps[partner] != nil else {
      throw LotteryError(.partnerCapRefused, "\(partner) has no cap to create lotteries")
    }
    roles?.partnerCreateCaps[partner] = nil
  }

  // MARK: Premium buyers

  /// `grant_premium_access_admin`: a holder's old cap is revoked first, and the new one takes its place in the list.
  package mutating func grantPremiumAccessAdmin(
    holder: LotteryAddress, expiresAt: UInt64, autoRenew: Bool, referrer: LotteryAddress?, _ context: Context
  ) throws(LotteryError) -> [LotteryEvent] {
    var events: [LotteryEvent] = []
    if try rolesForAdmin(context).premiumCaps[holder] != nil {
      events.append(.premiumAccessRevoked(PremiumAccessRevokedEvent(holder: holder)))
    }
    roles?.premiumCaps.put(
      holder, PremiumAccessCap(holder: holder, expiresAt: expiresAt, autoRenew: autoRenew, referrer: referrer))
    events.append(
      .premiumAccessGranted(PremiumAccessGrantedEvent(holder: holder, expiresAt: expiresAt, autoRenew: autoRenew)))
    return events
  }

  /// Throws `premiumCapMissing`.
  package mutating func revokePremiumAccessAdmin(
    holder: LotteryAddress, _ context: Context
  ) throws(LotteryError) -> [LotteryEvent] {
    guard try rolesForAdmin(context).premiumCaps[holder] != nil else { throw LotteryError(.premiumCapMissing) }
    roles?.premiumCaps.take(holder)
    return [.premiumAccessRevoked(PremiumAccessRevokedEvent(holder: holder))]
  }

  /// `cleanup_expired_admin`: partner caps that are spent or over, then premium caps that are over.
  package mutating func cleanupExpiredAdmin(_ context: Context) throws(LotteryError) -> [LotteryEvent] {
    _ = try rolesForAdmin(context)
    let spent = roles?.partnerPayoutCaps.sweep { $0.isSpent(at: context.now) } ?? []
    let over = roles?.premiumCaps.sweep { !$0.isActive(at: context.now) } ?? []
    return spent.map { .partnerPayoutCapRevoked(PartnerPayoutCapRevokedEvent(partner: $0)) }
      + over.map { .premiumAccessRevoked(PremiumAccessRevokedEvent(holder: $0)) }
  }

  // MARK: Views

  /// In index order. Throws `rolesNotInitialized`.
  package func listPartnerCaps() throws(LotteryError) -> [PartnerPayoutCap] { try roleStore().partnerPayoutCaps.values }

  /// In index order. Throws `rolesNotInitialized`.
  package func listPremiumCaps() throws(LotteryError) -> [PremiumAccessCap] { try roleStore().premiumCaps.values }

  private func roleStore() throws(LotteryError) -> RoleStore {
    guard let roles else { throw LotteryError(.rolesNotInitialized) }
    return roles
  }

  private func rolesForAdmin(_ context: Context) throws(LotteryError) -> RoleStore {
    try requireAdmin(context)
    return try roleStore()
  }
}
