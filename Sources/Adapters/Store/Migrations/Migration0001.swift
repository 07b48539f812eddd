extension Migration {
  /// Campaigns, recipients, payouts, lanes, batches, ledger, audit, outbox. Columns: docs/reference/tables.md.
  static let payouts = Migration(
    number: 1,
    reason: "the tables of payouts, their ledger and their proof",
    sql: """
      PRAGMA application_id = 1097624943;
      CREATE TABLE schema_migrations(
        number INTEGER PRIMARY KEY,
        reason TEXT NOT NULL,
        checksum BLOB NOT NULL CHECK(length(checksum) = 32),
        applied_at INTEGER NOT NULL
      ) STRICT;
      CREATE TABLE store_identity(
        one INTEGER PRIMARY KEY CHECK(one = 1),
        uuid TEXT NOT NULL,
        epoch INTEGER NOT NULL CHECK(epoch >= 1)
      ) STRICT;
      INSERT INTO store_identity(one, uuid, epoch)
      SELECT 1, lower(substr(h, 1, 8) || '-' || substr(h, 9, 4) || '-4' || substr(h, 14, 3) || '-a' || substr(h, 18, 3)
        || '-' || substr(h, 21)), 1 FROM (SELECT hex(randomblob(16)) AS h);

      CREATE TABLE campaigns(
        no INTEGER PRIMARY KEY CHECK(no BETWEEN 1 AND 2147483647),
        uuid TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL UNIQUE,
        status TEXT NOT NULL CHECK(status IN ('pending','running','paused','completed','canceled','failed')),
        reason TEXT,
        chain TEXT NOT NULL,
        token_contract TEXT,
        start_at INTEGER,
        end_at INTEGER,
        daily_from INTEGER CHECK(daily_from BETWEEN 0 AND 1440),
        daily_to INTEGER CHECK(daily_to BETWEEN 0 AND 1440),
        daily_zone TEXT,
        mode TEXT NOT NULL CHECK(mode IN ('sync','async-batch','canary','shadow')),
        priority INTEGER NOT NULL CHECK(priority BETWEEN 1 AND 9),
        max_batch INTEGER NOT NULL CHECK(max_batch >= 1),
        canary INTEGER NOT NULL CHECK(canary >= 0),
        created_by TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        ready_ordinal INTEGER NOT NULL CHECK(ready_ordinal BETWEEN 0 AND 4294967295),
        CHECK((daily_from IS NULL) = (daily_to IS NULL) AND (daily_from IS NULL) = (daily_zone IS NULL))
      ) STRICT;
      CREATE INDEX campaigns_status ON campaigns(status);
      CREATE INDEX campaigns_chain ON campaigns(chain, status);

      CREATE TABLE loads(
        no INTEGER PRIMARY KEY AUTOINCREMENT,
        campaign_no INTEGER NOT NULL REFERENCES campaigns(no),
        content_hash BLOB NOT NULL CHECK(length(content_hash) = 32),
        settings TEXT NOT NULL,
        state TEXT NOT NULL CHECK(state IN ('loading','loaded')),
        first_ordinal INTEGER NOT NULL CHECK(first_ordinal >= 0),
        next_ordinal INTEGER NOT NULL CHECK(next_ordinal BETWEEN first_ordinal AND 4294967295),
        units BLOB NOT NULL CHECK(length(units) = 32),
        row_count INTEGER CHECK(row_count >= 0),
        rejected INTEGER CHECK(rejected >= 0),
        duplicates INTEGER CHECK(duplicates >= 0),
        UNIQUE(campaign_no, content_hash),
        CHECK((state = 'loaded') = (row_count IS NOT NULL AND rejected IS NOT NULL AND duplicates IS NOT NULL))
      ) STRICT;
      CREATE UNIQUE INDEX loads_unfinished ON loads(campaign_no) WHERE state = 'loading';

      CREATE TABLE recipients(
        id INTEGER PRIMARY KEY,
        campaign_no INTEGER NOT NULL,
        address BLOB NOT NULL CHECK(length(address) > 0),
        units BLOB NOT NULL CHECK(length(units) = 32),
        payout_key TEXT,
        row_no INTEGER NOT NULL,
        load_no INTEGER NOT NULL REFERENCES loads(no),
        metadata TEXT NOT NULL,
        UNIQUE(campaign_no, address),
        CHECK(id >> 32 = campaign_no)
      ) STRICT;
      CREATE TABLE payout_keys(
        key BLOB PRIMARY KEY CHECK(length(key) = 16),
        id INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE lanes(
        id INTEGER PRIMARY KEY CHECK(id BETWEEN 1 AND 4194304),
        chain TEXT NOT NULL,
        account BLOB NOT NULL,
        fence INTEGER NOT NULL CHECK(fence >= 0),
        holder TEXT,
        session TEXT,
        until INTEGER NOT NULL,
        mode TEXT NOT NULL CHECK(mode IN ('open','draining','stopped')),
        mode_reason TEXT,
        next_slot INTEGER NOT NULL CHECK(next_slot >= 0),
        next_sequence INTEGER NOT NULL CHECK(next_sequence >= 0),
        epoch INTEGER NOT NULL CHECK(epoch >= 1),
        UNIQUE(chain, account)
      ) STRICT;

      CREATE TABLE batches(
        id INTEGER PRIMARY KEY,
        campaign_no INTEGER REFERENCES campaigns(no),
        lane_id INTEGER NOT NULL REFERENCES lanes(id),
        slot INTEGER NOT NULL CHECK(slot >= 0),
        asset TEXT NOT NULL,
        count INTEGER NOT NULL CHECK(count >= 0),
        total BLOB NOT NULL CHECK(length(total) = 32),
        root BLOB NOT NULL CHECK(length(root) = 32),
        state TEXT NOT NULL CHECK(state IN ('live','final','dead')),
        unknown TEXT CHECK(unknown IN ('overdue','partial')),
        halving INTEGER NOT NULL DEFAULT 0 CHECK(halving IN (0, 1) AND (halving = 0 OR state = 'dead')),
        half_of INTEGER REFERENCES batches(id),
        created_at INTEGER NOT NULL,
        spender INTEGER,
        ended_at INTEGER,
        CHECK(id >> 40 = lane_id),
        CHECK((campaign_no IS NULL) = (count = 0)),
        CHECK((state = 'live') = (ended_at IS NULL))
      ) STRICT;
      CREATE UNIQUE INDEX batches_live ON batches(lane_id, slot) WHERE state = 'live';
      CREATE INDEX batches_live_campaign ON batches(campaign_no) WHERE state = 'live';
      CREATE INDEX batches_halving ON batches(lane_id) WHERE halving = 1;
      CREATE INDEX batches_campaign ON batches(campaign_no);
      CREATE TABLE batch_ranges(
        batch_id INTEGER NOT NULL REFERENCES batches(id),
        first_id INTEGER NOT NULL,
        last_id INTEGER NOT NULL CHECK(last_id >= first_id),
        PRIMARY KEY(batch_id, first_id)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE payouts(
        id INTEGER PRIMARY KEY REFERENCES recipients(id),
        campaign_no INTEGER NOT NULL,
        status TEXT NOT NULL CHECK(status IN ('queued','submitted','confirmed','failed','compensated')),
        batch_id INTEGER REFERENCES batches(id),
        error_code TEXT,
        error_msg TEXT,
        CHECK(status <> 'submitted' OR batch_id IS NOT NULL)
      ) STRICT;
      CREATE INDEX payouts_queued ON payouts(campaign_no) WHERE status = 'queued';
      CREATE INDEX payouts_ended ON payouts(campaign_no, status) WHERE status IN ('failed','compensated');
      CREATE TABLE payout_notes(
        no INTEGER PRIMARY KEY,
        payout_id INTEGER NOT NULL REFERENCES payouts(id),
        batch_id INTEGER,
        fate TEXT CHECK(fate IN ('overdue','partial')),
        error_code TEXT,
        error_msg TEXT,
        at INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX payout_notes_payout ON payout_notes(payout_id);
      CREATE TABLE campaign_tally(
        campaign_no INTEGER NOT NULL REFERENCES campaigns(no),
        status TEXT NOT NULL CHECK(status IN ('queued','submitted','confirmed','failed','compensated')),
        count INTEGER NOT NULL CHECK(count >= 0),
        units BLOB NOT NULL CHECK(length(units) = 32),
        unknown INTEGER NOT NULL DEFAULT 0 CHECK(unknown = 0 OR (status = 'submitted' AND unknown BETWEEN 0 AND count)),
        PRIMARY KEY(campaign_no, status)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE attempts(
        id INTEGER PRIMARY KEY,
        batch_id INTEGER NOT NULL REFERENCES batches(id),
        kind TEXT NOT NULL CHECK(kind IN ('pay','void','setup')),
        state TEXT NOT NULL CHECK(state IN ('intended','signed','broadcast','confirmed','dead')),
        signing_hash BLOB NOT NULL CHECK(length(signing_hash) = 32),
        payload_digest BLOB NOT NULL CHECK(length(payload_digest) = 32),
        fee_limit INTEGER NOT NULL CHECK(fee_limit >= 0),
        fee_price BLOB NOT NULL CHECK(length(fee_price) = 32),
        fee_tip BLOB NOT NULL CHECK(length(fee_tip) = 32),
        fence INTEGER NOT NULL,
        intended_at INTEGER NOT NULL,
        tx_hash BLOB CHECK(length(tx_hash) = 32),
        sent_at INTEGER,
        CHECK(state NOT IN ('signed','broadcast','confirmed') OR tx_hash IS NOT NULL)
      ) STRICT;
      CREATE INDEX attempts_batch ON attempts(batch_id);
      CREATE UNIQUE INDEX attempts_hash ON attempts(tx_hash) WHERE tx_hash IS NOT NULL;
      CREATE TABLE attempt_bytes(
        attempt_id INTEGER NOT NULL REFERENCES attempts(id),
        part TEXT NOT NULL CHECK(part IN ('unsigned','signed')),
        bytes BLOB NOT NULL,
        PRIMARY KEY(attempt_id, part)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE evidence(
        batch_id INTEGER PRIMARY KEY REFERENCES batches(id),
        verdict TEXT NOT NULL CHECK(verdict IN ('paid','credited','settled','reverted','voided','stranger')),
        spender_hash BLOB NOT NULL CHECK(length(spender_hash) = 32),
        block_number INTEGER NOT NULL CHECK(block_number >= 0),
        block_hash BLOB NOT NULL CHECK(length(block_hash) = 32),
        fee_paid BLOB NOT NULL CHECK(length(fee_paid) = 32),
        statements TEXT NOT NULL,
        at INTEGER NOT NULL
      ) STRICT;
      CREATE TABLE approvals(
        no INTEGER PRIMARY KEY,
        campaign_no INTEGER NOT NULL REFERENCES campaigns(no),
        root BLOB NOT NULL CHECK(length(root) = 32),
        count INTEGER NOT NULL CHECK(count >= 0),
        total BLOB NOT NULL CHECK(length(total) = 32),
        fee_cap BLOB NOT NULL CHECK(length(fee_cap) = 32),
        approved_by TEXT NOT NULL,
        expires_at INTEGER,
        at INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX approvals_campaign ON approvals(campaign_no);

      CREATE TABLE accounts(
        no INTEGER PRIMARY KEY,
        owner TEXT NOT NULL,
        role TEXT NOT NULL CHECK(role IN ('external','reserved','paid','released','compensated')),
        asset TEXT NOT NULL,
        posted_debit BLOB NOT NULL CHECK(length(posted_debit) = 32),
        posted_credit BLOB NOT NULL CHECK(length(posted_credit) = 32),
        pending_debit BLOB NOT NULL CHECK(length(pending_debit) = 32),
        pending_credit BLOB NOT NULL CHECK(length(pending_credit) = 32),
        UNIQUE(owner, role, asset)
      ) STRICT;
      CREATE TABLE holds(
        batch_id INTEGER PRIMARY KEY REFERENCES batches(id),
        debit INTEGER NOT NULL REFERENCES accounts(no),
        credit INTEGER NOT NULL REFERENCES accounts(no),
        remaining BLOB NOT NULL CHECK(length(remaining) = 32),
        CHECK(debit <> credit)
      ) STRICT;
      CREATE TABLE transfers(
        no INTEGER PRIMARY KEY,
        kind TEXT NOT NULL CHECK(kind IN ('move','hold','post','void')),
        debit INTEGER NOT NULL REFERENCES accounts(no),
        credit INTEGER NOT NULL REFERENCES accounts(no),
        units BLOB NOT NULL CHECK(length(units) = 32 AND units <> zeroblob(32)),
        hold_id INTEGER REFERENCES holds(batch_id),
        at INTEGER NOT NULL,
        CHECK(debit <> credit),
        CHECK((kind = 'move') = (hold_id IS NULL))
      ) STRICT;

      CREATE TABLE audit_log(
        chain INTEGER NOT NULL CHECK(chain >= 0),
        seq INTEGER NOT NULL CHECK(seq >= 1),
        at INTEGER NOT NULL,
        actor TEXT NOT NULL,
        action TEXT NOT NULL,
        entity TEXT NOT NULL,
        entity_id TEXT NOT NULL,
        details TEXT NOT NULL,
        root BLOB CHECK(length(root) = 32),
        hash BLOB NOT NULL CHECK(length(hash) = 32),
        PRIMARY KEY(chain, seq)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE checkpoints(
        no INTEGER PRIMARY KEY CHECK(no >= 1),
        at INTEGER NOT NULL,
        previous BLOB NOT NULL CHECK(length(previous) = 32),
        public_key BLOB NOT NULL,
        signature BLOB NOT NULL
      ) STRICT;
      CREATE TABLE checkpoint_heads(
        checkpoint_no INTEGER NOT NULL REFERENCES checkpoints(no),
        place INTEGER NOT NULL,
        chain INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        hash BLOB NOT NULL CHECK(length(hash) = 32),
        PRIMARY KEY(checkpoint_no, place)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE outbox(
        id INTEGER PRIMARY KEY,
        type TEXT NOT NULL,
        key TEXT NOT NULL,
        payload TEXT NOT NULL,
        at INTEGER NOT NULL
      ) STRICT;
      CREATE TABLE relay_cursors(
        relay TEXT PRIMARY KEY,
        event_id INTEGER NOT NULL CHECK(event_id >= 0)
      ) STRICT, WITHOUT ROWID;

      CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END;
      CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END;
      CREATE TRIGGER transfers_no_update BEFORE UPDATE ON transfers BEGIN SELECT RAISE(ABORT, 'transfers is append-only'); END;
      CREATE TRIGGER transfers_no_delete BEFORE DELETE ON transfers BEGIN SELECT RAISE(ABORT, 'transfers is append-only'); END;
      CREATE TRIGGER outbox_no_update BEFORE UPDATE ON outbox BEGIN SELECT RAISE(ABORT, 'outbox is append-only'); END;
      CREATE TRIGGER outbox_no_delete BEFORE DELETE ON outbox BEGIN SELECT RAISE(ABORT, 'outbox is append-only'); END;
      CREATE TRIGGER batch_ranges_no_update BEFORE UPDATE ON batch_ranges BEGIN SELECT RAISE(ABORT, 'batch_ranges is append-only'); END;
      CREATE TRIGGER batch_ranges_no_delete BEFORE DELETE ON batch_ranges BEGIN SELECT RAISE(ABORT, 'batch_ranges is append-only'); END;
      CREATE TRIGGER attempt_bytes_no_update BEFORE UPDATE ON attempt_bytes BEGIN SELECT RAISE(ABORT, 'attempt_bytes is append-only'); END;
      CREATE TRIGGER attempt_bytes_no_delete BEFORE DELETE ON attempt_bytes BEGIN SELECT RAISE(ABORT, 'attempt_bytes is append-only'); END;
      CREATE TRIGGER evidence_no_update BEFORE UPDATE ON evidence BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END;
      CREATE TRIGGER evidence_no_delete BEFORE DELETE ON evidence BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END;
      CREATE TRIGGER checkpoints_no_update BEFORE UPDATE ON checkpoints BEGIN SELECT RAISE(ABORT, 'checkpoints is append-only'); END;
      CREATE TRIGGER checkpoints_no_delete BEFORE DELETE ON checkpoints BEGIN SELECT RAISE(ABORT, 'checkpoints is append-only'); END;
      CREATE TRIGGER checkpoint_heads_no_update BEFORE UPDATE ON checkpoint_heads BEGIN SELECT RAISE(ABORT, 'checkpoint_heads is append-only'); END;
      CREATE TRIGGER checkpoint_heads_no_delete BEFORE DELETE ON checkpoint_heads BEGIN SELECT RAISE(ABORT, 'checkpoint_heads is append-only'); END;
      CREATE TRIGGER approvals_no_update BEFORE UPDATE ON approvals BEGIN SELECT RAISE(ABORT, 'approvals is append-only'); END;
      CREATE TRIGGER approvals_no_delete BEFORE DELETE ON approvals BEGIN SELECT RAISE(ABORT, 'approvals is append-only'); END;
      CREATE TRIGGER payout_notes_no_update BEFORE UPDATE ON payout_notes BEGIN SELECT RAISE(ABORT, 'payout_notes is append-only'); END;
      CREATE TRIGGER payout_notes_no_delete BEFORE DELETE ON payout_notes BEGIN SELECT RAISE(ABORT, 'payout_notes is append-only'); END;
      CREATE TRIGGER recipients_no_update BEFORE UPDATE ON recipients BEGIN SELECT RAISE(ABORT, 'recipients never change'); END;
      CREATE TRIGGER recipients_no_delete BEFORE DELETE ON recipients
      WHEN NOT EXISTS(SELECT 1 FROM loads WHERE no = OLD.load_no AND state = 'loading')
      BEGIN SELECT RAISE(ABORT, 'recipients of a finished load stay'); END;
      CREATE TRIGGER payouts_no_delete BEFORE DELETE ON payouts
      WHEN NOT EXISTS(SELECT 1 FROM recipients r JOIN loads l ON l.no = r.load_no WHERE r.id = OLD.id AND l.state = 'loading')
      BEGIN SELECT RAISE(ABORT, 'payouts of a finished load stay'); END;
      CREATE TRIGGER payouts_no_move BEFORE UPDATE OF id, campaign_no ON payouts BEGIN SELECT RAISE(ABORT, 'a payout keeps its number'); END;
      CREATE TRIGGER attempts_no_delete BEFORE DELETE ON attempts BEGIN SELECT RAISE(ABORT, 'attempts stay'); END;
      CREATE TRIGGER batches_no_delete BEFORE DELETE ON batches BEGIN SELECT RAISE(ABORT, 'batches stay'); END;
      CREATE TRIGGER loads_no_delete BEFORE DELETE ON loads WHEN OLD.state <> 'loading'
      BEGIN SELECT RAISE(ABORT, 'a finished load stays'); END;
      """,
    before: [],
    after: [
      Check(
        sentence: "the store has exactly one identity",
        sql: "SELECT 'store_identity has ' || count(*) || ' rows' FROM store_identity HAVING count(*) <> 1")
    ])
}
