import Codecs
@testable import Lottery
import Testing

/// The catalogue's config_tests (spec 5.2) and the rules around them, under both schemas.
@Suite("config_tests")
struct ConfigCatalogueTests {
  @Test(arguments: Schema.allCases)
  func `create_basic_config`(schema: Schema) throws {
    var bench = try LotteryBench(schema)
    let events = try bench.engine.createDraftAdmin(1, config: Samples.config(), schema: schema, bench.at(0))
    let lottery = try bench.engine.lottery(1)
    #expect(lottery.config.primaryType == 0 && lottery.config.tagsMask == 0 && lottery.config.runId == 0)
    guard case .lotteryCreated(let event)? = events.first else {
      Issue.record("no event")
      return
    }
    #expect(event.cfgHash == Samples.config().hash.bytes && event.creator == Samples.admin && events.count == 1)
  }

  @Test(arguments: Schema.allCases)
  func `create_invalid_primary`(schema: Schema) throws {
    var bench = try LotteryBench(schema)
    try bench.refuses(.tagPrimaryType) { bench throws(LotteryError) in try bench.draft(1, Samples.with(type: 42)) }
  }

  @Test func `partner_forbidden_tag`() throws {
    let partner = Context(actor: LotteryAddress(0x42), now: 10)
    let cap = try PartnerCreateCap(
      allowedEventSlug: Array("lottery".utf8), allowedSeriesCodes: [Array("daily".utf8)], allowedPrimaryTypes: [1],
      allowedTagsMask: Tags.nft.rawValue, maxParallel: 1, expiresAt: 10, payoutCooldownSecs: 60)
    let config = Samples.with(type: 1, tags: .promo)
    var first = try LotteryBench(.v1)
    try first.refuses(.tagMaskNotAllowed) { bench throws(LotteryError) in
      _ = try bench.engine.createDraftPartner(cap: cap.bcs, 1, config: config.bcs, schema: .v1, partner)
    }
    // Schema 2: the cap is the one that the admin issued to the caller.
    var second = try LotteryBench(.v2)
    try second.refuses(.partnerCapRefused) { bench throws(LotteryError) in
      _ = try bench.engine.createDraftPartner(cap: cap.bcs, 1, config: config.bcs, schema: .v2, partner)
    }
    second.engine.roles?.partnerCreateCaps[partner.actor] = cap
    try second.refuses(.tagMaskNotAllowed) { bench throws(LotteryError) in
      _ = try bench.engine.createDraftPartner(1, config: config, partner)
    }
    _ = try second.engine.createDraftPartner(1, config: Samples.with(type: 1), partner)
    try second.refuses(.partnerCapRefused) { bench throws(LotteryError) in
      _ = try bench.engine.createDraftPartner(2, config: Samples.with(type: 1), partner)
    }
  }

  @Test(arguments: Schema.allCases)
  func `list_active_only_returns_active: one of two is active`(schema: Schema) throws {
    var bench = try LotteryBench(schema)
    try bench.open(10)
    try bench.draft(11)
    let active = bench.engine.registry?.orderedIds.filter { bench.engine.registry?.lotteries[$0]?.status == .active }
    #expect(active == [10])
  }

  @Test(arguments: Schema.allCases)
  func `basic_status_progression`(schema: Schema) throws {
    var bench = try LotteryBench(schema)
    try bench.open(7)
    try bench.close(7)
    let lottery = try bench.engine.lottery(7)
    #expect(lottery.status.rawValue == 2 && lottery.snapshotFrozen)
  }

  @Test(arguments: Schema.allCases)
  func `cannot_update_tags_after_snapshot`(schema: Schema) throws {
    var bench = try LotteryBench(schema)
    try bench.open(20, Samples.with(tags: .daily))
    _ = try bench.engine.setTagsMask(20, Tags([.daily, .promo]).rawValue, bench.at(1))
    try bench.close(20)
    try bench.refuses(.tagsLocked) { bench throws(LotteryError) in
      _ = try bench.engine.setTagsMask(20, Tags.weekly.rawValue, bench.at(2))
    }
  }

  @Test(arguments: Schema.allCases)
  func `cancel_requires_reason`(schema: Schema) throws {
    var bench = try LotteryBench(schema)
    try bench.draft(30)
    try bench.refuses(.cancelReasonInvalid) { bench throws(LotteryError) in
      _ = try bench.engine.cancelLotteryAdmin(30, reason: 0, bench.at(0))
    }
  }

