import Codecs
import Engine
import Money
import Payouts
import Policy

extension Database {
  func activePolicy() throws(StoreError) -> StoredPolicy? { try policies(limit: 1).first }

  func safety() throws(StoreError) -> SafetyState? {
    try first(
      "SELECT stopped, reason, changed_by, at FROM safety ORDER BY no DESC LIMIT 1", read: SafetyState.read)
  }

  func policies(limit: Int) throws(StoreError) -> [StoredPolicy] {
    try all(
      """
      SELECT no, digest, name, document, proposed_by, activated_by, at FROM policies ORDER BY no DESC LIMIT ?
      """, limit, read: StoredPolicy.read)
  }

  func activeDigest() throws(StoreError) -> Hash32? {
    try first("SELECT digest FROM policies ORDER BY no DESC LIMIT 1") { row throws(StoreError) in try row.hash(0) }
  }

  func screening(_ campaign: CampaignID) throws(StoreError) -> CampaignScreening? {
    try first(
      """
      SELECT campaign_no, policy, lists, started_at, valid_until, up_to, ends_at, counts
      FROM screenings WHERE campaign_no = ?
      """, campaign, read: CampaignScreening.read)
  }

  func screenable(_ campaign: CampaignID, from: UInt32, limit: Int) throws(StoreError) -> [ScreeningSubject] {
    let queued = try all(
      """
      SELECT p.id, r.address, r.units, r.metadata
      FROM payouts p INDEXED BY payouts_queued CROSS JOIN recipients r ON r.id = p.id
      WHERE p.campaign_no = ?1 AND p.status = 'queued' AND p.id >= (?1 << 32) + ?2
        AND p.id < (?1 << 32) + (SELECT ready_ordinal FROM campaigns WHERE no = ?1)
      ORDER BY p.id LIMIT ?3
      """, campaign, from, limit, read: ScreeningSubject.read)
    let live = try all(
      """
      SELECT p.id, r.address, r.units, r.metadata
      FROM batches b CROSS JOIN batch_ranges g ON g.batch_id = b.id
        CROSS JOIN payouts p ON p.id BETWEEN g.first_id AND g.last_id CROSS JOIN recipients r ON r.id = p.id
      WHERE b.campaign_no = ?1 AND b.state = 'live' AND p.status = 'submitted' AND p.id >= (?1 << 32) + ?2
      ORDER BY p.id
      """, campaign, from, read: ScreeningSubject.read)
    return ScreeningSubject.page(queued: queued, live: live, limit: limit)
  }

  func heldPayouts(
    _ campaign: CampaignID, _ kind: VerdictKind?, isWaiting: Bool, after: PayoutID?, limit: Int
  ) throws(StoreError) -> [HeldPayout] {
    try all(
      """
      SELECT v.payout_id, r.units, v.kind, v.rule, v.reason, v.detail, v.fingerprint, v.policy, v.at, v.decided_by,
        v.decision
      FROM verdicts v CROSS JOIN recipients r ON r.id = v.payout_id CROSS JOIN payouts p ON p.id = v.payout_id
      WHERE v.payout_id >= ?1 << 32 AND v.payout_id < (?1 + 1) << 32 AND v.payout_id > ?2
        AND (?3 IS NULL OR v.kind = ?3) AND (NOT ?4 OR p.status = 'queued')
      ORDER BY v.payout_id LIMIT ?5
      """, campaign, after?.raw ?? 0, kind?.rawValue, isWaiting, limit, read: HeldPayout.read)
  }

  func heldPayout(_ payout: PayoutID) throws(StoreError) -> HeldPayout? {
    try first(
      """
      SELECT v.payout_id, r.units, v.kind, v.rule, v.reason, v.detail, v.fingerprint, v.policy, v.at, v.decided_by,
        v.decision
      FROM verdicts v CROSS JOIN recipients r ON r.id = v.payout_id WHERE v.payout_id = ?
      """, payout, read: HeldPayout.read)
  }

  func clearedFingerprints() throws(StoreError) -> Set<Hash32> {
    Set(try all("SELECT fingerprint FROM clearances") { row throws(StoreError) in try row.hash(0) })
  }

