import Chains
import Codecs
import Engine
import Money
import Payouts

extension Database {
  func payout(_ id: PayoutID) throws(StoreError) -> PayoutView? {
    let row = try first(
      """
      SELECT p.id, r.payout_key, c.uuid, r.address, r.units, p.status, p.batch_id, b.state, b.unknown, p.error_code,
        p.error_msg, r.row_no, r.metadata
      FROM payouts p CROSS JOIN recipients r ON r.id = p.id CROSS JOIN campaigns c ON c.no = p.campaign_no
        LEFT JOIN batches b ON b.id = p.batch_id
      WHERE p.id = ? AND p.id & 4294967295 < c.ready_ordinal
      """, id, read: PayoutRow.read)
    return try row.map { row throws(StoreError) in try views([row])[0] }
  }

  func payouts(
    _ campaign: CampaignID, status: PayoutStatus?, after: PayoutID?, limit: Int
  ) throws(StoreError) -> [PayoutView] {
    let first = max(after?.raw ?? 0, campaign.raw << 32 - 1)
    let rows =
      switch status {
      case nil:
        try all(
          """
          SELECT p.id, r.payout_key, c.uuid, r.address, r.units, p.status, p.batch_id, b.state, b.unknown,
            p.error_code, p.error_msg, r.row_no, r.metadata
          FROM campaigns c CROSS JOIN payouts p NOT INDEXED ON p.id > ?2 AND p.id < (?1 << 32) + c.ready_ordinal
            CROSS JOIN recipients r ON r.id = p.id LEFT JOIN batches b ON b.id = p.batch_id
          WHERE c.no = ?1 ORDER BY p.id LIMIT ?3
          """, campaign, first, limit, read: PayoutRow.read)
      case .queued?:
        try all(
          """
          SELECT p.id, r.payout_key, c.uuid, r.address, r.units, p.status, p.batch_id, b.state, b.unknown,
            p.error_code, p.error_msg, r.row_no, r.metadata
          FROM campaigns c CROSS JOIN payouts p INDEXED BY payouts_queued
              ON p.campaign_no = c.no AND p.status = 'queued'
            CROSS JOIN recipients r ON r.id = p.id LEFT JOIN batches b ON b.id = p.batch_id
          WHERE c.no = ?1 AND p.id > ?2 AND p.id < (?1 << 32) + c.ready_ordinal ORDER BY p.id LIMIT ?3
          """, campaign, first, limit, read: PayoutRow.read)
      case .failed?, .compensated?:
        try all(
          """
          SELECT p.id, r.payout_key, c.uuid, r.address, r.units, p.status, p.batch_id, b.state, b.unknown,
            p.error_code, p.error_msg, r.row_no, r.metadata
          FROM campaigns c CROSS JOIN payouts p INDEXED BY payouts_ended
              ON p.campaign_no = c.no AND p.status IN ('failed','compensated') AND p.status = ?2
            CROSS JOIN recipients r ON r.id = p.id LEFT JOIN batches b ON b.id = p.batch_id
          WHERE c.no = ?1 AND p.id > ?3 AND p.id < (?1 << 32) + c.ready_ordinal ORDER BY p.id LIMIT ?4
          """, campaign, status?.rawValue, first, limit, read: PayoutRow.read)
      case .submitted?, .confirmed?:
        // On the way, or arrived: in no index (see `queued`), so this walks numbers, at a few million a second.
        try all(
          """
          SELECT p.id, r.payout_key, c.uuid, r.address, r.units, p.status, p.batch_id, b.state, b.unknown,
            p.error_code, p.error_msg, r.row_no, r.metadata
          FROM campaigns c CROSS JOIN payouts p NOT INDEXED
              ON p.id > ?3 AND p.id < (?1 << 32) + c.ready_ordinal AND p.status = ?2
            CROSS JOIN recipients r ON r.id = p.id LEFT JOIN batches b ON b.id = p.batch_id
          WHERE c.no = ?1 ORDER BY p.id LIMIT ?4
          """, campaign, status?.rawValue, first, limit, read: PayoutRow.read)
      }
    return try views(rows)
  }

  func payoutID(_ campaign: CampaignID, address: Address) throws(StoreError) -> PayoutID? {
    try first("SELECT id FROM recipients WHERE campaign_no = ? AND address = ?", campaign, address) {
      row throws(StoreError) in try row.id(0)
    }
  }

  // MARK: Derived columns

  /// What a batch's payouts have in common: the hash they are known by, and the ranges that give each its place.
  private struct Shared {
    let hash: Hash32?
    let ranges: [PayoutRun]
  }

  private func views(_ rows: [PayoutRow]) throws(StoreError) -> [PayoutView] {
    var known: [BatchID: Shared] = [:]
    var views: [PayoutView] = []
    views.reserveCapacity(rows.count)
    for row in rows {
      var shared: Shared?
      if let batch = row.batch, row.status != .queued {
        if known[batch] == nil { known[batch] = try self.shared(batch, isLive: row.batchState == .live) }
        shared = known[batch]
      }
      views.append(row.view(hash: shared?.hash, ranges: shared?.ranges ?? []))
    }
    return views
  }

  private func shared(_ batch: BatchID, isLive: Bool) throws(StoreError) -> Shared {
    let hash =
      if isLive {
        try first(
          """
          SELECT tx_hash FROM attempts WHERE batch_id = ? AND kind = 'pay' AND tx_hash IS NOT NULL
          ORDER BY id DESC LIMIT 1
          """, batch
        ) { row throws(StoreError) in try row.hash(0) }
      } else {
        // A void or a stranger carries no payouts.
        try first(
          "SELECT spender_hash FROM evidence WHERE batch_id = ? AND verdict IN ('paid','credited','reverted')", batch
        ) { row throws(StoreError) in try row.hash(0) }
      }
    guard let hash else { return Shared(hash: nil, ranges: []) }
    let ranges = try all("SELECT first_id, last_id FROM batch_ranges WHERE batch_id = ? ORDER BY first_id", batch) {
      row throws(StoreError) in PayoutRun(first: try row.id(0), last: try row.id(1))
    }
    return Shared(hash: hash, ranges: ranges)
  }
}
