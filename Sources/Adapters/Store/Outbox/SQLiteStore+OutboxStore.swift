package import Engine
package import Money

/// The outbox part of `PayoutStore`.
extension SQLiteStore {
  package func outbox(after: Int64, limit: Int) throws(StoreError) -> [OutboxEvent] {
    try read { database throws(StoreError) in try database.outbox(after: after, limit: limit) }
  }

  package func outboxCursor(_ relay: String) throws(StoreError) -> Int64 {
    try read { database throws(StoreError) in try database.outboxCursor(relay) }
  }

  package func moveOutboxCursor(_ relay: String, to id: Int64) throws(StoreError) -> Int64 {
    try write { database throws(StoreError) in
      try database.moveOutboxCursor(relay, to: id)
      return try database.outboxCursor(relay)
    }
  }

  package func outboxBacklog(after: Int64) throws(StoreError) -> OutboxBacklog {
    try read { database throws(StoreError) in try database.backlog(after: after) }
  }

  package func bury(_ letter: DeadLetter) throws(StoreError) {
    try write { database throws(StoreError) in try database.bury(letter) }
  }

  package func deadLetters(
    _ relay: String, settled: Bool, after: Int64, limit: Int
  ) throws(StoreError) -> [DeadLetter] {
    try read { database throws(StoreError) in
      try database.deadLetters(relay, settled: settled, after: after, limit: limit)
    }
  }

  package func settleDeadLetters(_ relay: String, _ events: ClosedRange<Int64>, at: Timestamp) throws(StoreError) {
    try write { database throws(StoreError) in try database.settle(relay, events, at: at) }
  }
}
