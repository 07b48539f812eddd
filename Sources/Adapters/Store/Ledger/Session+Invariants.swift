import Engine
import Money
import Payouts
import PostgreSQL

extension Session {
  /// The sentences that are not true of the whole store. Reads every payout.
  func brokenInvariants() throws(StoreError) -> [String] {
    // Whole tables are read here: these plans may do what a worker's may not.
    try run([
      Request("SET LOCAL enable_seqscan = on"), Request("SET LOCAL enable_hashjoin = on"),
      Request("SET LOCAL enable_mergejoin = on"), Request("SET LOCAL enable_bitmapscan = on"),
      Request("SET LOCAL plan_cache_mode = force_custom_plan"),
    ])
    var broken = try ledgerProblems() + batchProblems() + orphans()
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
      HAVING sum(posted_debit) <> sum(posted_credit) OR sum(pending_debit) <> sum(pending_credit)
      """
    ) { row throws(StoreError) in try row.text(0) }
    let unheld = try all(
      """
      SELECT 'account ' || a.owner || ':' || a.role || ': not true that its holds are what is pending' FROM accounts a
        LEFT JOIN (SELECT debit AS no, sum(remaining) AS units FROM holds GROUP BY debit) d ON d.no = a.no
        LEFT JOIN (SELECT credit AS no, sum(remaining) AS units FROM holds GROUP BY credit) c ON c.no = a.no
      WHERE a.pending_debit <> coalesce(d.units, 0) OR a.pending_credit <> coalesce(c.units, 0)
      """
    ) { row throws(StoreError) in try row.text(0) }
    let unposted = try all(
      """
      SELECT 'account ' || a.owner || ':' || a.role || ': not true that its transfers give its balance' FROM accounts a
        LEFT JOIN (SELECT debit AS no, sum(units) AS units FROM transfers WHERE kind IN ('move','post')
          GROUP BY debit) d ON d.no = a.no
        LEFT JOIN (SELECT credit AS no, sum(units) AS units FROM transfers WHERE kind IN ('move','post')
          GROUP BY credit) c ON c.no = a.no
      WHERE a.posted_debit <> coalesce(d.units, 0) OR a.posted_credit <> coalesce(c.units, 0)
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
        SELECT count(*) FROM batch_ranges g JOIN payouts p ON p.id BETWEEN g.first_id AND g.last_id
        WHERE g.batch_id = b.id AND p.status = 'submitted' AND p.batch_id = b.id)
      """
    ) { row throws(StoreError) in try row.text(0) }
    let stranded = try all(
      """
      SELECT 'payout ' || p.id || ': not true that it is submitted under a live batch, or was credited another sum'
      FROM payouts p LEFT JOIN batches b ON b.id = p.batch_id
      WHERE p.status = 'submitted' AND b.state IS DISTINCT FROM 'live' AND NOT EXISTS(
        SELECT 1 FROM payout_notes n WHERE n.payout_id = p.id AND n.batch_id = p.batch_id AND n.fate = 'partial')
      """
    ) { row throws(StoreError) in try row.text(0) }
    return torn + stranded
  }

  /// What foreign keys guard on SQLite, and here would be looked up for every payout that moves.
  private func orphans() throws(StoreError) -> [String] {
    try all(
      """
      (SELECT 'payout ' || p.id || ': not true that it has a recipient' FROM payouts p
        WHERE NOT EXISTS(SELECT 1 FROM recipients r WHERE r.id = p.id) LIMIT 10)
      UNION ALL
      (SELECT 'recipient ' || r.id || ': not true that it has a payout' FROM recipients r
        JOIN loads l ON l.no = r.load_no
        WHERE NOT EXISTS(SELECT 1 FROM payouts p WHERE p.id = r.id)
          AND NOT (l.state = 'loading' AND r.id & 4294967295 >= l.next_ordinal) LIMIT 10)
      UNION ALL
      (SELECT 'recipient ' || r.id || ': not true that it came by a load' FROM recipients r
        WHERE NOT EXISTS(SELECT 1 FROM loads l WHERE l.no = r.load_no AND l.campaign_no = r.campaign_no) LIMIT 10)
      UNION ALL
      (SELECT 'payout ' || p.id || ': not true that its batch exists' FROM payouts p
        WHERE p.batch_id IS NOT NULL AND NOT EXISTS(SELECT 1 FROM batches b WHERE b.id = p.batch_id) LIMIT 10)
      """
    ) { row throws(StoreError) in try row.text(0) }
  }

  private func countedTallies() throws(StoreError) -> [CampaignID: Tally] {
    let rows = try all(
      """
      SELECT p.status, count(*), sum(r.units),
        count(*) FILTER (WHERE p.status = 'submitted' AND (b.state <> 'live' OR b.unknown IS NOT NULL)), c.no
      FROM payouts p JOIN recipients r ON r.id = p.id JOIN campaigns c ON c.no = p.campaign_no
        LEFT JOIN batches b ON b.id = p.batch_id AND p.status = 'submitted'
      WHERE p.id & 4294967295 < c.ready_ordinal GROUP BY c.no, p.status
      """
    ) { row throws(StoreError) in (campaign: try row.id(4) as CampaignID, part: try TallyRow.read(row)) }
    return Dictionary(grouping: rows, by: \.campaign).mapValues { Tally($0.map(\.part)) }
  }
}
