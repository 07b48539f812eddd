import Money

/// Hands pages to a broker and puts aside what it refuses. Moves no cursor: its callers do, after it.
/// One thread at a time.
final class OutboxSender {
  let relay: String
  let topic: Topic
  let store: any OutboxStore
  let broker: any EventBroker
  /// The store's name, which it keeps for as long as it is open.
  private var uuid: String?

  init(relay: String, topic: Topic, store: any OutboxStore, broker: any EventBroker) {
    self.relay = relay
    self.topic = topic
    self.store = store
    self.broker = broker
  }

  /// What became of a page: events up to `through` are with the broker or dead letters, in `taken` and `buried`; with
  /// `trouble` the rest waits.
  struct Sent {
    var through: Int64?
    var taken = 0
    var buried = 0
    var trouble: BrokerError?
  }

  /// A page as it goes out.
  struct Page {
    let events: [OutboxEvent]
    /// Of the events up to the first that cannot be read.
    let messages: [EventMessage]
    let unreadable: BrokerError?
    let store: String
  }

  /// Reads and encodes the next page; without events at the end.
  func page(after place: Int64, through last: Int64 = .max, limit: Int) throws(StoreError) -> Page {
    var events = try store.outbox(after: place, limit: limit)
    if let end = events.firstIndex(where: { $0.id > last }) { events.removeSubrange(end...) }
    let uuid = if let uuid { uuid } else { try store.identity().uuid }
    self.uuid = uuid
    var messages: [EventMessage] = []
    messages.reserveCapacity(events.count)
    for event in events {
      do throws(BrokerError) { messages.append(EventMessage(try EventEnvelope(event, store: uuid))) } catch {
        return Page(events: events, messages: messages, unreadable: error, store: uuid)
      }
    }
    return Page(events: events, messages: messages, unreadable: nil, store: uuid)
  }

  /// Sends the page until its end, its first dead letter or the first trouble.
  func send(
    _ page: Page, again: String?, at now: Timestamp, meanwhile: () -> Void
  ) throws(StoreError) -> Sent {
    let (events, messages) = (page.events, page.messages)
    var sent = Sent()
    var refusal = page.unreadable
    if !messages.isEmpty {
      let publication = broker.publish(messages, to: topic, again: again, meanwhile: meanwhile)
      sent.taken = min(max(0, publication.taken), messages.count)
      if sent.taken > 0 { sent.through = events[sent.taken - 1].id }
      switch publication.stop {
      case .down(let why): sent.trouble = why
      case .refused(let why): refusal = why
      case nil where sent.taken < messages.count:
        sent.trouble = BrokerError(
          .malformed, "\(broker.name) took \(sent.taken) of \(messages.count) and says no more")
      case nil: break
      }
    }
    guard sent.trouble == nil, sent.taken < events.count, let refusal else { return sent }
    let message = sent.taken < messages.count ? messages[sent.taken] : nil
    sent.trouble = try bury(events[sent.taken], message, refusal, store: page.store, again: again, at: now)
    if sent.trouble == nil {
      sent.buried = 1
      sent.through = events[sent.taken].id
    }
    return sent
  }

  /// Puts one event aside: on the dead-letter topic if that takes it, and in the store in any case. Returns trouble when
  /// the broker went down meanwhile; then nothing is settled and the event is tried again.
  private func bury(
    _ event: OutboxEvent, _ message: EventMessage?, _ why: BrokerError, store uuid: String, again: String?,
    at now: Timestamp
  ) throws(StoreError) -> BrokerError? {
    let id = EventEnvelope.id(event, store: uuid)
    let letter = EventMessage(
      id: id, type: event.type, key: event.key,
      body: event.deadLetterBody(id: id, envelope: message?.body, why, at: now))
    let publication = broker.publish([letter], to: topic.dead, again: again)
    if case .down(let trouble)? = publication.stop { return trouble }
    try store.bury(
      DeadLetter(
        relay: relay, event: event.id, code: why.code.rawValue, message: why.message,
        isOnTopic: publication.taken > 0 && publication.stop == nil, at: now))
    return nil
  }
}
