extension Migration {
  /// The tables as users know them, for their own SQL. Only plain SQL functions, so that any sqlite3 can read them.
  static let userViews = Migration(
    number: 3,
    reason: "campaigns, recipients and payouts in the shapes that users know",
    sql: """
      CREATE VIEW user_campaigns AS
      SELECT uuid AS id, name, status, chain, token_contract,
        strftime('%Y-%m-%dT%H:%M:%fZ', start_at / 1000.0, 'unixepoch') AS start_at,
        strftime('%Y-%m-%dT%H:%M:%fZ', end_at / 1000.0, 'unixepoch') AS end_at,
        created_by
      FROM campaigns;
      CREATE VIEW user_recipients AS
      SELECT c.uuid || '-' || (r.id & 4294967295) AS id, c.uuid AS campaign_id, '0x' || lower(hex(r.address)) AS address,
        '0x' || lower(hex(r.units)) AS amount, CASE r.metadata WHEN '' THEN '{}' ELSE r.metadata END AS metadata
      FROM recipients r JOIN campaigns c ON c.no = r.campaign_no
      WHERE r.id & 4294967295 < c.ready_ordinal;
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
    before: [], after: [])
}
