import Lottery

/// Bots and the deposit: nothing is done before the time of its announcement, failures never pass the limit, and draws
/// are paused exactly while the last reading asks for it.
enum BotHistory {
  private static let bot = LotteryAddress(1)
  private static let cap = AutomationCap(botOperator: bot, cronSpec: [])

  private struct Model {
    var announced: (hash: UInt8, after: UInt64)?
    var failures: UInt64 = 0
    var resumedByHand = false
  }

  static func violations(seed: UInt64, schema: Schema) throws -> [String] {
    var history = RandomHistory(seed: seed)
    let terms = AutomationTerms(
      cronSpec: [], allowedActions: [4, 2], timelockSecs: 10, maxFailures: 3, expiresAt: 1_000_000)
    try history.engine.initAutomation(schema: schema, history.at())
    _ = try history.engine.registerBot(botOperator: bot, terms: terms, history.at())
    try history.engine.initVrfDeposit(
      minBalanceMultiplierBps: 12_000, effectiveFloor: 20, schema: schema, history.at())
    var model = Model()
    for _ in 0..<60 {
      history.now += history.below(12)
      let hash = UInt8(1 + history.below(2))
      let (context, asBot) = (history.at(), history.at(by: bot))
      switch history.below(7) {
      case 0, 1:
        let after = history.now + history.below(25)
        let done = history.attempt { (engine) throws(LotteryError) in
          try engine.announceDryRun(action: 4, actionHash: [hash], executesAfter: after, asBot)
        }
        guard done.result != nil else { break }
        history.expect(model.announced == nil && after >= history.now + 10, "an announcement out of order")
        model.announced = (hash, after)
      case 2:
        let reading = VrfDeposit.Reading(total: 99, minimum: history.below(60), effective: history.below(60))
        let done = history.attempt { (engine) throws(LotteryError) in
          try engine.recordDepositSnapshotAutomation(cap: cap, reading, actionHash: [hash], asBot)
        }
        if done.result != nil { acted(hash, success: true, &model, &history) }
        if done.result != nil { model.resumedByHand = false }
      case 3:
        let done = history.attempt { (engine) throws(LotteryError) in
          try engine.recordFailure(action: 4, actionHash: [hash], errorCode: 1, asBot)
        }
        if done.result != nil { acted(hash, success: false, &model, &history) }
      case 4:
        guard history.chance(20) else { break }
        let done = history.attempt { (engine) throws(LotteryError) in
          try engine.rotateBot(botOperator: bot, terms: terms, context)
        }
        history.expect(done.result != nil, "a rotation was refused")
        model.announced = nil
        if schema == .v2 { model.failures = 0 }
      case 5:
        let reading = VrfDeposit.Reading(total: 99, minimum: history.below(60), effective: history.below(60))
        _ = history.attempt { (engine) throws(LotteryError) in
          try engine.recordDepositSnapshotAdmin(reading, context)
        }
        model.resumedByHand = false
      default:
        _ = history.attempt { (engine) throws(LotteryError) in try engine.resumeVrfRequests(context) }
        model.resumedByHand = true
      }
      check(model, schema, &history)
    }
    return history.violations
  }

  /// The bot said that it did something.
  private static func acted(_ hash: UInt8, success: Bool, _ model: inout Model, _ history: inout RandomHistory) {
    let isAnnounced = model.announced.map { $0.hash == hash && history.now >= $0.after } ?? false
    history.expect(isAnnounced, "done before its announcement")
    model.announced = nil
    model.failures = success ? 0 : model.failures + 1
    history.expect(model.failures <= 3, "more failures than allowed")
  }

  private static func check(_ model: Model, _ schema: Schema, _ history: inout RandomHistory) {
    guard let state = history.engine.getAutomationBot(bot) else { return }
    history.expect(state.hasPending == (model.announced != nil), "what is pending")
    history.expect(state.bot.failureCount == model.failures, "the count of failures")
    let status = history.engine.vrfDepositStatus
    guard status.lastUpdateTs > 0 else { return }
    let isTooLow =
      status.effectiveBalance < 20 || status.effectiveBalance * 10 < status.minimumBalance * 12 / 10 * 10
    let isPaused = isTooLow && !(schema == .v1 && model.resumedByHand)
    history.expect(status.requestsPaused == isPaused, "paused: \(status.requestsPaused)")
    history.expect((status.pausedSinceTs > 0) == status.requestsPaused, "since when")
  }
}
