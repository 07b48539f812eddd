@testable import Lottery

/// The fixtures of the catalogue (spec, section 5).
enum Samples {
  static let admin = LotteryAddress(0xAD)

  /// CFG.
  static func config(winners: UInt16 = 1) -> Config {
    Config(
      eventSlug: Array("lottery".utf8), seriesCode: Array("daily".utf8), runId: 0, configVersion: 1, primaryType: 0,
      tagsMask: 0, salesWindow: SalesWindow(salesStart: 10, salesEnd: 100), ticketPrice: 100,
      ticketLimits: TicketLimits(maxTicketsTotal: 100, maxTicketsPerAddress: 10), salesDistribution: shares,
      prizePlan: [PrizeSlot(slotId: 0, winnersPerSlot: winners)], winnersDedup: true, drawAlgo: 0,
      autoClosePolicy: AutoClosePolicy(enabled: true, gracePeriodSecs: 60), rewardBackend: RewardBackend(),
      vrfRetryPolicy: .standard)
  }

  /// CFG-LIMIT.
  static func limit() -> Config {
    var config = config()
    config.seriesCode = Array("limit".utf8)
    config.salesWindow = SalesWindow(salesStart: 10, salesEnd: 10_000)
    config.ticketLimits = TicketLimits(maxTicketsTotal: 10_000, maxTicketsPerAddress: 0)
    return config
  }

  /// CFG-MULTI.
  static func multi() -> Config {
    var config = limit()
    config.seriesCode = Array("multi".utf8)
    config.prizePlan = [PrizeSlot(slotId: 10, winnersPerSlot: 2), PrizeSlot(slotId: 11, winnersPerSlot: 1)]
    return config
  }

  /// 7000, 1500, 1000, 500.
  static var shares: SalesDistribution {
    guard let shares = try? SalesDistribution(prizeBps: 7000, jackpotBps: 1500, operationsBps: 1000, reserveBps: 500)
    else { preconditionFailure("the shares sum to 10,000") }
    return shares
  }

  static func with(type: UInt8 = 0, tags: Tags = []) -> Config {
    var config = config()
    (config.primaryType, config.tagsMask) = (type, tags.rawValue)
    return config
  }
}

/// An engine with every store of the catalogue's PAY fixture, under one schema.
struct LotteryBench {
  var engine: LotteryEngine
  let schema: Schema

  init(_ schema: Schema, roles: Bool = true) throws(LotteryError) {
    self.schema = schema
    engine = LotteryEngine(admin: Samples.admin)
    let context = Context(actor: Samples.admin, now: 0)
    try engine.initRegistry(context)
    try engine.initSales(context)
    try engine.initDraw(context)
    try engine.initPayouts(context)
    engine.history = HistoryStore()
    if roles {
      engine.roles = RoleStore()
      engine.apply(
        PayoutBatchCap(
          holder: Samples.admin, maxBatchSize: 128, operationsBudgetTotal: 1000, cooldownSecs: 0, nonceStride: 1))
    }
  }

  func at(_ now: UInt64, block: UInt64 = 0, chain: UInt8 = 0) -> Context {
    Context(actor: Samples.admin, now: now, block: block, chainID: chain)
  }

  mutating func draft(_ id: UInt64, _ config: Config = Samples.config()) throws(LotteryError) {
    _ = try engine.createDraftAdmin(id, config: config, schema: schema, at(0))
  }

  mutating func open(_ id: UInt64, _ config: Config = Samples.config()) throws(LotteryError) {
    try draft(id, config)
    _ = try engine.advanceStatus(id, to: .active, at(0))
  }

  mutating func close(_ id: UInt64) throws(LotteryError) { _ = try engine.advanceStatus(id, to: .closing, at(0)) }

  @discardableResult
  mutating func buy(
    _ id: UInt64, _ buyer: UInt64, _ quantity: UInt64 = 1, at now: UInt64, block: UInt64 = 0
  ) throws(LotteryError) -> [LotteryEvent] {
    try engine.purchaseTicketsPublic(
      id, quantity: quantity, Context(actor: LotteryAddress(buyer), now: now, block: block))
  }

  /// Who has premium access, for ever.
  mutating func grantPremium(_ holder: LotteryAddress?) {
    var roles = RoleStore()
    if let holder {
      let cap = PremiumAccessCap(holder: holder, expiresAt: 0, autoRenew: false, referrer: nil)
      roles.premiumCaps.put(holder, cap)
    }
    engine.roles = roles
  }
}
