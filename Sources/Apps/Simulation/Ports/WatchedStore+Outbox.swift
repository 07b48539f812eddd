import Engine
import Money

/// The outbox part of the port.
extension WatchedStore {
  func outbox(after: Int64, limit: Int) throws(StoreError) -> [OutboxEvent] {
    try look { () throws(StoreError) in try inner.outbox(after: after, limit: limit) }
  }

  func outboxCursor(_ relay: String) throws(StoreError) -> Int64 {
    try look { () throws(StoreError) in try inner.outboxCursor(relay) }
  }

  func outboxBacklog(after: Int64) throws(StoreError) -> OutboxBacklog {
    try look { () throws(StoreError) in try inner.outboxBacklog(after: after) }
  }

  func deadLetters(_ relay: String, settled: Bool, after: Int64, limit: Int) throws(StoreError) -> [DeadLetter] {
    try look { () throws(StoreError) in
      try inner.deadLetters(relay, settled: settled, after: after, limit: limit)
    }
  }

  func moveOutboxCursor(_ relay: String, to id: Int64) throws(StoreError) -> Int64 {
    try change("moveOutboxCursor") { () throws(StoreError) in try inner.moveOutboxCursor(relay, to: id) }
  }

  func bury(_ letter: DeadLetter) throws(StoreError) {
    try change("bury") { () throws(StoreError) in try inner.bury(letter) }
  }

  func settleDeadLetters(_ relay: String, _ events: ClosedRange<Int64>, at: Timestamp) throws(StoreError) {
    try change("settleDeadLetters") { () throws(StoreError) in
      try inner.settleDeadLetters(relay, events, at: at)
    }
  }
}
