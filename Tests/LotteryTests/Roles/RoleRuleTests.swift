import Lottery
import Testing

/// What the catalogue does not ask of roles and switches, and what schema 2 adds.
@Suite("Role rules")
struct RoleRuleTests {
  private static func engine(_ schema: Schema) throws -> LotteryEngine {
    var engine = LotteryEngine(admin: EngineBench.admin)
    try engine.initRoles(schema: schema, EngineBench.at(0))
    return engine
  }

  private static func grant(_ engine: inout LotteryEngine, _ partner: UInt64, total: UInt64 = 9) throws {
    _ = try engine.upsertPartnerPayoutCapAdmin(
      partner: LotteryAddress(partner), maxTotalPayout: total, payoutCooldownSecs: 0, nonceStride: 1, expiresAt: 0,
      EngineBench.at(1))
  }

  @Test func `a stride that switches the check of nonces off is granted in schema 1 only`() throws {
    for (schema, stride, isGranted) in [(.v1, 0, true), (.v2, 0, false), (.v2, 2, false), (.v2, 1, true)]
      as [(Schema, UInt64, Bool)]
    {
      var engine = try Self.engine(schema)
      func set() throws(LotteryError) {
        _ = try engine.setPayoutBatchCapAdmin(
          holder: LotteryAddress(1), maxBatchSize: 0, operationsBudgetTotal: 0, cooldownSecs: 0, nonceStride: stride,
          EngineBench.at(1))
      }
      if isGranted { try set() } else { expectRefusal(.payoutBatchNonce, set) }
    }
    var engine = try Self.engine(.v2)
    expectRefusal(.partnerPayoutNonce) { () throws(LotteryError) in
      _ = try engine.upsertPartnerPayoutCapAdmin(
        partner: LotteryAddress(1), maxTotalPayout: 1, payoutCooldownSecs: 0, nonceStride: 0, expiresAt: 0,
        EngineBench.at(1))
    }
  }

  @Test func `a replaced batch cap revokes the old holder's first and counts anew`() throws {
    var engine = try Self.engine(.v2)
    expectRefusal(.payoutBatchCapMissing) { () throws(LotteryError) in
      _ = try engine.revokePayoutBatchCapAdmin(EngineBench.at(1))
    }
    for (holder, count) in [(1, 1), (2, 2)] as [(UInt64, Int)] {
      let events = try engine.setPayoutBatchCapAdmin(
        holder: LotteryAddress(holder), maxBatchSize: 5, operationsBudgetTotal: 5, cooldownSecs: 0, nonceStride: 1,
        EngineBench.at(1))
      #expect(events.count == count)
      let used = try engine.consumedPayoutBatch(items: 5, operations: 5, now: 2, nonce: 1, scope: .engine)
      engine.apply(used)
      #expect(engine.roles?.payoutBatchCap?.operationsBudgetUsed == 5)
    }
  }

  @Test func `a replaced partner cap keeps its place, and a removed one gives it to the last`() throws {
    var engine = try Self.engine(.v1)
    for partner in [1, 2, 3, 4] as [UInt64] { try Self.grant(&engine, partner) }
    try Self.grant(&engine, 2, total: 8)
    #expect(try engine.listPartnerCaps().map(\.maxTotalPayout) == [9, 8, 9, 9])
    _ = try engine.revokePartnerPayoutCapAdmin(partner: LotteryAddress(1), EngineBench.at(1))
    #expect(try engine.listPartnerCaps().map(\.partner) == [4, 2, 3].map { LotteryAddress($0) })
  }

  @Test func `the sweep looks again at the cap that moved into a freed place`() throws {
    var engine = try Self.engine(.v1)
    for partner in [1, 2, 3, 4] as [UInt64] { try Self.grant(&engine, partner, total: partner == 2 ? 9 : 0) }
    let events = try engine.cleanupExpiredAdmin(EngineBench.at(1))
    let order = [1, 4, 3].map { PartnerPayoutCapRevokedEvent(partner: LotteryAddress($0)) }
    #expect(events == order.map { .partnerPayoutCapRevoked($0) })
    #expect(try engine.listPartnerCaps().map(\.partner) == [LotteryAddress(2)])
  }

  @Test func `premium access ends after its last second`() throws {
    var engine = try Self.engine(.v2)
    let buyer = LotteryAddress(8)
    expectRefusal(.premiumCapMissing) { () throws(LotteryError) in
      try engine.requirePremium(EngineBench.at(1, by: buyer))
    }
    _ = try engine.grantPremiumAccessAdmin(
      holder: buyer, expiresAt: 100, autoRenew: false, referrer: nil, EngineBench.at(1))
    try engine.requirePremium(EngineBench.at(100, by: buyer))
    expectRefusal(.premiumCapExpired) { () throws(LotteryError) in
      try engine.requirePremium(EngineBench.at(101, by: buyer))
    }
    expectRefusal(.rolesNotInitialized) { () throws(LotteryError) in
      try LotteryEngine(admin: EngineBench.admin).requirePremium(EngineBench.at(1, by: buyer))
    }
  }

  @Test func `only the admin grants, and the admin check comes before the store`() throws {
    var engine = LotteryEngine(admin: EngineBench.admin)
    let stranger = EngineBench.at(1, by: LotteryAddress(0x99))
    expectRefusal(.notAuthorized) { () throws(LotteryError) in try engine.initRoles(stranger) }
    expectRefusal(.notAuthorized) { () throws(LotteryError) in _ = try engine.cleanupExpiredAdmin(stranger) }
    expectRefusal(.rolesNotInitialized) { () throws(LotteryError) in
      _ = try engine.cleanupExpiredAdmin(EngineBench.at(1))
    }
  }

  @Test func `the feature switch knows off, on, premium only, unknown, and the override`() throws {
    var engine = LotteryEngine(admin: EngineBench.admin)
    try engine.requireFeature(.draw, premium: false)
    expectRefusal(.registryMissing) { () throws(LotteryError) in
      try engine.setFeatureMode(feature: 3, mode: 1, EngineBench.at(0))
    }
    try engine.initFeatureSwitch(forceEnableDevnet: false, EngineBench.at(0))
    expectRefusal(.featureUnknown) { () throws(LotteryError) in try engine.requireFeature(.draw, premium: true) }
    for (mode, plain, premium) in [(0, false, false), (1, true, true), (2, false, true)] as [(UInt8, Bool, Bool)] {
      try engine.setFeatureMode(feature: 3, mode: mode, EngineBench.at(0))
      #expect(try engine.featureSwitch?.isEnabled(3, premium: false) == plain)
      #expect(try engine.featureSwitch?.isEnabled(3, premium: true) == premium)
    }
    expectRefusal(.featureDisabled) { () throws(LotteryError) in try engine.requireFeature(.draw, premium: false) }
    expectRefusal(.featureModeInvalid) { () throws(LotteryError) in
      try engine.setFeatureMode(feature: 3, mode: 3, EngineBench.at(0))
    }
    #expect(try FeatureSwitchRegistry(forceEnableDevnet: true).isEnabled(77, premium: false))
  }
}
