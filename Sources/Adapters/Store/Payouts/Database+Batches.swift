import Chains
import Codecs
import Engine
import Money
import Payouts

extension Database {
  /// The batch without its attempts.
  func batchHeader(_ id: BatchID) throws(StoreError) -> (batch: Batch, isHalving: Bool)? {
    try first(
      """
      SELECT id, campaign_no, lane_id, slot, asset, count, total, root, state, unknown, created_at, halving
      FROM batches WHERE id = ?
      """, id
    ) { row throws(StoreError) in (batch: try Batch.read(row), isHalving: try row.bool(11)) }
  }

  func liveBatches(_ lane: LaneID) throws(StoreError) -> [Batch] {
    try withAttempts(
      all(
        """
        SELECT id, campaign_no, lane_id, slot, asset, count, total, root, state, unknown, created_at
        FROM batches WHERE lane_id = ? AND state = 'live' ORDER BY slot
        """, lane, read: Batch.read))
  }

  func halving(_ lane: LaneID, limit: Int) throws(StoreError) -> [Batch] {
    try withAttempts(
      all(
        """
        SELECT id, campaign_no, lane_id, slot, asset, count, total, root, state, unknown, created_at
        FROM batches WHERE lane_id = ? AND halving = 1 ORDER BY id LIMIT ?
        """, lane, limit, read: Batch.read))
  }

  func liveBatchCount(_ campaign: CampaignID) throws(StoreError) -> Int {
    try first("SELECT count(*) FROM batches WHERE campaign_no = ? AND state = 'live'", campaign) {
      row throws(StoreError) in try row.int(0)
    } ?? 0
  }

  func batches(_ campaign: CampaignID, after: BatchID?, limit: Int) throws(StoreError) -> [BatchView] {
    let rows = try all(
      """
      SELECT b.id, b.campaign_no, b.lane_id, b.slot, b.asset, b.count, b.total, b.root, b.state, b.unknown,
        b.created_at, e.statements, b.ended_at, e.fee_paid, e.verdict
      FROM batches b LEFT JOIN evidence e ON e.batch_id = b.id
      WHERE b.campaign_no = ? AND b.id > ? ORDER BY b.id LIMIT ?
      """, campaign, after?.raw ?? Int64.min, limit, read: BatchView.read)
    return try withAttempts(rows)
  }

  func batch(transaction: Hash32) throws(StoreError) -> BatchView? {
    let row = try first(
      """
      SELECT b.id, b.campaign_no, b.lane_id, b.slot, b.asset, b.count, b.total, b.root, b.state, b.unknown,
        b.created_at, e.statements, b.ended_at, e.fee_paid, e.verdict
      FROM attempts a JOIN batches b ON b.id = a.batch_id LEFT JOIN evidence e ON e.batch_id = b.id
      WHERE a.tx_hash = ?
      """, transaction, read: BatchView.read)
    return try row.map { row throws(StoreError) in try withAttempts([row])[0] }
  }

  private func withAttempts(_ batches: [Batch]) throws(StoreError) -> [Batch] {
    var whole: [Batch] = []
    for var batch in batches {
      batch.attempts = try attempts(batch.id)
      whole.append(batch)
    }
    return whole
  }

  private func withAttempts(_ views: [BatchView]) throws(StoreError) -> [BatchView] {
    var whole: [BatchView] = []
    for view in views {
      var batch = view.batch
      batch.attempts = try attempts(batch.id)
      whole.append(BatchView(batch: batch, evidence: view.evidence, endedAt: view.endedAt, feePaid: view.feePaid))
    }
    return whole
  }

  private func attempts(_ batch: BatchID) throws(StoreError) -> [Attempt] {
    try all(
      """
      SELECT a.id, a.kind, a.state, u.bytes, a.signing_hash, a.payload_digest, a.fee_limit, a.fee_price, a.fee_tip,
        a.fence, a.intended_at, s.bytes, a.tx_hash, a.sent_at
      FROM attempts a JOIN attempt_bytes u ON u.attempt_id = a.id AND u.part = 'unsigned'
        LEFT JOIN attempt_bytes s ON s.attempt_id = a.id AND s.part = 'signed'
      WHERE a.batch_id = ? ORDER BY a.id
      """, batch, read: Attempt.read)
  }
}
