extension Migration {
  /// The tables as users know them, with the server's own numbers, times and JSON.
  static let userViewsOnPostgreSQL = Migration(
    number: 3,
    reason: Migration.userViews.reason,
    sql: """
      CREATE VIEW user_campaigns AS
      SELECT uuid AS id, name, status, chain, token_contract,
        to_timestamp(start_at / 1000.0) AS start_at, to_timestamp(end_at / 1000.0) AS end_at, created_by
      FROM campaigns;
      CREATE VIEW user_recipients AS
      SELECT c.uuid || '-' || (r.id & 4294967295) AS id, c.uuid AS campaign_id,
        '0x' || encode(r.address, 'hex') AS address, r.units AS amount, r.metadata
      FROM recipients r JOIN campaigns c ON c.no = r.campaign_no
      WHERE r.id & 4294967295 < c.ready_ordinal;
      CREATE VIEW user_payouts AS
      SELECT c.uuid || '-' || (p.id & 4294967295) AS id, c.uuid AS campaign_id,
        c.uuid || '-' || (p.id & 4294967295) AS recipient_id,
        coalesce(r.payout_key, c.uuid || '-' || (p.id & 4294967295)) AS payout_id, p.status,
        CASE WHEN p.status = 'queued' THEN NULL
          WHEN b.state = 'live' THEN (SELECT '0x' || encode(a.tx_hash, 'hex') FROM attempts a
            WHERE a.batch_id = b.id AND a.kind = 'pay' AND a.tx_hash IS NOT NULL ORDER BY a.id DESC LIMIT 1)
          ELSE (SELECT '0x' || encode(e.spender_hash, 'hex') FROM evidence e
            WHERE e.batch_id = b.id AND e.verdict IN ('paid','credited','reverted')) END AS tx_hash,
        CASE WHEN p.status = 'queued' THEN NULL
          ELSE (SELECT sum(least(g.last_id, p.id - 1) - g.first_id + 1)::bigint FROM batch_ranges g
            WHERE g.batch_id = b.id AND g.first_id <= p.id) END AS out_index,
        p.error_code, p.error_msg
      FROM payouts p JOIN campaigns c ON c.no = p.campaign_no JOIN recipients r ON r.id = p.id
        LEFT JOIN batches b ON b.id = p.batch_id
      WHERE p.id & 4294967295 < c.ready_ordinal;
      """,
    before: [], after: [])
}
