import Money

/// Hands pages to a broker and puts aside what it refuses. Moves no cursor: its callers do, after it.
struct OutboxSender {
  let relay: String
  let topic: Topic
  let store: any OutboxStore
  let broker: any EventBroker

  /// What became of a page: events up to `through` are with the broker or dead letters, in `taken` and `buried`; with
  /// `trouble` the rest waits.
  struct Sent {
    var through: Int64?
    var taken = 0
    var buried = 0
    var trouble: BrokerError?
  }

  /// Sends the page until its end, its first dead letter or the first trouble.
  func send(_ page: [OutboxEvent], again: String?, at now: Timestamp) throws(StoreError) -> Sent {
    let store = try store.identity().uuid
    var envelopes: [EventEnvelope] = []
    envelopes.reserveCapacity(page.count)
    var unreadable: BrokerError?
    for event in page {
      do throws(BrokerError) { envelopes.append(try EventEnvelope(event, store: store)) } catch {
        unreadable = error
        break
      }
    }
    var sent = Sent()
    var refusal = unreadable
    if !envelopes.isEmpty {
      let publication = broker.publish(envelopes.map { EventMessage($0) }, to: topic, again: again)
      sent.taken = min(max(0, publication.taken), envelopes.count)
      if sent.taken > 0 { sent.through = page[sent.taken - 1].id }
      switch publication.stop {
      case .down(let why): sent.trouble = why
      case .refused(let why): refusal = why
      case nil where sent.taken < envelopes.count:
        sent.trouble = BrokerError(
          .malformed, "\(broker.name) took \(sent.taken) of \(envelopes.count) and says no more")
      case nil: break
      }
    }
    guard sent.trouble == nil, sent.taken < page.count, let refusal else { return sent }
    let envelope = sent.taken < envelopes.count ? envelopes[sent.taken] : nil
    sent.trouble = try bury(page[sent.taken], envelope, refusal, store: store, again: again, at: now)
    if sent.trouble == nil {
      sent.buried = 1
      sent.through = page[sent.taken].id
    }
    return sent
  }

  /// Puts one event aside: on the dead-letter topic if that takes it, and in the store in any case. Returns trouble when
  /// the broker went down meanwhile; then nothing is settled and the event is tried again.
  private func bury(
    _ event: OutboxEvent, _ envelope: EventEnvelope?, _ why: BrokerError, store uuid: String, again: String?,
    at now: Timestamp
  ) throws(StoreError) -> BrokerError? {
    let id = EventEnvelope.id(event, store: uuid)
    let letter = EventMessage(
      id: id, type: event.type, key: event.key,
      body: event.deadLetterBody(id: id, envelope: envelope, why, at: now))
    let publication = broker.publish([letter], to: topic.dead, again: again)
    if case .down(let trouble)? = publication.stop { return trouble }
    try store.bury(
      DeadLetter(
        relay: relay, event: event.id, code: why.code.rawValue, message: why.message,
        isOnTopic: publication.taken > 0 && publication.stop == nil, at: now))
    return nil
  }
}
