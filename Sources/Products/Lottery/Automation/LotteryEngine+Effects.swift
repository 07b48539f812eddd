extension LotteryEngine {
  /// Performs an announced act with the admin's rights, and counts it as the bot's success.
  ///
  /// Nothing happens, and nothing is counted, when the act is refused: the bot then records a failure. `nonce` is the
  /// provider's name of a new request for randomness; only `retryVrf` looks at it.
  /// Throws `autobotForbiddenTarget` in schema 1, what `ensureWired` throws, and what the act throws.
  package mutating func performAutomation(
    _ effect: AutomationEffect, nonce: UInt64 = 0, _ context: Context
  ) throws(LotteryError) -> (draw: DrawOutcome?, events: [LotteryEvent]) {
    try requireNotStopped()
    guard let automation else { throw LotteryError(.autobotNotRegistered) }
    guard automation.schema >= .v2 else {
      throw LotteryError(.autobotForbiddenTarget, "the engine performs nothing for bots of schema 1")
    }
    let action = effect.action.rawValue
    let digest = effect.digest
    try automation.ensureWired(context.actor, action, digest, now: context.now)
    let bot = try automation.afterSuccess(context.actor, action, digest, now: context.now)
    let asAdmin = Context(actor: admin, now: context.now, block: context.block, chainID: context.chainID)
    let done = try perform(effect, nonce: nonce, asAdmin)
    return (done.draw, done.events + (self.automation?.commitSuccess(context.actor, action, bot) ?? []))
  }

  private mutating func perform(
    _ effect: AutomationEffect, nonce: UInt64, _ context: Context
  ) throws(LotteryError) -> (draw: DrawOutcome?, events: [LotteryEvent]) {
    switch effect {
    case .autoClose(let lottery):
      return (nil, try autoClose(lottery, context))
    case .retryVrf(let lottery):
      let result = try requestDrawAdmin(lottery, nonce: nonce, context)
      return (result.outcome, result.events)
    case .payoutBatch(let lottery, let round, let winnersPaid, let prizePaid, let operationsPaid):
      return (
        nil,
        try recordPayoutBatchAdmin(
          lottery, round: round, winnersPaid: winnersPaid, prizePaid: prizePaid, operationsPaid: operationsPaid,
          context)
      )
    case .cancel(let lottery, let reason):
      return (nil, try cancelLotteryAdmin(lottery, reason: reason, context))
    }
  }
}
