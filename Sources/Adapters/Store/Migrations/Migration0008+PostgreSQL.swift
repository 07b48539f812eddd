extension Migration {
  static let factsOnPostgreSQL = Migration(
    number: 8,
    reason: Migration.facts.reason,
    sql: """
      CREATE TABLE rate_limits(
        key text PRIMARY KEY,
        quota bigint CHECK(quota >= 1),
        window_sec bigint NOT NULL CHECK(window_sec >= 1),
        used bigint NOT NULL CHECK(used >= 0),
        reset_at bigint NOT NULL CHECK(reset_at >= 0),
        seen_at bigint NOT NULL CHECK(seen_at >= 0),
        entries bytea NOT NULL
      ) WITH (fillfactor = 50);
      CREATE TABLE kyc_answers(
        key bytea PRIMARY KEY CHECK(length(key) = 32),
        status text NOT NULL CHECK(status IN ('approved','pending','rejected','expired')),
        level text NOT NULL,
        reference text NOT NULL,
        checked_at bigint NOT NULL,
        asked_at bigint NOT NULL
      );
      """,
    before: [], after: [])
}
