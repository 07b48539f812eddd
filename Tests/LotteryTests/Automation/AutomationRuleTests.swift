import Lottery
import Testing

/// What the catalogue does not ask of bots, and what schema 2 adds.
@Suite("Automation rules")
struct AutomationRuleTests {
  private static let bot = AutomationTests.bot
  private static func at(_ now: UInt64, by actor: LotteryAddress = bot) -> Context { EngineBench.at(now, by: actor) }

  @Test func `registration checks admin, actions, failures, end, time-lock and store in this order`() throws {
    var engine = LotteryEngine(admin: EngineBench.admin)
    func register(_ terms: AutomationTerms, by actor: LotteryAddress, _ code: LotteryError.Code) {
      expectRefusal(code) { () throws(LotteryError) in
        _ = try engine.registerBot(botOperator: Self.bot, terms: terms, Self.at(0, by: actor))
      }
    }
    let admin = EngineBench.admin
    let nothing = AutomationTerms(cronSpec: [], allowedActions: [], timelockSecs: 0, maxFailures: 0, expiresAt: 0)
    register(nothing, by: Self.bot, .autobotRegistryMissing)
    register(nothing, by: admin, .autobotForbiddenTarget)
    register(AutomationTests.terms(6, timelock: 0, max: 0, expiresAt: 0), by: admin, .autobotFailureLimit)
    register(AutomationTests.terms(6, timelock: 0, max: 1, expiresAt: 0), by: admin, .autobotExpired)
    register(AutomationTests.terms(6, timelock: 899, max: 1), by: admin, .autobotTimelock)
    register(AutomationTests.terms(6, timelock: 900, max: 1), by: admin, .autobotRegistryMissing)
    try engine.initAutomation(Self.at(0, by: admin))
    _ = try engine.registerBot(
      botOperator: Self.bot, terms: AutomationTests.terms(6, timelock: 900), Self.at(0, by: admin))
    register(AutomationTests.terms(2, timelock: 0), by: admin, .autobotAlreadyRegistered)
  }

  @Test func `an announcement checks caller, digest, use, action, time-lock and time in this order`() throws {
    var engine = try AutomationTests.engine(AutomationTests.terms(2, timelock: 30), .v2)
    func announce(
      _ action: UInt64, _ hash: [UInt8], _ after: UInt64, _ context: Context, _ code: LotteryError.Code
    ) {
      expectRefusal(code) { () throws(LotteryError) in
        _ = try engine.announceDryRun(action: action, actionHash: hash, executesAfter: after, context)
      }
    }
    announce(9, [], 0, Self.at(2000, by: EngineBench.admin), .autobotNotRegistered)
    announce(9, [], 0, Self.at(2000), .autobotActionHashEmpty)
    announce(9, [1], 0, Self.at(1001), .autobotExpired)
    announce(9, [1], 0, Self.at(1000), .autobotForbiddenTarget)
    announce(2, [1], 1029, Self.at(1000), .autobotTimelock)
    _ = try engine.announceDryRun(action: 2, actionHash: [1], executesAfter: 1030, Self.at(1000))
  }

  @Test(arguments: Schema.allCases)
  func `the error event has its two last values in their places, or swapped in schema 1`(schema: Schema) throws {
    var engine = try AutomationTests.engine(AutomationTests.terms(2, timelock: 0), schema)
    let events = try engine.recordFailure(action: 2, actionHash: [9], errorCode: 77, Self.at(500))
    guard case .automationError(let error) = events.last else {
      Issue.record("no error event")
      return
    }
    #expect(error.errorCode == (schema == .v1 ? 500 : 77))
    #expect(error.timestamp == (schema == .v1 ? 77 : 500))
    #expect(events.count == 2)
  }

  @Test(arguments: Schema.allCases)
  func `rotation forgets what was announced, and in schema 2 the failures`(schema: Schema) throws {
    var engine = try AutomationTests.engine(AutomationTests.terms(2, timelock: 0, max: 1), schema)
    _ = try engine.recordFailure(action: 2, actionHash: [9], errorCode: 1, Self.at(5))
    _ = try engine.rotateBot(
      botOperator: Self.bot, terms: AutomationTests.terms(2, timelock: 0, max: 1), EngineBench.at(6))
    let bot = try engine.automationStatus(of: Self.bot)
    #expect(bot.failureCount == (schema == .v1 ? 1 : 0))
    #expect(bot.lastActionHash.isEmpty && bot.pending == nil)
  }

  @Test func `in schema 2 an announcement holds for its own action only`() throws {
    for schema in Schema.allCases {
      let terms = AutomationTerms(
        cronSpec: [], allowedActions: [1, 2], timelockSecs: 10, maxFailures: 3, expiresAt: 1000)
      var engine = try AutomationTests.engine(terms, schema)
      _ = try engine.announceDryRun(action: 1, actionHash: [9], executesAfter: 20, Self.at(5))
      if schema == .v1 {
        _ = try engine.recordSuccess(action: 2, actionHash: [9], Self.at(20))
      } else {
        expectRefusal(.autobotPendingMismatch) { () throws(LotteryError) in
          _ = try engine.recordSuccess(action: 2, actionHash: [9], Self.at(20))
        }
      }
    }
  }

  @Test func `schema 2 takes an empty schedule or a cron line, and nothing else`() throws {
    for (line, isTaken) in [("", true), ("*/5 * * * *", true), ("* * * *", false), ("every day", false)] {
      let terms = AutomationTerms(
        cronSpec: Array(line.utf8), allowedActions: [2], timelockSecs: 0, maxFailures: 1, expiresAt: 9)
      if isTaken {
        try terms.check(.v2)
      } else {
        expectRefusal(.cronInvalid) { () throws(LotteryError) in try terms.check(.v2) }
      }
      try terms.check(.v1)
    }
  }

  @Test(arguments: [
    ("0 0 1 1 0", true), ("59 23 31 12 7", true), ("0-10/3,30 * * * 1-5", true), ("60 * * * *", false),
    ("* 24 * * *", false), ("* * 0 * *", false), ("* * * 13 *", false), ("* * * * 8", false),
    ("5-1 * * * *", false), ("1-60 * * * *", false), ("*/0 * * * *", false), ("1, * * * *", false),
    ("1-2-3 * * * *", false),
    ("+1 * * * *", false), ("300 * * * *", false), ("* * * * * *", false), ("1/2/3 * * * *", false),
  ])
  func `a cron line is five fields in their ranges`(line: String, isTaken: Bool) {
    #expect((CronSpec(Array(line.utf8)) != nil) == isTaken)
  }

  @Test func `steps count from the beginning of their range`() throws {
    let spec = try #require(CronSpec(Array("1-10/3,30 */12 * * 1-5".utf8)))
    #expect(spec.fields[0] == [1, 4, 7, 10, 30])
    #expect(spec.fields[1] == [0, 12])
    #expect(spec.fields[4] == [1, 2, 3, 4, 5])
  }

  @Test func `a removed bot is unknown`() throws {
    var engine = try AutomationTests.engine(AutomationTests.terms(2, timelock: 0), .v2)
    try engine.unregisterBot(botOperator: Self.bot, EngineBench.at(1))
    #expect(engine.getAutomationBot(Self.bot) == nil)
    expectRefusal(.autobotNotRegistered) { () throws(LotteryError) in
      _ = try engine.recordSuccess(action: 2, actionHash: [1], Self.at(2))
    }
  }
}
