import Lottery
import Money

/// What lotteries should have come to, from the journal's entries alone: a second, plain set of rules, which knows nothing of
/// the engine but the words of its operations. What the engine accepted and the model does not stands in `broken`.
struct LotteryModel {
  /// One payout batch that must be ordered, once.
  struct Ordered: Equatable {
    let name: String
    let units: UInt64
    /// Ordinals of winners, or tickets.
    let range: Range<UInt64>
    let isRefund: Bool
  }

  struct Game {
    let config: Config
    var status = LotteryStatus.draft
    /// Who bought how many, in order.
    var runs: [(buyer: LotteryAddress, quantity: UInt64)] = []
    var sold: UInt64 = 0
    var sales: UInt64 = 0
    /// Sums of the parts that are not for prizes.
    var jackpot: UInt64 = 0
    var operations: UInt64 = 0
    var attempts = 0
    var nonce: UInt64?
    var assigned: UInt64 = 0
    var settled: UInt64 = 0
    var prizePaid: UInt64 = 0
    var operationsPaid: UInt64 = 0
    var round: UInt64 = 0
    var refundRound: UInt64 = 0
    var refundedTickets: UInt64 = 0
    var refunded: UInt64 = 0
    var ordered: [Ordered] = []
    var block: (height: UInt64, purchases: Int, byBuyer: [LotteryAddress: Int]) = (0, 0, [:])

    var winners: UInt64 { config.prizePlan.reduce(0) { $0 + UInt64($1.winnersPerSlot) } }
    var allocated: UInt64 { sales - jackpot - operations }

    func owned(by buyer: LotteryAddress) -> UInt64 {
      runs.reduce(0) { $0 + ($1.buyer == buyer ? $1.quantity : 0) }
    }

    func owner(of ticket: UInt64) -> LotteryAddress? {
      var end: UInt64 = 0
      for run in runs {
        end += run.quantity
        if ticket < end { return run.buyer }
      }
      return nil
    }
  }

  let schema: Schema
  private let configs: [UInt64: Config]
  private(set) var games: [UInt64: Game] = [:]
  private(set) var broken: [String] = []
  private var now: UInt64 = 0

  init(_ plan: LotteryPlan) {
    schema = plan.schema
    configs = plan.lotteries
  }

  private mutating func must(_ holds: Bool, _ sentence: @autoclosure () -> String) {
    if !holds, broken.count < 5 { broken.append(sentence()) }
  }

  /// Takes an accepted entry. `isForged`: whoever asked knows that it should have been refused.
  mutating func take(_ command: LotteryCommand, isForged: Bool) {
    let (operation, context) = (command.operation, command.context)
    let before = now
    must(context.now >= before, "time ran back from \(before) to \(context.now)")
    now = context.now
    must(!isForged, "\(operation.name) was accepted: \(operation)")
    if case .purchaseTicketsPublic(let id, let quantity) = operation { return sell(id, quantity, context) }
    must(context.actor == LotteryPlan.admin, "\(operation.name) was done for \(context.actor)")
    switch operation {
    case .createDraftAdmin(let id, _, _):
      must(games[id] == nil, "lottery \(id) was made twice")
      if let config = configs[id] { games[id] = Game(config: config) }
    case .advanceStatus(let id, let next): move(id, to: next)
    case .requestDrawAdmin(let id, let nonce, _): request(id, nonce)
    case .vrfCallback(let answer, let numbers): fulfil(answer.nonce, numbers.count)
    case .computeWinnersAdmin(let id, let limit): compute(id, limit)
    case .recordPayoutBatchAdmin(let id, let round, let winners, let prize, let operations):
      pay(id, round, winners, prize, operations)
    case .forceRefundBatchAdmin(let id, let round, let tickets, let prize, let operations):
      refund(id, round, tickets, prize &+ operations)
    case .cancelLotteryAdmin(let id, _):
      must(
        games[id].map { $0.status != .finalized && $0.status != .canceled } == true, "lottery \(id) was canceled again")
      games[id]?.status = .canceled
    case .waiveWinnersAdmin(let id, let count): games[id]?.settled += count
    case .finalizeLotteryAdmin(let id):
      must(
        games[id].map { $0.status == .payout && $0.settled >= $0.winners } != false || schema == .v1,
        "lottery \(id) was finalized early")
      games[id]?.status = .finalized
    default: break
    }
  }

