import Chains
import Ledger
import Money

/// What the desk keeps of money beside the engine: the pots of every lottery and the batches that were decided. Made by
/// replaying, like the engine; proven against the ledger by `LotteryCheck`.
package struct LotteryBooks: Hashable, Sendable {
  package private(set) var pots: [UInt64: LotteryPots] = [:]
  /// In the order of their decision.
  package private(set) var batches: [LotteryBatch] = []

  package init() {}
}

/// Where buyers' money comes from, and where the operator's share goes to.
enum LotteryOwner {
  static func world(_ lottery: UInt64, _ asset: AssetID) -> Account {
    Account(owner: "lottery/\(lottery)", role: .external, asset: asset)
  }

  /// What was handed over to campaigns, which order as much: their own accounts hold it from there on.
  static func ordered(_ lottery: UInt64, _ asset: AssetID) -> Account {
    Account(owner: "lottery/\(lottery)/payouts", role: .released, asset: asset)
  }

  static func taken(_ lottery: UInt64, _ asset: AssetID) -> Account {
    Account(owner: "lottery/\(lottery)/operations", role: .released, asset: asset)
  }
}

/// What an operation does to money: moves of the lottery's accounts, and a batch whose campaign is made with them.
struct LotteryMoneyStep {
  var moves = LotteryMoves()
  var batch: LotteryBatch?
}

extension LotteryBooks {
  // MARK: Before the engine decides

  /// Whether the pots have what the operation will take. The engine does not know of the vault, and its first schema
  /// not of the limits of a refund. Throws `lottery_desk.pot_too_low`, `lottery_desk.bad_batch`.
  func require(_ operation: LotteryOperation, _ engine: LotteryEngine) throws(LotteryDeskError) {
    if let batch = operation.payoutBatch {
      let has = pots[batch.lottery] ?? LotteryPots()
      try require(.prize, has, batch.prize)
      try require(.operations, has, batch.operations)
      guard batch.prize > 0 || batch.winners > 0 else { return }
      let known = engine.payouts?.states[batch.lottery]
      let left = (known?.totalAssigned ?? 0).subtractingReportingOverflow(known?.winnersPaid ?? 0)
      guard batch.winners > 0, batch.prize >= batch.winners, !left.overflow, batch.winners <= left.partialValue else {
        throw LotteryDeskError(
          .badBatch, "\(batch.prize) units cannot be paid to \(batch.winners) winners of lottery \(batch.lottery)",
          hint: "a batch pays the next winners in order, each at least one unit")
      }
      return
    }
    switch operation {
    case .recordPartnerPayoutAdmin(let id, _, let amount, _, _):
      try require(.vault, pots[id] ?? LotteryPots(), amount)
    case .topUpVault(let id, let amount): try require(.operations, pots[id] ?? LotteryPots(), amount)
    case .forceRefundBatchAdmin(let id, _, let tickets, let prize, let operations):
      let (sum, isPast) = prize.addingReportingOverflow(operations)
      guard !isPast, sum >= tickets, tickets > 0 || sum == 0 else {
        throw LotteryDeskError(.badBatch, "a refund pays every ticket at least one unit")
      }
      try require(.refunds, pots[id] ?? LotteryPots(), sum)
    default: return
    }
  }

  private func require(_ pot: LotteryPot, _ has: LotteryPots, _ units: UInt64) throws(LotteryDeskError) {
    guard has[pot] >= UInt256(units) else {
      throw LotteryDeskError(
        .potTooLow, "\(pot.rawValue) holds \(has[pot]), not \(units)",
        hint: pot == .vault ? "top it up with: almoner lottery top_up_vault" : nil)
    }
  }

  // MARK: After it has decided

  /// Books what the operation and its events say. `entry` is the number of the journal's entry.
  mutating func book(
    _ operation: LotteryOperation, _ events: [LotteryEvent], _ engine: LotteryEngine, entry: Int64, _ asset: AssetID
  ) throws(MoneyError) -> LotteryMoneyStep {
    var step = LotteryMoneyStep()
    if case .topUpVault(let id, let amount) = operation {
      try shift(id, .operations, .vault, UInt256(amount), asset, &step)
    }
    for event in events { try book(event, engine, entry: entry, asset, &step) }
    if let batch = step.batch { batches.append(batch) }
    return step
  }