  /// Whether one of the payouts has a verdict that forbids it.
  func isBarred(_ runs: [PayoutRun]) throws(StoreError) -> Bool {
    for run in runs {
      let found = try first(
        """
        SELECT 1 FROM verdicts WHERE payout_id BETWEEN ? AND ? AND kind <> 'cleared' LIMIT 1
        """, run.first, run.last
      ) { _ throws(StoreError) in true }
      if found != nil { return true }
    }
    return false
  }

  func barred(_ batches: [BatchID], at now: Timestamp) throws(StoreError) -> [BatchID: Bool] {
    guard let active = try activeDigest() else { return [:] }
    var barred: [BatchID: Bool] = [:]
    var screenings: [CampaignID: CampaignScreening] = [:]
    for id in batches {
      guard let campaign = try batchHeader(id)?.batch.campaign else { continue }
      let runs = try all("SELECT first_id, last_id FROM batch_ranges WHERE batch_id = ? ORDER BY first_id", id) {
        row throws(StoreError) in PayoutRun(first: try row.id(0), last: try row.id(1))
      }
      if screenings[campaign] == nil { screenings[campaign] = try screening(campaign) }
      if try isBarred(runs) {
        barred[id] = true
      } else if screenings[campaign]?.counts(for: runs, under: active, at: now) != true {
        barred[id] = false
      }
    }
    return barred
  }

  // MARK: Writes

  func insert(_ policy: StoredPolicy) throws(StoreError) {
    try run(
      "INSERT INTO policies(no, digest, name, document, proposed_by, activated_by, at) VALUES(?, ?, ?, ?, ?, ?, ?)",
      policy.number, policy.digest, policy.name, policy.document, policy.proposedBy, policy.activatedBy, policy.at)
  }

  func store(_ part: ScreenedPart) throws(StoreError) {
    if let range = part.range {
      try run(
        """
        DELETE FROM verdicts WHERE payout_id BETWEEN ?1 AND ?2
          AND (SELECT p.status FROM payouts p WHERE p.id = payout_id) IN ('queued','submitted')
        """, range.first, range.last)
    }
    for held in part.held { try put(held) }
    let row = part.screening
    try run(
      """
      INSERT INTO screenings(campaign_no, policy, lists, started_at, valid_until, up_to, ends_at, counts)
      VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
      ON CONFLICT(campaign_no) DO UPDATE SET policy = ?2, lists = ?3, started_at = ?4, valid_until = ?5, up_to = ?6,
        ends_at = ?7, counts = ?8
      """, row.campaign, row.policy, row.lists, row.startedAt, row.validUntil, row.upTo, row.end, row.countsText)
  }

  func put(_ held: HeldPayout) throws(StoreError) {
    let verdict = held.verdict
    try run(
      """
      INSERT INTO verdicts(payout_id, kind, rule, reason, detail, fingerprint, policy, at, decided_by, decision)
      VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
      ON CONFLICT(payout_id) DO UPDATE SET kind = ?2, rule = ?3, reason = ?4, detail = ?5, fingerprint = ?6,
        policy = ?7, at = ?8, decided_by = ?9, decision = ?10
      """, held.payout, verdict.kind.rawValue, verdict.rule, verdict.reason, verdict.detail, verdict.fingerprint,
      held.policy, held.at, held.decidedBy, held.decision)
  }

  func apply(_ decision: ReviewDecision, at: Timestamp) throws(StoreError) {
    let isQueued =
      try first("SELECT 1 FROM payouts WHERE id = ? AND status = 'queued'", decision.payout) {
        _ throws(StoreError) in true
      } ?? false
    let row = try decision.applied(to: heldPayout(decision.payout), isQueued: isQueued)
    try put(row)
    guard decision.isCleared, let print = decision.fingerprint else { return }
    try run(
      """
      INSERT INTO clearances(fingerprint, payout_id, rule, cleared_by, reason, at) VALUES(?, ?, ?, ?, ?, ?)
      ON CONFLICT(fingerprint) DO NOTHING
      """, print, decision.payout, row.verdict.rule, decision.decidedBy, decision.reason, at)
  }
}
