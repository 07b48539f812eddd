import Chains
import Codecs
import Engine
import Money
import Payouts
import PostgreSQL

extension Session {
  func liveBatches(_ lane: LaneID) throws(StoreError) -> [Batch] {
    try withAttempts(
      all(
        """
        SELECT id, campaign_no, lane_id, slot, asset, count, total, root, state, unknown, created_at
        FROM batches WHERE lane_id = $1 AND state = 'live' ORDER BY slot
        """, lane, read: Batch.read))
  }

  func halving(_ lane: LaneID, limit: Int) throws(StoreError) -> [Batch] {
    try withAttempts(
      all(
        """
        SELECT id, campaign_no, lane_id, slot, asset, count, total, root, state, unknown, created_at
        FROM batches WHERE lane_id = $1 AND halving ORDER BY id LIMIT $2
        """, lane, limit, read: Batch.read))
  }

  func liveBatchCount(_ campaign: CampaignID) throws(StoreError) -> Int {
    try first("SELECT count(*) FROM batches WHERE campaign_no = $1 AND state = 'live'", campaign) {
      row throws(StoreError) in try row.int(0)
    } ?? 0
  }

  func batches(_ campaign: CampaignID, after: BatchID?, limit: Int) throws(StoreError) -> [BatchView] {
    let rows = try all(
      """
      SELECT b.id, b.campaign_no, b.lane_id, b.slot, b.asset, b.count, b.total, b.root, b.state, b.unknown,
        b.created_at, e.statements, b.ended_at, e.fee_paid, e.verdict
      FROM batches b LEFT JOIN evidence e ON e.batch_id = b.id
      WHERE (b.campaign_no, b.id) > ($1, $2) AND b.campaign_no = $1 ORDER BY b.campaign_no, b.id LIMIT $3
      """, campaign, after?.raw ?? Int64.min, limit, read: BatchView.read)
    return try withAttempts(rows)
  }

  func batch(transaction: Hash32) throws(StoreError) -> BatchView? {
    let row = try first(
      """
      SELECT b.id, b.campaign_no, b.lane_id, b.slot, b.asset, b.count, b.total, b.root, b.state, b.unknown,
        b.created_at, e.statements, b.ended_at, e.fee_paid, e.verdict
      FROM attempts a JOIN batches b ON b.id = a.batch_id LEFT JOIN evidence e ON e.batch_id = b.id
      WHERE a.tx_hash = $1
      """, transaction, read: BatchView.read)
    return try row.flatMap { row throws(StoreError) in try withAttempts([row]).first }
  }

  private func withAttempts(_ batches: [Batch]) throws(StoreError) -> [Batch] {
    let attempts = try attempts(batches.map(\.id))
    return batches.map { batch in
      var whole = batch
      whole.attempts = attempts[batch.id] ?? []
      return whole
    }
  }

  private func withAttempts(_ views: [BatchView]) throws(StoreError) -> [BatchView] {
    zip(views, try withAttempts(views.map(\.batch))).map { view, batch in
      BatchView(batch: batch, evidence: view.evidence, endedAt: view.endedAt, feePaid: view.feePaid)
    }
  }

  /// The attempts of all these batches in one question, by number.
  private func attempts(_ batches: [BatchID]) throws(StoreError) -> [BatchID: [Attempt]] {
    guard !batches.isEmpty else { return [:] }
    var values = Arguments()
    values.add(array: batches)
    let rows = try run([
      Request(
        """
        SELECT a.id, a.kind, a.state, u.bytes, a.signing_hash, a.payload_digest, a.fee_limit, a.fee_price, a.fee_tip,
          a.fence, a.intended_at, s.bytes, a.tx_hash, a.sent_at, a.batch_id
        FROM unnest($1::int8[]) i(id) JOIN attempts a ON a.batch_id = i.id
          JOIN attempt_bytes u ON u.attempt_id = a.id AND u.part = 'unsigned'
          LEFT JOIN attempt_bytes s ON s.attempt_id = a.id AND s.part = 'signed'
        ORDER BY a.id
        """, values)
    ])[0]
    let all = try rows.all { row throws(StoreError) in
      (batch: try row.id(14) as BatchID, attempt: try Attempt.read(row))
    }
    return Dictionary(grouping: all, by: \.batch).mapValues { $0.map(\.attempt) }
  }
}
