import Chains
import Engine
import Ledger
import Lottery
import Money
import Payouts

/// Compares what stands in the store with what was asked and told, and with the model.
struct LotteryOracle {
  let history: LotteryHistory
  private var watch: Watch { history.watch }

  init(_ history: LotteryHistory) { self.history = history }

  /// At any time between two requests: what the desk has said stands, every entry was asked for, and the rules held.
  func check() {
    do {
      try history.world.look { desk, store in
        let model = try replay(store)
        for sentence in model.broken { watch.broke(11, sentence) }
        try compare(model, try desk.engine())
      }
    } catch { watch.broke(0, "the store cannot be looked at: \(error)") }
  }

  /// At the end: also the desk's own check, the ledger, and that everything decided is ordered, once.
  func count() -> Int {
    check()
    var ordered = 0
    do {
      try history.world.look { desk, store in
        for fault in try desk.check() { watch.broke(4, fault) }
        for fault in try store.checkInvariants() { watch.broke(4, fault) }
        let model = try replay(store)
        try checkMoney(model, store)
        ordered = try checkOrders(model, try desk.engine(), store)
      }
    } catch { watch.broke(0, "the store cannot be counted: \(error)") }
    return ordered
  }

  // MARK: The journal

  private func replay(_ store: WatchedStore) throws -> LotteryModel {
    var model = LotteryModel(history.plan)
    var keys: Set<String> = []
    var last: Int64 = 0
    while true {
      let rows = try store.entries(LotteryEntry.journal, after: last, limit: 500)
      guard !rows.isEmpty else { break }
      for row in rows {
        if row.number != last + 1 { watch.broke(8, "entry \(row.number) follows entry \(last)") }
        last = row.number
        guard row.number > 1 else { continue }
        if !keys.insert(row.entry.key).inserted { watch.broke(8, "\(row.entry.key) was done twice") }
        guard let known = history.asked[row.entry.key] else {
          watch.broke(8, "nobody asked for entry \(row.number), \(row.entry.key)")
          continue
        }
        let command = try LotteryEntry(body: row.entry.body).command
        if command.operation != known.request.operation || command.context.actor != known.request.actor {
          watch.broke(8, "\(row.entry.key) stands there as something else")
        }
        if let told = history.told[row.entry.key], told != row.number {
          watch.broke(8, "\(row.entry.key) was told to be entry \(told) and is \(row.number)")
        }
        model.take(command, isForged: known.isForged)
      }
    }
    for (key, entry) in history.told where !keys.contains(key) {
      watch.broke(8, "\(key) was done as entry \(entry), and is gone")
    }
    return model
  }

  // MARK: The engine

  private func compare(_ model: LotteryModel, _ engine: LotteryEngine) throws {
    for (id, game) in model.games {
      func must(_ holds: Bool, _ sentence: @autoclosure () -> String) {
        if !holds { watch.broke(11, "lottery \(id): \(sentence())") }
      }
      let found = try engine.lottery(id)
      must(found.status == game.status, "is \(found.status), should be \(game.status)")
      let totals = try? engine.salesTotals(id)
      must(totals?.ticketsSold ?? 0 == game.sold, "\(totals?.ticketsSold ?? 0) tickets, should be \(game.sold)")
      must(totals?.proceedsAccum ?? 0 == game.sales, "\(totals?.proceedsAccum ?? 0) taken, should be \(game.sales)")
      if let books = try? engine.accountingSnapshot(id) {
        must(books.totalAllocated == game.allocated, "\(books.totalAllocated) allocated, should be \(game.allocated)")
        must(books.totalPrizePaid == game.prizePaid, "\(books.totalPrizePaid) paid, should be \(game.prizePaid)")
        must(books.totalAllocated >= books.totalPrizePaid, "more paid than allocated")
      }
      var ticket: UInt64 = 0
      for run in game.runs {
        must((try? engine.ticketOwner(id, ticket: ticket)) == run.buyer, "ticket \(ticket) is not \(run.buyer)'s")
        ticket += run.quantity
      }
      try compareWinners(id, game, engine)
    }
  }

  private func compareWinners(_ id: UInt64, _ game: LotteryModel.Game, _ engine: LotteryEngine) throws {
    let winners = engine.winners(id, from: 0, limit: 1_000)
    if UInt64(winners.count) != game.assigned {
      watch.broke(11, "lottery \(id): \(winners.count) winners, should be \(game.assigned)")
    }
    if Set(winners.map(\.ticketIndex)).count != winners.count {
      watch.broke(11, "lottery \(id): a ticket has won twice")
    }
    for winner in winners where game.owner(of: winner.ticketIndex) != winner.winner {
      watch.broke(11, "lottery \(id): ticket \(winner.ticketIndex) won for \(winner.winner), who does not own it")
    }
  }

  // MARK: Money

  /// What was taken is in the lottery's accounts, taken out by the operator, or in a campaign.
  private func checkMoney(_ model: LotteryModel, _ store: WatchedStore) throws {
    for (id, game) in model.games {
      var sum = UInt256(game.operationsPaid)
      for pot in LotteryPot.allCases {
        let account = pot.account(id, Plan.native)
        sum = try sum.adding(try store.balances(owner: account.owner)[account]?.posted ?? .zero)
      }
      for batch in game.ordered { sum = try sum.adding(UInt256(batch.units)) }
      if sum != UInt256(game.sales) {
        watch.broke(4, "lottery \(id) sold for \(game.sales), and \(sum) is there or paid")
      }
    }
  }

  /// Every batch is a campaign of its name, with exactly the payouts that follow from owners and shares; nothing else is
  /// ordered. Returns how many payouts there are.
  private func checkOrders(_ model: LotteryModel, _ engine: LotteryEngine, _ store: WatchedStore) throws -> Int {
    var count = 0
    var names: Set<String> = []
    for (id, game) in model.games {
      for batch in game.ordered {
        names.insert(batch.name)
        guard let campaign = try store.campaign(named: batch.name) else {
          watch.broke(11, "\(batch.name) was decided and is not ordered")
          continue
        }
        let found = try store.payouts(campaign.id, status: nil, after: nil, limit: 5_000)
        count += found.count
        let wanted = expected(id, batch, game, engine)
        if Dictionary(found.map { ($0.address, $0.units) }, uniquingKeysWith: { first, _ in first }) != wanted
          || found.count != wanted.count
        {
          watch.broke(11, "\(batch.name) pays \(found.map(\.units)), should pay \(wanted.values.sorted())")
        }
      }
    }
    for campaign in try store.campaigns(after: nil, limit: 1_000) where !names.contains(campaign.name) {
      watch.broke(11, "\(campaign.name) was ordered, and nobody decided it")
    }
    return count
  }

  private func expected(
    _ id: UInt64, _ batch: LotteryModel.Ordered, _ game: LotteryModel.Game, _ engine: LotteryEngine
  ) -> [Address: UInt256] {
    let winners = engine.winners(id, from: 0, limit: 1_000)
    let count = UInt64(batch.range.count)
    guard count > 0 else { return [:] }
    var wanted: [Address: UInt64] = [:]
    for (place, ordinal) in batch.range.enumerated() {
      let ticket = batch.isRefund ? ordinal : winners.dropFirst(Int(ordinal)).first?.ticketIndex
      guard let ticket, let address = game.owner(of: ticket)?.payee(on: LotteryPlan.chain) else { continue }
      let more: UInt64 = UInt64(place) < batch.units % count ? 1 : 0
      wanted[address, default: 0] += batch.units / count + more
    }
    return wanted.mapValues { UInt256($0) }
  }
}
