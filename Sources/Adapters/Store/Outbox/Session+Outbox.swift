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

  /// Not inside a transaction: it is one of its own.
  func moveOutboxCursor(_ relay: String, to id: Int64) throws(StoreError) -> Int64 {
    let answer = try writeAtOnce(
      Request(
        """
        INSERT INTO relay_cursors(relay, event_id) VALUES($1, $2)
        ON CONFLICT(relay) DO UPDATE SET event_id = greatest(relay_cursors.event_id, EXCLUDED.event_id)
        RETURNING event_id
        """, Arguments(relay, id)))
    return try answer.first { row throws(StoreError) in try row.int64(0) } ?? id
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
  /// Makes events of records that this transaction has written, in their order: `Consequences.Event`. What stands in
  /// the audit trail need not travel a second time.
  ///
  /// OFFSET keeps the planner from joining the other way round: all records of the chain, each looked for in the runs.
  static func publish(_ records: PublicRecords) -> Request {
    var values = Arguments(records.chain)
    values.add(array: records.runs.map(\.lowerBound))
    values.add(array: records.runs.map(\.upperBound))
    values.add(array: records.numbers)
    return Request(
      """
      INSERT INTO outbox(id, type, key, payload, at, epoch)
      SELECT (SELECT coalesce(max(id), 0) FROM outbox) + u.n + a.seq - u.f, a.action, a.entity || '/' || a.entity_id,
        a.details, a.at, (SELECT epoch FROM store_identity)
      FROM unnest($2::int8[], $3::int8[], $4::int8[]) u(f, l, n) CROSS JOIN LATERAL (
        SELECT seq, action, entity, entity_id, details, at FROM audit_log
        WHERE chain = $1 AND seq BETWEEN u.f AND u.l ORDER BY seq OFFSET 0) a
      """, values)
  }
}

/// Which records of a commit become events: stretches of one chain, ascending.
struct PublicRecords {
  let chain: Int64
  private(set) var runs: [ClosedRange<Int64>] = []
  private(set) var count = 0

  init(chain: Int64) { self.chain = chain }

  /// Adds the record with this number; it comes after every other.
  mutating func add(_ sequence: Int64) {
    count += 1
    if let last = runs.last, last.upperBound + 1 == sequence {
      runs[runs.count - 1] = last.lowerBound...sequence
    } else {
      runs.append(sequence...sequence)
    }
  }

  /// Which of the commit's events, from 1, each stretch begins with.
  var numbers: [Int64] {
    var next: Int64 = 1
    return runs.map { run in
      defer { next += Int64(run.count) }
      return next
    }
  }
}
