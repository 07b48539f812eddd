@testable import Lottery
import Testing

/// What the engine performs for a bot, in schema 2.
@Suite("Automation effects")
struct AutomationEffectTests {
  private static let bot = LotteryAddress(1)

  private static func bench(
    _ actions: [AutomationAction], timelock: UInt64 = 900, _ schema: Schema = .v2
  ) throws -> LotteryBench {
    var bench = try LotteryBench(.v2)
    try bench.engine.initAutomation(schema: schema, bench.at(0))
    let terms = AutomationTerms(
      cronSpec: [], allowedActions: actions.map(\.rawValue), timelockSecs: timelock, maxFailures: 3,
      expiresAt: 100_000)
    _ = try bench.engine.registerBot(botOperator: bot, terms: terms, bench.at(0))
    try bench.open(1)
    try bench.buy(1, 7, at: 20)
    return bench
  }

  private static func announce(
    _ effect: AutomationEffect, at now: UInt64, _ bench: inout LotteryBench
  ) throws(LotteryError) {
    _ = try bench.engine.announceDryRun(
      action: effect.action.rawValue, actionHash: effect.digest, executesAfter: now + 900,
      Context(actor: bot, now: now))
  }

  @Test func `an announced closing and an announced cancellation are performed with the admin's rights`() throws {
    var bench = try Self.bench([.autoClose, .cancel])
    let close = AutomationEffect.autoClose(lottery: 1)
    try Self.announce(close, at: 100, &bench)
    let result = try bench.engine.performAutomation(close, Context(actor: Self.bot, now: 1000))
    #expect(try bench.engine.getLotteryStatus(1).status == 2)
    #expect(result.draw == nil)
    guard case .automationTick(let tick) = result.events.last else {
      Issue.record("the bot's success was not counted")
      return
    }
    #expect(tick.success && tick.actionHash == close.digest)
    let cancel = AutomationEffect.cancel(lottery: 1, reason: 3)
    try Self.announce(cancel, at: 2000, &bench)
    _ = try bench.engine.performAutomation(cancel, Context(actor: Self.bot, now: 2900))
    #expect(try bench.engine.getCancellation(1)?.reasonCode == 3)
  }

  @Test func `an announcement is for its own numbers`() throws {
    var bench = try Self.bench([.cancel])
    try Self.announce(.cancel(lottery: 1, reason: 3), at: 100, &bench)
    for other in [AutomationEffect.cancel(lottery: 2, reason: 3), .cancel(lottery: 1, reason: 2)] {
      expectRefusal(.autobotPendingMismatch) { () throws(LotteryError) in
        _ = try bench.engine.performAutomation(other, Context(actor: Self.bot, now: 1000))
      }
    }
  }

  @Test func `a refused act changes nothing and counts nothing`() throws {
    var bench = try Self.bench([.payoutBatch])
    let pay = AutomationEffect.payoutBatch(lottery: 1, round: 1, winnersPaid: 1, prizePaid: 1, operationsPaid: 0)
    try Self.announce(pay, at: 100, &bench)
    let before = bench.engine
    expectRefusal(.drawStatusInvalid) { () throws(LotteryError) in
      _ = try bench.engine.performAutomation(pay, Context(actor: Self.bot, now: 1000))
    }
    #expect(bench.engine == before)
  }

  @Test func `an announced draw asks for randomness under the provider's nonce`() throws {
    var bench = try Self.bench([.retryVrf])
    try bench.close(1)
    let draw = AutomationEffect.retryVrf(lottery: 1)
    try Self.announce(draw, at: 100, &bench)
    let result = try bench.engine.performAutomation(draw, nonce: 77, Context(actor: Self.bot, now: 1000))
    guard case .requested(let request) = result.draw else {
      Issue.record("no request")
      return
    }
    #expect(request.nonce == 77 && request.lotteryId == 1)
  }

  @Test func `nothing is performed unannounced, under a stop, for other actions, or in schema 1`() throws {
    var bench = try Self.bench([.autoClose])
    let close = AutomationEffect.autoClose(lottery: 1)
    func refuse(_ code: LotteryError.Code, _ effect: AutomationEffect = close, by actor: LotteryAddress = Self.bot) {
      expectRefusal(code) { () throws(LotteryError) in
        _ = try bench.engine.performAutomation(effect, Context(actor: actor, now: 1000))
      }
    }
    refuse(.autobotPendingRequired)
    refuse(.autobotForbiddenTarget, .cancel(lottery: 1, reason: 1))
    refuse(.autobotNotRegistered, by: LotteryAddress(2))
    _ = try bench.engine.setEmergencyStop(reason: [], bench.at(1))
    refuse(.emergencyStop)
    bench = try Self.bench([.autoClose], timelock: 0)
    refuse(.autobotTimelock)
    bench = try Self.bench([.autoClose], .v1)
    refuse(.autobotForbiddenTarget)
  }
}
