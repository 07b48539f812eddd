package import Engine
package import Money

/// The outbox part of `PayoutStore`.
extension PostgreSQLStore {
  package func outbox(after: Int64, limit: Int) throws(StoreError) -> [OutboxEvent] {
    try readOnce { session throws(StoreError) in try session.outbox(after: after, limit: limit) }
  }

  package func outboxCursor(_ relay: String) throws(StoreError) -> Int64 {
    try readOnce { session throws(StoreError) in try session.outboxCursor(relay) }
  }

  package func moveOutboxCursor(_ relay: String, to id: Int64) throws(StoreError) -> Int64 {
    try perform { session throws(StoreError) in try session.moveOutboxCursor(relay, to: id) }
  }

  package func outboxBacklog(after: Int64) throws(StoreError) -> OutboxBacklog {
    try read { session throws(StoreError) in try session.backlog(after: after) }
  }

  package func bury(_ letter: DeadLetter) throws(StoreError) {
    try write { session throws(StoreError) in try session.bury(letter) }
  }

  package func deadLetters(
    _ relay: String, settled: Bool, after: Int64, limit: Int
  ) throws(StoreError) -> [DeadLetter] {
    try read { session throws(StoreError) in
      try session.deadLetters(relay, settled: settled, after: after, limit: limit)
    }
  }

  package func settleDeadLetters(_ relay: String, _ events: ClosedRange<Int64>, at: Timestamp) throws(StoreError) {
    try write { session throws(StoreError) in try session.settle(relay, events, at: at) }
  }
}
