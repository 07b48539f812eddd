import Money
package import Payouts

/// Follows the outbox: takes what lies behind its durable cursor, hands it to the broker, and moves the cursor once the
/// broker keeps it.
///
/// What it holds to, whenever it is killed and however many run at once under one name:
/// - at least once: the cursor moves after the broker's acknowledgement, so a crash in between sends again, never skips;
/// - one id per event, in every delivery of it;
/// - order per key: of two events of one key, the earlier reaches the topic first. Repetitions may follow;
/// - a slow broker slows it: two pages are in memory, and the outbox keeps the rest;
/// - a refused event goes to the dead letters and the others go on; a broker that is down is waited for.
/// One thread at a time; a turn blocks as long as the broker takes.
package final class OutboxRelay {
  package let name: String
  private let sender: OutboxSender
  private let store: any OutboxStore
  private let clock: any EngineClock
  private let random: any RandomSource
  private var length: PageLength
  private var pace: RelayPace
  /// The page that follows one which was on its way, read while the broker worked.
  private var ahead: (after: Int64, page: OutboxSender.Page)?
  /// Where the last turn has left the cursor.
  private var passed: Int64?

  /// `name` is that of the cursor: two names send everything twice.
  package init(
    name: String, topic: Topic, store: any OutboxStore, broker: any EventBroker, clock: any EngineClock,
    random: any RandomSource, settings: RelaySettings = RelaySettings()
  ) {
    self.name = name
    self.store = store
    self.clock = clock
    self.random = random
    length = PageLength(settings)
    pace = RelayPace(settings)
    sender = OutboxSender(relay: name, topic: topic, store: store, broker: broker)
  }

  /// One turn: at most one page. Throws what the store throws; the next turn begins from what is durable.
  package func step() throws(StoreError) -> RelayStep {
    let now = clock.now()
    if let (until, why) = pace.waiting(at: now) { return .waiting(until: until, why) }
    let (next, before) = (ahead, passed)
    (ahead, passed) = (nil, nil)
    let cursor = if let next, next.after == before { next.after } else { try store.outboxCursor(name) }
    let out =
      if let next, next.after == cursor { next.page } else { try sender.page(after: cursor, limit: length.value) }
    guard let last = out.events.last else { return .idle }
    let isFull = out.events.count >= length.value
    length.saw(out.events)
    let sent = try sender.send(out, again: nil, at: now) {
      // A short page was the last for now.
      guard isFull, let more = try? sender.page(after: last.id, limit: length.value) else { return }
      ahead = (last.id, more)
    }
    if let through = sent.through { passed = try store.moveOutboxCursor(name, to: through) }
    guard let trouble = sent.trouble else {
      pace.succeeded()
      return .moved(taken: sent.taken, buried: sent.buried)
    }
    return .waiting(until: pace.failed(trouble, at: clock.now(), random: random), trouble)
  }
}
