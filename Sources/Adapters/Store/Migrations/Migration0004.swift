extension Migration {
  /// Loads count their rows' payout keys, which are placed after the rows. And a check that SQLite made slow: a list of more than
  /// two words builds a small table anew for every row that is checked, which took longer than the row.
  static let placedKeys = Migration(
    number: 4,
    reason: "payout keys are placed after the rows of a load; a payout's status is checked without a list",
    sql: """
      ALTER TABLE loads ADD COLUMN key_count INTEGER NOT NULL DEFAULT 0 CHECK(key_count >= 0);
      ALTER TABLE loads ADD COLUMN keys_placed INTEGER NOT NULL DEFAULT 0
        CHECK(keys_placed BETWEEN 0 AND key_count AND (state = 'loading' OR keys_placed = key_count));
      WITH keyed AS (
        SELECT l.no, count(r.payout_key) AS keys FROM loads l
          JOIN recipients r ON r.id >= (l.campaign_no << 32) + l.first_ordinal
            AND r.id < (l.campaign_no << 32) + l.next_ordinal
        GROUP BY l.no)
      UPDATE loads SET key_count = keyed.keys, keys_placed = keyed.keys FROM keyed WHERE keyed.no = loads.no;

      DROP VIEW user_payouts;
      CREATE TABLE payouts_checked(
        id INTEGER PRIMARY KEY REFERENCES recipients(id),
        campaign_no INTEGER NOT NULL,
        status TEXT NOT NULL CHECK(status = 'queued' OR status = 'submitted' OR status = 'confirmed'
          OR status = 'failed' OR status = 'compensated'),
        batch_id INTEGER REFERENCES batches(id),
        error_code TEXT,
        error_msg TEXT,
        CHECK(status <> 'submitted' OR batch_id IS NOT NULL)
      ) STRICT;
      INSERT INTO payouts_checked(id, campaign_no, status, batch_id, error_code, error_msg)
      SELECT id, campaign_no, status, batch_id, error_code, error_msg FROM payouts;
      CREATE TABLE payout_notes_kept(
        no INTEGER PRIMARY KEY,
        payout_id INTEGER NOT NULL REFERENCES payouts_checked(id),
        batch_id INTEGER,
        fate TEXT CHECK(fate IN ('overdue','partial')),
        error_code TEXT,
        error_msg TEXT,
        at INTEGER NOT NULL
      ) STRICT;
      INSERT INTO payout_notes_kept(no, payout_id, batch_id, fate, error_code, error_msg, at)
      SELECT no, payout_id, batch_id, fate, error_code, error_msg, at FROM payout_notes;
      DROP TABLE payout_notes;
      DROP TABLE payouts;
      ALTER TABLE payouts_checked RENAME TO payouts;
      ALTER TABLE payout_notes_kept RENAME TO payout_notes;
      CREATE INDEX payouts_queued ON payouts(campaign_no) WHERE status = 'queued';
      CREATE INDEX payouts_ended ON payouts(campaign_no, status) WHERE status IN ('failed','compensated');
      CREATE INDEX payout_notes_payout ON payout_notes(payout_id);
      CREATE TRIGGER payout_notes_no_update BEFORE UPDATE ON payout_notes BEGIN SELECT RAISE(ABORT, 'payout_notes is append-only'); END;
      CREATE TRIGGER payout_notes_no_delete BEFORE DELETE ON payout_notes BEGIN SELECT RAISE(ABORT, 'payout_notes is append-only'); END;
      CREATE TRIGGER payouts_no_delete BEFORE DELETE ON payouts
      WHEN NOT EXISTS(SELECT 1 FROM recipients r JOIN loads l ON l.no = r.load_no WHERE r.id = OLD.id AND l.state = 'loading')
      BEGIN SELECT RAISE(ABORT, 'payouts of a finished load stay'); END;
      CREATE TRIGGER payouts_no_move BEFORE UPDATE OF id, campaign_no ON payouts BEGIN SELECT RAISE(ABORT, 'a payout keeps its number'); END;
      CREATE VIEW user_payouts AS
      SELECT c.uuid || '-' || (p.id & 4294967295) AS id, c.uuid AS campaign_id,
        c.uuid || '-' || (p.id & 4294967295) AS recipient_id,
        coalesce(r.payout_key, c.uuid || '-' || (p.id & 4294967295)) AS payout_id, p.status,
        CASE WHEN p.status = 'queued' THEN NULL
          WHEN b.state = 'live' THEN (SELECT '0x' || lower(hex(a.tx_hash)) FROM attempts a
            WHERE a.batch_id = b.id AND a.kind = 'pay' AND a.tx_hash IS NOT NULL ORDER BY a.id DESC LIMIT 1)
          ELSE (SELECT '0x' || lower(hex(e.spender_hash)) FROM evidence e
            WHERE e.batch_id = b.id AND e.verdict IN ('paid','credited','reverted')) END AS tx_hash,
        CASE WHEN p.status = 'queued' THEN NULL
          ELSE (SELECT sum(min(g.last_id, p.id - 1) - g.first_id + 1) FROM batch_ranges g
            WHERE g.batch_id = b.id AND g.first_id <= p.id) END AS out_index,
        p.error_code, p.error_msg
      FROM payouts p JOIN campaigns c ON c.no = p.campaign_no JOIN recipients r ON r.id = p.id
        LEFT JOIN batches b ON b.id = p.batch_id
      WHERE p.id & 4294967295 < c.ready_ordinal;
      """,
    before: [],
    after: [
      Check(
        sentence: "every recipient has its payout",
        sql: """
          SELECT 'recipient ' || r.id || ' has none' FROM recipients r
          WHERE NOT EXISTS(SELECT 1 FROM payouts p WHERE p.id = r.id) LIMIT 1
          """),
      Check(
        sentence: "every placed key is one of a load",
        sql: """
          SELECT 'loads count ' || (SELECT sum(keys_placed) FROM loads) || ', there are ' || count(*) FROM payout_keys
          HAVING count(*) <> (SELECT coalesce(sum(keys_placed), 0) FROM loads)
          """),
    ])
}
