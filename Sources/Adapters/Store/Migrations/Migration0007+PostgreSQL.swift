extension Migration {
  static let screeningOnPostgreSQL = Migration(
    number: 7,
    reason: Migration.screening.reason,
    sql: """
      CREATE TABLE policies(
        no bigint PRIMARY KEY CHECK(no >= 1),
        digest bytea NOT NULL CHECK(length(digest) = 32),
        name text NOT NULL,
        document text NOT NULL,
        proposed_by text NOT NULL,
        activated_by text NOT NULL,
        at bigint NOT NULL
      );
      CREATE TABLE screenings(
        campaign_no bigint PRIMARY KEY REFERENCES campaigns(no),
        policy bytea NOT NULL CHECK(length(policy) = 32),
        lists text NOT NULL,
        started_at bigint NOT NULL,
        valid_until bigint NOT NULL,
        up_to bigint NOT NULL CHECK(up_to BETWEEN 0 AND 4294967295),
        ends_at bigint NOT NULL CHECK(ends_at BETWEEN up_to AND 4294967295),
        counts text NOT NULL
      );
      CREATE TABLE verdicts(
        payout_id bigint PRIMARY KEY REFERENCES payouts(id),
        kind text NOT NULL CHECK(kind IN ('review','deny','held','cleared')),
        rule text NOT NULL,
        reason text NOT NULL,
        detail text NOT NULL,
        fingerprint bytea CHECK(length(fingerprint) = 32),
        policy bytea NOT NULL CHECK(length(policy) = 32),
        at bigint NOT NULL,
        decided_by text,
        decision text,
        CHECK((decided_by IS NULL) = (decision IS NULL))
      );
      CREATE TABLE clearances(
        fingerprint bytea PRIMARY KEY CHECK(length(fingerprint) = 32),
        payout_id bigint NOT NULL REFERENCES payouts(id),
        rule text NOT NULL,
        cleared_by text NOT NULL,
        reason text NOT NULL,
        at bigint NOT NULL
      );
      CREATE TABLE safety(
        no bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
        stopped boolean NOT NULL,
        reason text NOT NULL,
        changed_by text NOT NULL,
        at bigint NOT NULL
      );
      CREATE TRIGGER safety_no_change BEFORE UPDATE OR DELETE ON safety FOR EACH ROW EXECUTE FUNCTION refuse_change();
      CREATE TRIGGER policies_no_change BEFORE UPDATE OR DELETE ON policies FOR EACH ROW EXECUTE FUNCTION refuse_change();
      CREATE TRIGGER clearances_no_change BEFORE UPDATE OR DELETE ON clearances FOR EACH ROW EXECUTE FUNCTION refuse_change();
      """,
    before: [], after: [])
}
