import Codecs
@testable import Lottery
import Money
import TestSupport

/// A random history of one engine: operations in any order, sensible and not, each followed by every invariant.
struct LotteryHistory {
  private(set) var bench: LotteryBench
  private var random: SplitMix64
  private var now: UInt64 = 0
  private var nonce: UInt64 = 0
  /// Invariants that did not hold, with the operation after which.
  private(set) var violations: [String] = []
  /// Operations by name, done and refused: shows that a history gets somewhere.
  private(set) var done: [String: Int] = [:]
  private(set) var refused = 0

  /// In every fifth history nobody answers, so that draws fail.
  private let isAnswered: Bool

  init(seed: UInt64, schema: Schema) throws {
    random = SplitMix64(seed: seed)
    isAnswered = seed % 5 != 4
    bench = try LotteryBench(schema)
    bench.engine.apply(
      PayoutBatchCap(
        holder: Samples.admin, maxBatchSize: 0, operationsBudgetTotal: .max, cooldownSecs: 0,
        nonceStride: schema == .v1 ? 0 : 1))
    bench.grantPayout(LotteryAddress(0x99), 10_000)
    for id in UInt64(1)...3 { try bench.draft(id, randomConfig()) }
  }

  private mutating func below(_ limit: UInt64) -> UInt64 { limit == 0 ? 0 : random.next() % limit }

  private mutating func randomConfig() -> Config {
    var config = Samples.limit()
    config.ticketPrice = 1 + below(1_000)
    config.prizePlan = (0...below(3)).map { PrizeSlot(slotId: $0, winnersPerSlot: UInt16(1 + below(4))) }
    config.vrfRetryPolicy = RetryPolicy(strategy: UInt8(below(3)), baseDelaySecs: 10, maxDelaySecs: 25)
    config.ticketLimits.maxTicketsPerAddress = below(2) == 0 ? 0 : 40
    let prize = UInt16(below(10_001))
    let jackpot = UInt16(below(UInt64(10_001 - prize)))
    let operations = UInt16(below(UInt64(10_001 - prize - jackpot)))
    let shares = try? SalesDistribution(
      prizeBps: prize, jackpotBps: jackpot, operationsBps: operations,
      reserveBps: 10_000 - prize - jackpot - operations)
    config.salesDistribution = shares ?? Samples.shares
    return config
  }

  mutating func run(_ steps: Int) {
    for _ in 0..<steps where violations.isEmpty { step() }
  }

  private mutating func step() {
    now += below(12)
    let id = 1 + below(3)
    switch below(24) {
    case 0: attempt("open", id) { h throws(LotteryError) in try h.bench.engine.advanceStatus(id, to: .active, h.here) }
    case 1:
      // Sales last a while, so that lotteries have tickets.
      guard now > 150 else { return buy(id) }
      attempt("close", id) { h throws(LotteryError) in try h.bench.engine.advanceStatus(id, to: .closing, h.here) }
    case 2...10: buy(id)
    case 11, 12: request(id)
    case 13, 14: answer(id)
    case 15, 16:
      let limit = below(4)
      attempt("winners", id) { h throws(LotteryError) in
        try h.bench.engine.computeWinnersAdmin(id, batchLimit: limit, h.here)
      }
    case 17, 18: pay(id)
    case 19:
      let amount = below(200)
      let next = bench.engine.roles?.partnerPayoutCaps[LotteryAddress(0x99)]?.nextNonce
      // In schema 1 the round is the cap's nonce as well (GAP 16).
      let own = bench.engine.winnerProgress(id).payoutRound + below(2)
      let round = bench.schema == .v1 ? next ?? own : own
      attempt("partner", id) { h throws(LotteryError) in
        try h.bench.engine.recordPartnerPayoutAdmin(
          id, partner: LotteryAddress(0x99), amount: amount, round: round, nonce: next, h.here)
      }
    case 20 where below(8) == 0:
      attempt("cancel", id) { h throws(LotteryError) in
        try h.bench.engine.cancelLotteryAdmin(id, reason: 2, h.here)
      }
    case 20, 21: refund(id)
    case 22: archive(id)
    default:
      let retry = now + below(20)
      attempt("schedule", id) { h throws(LotteryError) in
        try h.bench.engine.scheduleManualRetryAdmin(id, retryAfter: retry, h.here)
        if h.bench.engine.vrfStateView(id).retryAfterTs != retry { h.report("schedule", ["I31"]) }
        return []
      }
    }
  }

