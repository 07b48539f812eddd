import Chains
import Engine
import Money
import Payouts

// States that a payout passes through on its way are in no index: to move 200 payouts of a batch on would cost more
// there than everything else of the commit. What waits (`payouts_queued`) and what went wrong (`payouts_ended`) is.
//
// Every query walks payout numbers: an equality on the campaign beside a range of numbers would lead SQLite to the
// (campaign, address) index and an unbounded scan.
extension Database {
  func queued(_ campaign: CampaignID, after: PayoutID?, limit: Int) throws(StoreError) -> [Payee] {
    try all(
      """
      SELECT p.id, r.address, r.units
      FROM payouts p INDEXED BY payouts_queued CROSS JOIN recipients r ON r.id = p.id
      WHERE p.campaign_no = ?1 AND p.status = 'queued' AND p.id > ?2 AND p.batch_id IS NULL
        AND NOT EXISTS(SELECT 1 FROM verdicts v WHERE v.payout_id = p.id AND v.kind <> 'cleared')
        AND p.id < (?1 << 32) + (SELECT ready_ordinal FROM campaigns WHERE no = ?1)
      ORDER BY p.id LIMIT ?3
      """, campaign, after?.raw ?? 0, limit, read: Payee.read)
  }

  func allQueued(_ campaign: CampaignID, after: PayoutID?, limit: Int) throws(StoreError) -> [Payee] {
    try all(
      """
      SELECT p.id, r.address, r.units
      FROM payouts p INDEXED BY payouts_queued CROSS JOIN recipients r ON r.id = p.id
      WHERE p.campaign_no = ?1 AND p.status = 'queued' AND p.id > ?2
        AND p.id < (?1 << 32) + (SELECT ready_ordinal FROM campaigns WHERE no = ?1)
      ORDER BY p.id LIMIT ?3
      """, campaign, after?.raw ?? 0, limit, read: Payee.read)
  }

  func payees(_ batch: BatchID) throws(StoreError) -> [Payee] {
    try all(
      """
      SELECT r.id, r.address, r.units
      FROM batch_ranges g CROSS JOIN recipients r ON r.id BETWEEN g.first_id AND g.last_id
      WHERE g.batch_id = ? ORDER BY g.first_id, r.id
      """, batch, read: Payee.read)
  }

  func queuedPayees(under batch: BatchID) throws(StoreError) -> [Payee] {
    try all(
      """
      SELECT r.id, r.address, r.units
      FROM batch_ranges g CROSS JOIN payouts p ON p.id BETWEEN g.first_id AND g.last_id
        CROSS JOIN recipients r ON r.id = p.id
      WHERE g.batch_id = ?1 AND p.status = 'queued' AND p.batch_id = ?1
        AND NOT EXISTS(SELECT 1 FROM verdicts v WHERE v.payout_id = p.id AND v.kind <> 'cleared')
      ORDER BY g.first_id, r.id
      """, batch, read: Payee.read)
  }

  /// Sum of the amounts of these payouts.
  func units(of runs: [PayoutRun]) throws(StoreError) -> UInt256 {
    var total = UInt256.zero
    for run in runs {
      let part = try first("SELECT u256_sum(units) FROM recipients WHERE id BETWEEN ? AND ?", run.first, run.last) {
        row throws(StoreError) in try row.units(0)
      }
      total = try TallyChange.sum(total, part ?? .zero)
    }
    return total
  }
}
