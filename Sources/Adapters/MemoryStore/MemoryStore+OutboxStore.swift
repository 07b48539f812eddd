package import Engine
package import Money

/// The outbox part of `PayoutStore`. Numbers are given out under the lock that makes them visible.
extension MemoryStore {
  package func outbox(after: Int64, limit: Int) throws(StoreError) -> [OutboxEvent] {
    read { $0.outbox.page(after: after, limit: limit) }
  }

  package func outboxCursor(_ relay: String) throws(StoreError) -> Int64 { read { $0.cursors[relay] ?? 0 } }

  package func moveOutboxCursor(_ relay: String, to id: Int64) throws(StoreError) -> Int64 {
    try write { transaction throws(StoreError) in
      let place = max(id, transaction.state.cursors[relay] ?? 0)
      transaction.put(\.cursors, relay, place)
      return place
    }
  }

  package func outboxBacklog(after: Int64) throws(StoreError) -> OutboxBacklog {
    read { state in
      OutboxBacklog(
        count: max(0, Int64(state.outbox.count) - max(0, after)),
        oldest: state.outbox.page(after: after, limit: 1).first,
        newest: Int64(state.outbox.count))
    }
  }

  package func bury(_ letter: DeadLetter) throws(StoreError) {
    try write { transaction throws(StoreError) in
      transaction.put(\.deadLetters, MemoryState.LetterPlace(relay: letter.relay, event: letter.event), letter)
    }
  }

  package func deadLetters(
    _ relay: String, settled: Bool, after: Int64, limit: Int
  ) throws(StoreError) -> [DeadLetter] {
    read { state in
      Array(
        state.deadLetters.values.filter {
          $0.relay == relay && $0.event > after && (settled || $0.settledAt == nil)
        }.sorted { $0.event < $1.event }.prefix(limit))
    }
  }

  package func settleDeadLetters(_ relay: String, _ events: ClosedRange<Int64>, at: Timestamp) throws(StoreError) {
    try write { transaction throws(StoreError) in
      for (place, letter) in transaction.state.deadLetters
      where place.relay == relay && events.contains(place.event) && letter.settledAt == nil {
        transaction.put(
          \.deadLetters, place,
          DeadLetter(
            relay: relay, event: letter.event, code: letter.code, message: letter.message, isOnTopic: letter.isOnTopic,
            at: letter.at, settledAt: at))
      }
    }
  }
}