  private mutating func sell(_ id: UInt64, _ quantity: UInt64, _ context: Context) {
    guard var game = games[id] else { return must(false, "tickets of no lottery") }
    let limits = game.config.ticketLimits
    let window = game.config.salesWindow
    must(game.status == .active, "a ticket of lottery \(id), which is \(game.status)")
    guard (1...128).contains(quantity) else { return must(false, "\(quantity) tickets at once") }
    must(context.now >= window.salesStart && context.now <= window.salesEnd, "a ticket outside of the window")
    must(context.actor.payee(on: LotteryPlan.chain) != nil, "a ticket for \(context.actor), who cannot be paid")
    must(game.sold + quantity <= limits.maxTicketsTotal, "more than \(limits.maxTicketsTotal) tickets of lottery \(id)")
    must(
      limits.maxTicketsPerAddress == 0 || game.owned(by: context.actor) + quantity <= limits.maxTicketsPerAddress,
      "more than \(limits.maxTicketsPerAddress) tickets of lottery \(id) for \(context.actor)")
    if game.block.height != context.block { game.block = (context.block, 0, [:]) }
    game.block.purchases += 1
    game.block.byBuyer[context.actor, default: 0] += 1
    must(game.block.purchases <= 64, "\(game.block.purchases) purchases in block \(context.block)")
    must(schema == .v1 || game.block.byBuyer[context.actor, default: 0] <= 8, "nine purchases of one buyer in a block")
    let amount = quantity * game.config.ticketPrice
    let shares = game.config.salesDistribution
    game.runs.append((context.actor, quantity))
    game.sold += quantity
    game.sales += amount
    game.jackpot += amount * UInt64(shares.jackpotBps) / 10_000
    game.operations += amount * UInt64(shares.operationsBps) / 10_000
    games[id] = game
  }

  private mutating func move(_ id: UInt64, to next: LotteryStatus) {
    let before = games[id]?.status
    let isStep = (before == .draft && next == .active) || (before == .active && next == .closing)
    must(isStep || schema == .v1, "lottery \(id) became \(next)")
    games[id]?.status = next
  }

  private mutating func request(_ id: UInt64, _ nonce: UInt64) {
    guard var game = games[id] else { return must(false, "a draw of no lottery") }
    must(game.status == .closing || game.status == .drawRequested, "a draw of lottery \(id), which is \(game.status)")
    must(game.sold > 0, "a draw of no tickets")
    if game.attempts >= 5 {
      (game.status, game.nonce) = (.canceled, nil)
    } else {
      must(!games.values.contains { $0.nonce == nonce }, "nonce \(nonce) stands for two draws")
      game.attempts += 1
      (game.status, game.nonce) = (.drawRequested, nonce)
    }
    games[id] = game
  }

  private mutating func fulfil(_ nonce: UInt64, _ numbers: Int) {
    guard let id = games.first(where: { $0.value.nonce == nonce })?.key else {
      return must(false, "an answer under nonce \(nonce), for which nobody waits")
    }
    must(games[id]?.status == .drawRequested, "an answer for lottery \(id) at the wrong time")
    must(numbers == games[id]?.config.prizePlan.count || schema == .v1, "\(numbers) numbers")
    games[id]?.nonce = nil
    games[id]?.status = .drawn
  }

  private mutating func compute(_ id: UInt64, _ limit: UInt64) {
    guard var game = games[id] else { return must(false, "winners of no lottery") }
    must(game.status == .drawn || game.status == .payout, "winners of lottery \(id), which is \(game.status)")
    must(game.assigned < game.winners && limit > 0, "winners of lottery \(id) beyond its plan")
    game.assigned += min(limit, game.winners - min(game.assigned, game.winners))
    if game.assigned == game.winners { game.status = .payout }
    games[id] = game
  }

  private mutating func pay(_ id: UInt64, _ round: UInt64, _ winners: UInt64, _ prize: UInt64, _ operations: UInt64) {
    guard var game = games[id] else { return must(false, "prizes of no lottery") }
    must(game.status == .payout, "prizes of lottery \(id), which is \(game.status)")
    must(round == game.round + 1, "round \(round) of lottery \(id) after \(game.round)")
    must(game.settled + winners <= game.assigned, "more winners paid than there are in lottery \(id)")
    must(
      game.prizePaid + prize <= game.allocated, "\(game.prizePaid + prize) paid of \(game.allocated) in lottery \(id)")
    must(game.operationsPaid + operations <= game.operations, "operations of lottery \(id) took more than their share")
    if prize > 0 {
      game.ordered.append(
        Ordered(
          name: "lottery/\(id)/prizes/\(round)", units: prize, range: game.settled..<game.settled + winners,
          isRefund: false))
    }
    game.round = round
    game.settled += winners
    game.prizePaid += prize
    game.operationsPaid += operations
    games[id] = game
  }

  private mutating func refund(_ id: UInt64, _ round: UInt64, _ tickets: UInt64, _ units: UInt64) {
    guard var game = games[id] else { return must(false, "refunds of no lottery") }
    must(game.status == .canceled, "refunds of lottery \(id), which is \(game.status)")
    must(round == game.refundRound + 1, "refund round \(round) of lottery \(id) after \(game.refundRound)")
    must(game.refundedTickets + tickets <= game.sold, "more tickets of lottery \(id) went back than were sold")
    let paid = game.prizePaid + game.operationsPaid
    must(game.refunded + units <= game.sales - paid, "lottery \(id) gives back more than it has")
    if units > 0 {
      game.ordered.append(
        Ordered(
          name: "lottery/\(id)/refunds/\(round)", units: units,
          range: game.refundedTickets..<game.refundedTickets + tickets, isRefund: true))
    }
    game.refundRound = round
    game.refundedTickets += tickets
    game.refunded += units
    games[id] = game
  }
}
