import Engine
import Money
import Payouts

extension Database {
  /// The sentences that are not true of the whole store. Reads every payout.
  func brokenInvariants() throws(StoreError) -> [String] {
    var broken = try ledgerProblems() + batchProblems()
    let counted = try countedTallies()
    var after: CampaignID?
    while true {
      let page = try campaigns(after: after, limit: 100)
      for campaign in page {
        let tally = try tally(campaign.id)
        broken += Invariants.broken(campaign, try balances(owner: "campaign/\(campaign.id)"), tally)
        if tally != counted[campaign.id] ?? Tally() {
          broken.append("campaign \(campaign.id): not true that the tally is what the rows count")
        }
      }
      guard let last = page.last, page.count == 100 else { return broken }
      after = last.id
    }
  }

  private func ledgerProblems() throws(StoreError) -> [String] {
    let unequal = try all(
      """
      SELECT 'asset ' || asset || ': not true that debits and credits are equal' FROM accounts GROUP BY asset
      HAVING u256_sum(posted_debit) <> u256_sum(posted_credit) OR u256_sum(pending_debit) <> u256_sum(pending_credit)
      """
    ) { row throws(StoreError) in try row.text(0) }
    let unheld = try all(
      """
      SELECT 'account ' || a.owner || ':' || a.role || ': not true that its holds are what is pending' FROM accounts a
        LEFT JOIN (SELECT debit AS no, u256_sum(remaining) AS units FROM holds GROUP BY debit) d ON d.no = a.no
        LEFT JOIN (SELECT credit AS no, u256_sum(remaining) AS units FROM holds GROUP BY credit) c ON c.no = a.no
      WHERE a.pending_debit <> coalesce(d.units, zeroblob(32)) OR a.pending_credit <> coalesce(c.units, zeroblob(32))
      """
    ) { row throws(StoreError) in try row.text(0) }
    let unposted = try all(
      """
      SELECT 'account ' || a.owner || ':' || a.role || ': not true that its transfers give its balance' FROM accounts a
        LEFT JOIN (SELECT debit AS no, u256_sum(units) AS units FROM transfers WHERE kind IN ('move','post')
          GROUP BY debit) d ON d.no = a.no
        LEFT JOIN (SELECT credit AS no, u256_sum(units) AS units FROM transfers WHERE kind IN ('move','post')
          GROUP BY credit) c ON c.no = a.no
      WHERE a.posted_debit <> coalesce(d.units, zeroblob(32)) OR a.posted_credit <> coalesce(c.units, zeroblob(32))
      """
    ) { row throws(StoreError) in try row.text(0) }
    return unequal + unheld + unposted
  }

  private func batchProblems() throws(StoreError) -> [String] {
    // All payouts of a live batch name it, and a payout names one batch: so none is in two live ones.
    let torn = try all(
      """
      SELECT 'batch ' || b.id || ': not true that all its payouts are submitted under it' FROM batches b
      WHERE b.state = 'live' AND b.count <> (
        SELECT count(*) FROM batch_ranges g CROSS JOIN payouts p ON p.id BETWEEN g.first_id AND g.last_id
        WHERE g.batch_id = b.id AND p.status = 'submitted' AND p.batch_id = b.id)
      """
    ) { row throws(StoreError) in try row.text(0) }
    let stranded = try all(
      """
      SELECT 'payout ' || p.id || ': not true that it is submitted under a live batch, or was credited another sum'
      FROM payouts p NOT INDEXED LEFT JOIN batches b ON b.id = p.batch_id
      WHERE p.status = 'submitted' AND b.state IS NOT 'live' AND NOT EXISTS(
        SELECT 1 FROM payout_notes n WHERE n.payout_id = p.id AND n.batch_id = p.batch_id AND n.fate = 'partial')
      """
    ) { row throws(StoreError) in try row.text(0) }
    return torn + stranded
  }

  private func countedTallies() throws(StoreError) -> [CampaignID: Tally] {
    let rows = try all(
      """
      SELECT c.no, p.status, count(*), u256_sum(r.units),
        sum(p.status = 'submitted' AND (b.state <> 'live' OR b.unknown IS NOT NULL))
      FROM payouts p CROSS JOIN recipients r ON r.id = p.id CROSS JOIN campaigns c ON c.no = p.campaign_no
        LEFT JOIN batches b ON b.id = p.batch_id AND p.status = 'submitted'
      WHERE p.id & 4294967295 < c.ready_ordinal GROUP BY c.no, p.status
      """
    ) { row throws(StoreError) -> (campaign: CampaignID, status: PayoutStatus, part: Tally.Part, unknown: Int64) in
      (
        try row.id(0), try row.word(1), Tally.Part(count: try row.int64(2), units: try row.units(3)),
        try row.optionalInt64(4) ?? 0
      )
    }
    var tallies: [CampaignID: Tally] = [:]
    for row in rows {
      tallies[row.campaign, default: Tally()].parts[row.status] = row.part
      tallies[row.campaign, default: Tally()].unknown += row.unknown
    }
    return tallies
  }
}
