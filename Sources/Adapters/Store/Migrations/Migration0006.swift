extension Migration {
  /// Persons, their sessions, and what they approve. Approvals of a single local operator stay as they are.
  static let people = Migration(
    number: 6,
    reason: "persons, sessions, and approvals by several people",
    sql: """
      CREATE TABLE people(
        name TEXT PRIMARY KEY CHECK(length(name) BETWEEN 1 AND 40),
        roles TEXT NOT NULL,
        state TEXT NOT NULL CHECK(state IN ('active','disabled')),
        version INTEGER NOT NULL CHECK(version > 0),
        password TEXT NOT NULL,
        approval_key BLOB CHECK(length(approval_key) = 32),
        mfa_secret BLOB,
        mfa_state TEXT CHECK(mfa_state IN ('pending','confirmed')),
        mfa_last_step INTEGER,
        recovery TEXT NOT NULL,
        password_failures INTEGER NOT NULL CHECK(password_failures >= 0),
        code_failures INTEGER NOT NULL CHECK(code_failures >= 0),
        locked_until INTEGER,
        sessions_from INTEGER NOT NULL,
        created_by TEXT NOT NULL,
        created_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE UNIQUE INDEX people_approval_key ON people(approval_key);
      CREATE TRIGGER people_no_delete BEFORE DELETE ON people BEGIN SELECT RAISE(ABORT, 'people are disabled, not deleted'); END;
      CREATE TABLE sessions(
        token_hash BLOB PRIMARY KEY CHECK(length(token_hash) = 32),
        person TEXT NOT NULL REFERENCES people(name),
        scope TEXT,
        created_at INTEGER NOT NULL,
        expires_at INTEGER NOT NULL,
        last_used_at INTEGER NOT NULL,
        code_at INTEGER,
        revoked_at INTEGER
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE approval_requests(
        no INTEGER PRIMARY KEY CHECK(no > 0),
        campaign_no INTEGER NOT NULL REFERENCES campaigns(no),
        campaign_uuid TEXT NOT NULL,
        chain TEXT NOT NULL,
        asset TEXT NOT NULL,
        root BLOB NOT NULL CHECK(length(root) = 32),
        count INTEGER NOT NULL CHECK(count > 0),
        total BLOB NOT NULL CHECK(length(total) = 32),
        fee_cap BLOB NOT NULL CHECK(length(fee_cap) = 32),
        lanes TEXT NOT NULL,
        initiators TEXT NOT NULL,
        needed INTEGER NOT NULL CHECK(needed > 0),
        eligible INTEGER NOT NULL CHECK(eligible >= needed),
        opened_at INTEGER NOT NULL,
        expires_at INTEGER NOT NULL CHECK(expires_at > opened_at),
        nonce BLOB NOT NULL CHECK(length(nonce) = 32),
        mark TEXT NOT NULL CHECK(mark IN ('open','rejected'))
      ) STRICT;
      CREATE UNIQUE INDEX approval_requests_nonce ON approval_requests(nonce);
      CREATE INDEX approval_requests_campaign ON approval_requests(campaign_no, no);
      CREATE TRIGGER approval_requests_frozen BEFORE UPDATE OF no, campaign_no, campaign_uuid, chain, asset, root, count,
        total, fee_cap, lanes, initiators, needed, eligible, opened_at, expires_at, nonce ON approval_requests
        BEGIN SELECT RAISE(ABORT, 'a request for approval is never changed'); END;
      CREATE TRIGGER approval_requests_no_return BEFORE UPDATE OF mark ON approval_requests WHEN OLD.mark <> 'open'
        BEGIN SELECT RAISE(ABORT, 'a no is never taken back'); END;
      CREATE TRIGGER approval_requests_no_delete BEFORE DELETE ON approval_requests
        BEGIN SELECT RAISE(ABORT, 'a request for approval is never deleted'); END;
      ALTER TABLE approvals ADD COLUMN request_no INTEGER REFERENCES approval_requests(no);
      ALTER TABLE approvals ADD COLUMN signed_at INTEGER;
      ALTER TABLE approvals ADD COLUMN public_key BLOB CHECK(length(public_key) = 32);
      ALTER TABLE approvals ADD COLUMN signature BLOB CHECK(length(signature) = 64);
      CREATE UNIQUE INDEX approvals_once ON approvals(request_no, approved_by);
      """,
    before: [], after: [])
}
