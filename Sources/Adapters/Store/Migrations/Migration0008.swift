extension Migration {
  /// What is used up of limits, and what KYC providers have said.
  static let facts = Migration(
    number: 8,
    reason: "counters of limits, and answers of KYC providers",
    sql: """
      CREATE TABLE rate_limits(
        key TEXT PRIMARY KEY,
        quota INTEGER CHECK(quota >= 1),
        window_sec INTEGER NOT NULL CHECK(window_sec >= 1),
        used INTEGER NOT NULL CHECK(used >= 0),
        reset_at INTEGER NOT NULL CHECK(reset_at >= 0),
        seen_at INTEGER NOT NULL CHECK(seen_at >= 0),
        entries BLOB NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE kyc_answers(
        key BLOB PRIMARY KEY CHECK(length(key) = 32),
        status TEXT NOT NULL CHECK(status IN ('approved','pending','rejected','expired')),
        level TEXT NOT NULL,
        reference TEXT NOT NULL,
        checked_at INTEGER NOT NULL,
        asked_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      """,
    before: [], after: [])
}