  private var here: Context { Context(actor: Samples.admin, now: now, block: now / 4, chainID: 7) }

  private mutating func buy(_ id: UInt64) {
    let context = Context(actor: LotteryAddress(1 + below(30)), now: now, block: now / 4)
    let quantity = below(10) == 0 ? below(140) : 1 + below(6)
    attempt("buy", id) { h throws(LotteryError) in
      try h.bench.engine.purchaseTicketsPublic(id, quantity: quantity, context)
    }
  }

  private mutating func request(_ id: UInt64) {
    nonce += 1
    let nonce = nonce
    attempt("request", id) { h throws(LotteryError) in
      try h.bench.engine.requestDrawAdmin(id, nonce: nonce, h.here).events
    }
  }

  private mutating func answer(_ id: UInt64) {
    guard isAnswered, let state = bench.engine.draws?.states[id] else { return }
    let numbers = (0..<state.rngCount).map { _ in UInt256(random.next()) }
    let late = below(5) == 0 ? below(nonce + 1) : state.vrf.requestId
    attempt("answer", id) { h throws(LotteryError) in
      try h.bench.answer(id, nonce: late, numbers: numbers, at: h.now)
    }
  }

  private mutating func pay(_ id: UInt64) {
    let progress = bench.engine.winnerProgress(id)
    let paid = bench.engine.payouts?.states[id]?.winnersPaid ?? 0
    let round = progress.payoutRound + (below(6) == 0 ? below(3) : 1)
    let winners = min(progress.totalAssigned - min(paid, progress.totalAssigned), 1 + below(3))
    let books = try? bench.engine.accountingSnapshot(id)
    let left = (books?.totalAllocated ?? 0) &- (books?.totalPrizePaid ?? 0)
    let prize = below(3) == 0 ? left &+ below(2) : below(left / 2 + 1)
    let share = (books?.totalOperationsAllocated ?? 0) &- (books?.totalOperationsPaid ?? 0)
    let operations = below(4) == 0 ? share &+ below(2) : below(share / 3 + 1)
    attempt("pay", id) { h throws(LotteryError) in
      try h.bench.pay(id, round: round, winners: winners, prize, operations, at: h.now)
    }
  }

  private mutating func refund(_ id: UInt64) {
    let progress = bench.engine.refundProgress(id)
    let round = progress.refundRound + (below(6) == 0 ? below(3) : 1)
    let tickets = progress.ticketsSold - progress.ticketsRefunded
    let part = below(3) == 0 ? tickets : below(tickets + 2)
    let money = progress.proceedsAccum - progress.prizeRefunded - progress.operationsRefunded
    let prize = below(3) == 0 ? money : below(money + 2)
    attempt("refund", id) { h throws(LotteryError) in
      try h.bench.refund(id, round, tickets: part, prize, 0, at: h.now)
    }
  }

  private mutating func archive(_ id: UInt64) {
    attempt("archive", id) { h throws(LotteryError) in
      try h.bench.engine.lottery(id).status == .canceled
        ? h.bench.engine.archiveCanceledLotteryAdmin(id, h.here)
        : h.bench.engine.finalizeLotteryAdmin(id, h.here)
    }
  }

  /// Does one operation and looks at every invariant.
  private mutating func attempt(
    _ name: String, _ id: UInt64, _ body: (inout LotteryHistory) throws(LotteryError) -> [LotteryEvent]
  ) {
    let before = bench.engine
    do throws(LotteryError) {
      let events = try body(&self)
      done[name, default: 0] += 1
      report(name, LotteryInvariants.afterOperation(id, before, bench.engine, events))
    } catch {
      refused += 1
      if bench.engine != before { report(name, ["a refusal (\(error.code)) changed the engine"]) }
    }
    report(name, LotteryInvariants.always(bench.engine))
  }

  private mutating func report(_ name: String, _ broken: [String]) {
    violations += broken.map { "\($0), after \(name) at \(now)" }
  }
}
