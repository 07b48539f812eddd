import Lottery
import Testing

/// The catalogue of the specification, 5.9.
@Suite("roles_tests")
struct RolesTests {
  private static let holder = LotteryAddress(0x11)

  private static func batchCap(_ size: UInt64, _ budget: UInt64, cooldown: UInt64 = 0) throws -> PayoutBatchCap {
    try PayoutBatchCap.checked(
      holder: holder, maxBatchSize: size, operationsBudgetTotal: budget, cooldownSecs: cooldown, nonceStride: 1)
  }

  private static func partnerCap(
    _ total: UInt64, cooldown: UInt64 = 0, expiresAt: UInt64 = 0
  ) throws -> PartnerPayoutCap {
    try PartnerPayoutCap.checked(
      partner: holder, maxTotalPayout: total, payoutCooldownSecs: cooldown, nonceStride: 1, expiresAt: expiresAt)
  }

  private static func engine(_ schema: Schema) throws -> LotteryEngine {
    var engine = LotteryEngine(admin: EngineBench.admin)
    try engine.initRoles(schema: schema, EngineBench.at(0))
    return engine
  }

  @Test("payout_batch_cap_enforces_cooldown")
  func payoutBatchCapEnforcesCooldown() throws {
    let cap = try Self.batchCap(32, 1000, cooldown: 60).consuming(items: 10, operations: 20, now: 100, nonce: 1)
    expectRefusal(.payoutBatchCooldown) { () throws(LotteryError) in
      _ = try cap.consuming(items: 5, operations: 10, now: 120, nonce: 2)
    }
  }

  @Test("payout_batch_cap_tracks_operations_budget")
  func payoutBatchCapTracksOperationsBudget() throws {
    let cap = try Self.batchCap(0, 25).consuming(items: 4, operations: 10, now: 100, nonce: 1)
    expectRefusal(.payoutOperationsBudget) { () throws(LotteryError) in
      _ = try cap.consuming(items: 3, operations: 16, now: 180, nonce: 2)
    }
  }

  @Test("partner_cap_respects_cooldown")
  func partnerCapRespectsCooldown() throws {
    let cap = try Self.partnerCap(100, cooldown: 90).consuming(amount: 40, now: 500, nonce: 1)
    expectRefusal(.partnerPayoutCooldown) { () throws(LotteryError) in
      _ = try cap.consuming(amount: 10, now: 560, nonce: 2)
    }
  }

  @Test("partner_cap_limits_budget")
  func partnerCapLimitsBudget() throws {
    let cap = try Self.partnerCap(50).consuming(amount: 30, now: 100, nonce: 1)
    expectRefusal(.partnerPayoutBudgetExceeded) { () throws(LotteryError) in
      _ = try cap.consuming(amount: 25, now: 200, nonce: 2)
    }
  }

  @Test("partner_cap_requires_stride")
  func partnerCapRequiresStride() {
    expectRefusal(.partnerPayoutNonce) { () throws(LotteryError) in
      _ = try PartnerPayoutCap.checked(
        partner: Self.holder, maxTotalPayout: 1, payoutCooldownSecs: 0, nonceStride: 0, expiresAt: 0)
    }
  }

  @Test("payout_batch_cap_requires_stride")
  func payoutBatchCapRequiresStride() {
    expectRefusal(.payoutBatchNonce) { () throws(LotteryError) in
      _ = try PayoutBatchCap.checked(
        holder: Self.holder, maxBatchSize: 1, operationsBudgetTotal: 1, cooldownSecs: 0, nonceStride: 0)
    }
  }

  @Test("tag_budget_limits_active_bits")
  func tagBudgetLimitsActiveBits() {
    expectRefusal(.tagBudgetExceeded) { () throws(LotteryError) in try Tags.requireBudget(1 << 17 - 1) }
  }

  @Test("partner_cap_rejects_unknown_tags")
  func partnerCapRejectsUnknownTags() {
    expectRefusal(.tagUnknownBit) { () throws(LotteryError) in
      _ = try PartnerCreateCap(
        allowedEventSlug: [], allowedSeriesCodes: [], allowedPrimaryTypes: [1], allowedTagsMask: 1 << 20,
        maxParallel: 1, expiresAt: 1, payoutCooldownSecs: 0)
    }
  }

  @Test("partner_cap_blocks_after_expiry")
  func partnerCapBlocksAfterExpiry() throws {
    let cap = try Self.partnerCap(10, expiresAt: 50)
    expectRefusal(.partnerPayoutExpired) { () throws(LotteryError) in
      _ = try cap.consuming(amount: 1, now: 60, nonce: 1)
    }
  }

  @Test("admin_can_list_and_track_partner_caps", arguments: Schema.allCases)
  func adminCanListAndTrackPartnerCaps(schema: Schema) throws {
    var engine = try Self.engine(schema)
    let partner = LotteryAddress(0x77)
    let granted = try engine.upsertPartnerPayoutCapAdmin(
      partner: partner, maxTotalPayout: 100, payoutCooldownSecs: 0, nonceStride: 1, expiresAt: 0, EngineBench.at(1))
    #expect(
      granted == [
        .partnerPayoutCapGranted(
          PartnerPayoutCapGrantedEvent(
            partner: partner, maxTotalPayout: 100, payoutCooldownSecs: 0, nonceStride: 1, expiresAt: 0))
      ])
    #expect(try engine.listPartnerCaps().map(\.maxTotalPayout) == [100])
    let revoked = try engine.revokePartnerPayoutCapAdmin(partner: partner, EngineBench.at(2))
    #expect(revoked == [.partnerPayoutCapRevoked(PartnerPayoutCapRevokedEvent(partner: partner))])
    #expect(try engine.listPartnerCaps().isEmpty)
  }

  @Test("cleanup_expired_removes_caps", arguments: Schema.allCases)
  func cleanupExpiredRemovesCaps(schema: Schema) throws {
    var engine = try Self.engine(schema)
    let (partner, buyer) = (LotteryAddress(0x77), LotteryAddress(0x99))
    _ = try engine.upsertPartnerPayoutCapAdmin(
      partner: partner, maxTotalPayout: 5, payoutCooldownSecs: 0, nonceStride: 1, expiresAt: 30, EngineBench.at(1))
    _ = try engine.grantPremiumAccessAdmin(
      holder: buyer, expiresAt: 25, autoRenew: false, referrer: nil, EngineBench.at(1))
    let events = try engine.cleanupExpiredAdmin(EngineBench.at(60))
    #expect(
      events == [
        .partnerPayoutCapRevoked(PartnerPayoutCapRevokedEvent(partner: partner)),
        .premiumAccessRevoked(PremiumAccessRevokedEvent(holder: buyer)),
      ])
    #expect(try engine.listPartnerCaps().isEmpty)
    #expect(try engine.listPremiumCaps().isEmpty)
  }

  @Test("premium_grant_and_revoke_updates_events", arguments: Schema.allCases)
  func premiumGrantAndRevokeUpdatesEvents(schema: Schema) throws {
    var engine = try Self.engine(schema)
    let (buyer, friend) = (LotteryAddress(0x88), LotteryAddress(0x55))
    let granted = try engine.grantPremiumAccessAdmin(
      holder: buyer, expiresAt: 100, autoRenew: true, referrer: friend, EngineBench.at(1))
    #expect(granted.count == 1)
    #expect(try engine.listPremiumCaps().map(\.referrer) == [friend])
    let revoked = try engine.revokePremiumAccessAdmin(holder: buyer, EngineBench.at(2))
    #expect(revoked.count == 1)
    #expect(try engine.listPremiumCaps().isEmpty)
  }
}
