import Engine
import Money

/// Numbers are SQLite's row ids, given out under the database's write lock, which ends with the commit: nothing appears
/// behind a reader.
extension Database {
  func insert(_ event: Consequences.Event, at: Timestamp) throws(StoreError) {
    try run(
      "INSERT INTO outbox(type, key, payload, at, epoch) VALUES(?, ?, ?, ?, (SELECT epoch FROM store_identity))",
      event.type, event.key, event.payload, at)
  }

  func outbox(after: Int64, limit: Int) throws(StoreError) -> [OutboxEvent] {
    try all(
      "SELECT id, epoch, type, key, payload, at FROM outbox WHERE id > ? ORDER BY id LIMIT ?", after, limit,
      read: OutboxEvent.read)
  }

  func backlog(after: Int64) throws(StoreError) -> OutboxBacklog {
    let oldest = try outbox(after: after, limit: 1).first
    return try first(
      "SELECT (SELECT count(*) FROM outbox WHERE id > ?), (SELECT coalesce(max(id), 0) FROM outbox)", after
    ) { row throws(StoreError) in
      OutboxBacklog(count: try row.int64(0), oldest: oldest, newest: try row.int64(1))
    } ?? OutboxBacklog(count: 0, oldest: nil, newest: 0)
  }

  // MARK: Cursors

  func outboxCursor(_ relay: String) throws(StoreError) -> Int64 {
    try first("SELECT event_id FROM relay_cursors WHERE relay = ?", relay) { row throws(StoreError) in
      try row.int64(0)
    } ?? 0
  }

  func moveOutboxCursor(_ relay: String, to id: Int64) throws(StoreError) {
    try run(
      """
      INSERT INTO relay_cursors(relay, event_id) VALUES(?1, ?2)
      ON CONFLICT(relay) DO UPDATE SET event_id = max(event_id, ?2)
      """, relay, id)
  }

  // MARK: Dead letters

  func bury(_ letter: DeadLetter) throws(StoreError) {
    try run(
      """
      INSERT INTO dead_letters(relay, event_id, code, message, on_topic, at) VALUES(?1, ?2, ?3, ?4, ?5, ?6)
      ON CONFLICT(relay, event_id) DO UPDATE SET code = ?3, message = ?4, on_topic = ?5, at = ?6, settled_at = NULL
      """, letter.relay, letter.event, letter.code, letter.message, letter.isOnTopic, letter.at)
  }

  func deadLetters(
    _ relay: String, settled: Bool, after: Int64, limit: Int
  ) throws(StoreError) -> [DeadLetter] {
    try all(
      """
      SELECT event_id, code, message, on_topic, at, settled_at FROM dead_letters
      WHERE relay = ? AND event_id > ? AND (? OR settled_at IS NULL) ORDER BY event_id LIMIT ?
      """, relay, after, settled, limit
    ) { row throws(StoreError) in try DeadLetter.read(row, of: relay) }
  }

  func settle(_ relay: String, _ events: ClosedRange<Int64>, at: Timestamp) throws(StoreError) {
    try run(
      """
      UPDATE dead_letters SET settled_at = ? WHERE relay = ? AND event_id BETWEEN ? AND ? AND settled_at IS NULL
      """, at, relay, events.lowerBound, events.upperBound)
  }
}
