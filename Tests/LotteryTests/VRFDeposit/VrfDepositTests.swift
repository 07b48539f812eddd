import Lottery
import Testing

/// The catalogue of the specification, 5.12.
@Suite("vrf_deposit_tests")
struct VrfDepositTests {
  private static let bot = AutomationTests.bot

  private static func engine(_ multiplier: UInt64, _ floor: UInt64, _ schema: Schema) throws -> LotteryEngine {
    var engine = LotteryEngine(admin: EngineBench.admin)
    try engine.initVrfDeposit(
      minBalanceMultiplierBps: multiplier, effectiveFloor: floor, schema: schema, EngineBench.at(0))
    return engine
  }

  private static func engine(timelock: UInt64, _ schema: Schema) throws -> LotteryEngine {
    var engine = try engine(12_000, 5000, schema)
    try engine.initAutomation(schema: schema, EngineBench.at(0))
    _ = try engine.registerBot(
      botOperator: bot, terms: AutomationTests.terms(4, timelock: timelock, expiresAt: 10_000), EngineBench.at(0))
    return engine
  }

  private static func reading(_ total: UInt64, _ minimum: UInt64, _ effective: UInt64) -> VrfDeposit.Reading {
    VrfDeposit.Reading(total: total, minimum: minimum, effective: effective)
  }

  private static let cap = AutomationCap(botOperator: bot, cronSpec: [])

