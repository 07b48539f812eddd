extension Migration {
  /// What a relay to a message broker needs: ids that stay apart after a restore, and a place for what brokers refuse.
  static let brokerRelay = Migration(
    number: 5,
    reason: "the epoch of events, and events that a broker refused",
    sql: """
      ALTER TABLE outbox ADD COLUMN epoch INTEGER NOT NULL DEFAULT 1 CHECK(epoch > 0);
      CREATE TABLE dead_letters(
        relay TEXT NOT NULL,
        event_id INTEGER NOT NULL CHECK(event_id > 0),
        code TEXT NOT NULL,
        message TEXT NOT NULL,
        on_topic INTEGER NOT NULL CHECK(on_topic IN (0, 1)),
        at INTEGER NOT NULL,
        settled_at INTEGER,
        PRIMARY KEY(relay, event_id)
      ) STRICT, WITHOUT ROWID;
      """,
    before: [], after: [])
}
