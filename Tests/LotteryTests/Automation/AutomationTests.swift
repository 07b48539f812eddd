import Lottery
import Testing

/// The catalogue of the specification, 5.1.
@Suite("automation_tests")
struct AutomationTests {
  static let bot = LotteryAddress(1)

  static func terms(_ action: UInt64, timelock: UInt64, max: UInt64 = 3, expiresAt: UInt64 = 1000) -> AutomationTerms {
    AutomationTerms(
      cronSpec: [], allowedActions: [action], timelockSecs: timelock, maxFailures: max, expiresAt: expiresAt)
  }

  /// The catalogue's fixture BOT.
  static func engine(_ terms: AutomationTerms, _ schema: Schema) throws -> LotteryEngine {
    var engine = LotteryEngine(admin: EngineBench.admin)
    try engine.initAutomation(schema: schema, EngineBench.at(0))
    _ = try engine.registerBot(botOperator: bot, terms: terms, EngineBench.at(0))
    return engine
  }

  private static func at(_ now: UInt64) -> Context { EngineBench.at(now, by: bot) }

  @Test("record_success_requires_pending", arguments: Schema.allCases)
  func recordSuccessRequiresPending(schema: Schema) throws {
    var engine = try Self.engine(Self.terms(2, timelock: 30), schema)
    expectRefusal(.autobotPendingRequired) { () throws(LotteryError) in
      _ = try engine.recordSuccess(action: 2, actionHash: [1], Self.at(120))
    }
  }

  @Test("dry_run_blocks_duplicate_pending", arguments: Schema.allCases)
  func dryRunBlocksDuplicatePending(schema: Schema) throws {
    var engine = try Self.engine(Self.terms(2, timelock: 30), schema)
    let events = try engine.announceDryRun(action: 2, actionHash: [2], executesAfter: 140, Self.at(100))
    #expect(
      events == [
        .automationDryRunPlanned(
          AutomationDryRunPlannedEvent(botOperator: Self.bot, actionId: 2, actionHash: [2], executesAfterTs: 140))
      ])
    expectRefusal(.autobotPendingExists) { () throws(LotteryError) in
      _ = try engine.announceDryRun(action: 2, actionHash: [3], executesAfter: 150, Self.at(110))
    }
  }

  @Test("record_failure_enforces_limit", arguments: Schema.allCases)
  func recordFailureEnforcesLimit(schema: Schema) throws {
    var engine = try Self.engine(Self.terms(2, timelock: 0, max: 2), schema)
    _ = try engine.recordFailure(action: 2, actionHash: [1], errorCode: 10, Self.at(100))
    _ = try engine.recordFailure(action: 2, actionHash: [1], errorCode: 11, Self.at(200))
    expectRefusal(.autobotFailureLimit) { () throws(LotteryError) in
      _ = try engine.recordFailure(action: 2, actionHash: [1], errorCode: 12, Self.at(300))
    }
  }

  @Test("ensure_action_blocks_after_failure_limit", arguments: Schema.allCases)
  func ensureActionBlocksAfterFailureLimit(schema: Schema) throws {
    var engine = try Self.engine(Self.terms(2, timelock: 0, max: 1, expiresAt: 5000), schema)
    _ = try engine.recordFailure(action: 2, actionHash: [1], errorCode: 1, Self.at(100))
    let automation = try #require(engine.automation)
    expectRefusal(.autobotFailureLimit) { () throws(LotteryError) in
      try automation.ensureAction(Self.bot, 2, now: 200)
    }
  }

  @Test("record_success_resets_failure_limit")
  func recordSuccessResetsFailureLimit() throws {
    var engine = try Self.engine(Self.terms(2, timelock: 0, max: 1, expiresAt: 5000), .v2)
    _ = try engine.recordFailure(action: 2, actionHash: [1], errorCode: 1, Self.at(100))
    _ = try engine.recordSuccess(action: 2, actionHash: [50], Self.at(200))
    try #require(engine.automation).ensureAction(Self.bot, 2, now: 201)
  }

  @Test func `schema 1 refuses a success at the limit, as the original did`() throws {
    var engine = try Self.engine(Self.terms(2, timelock: 0, max: 1, expiresAt: 5000), .v1)
    _ = try engine.recordFailure(action: 2, actionHash: [1], errorCode: 1, Self.at(100))
    expectRefusal(.autobotFailureLimit) { () throws(LotteryError) in
      _ = try engine.recordSuccess(action: 2, actionHash: [50], Self.at(200))
    }
  }

  @Test("success_clears_pending_and_allows_new_dry_run", arguments: Schema.allCases)
  func successClearsPendingAndAllowsNewDryRun(schema: Schema) throws {
    var engine = try Self.engine(Self.terms(2, timelock: 20), schema)
    _ = try engine.announceDryRun(action: 2, actionHash: [7], executesAfter: 80, Self.at(50))
    let events = try engine.recordSuccess(action: 2, actionHash: [7], Self.at(90))
    #expect(
      events == [
        .automationTick(
          AutomationTickEvent(
            botOperator: Self.bot, actionId: 2, actionHash: [7], executedTs: 90, success: true, reputationScore: 1,
            successStreak: 1, failureCount: 0))
      ])
    _ = try engine.announceDryRun(action: 2, actionHash: [8], executesAfter: 130, Self.at(100))
  }

  @Test("register_enforces_sensitive_timelock", arguments: Schema.allCases)
  func registerEnforcesSensitiveTimelock(schema: Schema) throws {
    var engine = LotteryEngine(admin: EngineBench.admin)
    try engine.initAutomation(schema: schema, EngineBench.at(0))
    expectRefusal(.autobotTimelock) { () throws(LotteryError) in
      _ = try engine.registerBot(botOperator: Self.bot, terms: Self.terms(6, timelock: 600), EngineBench.at(0))
    }
  }

  @Test("rotate_enforces_sensitive_timelock", arguments: Schema.allCases)
  func rotateEnforcesSensitiveTimelock(schema: Schema) throws {
    var engine = try Self.engine(Self.terms(2, timelock: 0), schema)
    expectRefusal(.autobotTimelock) { () throws(LotteryError) in
      _ = try engine.rotateBot(botOperator: Self.bot, terms: Self.terms(7, timelock: 600), EngineBench.at(0))
    }
  }
}
