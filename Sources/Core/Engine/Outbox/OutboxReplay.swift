import Money
package import Payouts

/// Sends a stretch of the outbox once more, under the same ids, beside whatever relay follows it. Moves no cursor.
///
/// Events that were dead letters and get through are marked as settled. Killed, it is begun again by its caller.
package final class OutboxReplay {
  private let sender: OutboxSender
  private let store: any OutboxStore
  private let clock: any EngineClock
  private let random: any RandomSource
  private var length: PageLength
  private let last: Int64
  private let word: String
  private var pace: RelayPace
  /// The last event that was sent or buried.
  package private(set) var place: Int64

  /// `relay` names whose dead letters these may be; `word` tells this replay from every other.
  package init(
    _ events: ClosedRange<Int64>, word: String, relay: String, topic: Topic, store: any OutboxStore,
    broker: any EventBroker, clock: any EngineClock, random: any RandomSource,
    settings: RelaySettings = RelaySettings()
  ) {
    self.store = store
    self.clock = clock
    self.random = random
    self.word = word
    length = PageLength(settings)
    last = events.upperBound
    place = max(0, events.lowerBound - 1)
    pace = RelayPace(settings)
    sender = OutboxSender(relay: relay, topic: topic, store: store, broker: broker)
  }

  /// One page; `.idle` when the end is reached.
  package func step() throws(StoreError) -> RelayStep {
    let now = clock.now()
    if let (until, why) = pace.waiting(at: now) { return .waiting(until: until, why) }
    let out = try sender.page(after: place, through: last, limit: length.value)
    guard let first = out.events.first else { return .idle }
    length.saw(out.events)
    let sent = try sender.send(out, again: word, at: now, meanwhile: {})
    if sent.taken > 0 {
      try store.settleDeadLetters(sender.relay, first.id...out.events[sent.taken - 1].id, at: now)
    }
    if let through = sent.through { place = through }
    guard let trouble = sent.trouble else {
      pace.succeeded()
      return .moved(taken: sent.taken, buried: sent.buried)
    }
    return .waiting(until: pace.failed(trouble, at: clock.now(), random: random), trouble)
  }
}