  private mutating func book(
    _ event: LotteryEvent, _ engine: LotteryEngine, entry: Int64, _ asset: AssetID, _ step: inout LotteryMoneyStep
  ) throws(MoneyError) {
    switch event {
    case .ticketPurchase(let sold):
      let prize = try UInt256(sold.prizeAllocation).adding(UInt256(sold.reserveAllocation))
      try receive(sold.lotteryId, .prize, prize, asset, &step)
      try receive(sold.lotteryId, .jackpot, UInt256(sold.jackpotAllocation), asset, &step)
      try receive(sold.lotteryId, .operations, UInt256(sold.operationsAllocation), asset, &step)
    case .payoutBatch(let paid):
      if paid.operationsPaid > 0 {
        try give(paid.lotteryId, .operations, UInt256(paid.operationsPaid))
        try step.moves.add(
          LotteryPot.operations.account(paid.lotteryId, asset), LotteryOwner.taken(paid.lotteryId, asset),
          UInt256(paid.operationsPaid))
      }
      guard paid.prizePaid > 0 else { return }
      let settled = engine.payouts?.states[paid.lotteryId]?.winnersPaid ?? paid.winnersPaid
      try decide(
        LotteryBatch(
          lottery: paid.lotteryId, number: paid.payoutRound,
          kind: .prizes(first: settled &- paid.winnersPaid, count: paid.winnersPaid), units: paid.prizePaid), asset,
        &step)
    case .partnerPayout(let paid):
      guard paid.amount > 0 else { return }
      try decide(
        LotteryBatch(
          lottery: paid.lotteryId, number: UInt64(clamping: entry), kind: .partner(paid.partner), units: paid.amount),
        asset, &step)
    case .refundBatch(let back):
      let units = back.prizeRefunded &+ back.operationsRefunded
      guard units > 0 else { return }
      try decide(
        LotteryBatch(
          lottery: back.lotteryId, number: back.refundRound,
          kind: .refunds(first: LotteryBooks.firstRefunded(back), count: back.ticketsRefunded), units: units), asset,
        &step)
    case .lotteryCanceled(let canceled):
      for pot in [LotteryPot.prize, .jackpot, .operations, .vault] {
        try shift(canceled.lotteryId, pot, .refunds, (pots[canceled.lotteryId] ?? LotteryPots())[pot], asset, &step)
      }
    default: return
    }
  }

  /// Refunds go by ticket, round after round.
  private static func firstRefunded(_ back: RefundBatchEvent) -> UInt64 {
    #if ALMONER_MUTANTS
      if LotteryDeskMutant.refundsFromStart.isActive { return 0 }
    #endif
    return back.totalTicketsRefunded &- back.ticketsRefunded
  }

  private mutating func decide(
    _ batch: LotteryBatch, _ asset: AssetID, _ step: inout LotteryMoneyStep
  ) throws(MoneyError) {
    try give(batch.lottery, batch.pot, UInt256(batch.units))
    try step.moves.add(
      batch.pot.account(batch.lottery, asset), LotteryOwner.ordered(batch.lottery, asset), UInt256(batch.units))
    step.batch = batch
  }

  private mutating func give(_ lottery: UInt64, _ pot: LotteryPot, _ units: UInt256) throws(MoneyError) {
    var has = pots[lottery] ?? LotteryPots()
    has[pot] = try has[pot].subtracting(units)
    pots[lottery] = has
  }

  private mutating func receive(
    _ lottery: UInt64, _ pot: LotteryPot, _ units: UInt256, _ asset: AssetID, _ step: inout LotteryMoneyStep
  ) throws(MoneyError) {
    var has = pots[lottery] ?? LotteryPots()
    has[pot] = try has[pot].adding(units)
    pots[lottery] = has
    #if ALMONER_MUTANTS
      if LotteryDeskMutant.jackpotUnmoved.isActive, pot == .jackpot { return }
    #endif
    try step.moves.add(LotteryOwner.world(lottery, asset), pot.account(lottery, asset), units)
  }

  private mutating func shift(
    _ lottery: UInt64, _ from: LotteryPot, _ to: LotteryPot, _ units: UInt256, _ asset: AssetID,
    _ step: inout LotteryMoneyStep
  ) throws(MoneyError) {
    guard !units.isZero else { return }
    try give(lottery, from, units)
    var has = pots[lottery] ?? LotteryPots()
    has[to] = try has[to].adding(units)
    pots[lottery] = has
    try step.moves.add(from.account(lottery, asset), to.account(lottery, asset), units)
  }
}

extension LotteryOperation {
  /// The batch of prizes that the operation asks for, whoever does it.
  var payoutBatch: (lottery: UInt64, winners: UInt64, prize: UInt64, operations: UInt64)? {
    switch self {
    case .recordPayoutBatchAdmin(let id, _, let winners, let prize, let operations):
      (id, winners, prize, operations)
    case .performAutomation(.payoutBatch(let id, _, let winners, let prize, let operations), _):
      (id, winners, prize, operations)
    default: nil
    }
  }

  /// A purchase moves its own split only, so that many of them make one commit.
  var isPurchase: Bool {
    switch self {
    case .purchaseTicketsPublic, .purchaseTicketsPremium: true
    default: false
    }
  }
}

extension LotteryEngine {
  /// Who may fill a vault: the admin, for a lottery that exists. Throws `notAuthorized`, and as `lottery`.
  func requireVaultCaller(_ id: UInt64, _ context: Context) throws(LotteryError) {
    try requireAdmin(context)
    _ = try lottery(id)
  }
}
