extension Migration {
  static let brokerRelayOnPostgreSQL = Migration(
    number: 5,
    reason: Migration.brokerRelay.reason,
    sql: """
      ALTER TABLE outbox ADD COLUMN epoch bigint NOT NULL DEFAULT 1 CHECK(epoch > 0);
      CREATE TABLE dead_letters(
        relay text NOT NULL,
        event_id bigint NOT NULL CHECK(event_id > 0),
        code text NOT NULL,
        message text NOT NULL,
        on_topic boolean NOT NULL,
        at bigint NOT NULL,
        settled_at bigint,
        PRIMARY KEY(relay, event_id)
      );
      """,
    before: [], after: [])
}