  @Test("init_and_snapshot_ok", arguments: Schema.allCases)
  func initAndSnapshotOk(schema: Schema) throws {
    var engine = try Self.engine(12_000, 1000, schema)
    let events = try engine.recordDepositSnapshotAdmin(Self.reading(20_000, 10_000, 15_000), EngineBench.at(100))
    #expect(engine.vrfDepositStatus.requiredMinimum == 12_000)
    #expect(!engine.vrfDepositStatus.requestsPaused)
    #expect(
      events == [
        .vrfDepositSnapshot(
          VrfDepositSnapshotEvent(
            totalBalance: 20_000, minimumBalance: 10_000, effectiveBalance: 15_000, requiredMinimum: 12_000,
            effectiveFloor: 1000, timestamp: 100))
      ])
  }

  @Test("snapshot_pauses_requests", arguments: Schema.allCases)
  func snapshotPausesRequests(schema: Schema) throws {
    var engine = try Self.engine(12_000, 5000, schema)
    try engine.requireVrfRequestsAllowed(EngineBench.at(200))
    let events = try engine.recordDepositSnapshotAdmin(Self.reading(2000, 1500, 1000), EngineBench.at(200))
    #expect(events.count == 3)
    expectRefusal(.vrfRequestsPaused) { () throws(LotteryError) in
      try engine.requireVrfRequestsAllowed(EngineBench.at(200))
    }
    #expect(engine.vrfDepositStatus.pausedSinceTs == 200)
    let again = try engine.recordDepositSnapshotAdmin(Self.reading(2000, 1500, 1000), EngineBench.at(210))
    #expect(again.count == 2, "an alert every time, the pause once")
    #expect(engine.vrfDepositStatus.pausedSinceTs == 200)
  }

  @Test("resume_after_pause", arguments: Schema.allCases)
  func resumeAfterPause(schema: Schema) throws {
    var engine = try Self.engine(12_000, 5000, schema)
    _ = try engine.recordDepositSnapshotAdmin(Self.reading(2000, 1500, 1000), EngineBench.at(200))
    _ = try engine.resumeVrfRequests(EngineBench.at(400))
    _ = try engine.recordDepositSnapshotAdmin(Self.reading(20_000, 10_000, 15_000), EngineBench.at(500))
    #expect(!engine.vrfDepositStatus.requestsPaused)
    #expect(engine.vrfDepositStatus.pausedSinceTs == 0)
  }

  @Test("automation_snapshot_requires_pending", arguments: Schema.allCases)
  func automationSnapshotRequiresPending(schema: Schema) throws {
    var engine = try Self.engine(timelock: 60, schema)
    expectRefusal(.autobotPendingRequired) { () throws(LotteryError) in
      _ = try engine.recordDepositSnapshotAutomation(
        cap: Self.cap, Self.reading(20_000, 10_000, 15_000), actionHash: [1], EngineBench.at(200, by: Self.bot))
    }
  }

  @Test("automation_snapshot_respects_timelock", arguments: Schema.allCases)
  func automationSnapshotRespectsTimelock(schema: Schema) throws {
    var engine = try Self.engine(timelock: 40, schema)
    _ = try engine.announceDryRun(
      action: 4, actionHash: [2], executesAfter: 150, EngineBench.at(100, by: Self.bot))
    expectRefusal(.autobotTimelock) { () throws(LotteryError) in
      _ = try engine.recordDepositSnapshotAutomation(
        cap: Self.cap, Self.reading(20_000, 10_000, 15_000), actionHash: [2], EngineBench.at(130, by: Self.bot))
    }
  }

  @Test("automation_snapshot_clears_pending", arguments: Schema.allCases)
  func automationSnapshotClearsPending(schema: Schema) throws {
    var engine = try Self.engine(timelock: 45, schema)
    _ = try engine.announceDryRun(
      action: 4, actionHash: [3], executesAfter: 250, EngineBench.at(200, by: Self.bot))
    let events = try engine.recordDepositSnapshotAutomation(
      cap: Self.cap, Self.reading(50_000, 20_000, 30_000), actionHash: [3], EngineBench.at(260, by: Self.bot))
    #expect(events.count == 2)
    _ = try engine.announceDryRun(
      action: 4, actionHash: [4], executesAfter: 320, EngineBench.at(270, by: Self.bot))
    let status = engine.vrfDepositStatus
    #expect(status.totalBalance == 50_000 && status.minimumBalance == 20_000)
    #expect(status.effectiveBalance == 30_000 && status.lastUpdateTs == 260)
  }

  // MARK: Beyond the catalogue

  @Test func `schema 2 keeps a pause while the balances are too low, and schema 1 trusts the admin`() throws {
    for schema in Schema.allCases {
      var engine = try Self.engine(12_000, 5000, schema)
      _ = try engine.recordDepositSnapshotAdmin(Self.reading(2000, 1500, 1000), EngineBench.at(200))
      let events = try engine.resumeVrfRequests(EngineBench.at(400))
      #expect(engine.vrfDepositStatus.requestsPaused == (schema == .v2))
      #expect(events.count == 1)
    }
  }

  @Test func `schema 2 judges the last reading anew when the rule changes`() throws {
    var engine = try Self.engine(10_000, 0, .v2)
    _ = try engine.recordDepositSnapshotAdmin(Self.reading(100, 50, 60), EngineBench.at(10))
    #expect(!engine.vrfDepositStatus.requestsPaused)
    _ = try engine.updateVrfDepositConfig(minBalanceMultiplierBps: 20_000, effectiveFloor: 0, EngineBench.at(20))
    #expect(engine.vrfDepositStatus.requestsPaused)
    #expect(engine.vrfDepositStatus.requiredMinimum == 100)
  }

  @Test func `schema 2 takes an old reading for a pause`() throws {
    for schema in Schema.allCases {
      var engine = try Self.engine(10_000, 0, schema)
      _ = try engine.recordDepositSnapshotAdmin(Self.reading(100, 50, 60), EngineBench.at(10))
      try engine.requireVrfRequestsAllowed(EngineBench.at(10 + 86_400))
      if schema == .v1 {
        try engine.requireVrfRequestsAllowed(EngineBench.at(11 + 86_400))
      } else {
        expectRefusal(.vrfRequestsPaused) { () throws(LotteryError) in
          try engine.requireVrfRequestsAllowed(EngineBench.at(11 + 86_400))
        }
      }
    }
  }

  @Test func `a cap in other hands is refused before anything else`() throws {
    var engine = try Self.engine(timelock: 0, .v1)
    expectRefusal(.autobotCallerMismatch) { () throws(LotteryError) in
      _ = try engine.recordDepositSnapshotAutomation(
        cap: Self.cap, Self.reading(1, 1, 1), actionHash: [], EngineBench.at(1))
    }
    expectRefusal(.autobotActionHashEmpty) { () throws(LotteryError) in
      _ = try engine.recordDepositSnapshotAutomation(
        cap: Self.cap, Self.reading(1, 1, 1), actionHash: [], EngineBench.at(1, by: Self.bot))
    }
  }

  @Test func `a bot without time-lock may write the reading in schema 1 only`() throws {
    for schema in Schema.allCases {
      var engine = try Self.engine(timelock: 0, schema)
      func write() throws(LotteryError) {
        _ = try engine.recordDepositSnapshotAutomation(
          cap: Self.cap, Self.reading(9000, 1, 9000), actionHash: [1], EngineBench.at(1, by: Self.bot))
      }
      if schema == .v1 { try write() } else { expectRefusal(.autobotTimelock, write) }
    }
  }
}
