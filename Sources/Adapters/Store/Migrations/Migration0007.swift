extension Migration {
  /// Policies, what they said of campaigns, and what people said of that. Whoever is allowed costs no row.
  static let screening = Migration(
    number: 7,
    reason: "policies, the screening of campaigns, and reviews",
    sql: """
      CREATE TABLE policies(
        no INTEGER PRIMARY KEY CHECK(no >= 1),
        digest BLOB NOT NULL CHECK(length(digest) = 32),
        name TEXT NOT NULL,
        document TEXT NOT NULL,
        proposed_by TEXT NOT NULL,
        activated_by TEXT NOT NULL,
        at INTEGER NOT NULL
      ) STRICT;
      CREATE TABLE screenings(
        campaign_no INTEGER PRIMARY KEY REFERENCES campaigns(no),
        policy BLOB NOT NULL CHECK(length(policy) = 32),
        lists TEXT NOT NULL,
        started_at INTEGER NOT NULL,
        valid_until INTEGER NOT NULL,
        up_to INTEGER NOT NULL CHECK(up_to BETWEEN 0 AND 4294967295),
        ends_at INTEGER NOT NULL CHECK(ends_at BETWEEN up_to AND 4294967295),
        counts TEXT NOT NULL
      ) STRICT;
      CREATE TABLE verdicts(
        payout_id INTEGER PRIMARY KEY REFERENCES payouts(id),
        kind TEXT NOT NULL CHECK(kind IN ('review','deny','held','cleared')),
        rule TEXT NOT NULL,
        reason TEXT NOT NULL,
        detail TEXT NOT NULL,
        fingerprint BLOB CHECK(length(fingerprint) = 32),
        policy BLOB NOT NULL CHECK(length(policy) = 32),
        at INTEGER NOT NULL,
        decided_by TEXT,
        decision TEXT,
        CHECK((decided_by IS NULL) = (decision IS NULL))
      ) STRICT;
      CREATE TABLE clearances(
        fingerprint BLOB PRIMARY KEY CHECK(length(fingerprint) = 32),
        payout_id INTEGER NOT NULL REFERENCES payouts(id),
        rule TEXT NOT NULL,
        cleared_by TEXT NOT NULL,
        reason TEXT NOT NULL,
        at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE safety(
        no INTEGER PRIMARY KEY,
        stopped INTEGER NOT NULL CHECK(stopped IN (0, 1)),
        reason TEXT NOT NULL,
        changed_by TEXT NOT NULL,
        at INTEGER NOT NULL
      ) STRICT;
      CREATE TRIGGER safety_no_update BEFORE UPDATE ON safety BEGIN SELECT RAISE(ABORT, 'safety is append-only'); END;
      CREATE TRIGGER safety_no_delete BEFORE DELETE ON safety BEGIN SELECT RAISE(ABORT, 'safety is append-only'); END;
      CREATE TRIGGER policies_no_update BEFORE UPDATE ON policies BEGIN SELECT RAISE(ABORT, 'policies is append-only'); END;
      CREATE TRIGGER policies_no_delete BEFORE DELETE ON policies BEGIN SELECT RAISE(ABORT, 'policies is append-only'); END;
      CREATE TRIGGER clearances_no_update BEFORE UPDATE ON clearances BEGIN SELECT RAISE(ABORT, 'clearances is append-only'); END;
      CREATE TRIGGER clearances_no_delete BEFORE DELETE ON clearances BEGIN SELECT RAISE(ABORT, 'clearances is append-only'); END;
      """,
    before: [], after: [])
}
