/// Which tickets have won, so that none wins twice.
package struct TakenTickets: Hashable, Sendable {
  /// Schema 1: the indices that have won.
  private var indices: Set<UInt64> = []
  /// Schema 2: the list of free tickets 0, 1, 2… as far as it differs from that. Place -> ticket.
  private var moved: [UInt64: UInt64] = [:]

  package init() {}

  package func contains(_ index: UInt64) -> Bool { indices.contains(index) }

  package mutating func insert(_ index: UInt64) { indices.insert(index) }

  /// Takes the ticket at `place` out of the list of `remaining` free ones; the last one moves into its place.
  package mutating func take(place: UInt64, remaining: UInt64) -> UInt64 {
    let taken = moved[place] ?? place
    let last = moved.removeValue(forKey: remaining - 1) ?? (remaining - 1)
    if place != remaining - 1 { moved[place] = last }
    return taken
  }
}
