package import Audit
import Engine
import Money

/// What a lottery's public page tells, from the engine and the journal; amounts in the smallest unit of the coin.
package struct LotteryFacts: Equatable, Sendable {
  /// Tickets that were sold up to a moment.
  package struct Sold: Hashable, Sendable {
    package let at: UInt64
    package let tickets: UInt64
  }

  package let id: UInt64
  package let schema: Schema
  package let config: Config
  package let status: LotteryStatus
  package let ticketsSold: UInt64
  package let proceeds: UInt64
  package let prizes: UInt64
  package let asset: String
  /// Ascending; at most a hundred.
  package let sales: [Sold]
  package let course: DrawCourse?
  /// nil until all winners are computed, or when the lottery has no plan.
  package let bundle: DrawBundle?

  /// Whole numbers of one ticket in how many wins, times ten; nil without tickets.
  package var oddsTimesTen: UInt64? {
    let winners = config.totalWinners
    guard winners > 0, ticketsSold > 0 else { return nil }
    let (tens, over) = ticketsSold.multipliedReportingOverflow(by: 10)
    return over ? nil : max(10, tens / winners)
  }
}

extension LotteryDesk {
  /// Everything that the public page of a lottery tells. Throws `lottery.not_found`, `draw.*` and what the store throws.
  package func facts(_ id: UInt64, checkpoints: [Checkpoint]) throws -> LotteryFacts {
    try catchUp()
    guard let standing else { throw LotteryDeskError(.busy, "the journal must be read first") }
    let lottery = try standing.engine.lottery(id)
    let sales = standing.engine.sales?.states[id]
    let course = standing.courses.courses[id]
    let isDrawn = course?.attempts.last?.value != nil && standing.engine.areWinnersKnown(id)
    return LotteryFacts(
      id: id, schema: lottery.schema, config: lottery.config, status: lottery.status,
      ticketsSold: sales?.ticketsSold ?? 0, proceeds: sales?.proceedsAccum ?? 0,
      prizes: sales?.accounting.totalAllocated ?? 0, asset: settings.asset.description, sales: try curve(id),
      course: course, bundle: isDrawn ? try bundle(id, checkpoints: checkpoints) : nil)
  }

  /// Tickets sold over time, from the journal, thinned to a hundred moments.
  private func curve(_ id: UInt64) throws -> [LotteryFacts.Sold] {
    var all: [LotteryFacts.Sold] = []
    var (after, total) = (Int64(0), UInt64(0))
    while true {
      let rows = try store.entries(LotteryEntry.journal, after: after, limit: LotteryDesk.page)
      for row in rows where row.entry.kind.hasPrefix("purchase_tickets_") {
        let command = try LotteryEntry(body: row.entry.body).command
        switch command.operation {
        case .purchaseTicketsPublic(id, let quantity), .purchaseTicketsPremium(id, let quantity):
          total = total &+ quantity
          all.append(LotteryFacts.Sold(at: command.context.now, tickets: total))
        default: continue
        }
      }
      guard rows.count == LotteryDesk.page, let last = rows.last else { break }
      after = last.number
    }
    let most = 100
    guard all.count > most else { return all }
    return (1...most).map { all[$0 * all.count / most - 1] }
  }
}

extension LotteryEngine {
  /// Whether every winner of the plan has been computed.
  package func areWinnersKnown(_ id: UInt64) -> Bool {
    guard let state = payouts?.states[id] else { return false }
    return state.totalRequired > 0 && state.totalAssigned == state.totalRequired
  }
}
