extension Migration {
  /// What one person wishes for and another confirms, and whom money may be sent to.
  static let control = Migration(
    number: 9,
    reason: "proposals with their answers, and the address book",
    sql: """
      CREATE TABLE proposals(
        no INTEGER PRIMARY KEY CHECK(no >= 1),
        kind TEXT NOT NULL,
        subject TEXT NOT NULL,
        content TEXT NOT NULL,
        digest BLOB NOT NULL CHECK(length(digest) = 32),
        initiator TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        expires_at INTEGER NOT NULL CHECK(expires_at > created_at),
        public_key BLOB CHECK(length(public_key) = 32),
        signature BLOB CHECK(length(signature) = 64),
        CHECK((public_key IS NULL) = (signature IS NULL)),
        UNIQUE(no, digest, initiator, expires_at)
      ) STRICT;
      CREATE INDEX proposals_subject ON proposals(kind, subject, no);
      CREATE TABLE proposal_answers(
        proposal_no INTEGER PRIMARY KEY,
        word TEXT NOT NULL CHECK(word IN ('confirmed','rejected')),
        digest BLOB NOT NULL,
        initiator TEXT NOT NULL,
        expires_at INTEGER NOT NULL,
        answered_by TEXT NOT NULL,
        reason TEXT NOT NULL,
        at INTEGER NOT NULL,
        public_key BLOB CHECK(length(public_key) = 32),
        signature BLOB CHECK(length(signature) = 64),
        CHECK((public_key IS NULL) = (signature IS NULL)),
        CHECK(word = 'rejected' OR (answered_by <> initiator AND at < expires_at)),
        FOREIGN KEY(proposal_no, digest, initiator, expires_at) REFERENCES proposals(no, digest, initiator, expires_at)
      ) STRICT;
      CREATE TABLE address_book(
        no INTEGER PRIMARY KEY CHECK(no >= 1),
        chain TEXT NOT NULL,
        address BLOB NOT NULL,
        label TEXT NOT NULL,
        usable_at INTEGER CHECK(usable_at >= at),
        changed_by TEXT NOT NULL,
        at INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX address_book_newest ON address_book(chain, address, no);
      CREATE TRIGGER proposals_no_update BEFORE UPDATE ON proposals BEGIN SELECT RAISE(ABORT, 'proposals is append-only'); END;
      CREATE TRIGGER proposals_no_delete BEFORE DELETE ON proposals BEGIN SELECT RAISE(ABORT, 'proposals is append-only'); END;
      CREATE TRIGGER proposal_answers_no_update BEFORE UPDATE ON proposal_answers BEGIN SELECT RAISE(ABORT, 'proposal_answers is append-only'); END;
      CREATE TRIGGER proposal_answers_no_delete BEFORE DELETE ON proposal_answers BEGIN SELECT RAISE(ABORT, 'proposal_answers is append-only'); END;
      CREATE TRIGGER address_book_no_update BEFORE UPDATE ON address_book BEGIN SELECT RAISE(ABORT, 'address_book is append-only'); END;
      CREATE TRIGGER address_book_no_delete BEFORE DELETE ON address_book BEGIN SELECT RAISE(ABORT, 'address_book is append-only'); END;
      """,
    before: [], after: [])
}
