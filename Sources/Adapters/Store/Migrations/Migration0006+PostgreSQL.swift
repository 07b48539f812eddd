extension Migration {
  static let peopleOnPostgreSQL = Migration(
    number: 6,
    reason: Migration.people.reason,
    sql: """
      CREATE TABLE people(
        name text PRIMARY KEY CHECK(length(name) BETWEEN 1 AND 40),
        roles text NOT NULL,
        state text NOT NULL CHECK(state IN ('active','disabled')),
        version bigint NOT NULL CHECK(version > 0),
        password text NOT NULL,
        approval_key bytea CHECK(octet_length(approval_key) = 32),
        mfa_secret bytea,
        mfa_state text CHECK(mfa_state IN ('pending','confirmed')),
        mfa_last_step bigint,
        recovery text NOT NULL,
        password_failures bigint NOT NULL CHECK(password_failures >= 0),
        code_failures bigint NOT NULL CHECK(code_failures >= 0),
        locked_until bigint,
        sessions_from bigint NOT NULL,
        created_by text NOT NULL,
        created_at bigint NOT NULL
      );
      CREATE UNIQUE INDEX people_approval_key ON people(approval_key);
      CREATE TRIGGER people_no_delete BEFORE DELETE ON people FOR EACH ROW EXECUTE FUNCTION refuse_change();
      CREATE TRIGGER people_no_truncate BEFORE TRUNCATE ON people FOR EACH STATEMENT EXECUTE FUNCTION refuse_loss();
      CREATE TABLE sessions(
        token_hash bytea PRIMARY KEY CHECK(octet_length(token_hash) = 32),
        person text NOT NULL REFERENCES people(name),
        scope text,
        created_at bigint NOT NULL,
        expires_at bigint NOT NULL,
        last_used_at bigint NOT NULL,
        code_at bigint,
        revoked_at bigint
      );
      CREATE TABLE approval_requests(
        no bigint PRIMARY KEY CHECK(no > 0),
        campaign_no bigint NOT NULL REFERENCES campaigns(no),
        campaign_uuid text NOT NULL,
        chain text NOT NULL,
        asset text NOT NULL,
        root bytea NOT NULL CHECK(octet_length(root) = 32),
        count bigint NOT NULL CHECK(count > 0),
        total numeric(78,0) NOT NULL CHECK(total BETWEEN 0 AND 115792089237316195423570985008687907853269984665640564039457584007913129639935),
        fee_cap numeric(78,0) NOT NULL CHECK(fee_cap BETWEEN 0 AND 115792089237316195423570985008687907853269984665640564039457584007913129639935),
        lanes text NOT NULL,
        initiators text NOT NULL,
        needed bigint NOT NULL CHECK(needed > 0),
        eligible bigint NOT NULL CHECK(eligible >= needed),
        opened_at bigint NOT NULL,
        expires_at bigint NOT NULL CHECK(expires_at > opened_at),
        nonce bytea NOT NULL CHECK(octet_length(nonce) = 32),
        mark text NOT NULL CHECK(mark IN ('open','rejected'))
      );
      CREATE UNIQUE INDEX approval_requests_nonce ON approval_requests(nonce);
      CREATE INDEX approval_requests_campaign ON approval_requests(campaign_no, no);
      CREATE TRIGGER approval_requests_frozen BEFORE UPDATE OF no, campaign_no, campaign_uuid, chain, asset, root, count,
        total, fee_cap, lanes, initiators, needed, eligible, opened_at, expires_at, nonce ON approval_requests
        FOR EACH ROW EXECUTE FUNCTION refuse_change();
      CREATE TRIGGER approval_requests_no_return BEFORE UPDATE OF mark ON approval_requests FOR EACH ROW
        WHEN (OLD.mark <> 'open') EXECUTE FUNCTION refuse_change();
      CREATE TRIGGER approval_requests_no_delete BEFORE DELETE ON approval_requests
        FOR EACH ROW EXECUTE FUNCTION refuse_change();
      CREATE TRIGGER approval_requests_no_truncate BEFORE TRUNCATE ON approval_requests
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_loss();
      ALTER TABLE approvals ADD COLUMN request_no bigint REFERENCES approval_requests(no);
      ALTER TABLE approvals ADD COLUMN signed_at bigint;
      ALTER TABLE approvals ADD COLUMN public_key bytea CHECK(octet_length(public_key) = 32);
      ALTER TABLE approvals ADD COLUMN signature bytea CHECK(octet_length(signature) = 64);
      CREATE UNIQUE INDEX approvals_once ON approvals(request_no, approved_by);
      """,
    before: [], after: [])
}
