import Chains
import Engine
import Money
import Payouts
import PostgreSQL

// What waits and what went wrong is in an index of its own, as on SQLite. A pair is compared as one, `(campaign_no, id)`,
// so that no other index can serve: a plan made on empty tables must be right on full ones.
extension Session {
  func queued(_ campaign: CampaignID, after: PayoutID?, limit: Int) throws(StoreError) -> [Payee] {
    try all(
      """
      SELECT p.id, r.address, r.units FROM payouts p JOIN recipients r ON r.id = p.id
      WHERE p.status = 'queued' AND (p.campaign_no, p.id) > ($1, $2) AND p.batch_id IS NULL
        AND NOT EXISTS(SELECT 1 FROM verdicts v WHERE v.payout_id = p.id AND v.kind <> 'cleared')
        AND (p.campaign_no, p.id) < ($1, ($1 << 32) + (SELECT ready_ordinal FROM campaigns WHERE no = $1))
      ORDER BY p.campaign_no, p.id LIMIT $3
      """, campaign, after?.raw ?? 0, limit, read: Payee.read)
  }

  func allQueued(_ campaign: CampaignID, after: PayoutID?, limit: Int) throws(StoreError) -> [Payee] {
    try all(
      """
      SELECT p.id, r.address, r.units FROM payouts p JOIN recipients r ON r.id = p.id
      WHERE p.status = 'queued' AND (p.campaign_no, p.id) > ($1, $2)
        AND (p.campaign_no, p.id) < ($1, ($1 << 32) + (SELECT ready_ordinal FROM campaigns WHERE no = $1))
      ORDER BY p.campaign_no, p.id LIMIT $3
      """, campaign, after?.raw ?? 0, limit, read: Payee.read)
  }

  func payees(_ batch: BatchID) throws(StoreError) -> [Payee] {
    try all(
      """
      SELECT r.id, r.address, r.units
      FROM batch_ranges g JOIN recipients r ON r.id BETWEEN g.first_id AND g.last_id
      WHERE g.batch_id = $1 ORDER BY g.first_id, r.id
      """, batch, read: Payee.read)
  }

  func queuedPayees(under batch: BatchID) throws(StoreError) -> [Payee] {
    try all(
      """
      SELECT r.id, r.address, r.units
      FROM batch_ranges g JOIN payouts p ON p.id BETWEEN g.first_id AND g.last_id JOIN recipients r ON r.id = p.id
      WHERE g.batch_id = $1 AND p.status = 'queued' AND p.batch_id = $1
        AND NOT EXISTS(SELECT 1 FROM verdicts v WHERE v.payout_id = p.id AND v.kind <> 'cleared')
      ORDER BY g.first_id, r.id
      """, batch, read: Payee.read)
  }
}

extension Request {
  /// The sum of the amounts of each run, in order.
  static func sums(_ runs: [PayoutRun]) -> Request {
    var values = Arguments()
    values.add(array: runs.map(\.first))
    values.add(array: runs.map(\.last))
    return Request(
      """
      SELECT (SELECT coalesce(sum(r.units), 0) FROM recipients r WHERE r.id BETWEEN u.f AND u.l)
      FROM unnest($1::int8[], $2::int8[]) WITH ORDINALITY u(f, l, n) ORDER BY u.n
      """, values)
  }
}
