import Chains
import Codecs
import Engine
import Money
import Payouts
import PostgreSQL

extension Session {
  func payout(_ id: PayoutID) throws(StoreError) -> PayoutView? {
    let row = try first(
      """
      SELECT p.id, r.payout_key, c.uuid, r.address, r.units, p.status, p.batch_id, b.state, b.unknown, p.error_code,
        p.error_msg, r.row_no, r.metadata
      FROM payouts p JOIN recipients r ON r.id = p.id JOIN campaigns c ON c.no = p.campaign_no
        LEFT JOIN batches b ON b.id = p.batch_id
      WHERE p.id = $1 AND p.id & 4294967295 < c.ready_ordinal
      """, id, read: PayoutRow.read)
    return try row.flatMap { row throws(StoreError) in try views([row]).first }
  }

  func payouts(
    _ campaign: CampaignID, status: PayoutStatus?, after: PayoutID?, limit: Int
  ) throws(StoreError) -> [PayoutView] {
    let first = max(after?.raw ?? 0, campaign.raw << 32 - 1)
    let rows =
      switch status {
      case nil: try page(campaign, first, limit)
      case .queued?: try queuedPage(campaign, first, limit)
      case .failed?, .compensated?: try endedPage(campaign, status?.rawValue, first, limit)
      case .submitted?, .confirmed?: try walkedPage(campaign, status?.rawValue, first, limit)
      }
    return try views(rows)
  }

  func payoutID(_ campaign: CampaignID, address: Address) throws(StoreError) -> PayoutID? {
    try first("SELECT id FROM recipients WHERE campaign_no = $1 AND address = $2", campaign, address) {
      row throws(StoreError) in try row.id(0)
    }
  }

  // MARK: Pages

  private func page(_ campaign: CampaignID, _ first: Int64, _ limit: Int) throws(StoreError) -> [PayoutRow] {
    try all(
      """
      SELECT p.id, r.payout_key, (SELECT uuid FROM campaigns WHERE no = $1), r.address, r.units, p.status, p.batch_id,
        b.state, b.unknown, p.error_code, p.error_msg, r.row_no, r.metadata
      FROM payouts p JOIN recipients r ON r.id = p.id LEFT JOIN batches b ON b.id = p.batch_id
      WHERE p.id > $2 AND p.id < ($1 << 32) + (SELECT ready_ordinal FROM campaigns WHERE no = $1)
      ORDER BY p.id LIMIT $3
      """, campaign, first, limit, read: PayoutRow.read)
  }

  private func queuedPage(_ campaign: CampaignID, _ first: Int64, _ limit: Int) throws(StoreError) -> [PayoutRow] {
    try all(
      """
      SELECT p.id, r.payout_key, (SELECT uuid FROM campaigns WHERE no = $1), r.address, r.units, p.status, p.batch_id,
        b.state, b.unknown, p.error_code, p.error_msg, r.row_no, r.metadata
      FROM payouts p JOIN recipients r ON r.id = p.id LEFT JOIN batches b ON b.id = p.batch_id
      WHERE p.status = 'queued' AND (p.campaign_no, p.id) > ($1, $2)
        AND (p.campaign_no, p.id) < ($1, ($1 << 32) + (SELECT ready_ordinal FROM campaigns WHERE no = $1))
      ORDER BY p.campaign_no, p.id LIMIT $3
      """, campaign, first, limit, read: PayoutRow.read)
  }

  private func endedPage(
    _ campaign: CampaignID, _ status: String?, _ first: Int64, _ limit: Int
  ) throws(StoreError) -> [PayoutRow] {
    try all(
      """
      SELECT p.id, r.payout_key, (SELECT uuid FROM campaigns WHERE no = $1), r.address, r.units, p.status, p.batch_id,
        b.state, b.unknown, p.error_code, p.error_msg, r.row_no, r.metadata
      FROM payouts p JOIN recipients r ON r.id = p.id LEFT JOIN batches b ON b.id = p.batch_id
      WHERE p.status IN ('failed','compensated') AND (p.campaign_no, p.status, p.id) > ($1, $2, $3)
        AND (p.campaign_no, p.status, p.id)
          < ($1, $2, ($1 << 32) + (SELECT ready_ordinal FROM campaigns WHERE no = $1))
      ORDER BY p.campaign_no, p.status, p.id LIMIT $4
      """, campaign, status, first, limit, read: PayoutRow.read)
  }

  /// On the way, or arrived: in no index, so this walks numbers.
  private func walkedPage(
    _ campaign: CampaignID, _ status: String?, _ first: Int64, _ limit: Int
  ) throws(StoreError) -> [PayoutRow] {
    try all(
      """
      SELECT p.id, r.payout_key, (SELECT uuid FROM campaigns WHERE no = $1), r.address, r.units, p.status, p.batch_id,
        b.state, b.unknown, p.error_code, p.error_msg, r.row_no, r.metadata
      FROM payouts p JOIN recipients r ON r.id = p.id LEFT JOIN batches b ON b.id = p.batch_id
      WHERE p.id > $3 AND p.id < ($1 << 32) + (SELECT ready_ordinal FROM campaigns WHERE no = $1) AND p.status = $2
      ORDER BY p.id LIMIT $4
      """, campaign, status, first, limit, read: PayoutRow.read)
  }

  // MARK: Derived columns

  private func views(_ rows: [PayoutRow]) throws(StoreError) -> [PayoutView] {
    let batches = Set(rows.compactMap { $0.status == .queued ? nil : $0.batch }).sorted()
    guard !batches.isEmpty else { return rows.map { $0.view(hash: nil, ranges: []) } }
    var values = Arguments()
    values.add(array: batches)
    let answers = try run([
      // A live batch is known by its newest signed attempt, an ended one by what spent its slot; a void or a stranger
      // carries no payouts.
      Request(
        """
        SELECT b.id, CASE b.state WHEN 'live'
          THEN (SELECT a.tx_hash FROM attempts a WHERE a.batch_id = b.id AND a.kind = 'pay' AND a.tx_hash IS NOT NULL
            ORDER BY a.batch_id DESC, a.id DESC LIMIT 1)
          ELSE (SELECT e.spender_hash FROM evidence e WHERE e.batch_id = b.id
            AND e.verdict IN ('paid','credited','reverted')) END
        FROM unnest($1::int8[]) i(id) JOIN batches b ON b.id = i.id
        """, values),
      Request(
        """
        SELECT g.batch_id, g.first_id, g.last_id FROM unnest($1::int8[]) i(id) JOIN batch_ranges g ON g.batch_id = i.id
        ORDER BY g.batch_id, g.first_id
        """, values),
    ])
    let hashes = try answers[0].all { row throws(StoreError) in
      (batch: try row.id(0) as BatchID, hash: try row.optionalHash(1))
    }
    let ranges = try answers[1].all { row throws(StoreError) in
      (batch: try row.id(0) as BatchID, run: PayoutRun(first: try row.id(1), last: try row.id(2)))
    }
    let hashOf = Dictionary(hashes.map { ($0.batch, $0.hash) }, uniquingKeysWith: { one, _ in one })
    let rangesOf = Dictionary(grouping: ranges, by: \.batch).mapValues { $0.map(\.run) }
    return rows.map { row in
      let batch = row.status == .queued ? nil : row.batch
      return row.view(
        hash: batch.flatMap { hashOf[$0] ?? nil }, ranges: batch.flatMap { rangesOf[$0] } ?? [])
    }
  }
}