  @Test(arguments: Schema.allCases)
  func `cancel_records_reason`(schema: Schema) throws {
    var bench = try LotteryBench(schema)
    try bench.open(31)
    _ = try bench.engine.cancelLotteryAdmin(31, reason: 1, bench.at(1234))
    let lottery = try bench.engine.lottery(31)
    #expect(lottery.status.rawValue == 7 && lottery.snapshotFrozen)
    #expect(
      try bench.engine.cancellation(of: 31)
        == CancellationRecord(
          reasonCode: 1, canceledTs: 1234, previousStatus: 1, ticketsSold: 0, proceedsAccum: 0))
  }

  // MARK: Beyond the catalogue

  @Test(arguments: LotteryStatus.allCases, LotteryStatus.allCases)
  func `only the transitions of the specification are allowed`(from: LotteryStatus, to: LotteryStatus) {
    let allowed: [LotteryStatus: [LotteryStatus]] = [
      .draft: [.active, .canceled], .active: [.closing, .canceled],
      .closing: [.drawRequested, .finalized, .canceled], .drawRequested: [.drawn, .canceled],
      .drawn: [.payout, .canceled], .payout: [.finalized, .canceled],
    ]
    #expect(Lottery.mayFollow(to, after: from) == (allowed[from]?.contains(to) ?? false))
  }

  @Test func `schema 2 moves a lottery by hand only to sale and to its close`() throws {
    var bench = try LotteryBench(.v2)
    try bench.draft(1)
    for next in LotteryStatus.allCases where next != .active {
      try bench.refuses(.statusTransitionNotAllowed) { bench throws(LotteryError) in
        _ = try bench.engine.advanceStatus(1, to: next, bench.at(0))
      }
    }
  }

  @Test(
    arguments: [
      (0, Tags.experimental, true), (1, .experimental, false), (1, .nft, false), (1, .promo, true), (2, .daily, false),
      (2, .weekly, true), (2, .promo, false), (3, .experimental, true), (2, .nft, false), (0, .nft, true),
    ] as [(UInt8, Tags, Bool)])
  func `schema 2 holds to the matrix of types and tags`(type: UInt8, tags: Tags, allowed: Bool) throws {
    let config = Samples.with(type: type, tags: tags)
    try config.validate(.v1)
    #expect(allowed == ((try? config.validate(.v2)) != nil))
  }

  @Test func `schema 2 asks that algorithm and distinct winners agree, and for a backend that exists`() throws {
    var config = Samples.config()
    config.winnersDedup = false
    #expect(throws: LotteryError.self) { try config.validate(.v2) }
    config.drawAlgo = 1
    try config.validate(.v2)
    config.drawAlgo = 2
    #expect(throws: LotteryError.self) { try config.validate(.v2) }
    (config.drawAlgo, config.rewardBackend.backendType) = (1, 2)
    try config.validate(.v1)
    #expect(throws: LotteryError.self) { try config.validate(.v2) }
  }

  @Test func `schema 2 takes the admin's drafts from the admin alone, in schema 1 anybody's`() throws {
    var bench = try LotteryBench(.v2)
    let stranger = Context(actor: LotteryAddress(9), now: 0)
    try bench.refuses(.notAuthorized) { bench throws(LotteryError) in
      _ = try bench.engine.createDraftAdmin(1, config: Samples.config(), stranger)
    }
    _ = try bench.engine.createDraftAdmin(1, config: Samples.config(), schema: .v1, stranger)
    try bench.refuses(.lotteryExists) { bench throws(LotteryError) in try bench.draft(1) }
  }

  @Test func `schema 2 reads the shortest lengths alone`() throws {
    var bytes = Samples.config().bcs
    bytes.replaceSubrange(0...0, with: [0x87, 0x00])
    #expect(try Config(bcs: bytes, schema: .v1) == Samples.config())
    #expect(throws: LotteryError.self) { try Config(bcs: bytes, schema: .v2) }
  }

  @Test func `sales close by themselves after their end and the grace`() throws {
    var bench = try LotteryBench(.v2)
    try bench.open(1)
    let stranger = LotteryAddress(9)
    try bench.refuses(.statusTransitionNotAllowed) { bench throws(LotteryError) in
      _ = try bench.engine.autoClose(1, Context(actor: stranger, now: 159))
    }
    _ = try bench.engine.autoClose(1, Context(actor: stranger, now: 160))
    #expect(try bench.engine.lottery(1).status == .closing)
  }
}

extension LotteryBench {
  /// Expects this refusal, and an engine that is what it was.
  mutating func refuses(
    _ code: LotteryError.Code, sourceLocation: SourceLocation = #_sourceLocation,
    _ body: (inout LotteryBench) throws(LotteryError) -> Void
  ) throws {
    let before = engine
    do throws(LotteryError) {
      try body(&self)
      Issue.record("not refused, expected \(code)", sourceLocation: sourceLocation)
    } catch {
      #expect(error.code == code, sourceLocation: sourceLocation)
    }
    #expect(engine == before, "a refusal changed the engine", sourceLocation: sourceLocation)
  }
}
