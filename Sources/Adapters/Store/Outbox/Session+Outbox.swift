import Engine
import Money
import PostgreSQL

/// Numbers are given out when a commit has its turn, which ends with the commit: nothing appears behind a reader.
extension Session {
  func outbox(after: Int64, limit: Int) throws(StoreError) -> [OutboxEvent] {
    try all(
      "SELECT id, epoch, type, key, payload, at FROM outbox WHERE id > $1 ORDER BY id LIMIT $2", after, limit,
      read: OutboxEvent.read)
  }

  func backlog(after: Int64) throws(StoreError) -> OutboxBacklog {
    let oldest = try outbox(after: after, limit: 1).first
    return try first(
      "SELECT (SELECT count(*) FROM outbox WHERE id > $1), (SELECT coalesce(max(id), 0) FROM outbox)", after
    ) { row throws(StoreError) in
      OutboxBacklog(count: try row.int64(0), oldest: oldest, newest: try row.int64(1))
    } ?? OutboxBacklog(count: 0, oldest: nil, newest: 0)
  }

  // MARK: Cursors

  func outboxCursor(_ relay: String) throws(StoreError) -> Int64 {
    try first("SELECT event_id FROM relay_cursors WHERE relay = $1", relay) { row throws(StoreError) in
      try row.int64(0)
    } ?? 0
  }

  func moveOutboxCursor(_ relay: String, to id: Int64) throws(StoreError) {
    try run(
      """
      INSERT INTO relay_cursors(relay, event_id) VALUES($1, $2)
      ON CONFLICT(relay) DO UPDATE SET event_id = greatest(relay_cursors.event_id, EXCLUDED.event_id)
      """, relay, id)
  }

  // MARK: Dead letters

  func bury(_ letter: DeadLetter) throws(StoreError) {
    try run(
      """
      INSERT INTO dead_letters(relay, event_id, code, message, on_topic, at) VALUES($1, $2, $3, $4, $5, $6)
      ON CONFLICT(relay, event_id) DO UPDATE SET code = EXCLUDED.code, message = EXCLUDED.message,
        on_topic = EXCLUDED.on_topic, at = EXCLUDED.at, settled_at = NULL
      """, letter.relay, letter.event, letter.code, letter.message, letter.isOnTopic, letter.at)
  }

  func deadLetters(
    _ relay: String, settled: Bool, after: Int64, limit: Int
  ) throws(StoreError) -> [DeadLetter] {
    try all(
      """
      SELECT event_id, code, message, on_topic, at, settled_at FROM dead_letters
      WHERE relay = $1 AND event_id > $2 AND ($3 OR settled_at IS NULL) ORDER BY event_id LIMIT $4
      """, relay, after, settled, limit
    ) { row throws(StoreError) in try DeadLetter.read(row, of: relay) }
  }

  func settle(_ relay: String, _ events: ClosedRange<Int64>, at: Timestamp) throws(StoreError) {
    try run(
      """
      UPDATE dead_letters SET settled_at = $1 WHERE relay = $2 AND event_id BETWEEN $3 AND $4 AND settled_at IS NULL
      """, at, relay, events.lowerBound, events.upperBound)
  }
}

extension Request {
  /// Events with the numbers after `last`, in order.
  static func insert(_ events: [Consequences.Event], after last: Int64, at: Timestamp) -> Request {
    var values = Arguments(last, at)
    values.add(array: events.map(\.type))
    values.add(array: events.map(\.key))
    values.add(array: events.map(\.payload))
    return Request(
      """
      INSERT INTO outbox(id, type, key, payload, at, epoch)
      SELECT $1 + u.n, u.t, u.k, u.p, $2, (SELECT epoch FROM store_identity)
      FROM unnest($3::text[], $4::text[], $5::text[]) WITH ORDINALITY u(t, k, p, n)
      """, values)
  }
}
