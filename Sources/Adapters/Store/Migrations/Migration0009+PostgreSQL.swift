extension Migration {
  static let controlOnPostgreSQL = Migration(
    number: 9,
    reason: Migration.control.reason,
    sql: """
      CREATE TABLE proposals(
        no bigint PRIMARY KEY CHECK(no >= 1),
        kind text NOT NULL,
        subject text NOT NULL,
        content text NOT NULL,
        digest bytea NOT NULL CHECK(length(digest) = 32),
        initiator text NOT NULL,
        created_at bigint NOT NULL,
        expires_at bigint NOT NULL CHECK(expires_at > created_at),
        public_key bytea CHECK(length(public_key) = 32),
        signature bytea CHECK(length(signature) = 64),
        CHECK((public_key IS NULL) = (signature IS NULL)),
        UNIQUE(no, digest, initiator, expires_at)
      );
      CREATE INDEX proposals_subject ON proposals(kind, subject, no);
      CREATE TABLE proposal_answers(
        proposal_no bigint PRIMARY KEY,
        word text NOT NULL CHECK(word IN ('confirmed','rejected')),
        digest bytea NOT NULL,
        initiator text NOT NULL,
        expires_at bigint NOT NULL,
        answered_by text NOT NULL,
        reason text NOT NULL,
        at bigint NOT NULL,
        public_key bytea CHECK(length(public_key) = 32),
        signature bytea CHECK(length(signature) = 64),
        CHECK((public_key IS NULL) = (signature IS NULL)),
        CHECK(word = 'rejected' OR (answered_by <> initiator AND at < expires_at)),
        FOREIGN KEY(proposal_no, digest, initiator, expires_at) REFERENCES proposals(no, digest, initiator, expires_at)
      );
      CREATE TABLE address_book(
        no bigint PRIMARY KEY CHECK(no >= 1),
        chain text NOT NULL,
        address bytea NOT NULL,
        label text NOT NULL,
        usable_at bigint CHECK(usable_at >= at),
        changed_by text NOT NULL,
        at bigint NOT NULL
      );
      CREATE INDEX address_book_newest ON address_book(chain, address, no);
      CREATE TRIGGER proposals_no_change BEFORE UPDATE OR DELETE ON proposals FOR EACH ROW EXECUTE FUNCTION refuse_change();
      CREATE TRIGGER proposal_answers_no_change BEFORE UPDATE OR DELETE ON proposal_answers FOR EACH ROW EXECUTE FUNCTION refuse_change();
      CREATE TRIGGER address_book_no_change BEFORE UPDATE OR DELETE ON address_book FOR EACH ROW EXECUTE FUNCTION refuse_change();
      """,
    before: [], after: [])
}
