import Codecs

/// The bots that may act for the admin: the store of the module `automation`. Source: spec 2.15.
package struct AutomationRegistry: Equatable, Sendable {
  package let schema: Schema
  private var bots = OrderedTable<LotteryAddress, AutomationBot>()

  package init(schema: Schema) { self.schema = schema }

  /// The operators, in table order.
  package var operators: [LotteryAddress] { bots.keys }

  /// nil for an unknown operator.
  package func bot(of botOperator: LotteryAddress) -> AutomationBot? { bots[botOperator] }

  /// Throws E_AUTOBOT_NOT_REGISTERED.
  package func known(_ botOperator: LotteryAddress) throws(LotteryError) -> AutomationBot {
    guard let bot = bots[botOperator] else {
      throw LotteryError(.autobotNotRegistered, "\(botOperator) is no bot of this engine")
    }
    return bot
  }

  // MARK: Registration

  /// Takes in a bot whose terms were checked. Throws E_AUTOBOT_ALREADY_REGISTERED.
  package mutating func register(_ botOperator: LotteryAddress, _ terms: AutomationTerms) throws(LotteryError)
    -> [LotteryEvent]
  {
    guard bots[botOperator] == nil else {
      throw LotteryError(.autobotAlreadyRegistered, "\(botOperator) is a bot already", hint: "Rotate it instead.")
    }
    bots.put(botOperator, AutomationBot(terms: terms))
    return [AutomationRegistry.rotated(botOperator, terms)]
  }

  /// Gives a bot new terms and forgets what it announced. Throws E_AUTOBOT_NOT_REGISTERED.
  ///
  /// Schema 1 keeps the count of failures, so that only a higher limit revives a blocked bot; schema 2 begins anew.
  package mutating func rotate(_ botOperator: LotteryAddress, _ terms: AutomationTerms) throws(LotteryError)
    -> [LotteryEvent]
  {
    var bot = try known(botOperator)
    bot.terms = terms
    bot.pending = nil
    bot.lastActionHash = []
    if schema == .v2 { bot.failureCount = 0 }
    bots.put(botOperator, bot)
    return [AutomationRegistry.rotated(botOperator, terms)]
  }

  /// Removes a bot (schema 2). Throws E_AUTOBOT_NOT_REGISTERED.
  package mutating func unregister(_ botOperator: LotteryAddress) throws(LotteryError) {
    _ = try known(botOperator)
    bots.take(botOperator)
  }

  // MARK: Announcing

  /// Announces an action. Checks digest, bot, usability, action, time-lock, that nothing is pending, and the time.
  package mutating func announce(
    _ botOperator: LotteryAddress, _ action: UInt64, _ actionHash: [UInt8], now: UInt64, executesAfter: UInt64
  ) throws(LotteryError) -> [LotteryEvent] {
    var bot = try checked(botOperator, action, actionHash)
    try bot.requireUsable(at: now)
    try bot.requireAllowed(action)
    guard bot.terms.timelockSecs != 0 else {
      throw LotteryError(.autobotTimelock, "a bot without time-lock announces nothing")
    }
    guard bot.pending == nil else { throw LotteryError(.autobotPendingExists, "one announcement at a time") }
    let earliest = try now.adding(bot.terms.timelockSecs)
    guard executesAfter >= earliest else { throw LotteryError(.autobotTimelock, "not before \(earliest)") }
    bot.pending = .init(action: action, actionHash: actionHash, executeAfter: executesAfter)
    bots.put(botOperator, bot)
    return [
      .automationDryRunPlanned(
        AutomationDryRunPlannedEvent(
          botOperator: botOperator, actionId: action, actionHash: actionHash, executesAfterTs: executesAfter))
    ]
  }

  // MARK: Outcomes

  /// What a success would change. Throws as the table of the specification says, and changes nothing.
  package func afterSuccess(
    _ botOperator: LotteryAddress, _ action: UInt64, _ actionHash: [UInt8], now: UInt64
  ) throws(LotteryError) -> AutomationBot {
    var bot = try checked(botOperator, action, actionHash)
    // A success of a blocked bot counts in schema 2: it is how such a bot comes back (GAP 19).
    if schema == .v1 { try bot.requireUsable(at: now) } else { try bot.requireUnexpired(at: now) }
    try bot.requireAllowed(action)
    try bot.requireAnnounced(action, actionHash, at: now, schema: schema)
    bot.failureCount = 0
    bot.successStreak = try bot.successStreak.adding(1)
    bot.reputationScore = try bot.reputationScore.adding(1)
    bot.lastActionTs = now
    bot.lastActionHash = actionHash
    bot.pending = nil
    return bot
  }

  /// Stores what `afterSuccess` gave.
  package mutating func commitSuccess(_ botOperator: LotteryAddress, _ action: UInt64, _ bot: AutomationBot)
    -> [LotteryEvent]
  {
    bots.put(botOperator, bot)
    return [AutomationRegistry.tick(botOperator, action, bot, success: true)]
  }

  /// Counts a failure. Checks as a success does; throws E_AUTOBOT_FAILURE_LIMIT above the limit.
  package mutating func recordFailure(
    _ botOperator: LotteryAddress, _ action: UInt64, _ actionHash: [UInt8], now: UInt64, errorCode: UInt64
  ) throws(LotteryError) -> [LotteryEvent] {
    var bot = try checked(botOperator, action, actionHash)
    try bot.requireUsable(at: now)
    try bot.requireAllowed(action)
    try bot.requireAnnounced(action, actionHash, at: now, schema: schema)
    bot.failureCount = try bot.failureCount.adding(1)
    bot.successStreak = 0
    if bot.reputationScore > 0 { bot.reputationScore -= 1 }
    bot.lastActionTs = now
    bot.lastActionHash = actionHash
    bot.pending = nil
    bots.put(botOperator, bot)
    let isSwapped = schema == .v1
    return [
      AutomationRegistry.tick(botOperator, action, bot, success: false),
      .automationError(
        AutomationErrorEvent(
          botOperator: botOperator, actionId: action, actionHash: actionHash,
          errorCode: isSwapped ? now : errorCode, timestamp: isSwapped ? errorCode : now)),
    ]
  }

  // MARK: Guards for other modules

  /// Whether the bot may do the action now, announced or not.
  package func ensureAction(_ botOperator: LotteryAddress, _ action: UInt64, now: UInt64) throws(LotteryError) {
    let bot = try known(botOperator)
    try bot.requireUsable(at: now)
    try bot.requireAllowed(action)
  }

  /// As `ensureAction`, and announced in time.
  package func ensureActionWithTimelock(
    _ botOperator: LotteryAddress, _ action: UInt64, _ actionHash: [UInt8], now: UInt64
  ) throws(LotteryError) {
    try ensureAction(botOperator, action, now: now)
    try known(botOperator).requireAnnounced(action, actionHash, at: now, schema: schema)
  }

  /// As `ensureActionWithTimelock`, for an action that the engine itself performs: in schema 2 never without
  /// announcement (GAP 20).
  package func ensureWired(
    _ botOperator: LotteryAddress, _ action: UInt64, _ actionHash: [UInt8], now: UInt64
  ) throws(LotteryError) {
    try ensureActionWithTimelock(botOperator, action, actionHash, now: now)
    let bot = try known(botOperator)
    guard schema == .v1 || bot.terms.timelockSecs != 0 else {
      throw LotteryError(
        .autobotTimelock, "the bot has no time-lock, so that nobody could look before it acts",
        hint: "Rotate the bot and give it a time-lock.")
    }
  }

  // MARK: Parts

  private func checked(
    _ botOperator: LotteryAddress, _ action: UInt64, _ actionHash: [UInt8]
  ) throws(LotteryError) -> AutomationBot {
    let bot = try known(botOperator)
    guard !actionHash.isEmpty else { throw LotteryError(.autobotActionHashEmpty) }
    return bot
  }

  private static func rotated(_ botOperator: LotteryAddress, _ terms: AutomationTerms) -> LotteryEvent {
    .automationKeyRotated(
      AutomationKeyRotatedEvent(
        botOperator: botOperator, scheduleHash: terms.scheduleHash.bytes, expiresAt: terms.expiresAt))
  }

  private static func tick(
    _ botOperator: LotteryAddress, _ action: UInt64, _ bot: AutomationBot, success: Bool
  ) -> LotteryEvent {
    .automationTick(
      AutomationTickEvent(
        botOperator: botOperator, actionId: action, actionHash: bot.lastActionHash, executedTs: bot.lastActionTs,
        success: success, reputationScore: bot.reputationScore, successStreak: bot.successStreak,
        failureCount: bot.failureCount))
  }
}
