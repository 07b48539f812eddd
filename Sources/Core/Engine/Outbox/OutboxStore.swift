package import Money

/// One event for the world, at least once, in order per key. Consumers drop ids they have seen.
package struct OutboxEvent: Hashable, Sendable {
  /// Ascending; numbers may be left out.
  package let id: Int64
  /// The store's epoch when it was written: after a restore numbers are given out again.
  package let epoch: Int64
  /// `payout.confirmed`, `campaign.started`: docs/reference/events.md.
  package let type: String
  /// The object the event is about: order is kept per key.
  package let key: String
  /// Canonical JSON text.
  package let payload: String
  package let at: Timestamp
  package init(id: Int64, epoch: Int64, type: String, key: String, payload: String, at: Timestamp) {
    self.id = id
    self.epoch = epoch
    self.type = type
    self.key = key
    self.payload = payload
    self.at = at
  }
}

/// What a relay has not passed yet.
package struct OutboxBacklog: Hashable, Sendable {
  package let count: Int64
  /// The oldest of them; nil when there is none.
  package let oldest: OutboxEvent?
  /// The last event there is; 0 for none.
  package let newest: Int64
  package init(count: Int64, oldest: OutboxEvent?, newest: Int64) {
    self.count = count
    self.oldest = oldest
    self.newest = newest
  }
}

/// An event that a broker refused for what it is. The event itself stays in the outbox for ever.
package struct DeadLetter: Hashable, Sendable {
  /// Whose refusal: the relay's name, as with cursors.
  package let relay: String
  package let event: Int64
  package let code: String
  package let message: String
  /// Whether the dead-letter topic took it; if not, this row is all there is.
  package let isOnTopic: Bool
  package let at: Timestamp
  /// When a replay got it through; nil while it waits for somebody.
  package let settledAt: Timestamp?

  package init(
    relay: String, event: Int64, code: String, message: String, isOnTopic: Bool, at: Timestamp,
    settledAt: Timestamp? = nil
  ) {
    self.relay = relay
    self.event = event
    self.code = code
    self.message = message
    self.isOnTopic = isOnTopic
    self.at = at
    self.settledAt = settledAt
  }
}

/// The part of a store that relays need: events in order, a durable place for each relay, and what could not be sent.
package protocol OutboxStore: Sendable {
  func identity() throws(StoreError) -> StoreIdentity

  /// Events after a number, ascending, at most `limit`.
  ///
  /// **Nothing may appear behind a reader.** Once a number was returned, no event with a lower one becomes visible any
  /// more. A store whose writers overlap gives out numbers before commits, so a lower number may become visible after a
  /// higher one; such a store returns only events below the lowest number that a transaction still holds (or takes the
  /// numbers under a lock that ends with the commit). It may leave numbers out. A relay that went on from the last number
  /// it saw would otherwise skip an event for ever.
  func outbox(after: Int64, limit: Int) throws(StoreError) -> [OutboxEvent]

  /// The relay's own place, by name; 0 when new.
  func outboxCursor(_ relay: String) throws(StoreError) -> Int64
  /// Moves the place forward, durably, and returns where it is now; it never goes back, so that two relays of one name do
  /// each other no harm.
  @discardableResult
  func moveOutboxCursor(_ relay: String, to id: Int64) throws(StoreError) -> Int64

  /// How much lies after a number. Counts, so it takes time with a long backlog.
  func outboxBacklog(after: Int64) throws(StoreError) -> OutboxBacklog

  /// Keeps a refused event; the same event of the same relay again replaces what was known, and is open again.
  func bury(_ letter: DeadLetter) throws(StoreError)
  /// By event, ascending; settled ones too when asked for.
  func deadLetters(
    _ relay: String, settled: Bool, after: Int64, limit: Int
  ) throws(StoreError) -> [DeadLetter]
  /// Marks the open dead letters of these events as sent.
  func settleDeadLetters(_ relay: String, _ events: ClosedRange<Int64>, at: Timestamp) throws(StoreError)
}
