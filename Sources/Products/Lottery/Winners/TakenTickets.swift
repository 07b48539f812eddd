/// Which tickets have won, so that none wins twice.
package struct TakenTickets: Hashable, Sendable {
  /// Schema 1: the tickets that have won.
  private var tickets: Set<UInt64> = []
  /// Schema 2: the list of free tickets 0, 1, 2… as far as it differs from that. Place -> ticket.
  private var moved: [UInt64: UInt64] = [:]

  package init() {}

  func contains(_ ticket: UInt64) -> Bool { tickets.contains(ticket) }

  mutating func insert(_ ticket: UInt64) { tickets.insert(ticket) }

  /// Takes the ticket at `place` out of the list of `remaining` free ones; the last one moves into its place. Where this
  /// value says nothing, `base` does.
  mutating func take(place: UInt64, remaining: UInt64, over base: TakenTickets) -> UInt64 {
    let ticket = moved[place] ?? base.moved[place] ?? place
    let last = remaining - 1
    if place != last { moved[place] = moved[last] ?? base.moved[last] ?? last }
    return ticket
  }

  /// Takes over what a batch took.
  mutating func merge(_ fresh: TakenTickets) {
    tickets.formUnion(fresh.tickets)
    for (place, ticket) in fresh.moved { moved[place] = ticket }
  }
}
