import Codecs
import Engine
import Money
import Payouts
import Policy
import PostgreSQL

extension Session {
  func safety() throws(StoreError) -> SafetyState? {
    try first(
      "SELECT stopped, reason, changed_by, at FROM safety ORDER BY no DESC LIMIT 1", read: SafetyState.read)
  }

  func policies(limit: Int) throws(StoreError) -> [StoredPolicy] {
    try all(
      """
      SELECT no, digest, name, document, proposed_by, activated_by, at FROM policies ORDER BY no DESC LIMIT $1
      """, limit, read: StoredPolicy.read)
  }

  func screening(_ campaign: CampaignID) throws(StoreError) -> CampaignScreening? {
    try first(
      """
      SELECT campaign_no, policy, lists, started_at, valid_until, up_to, ends_at, counts
      FROM screenings WHERE campaign_no = $1
      """, campaign, read: CampaignScreening.read)
  }

  func screenable(_ campaign: CampaignID, from: UInt32, limit: Int) throws(StoreError) -> [ScreeningSubject] {
    let queued = try all(
      """
      SELECT p.id, r.address, r.units, r.metadata FROM payouts p JOIN recipients r ON r.id = p.id
      WHERE p.status = 'queued' AND (p.campaign_no, p.id) >= ($1, ($1 << 32) + $2)
        AND (p.campaign_no, p.id) < ($1, ($1 << 32) + (SELECT ready_ordinal FROM campaigns WHERE no = $1))
      ORDER BY p.campaign_no, p.id LIMIT $3
      """, campaign, from, limit, read: ScreeningSubject.read)
    let live = try all(
      """
      SELECT p.id, r.address, r.units, r.metadata
      FROM batches b JOIN batch_ranges g ON g.batch_id = b.id JOIN payouts p ON p.id BETWEEN g.first_id AND g.last_id
        JOIN recipients r ON r.id = p.id
      WHERE b.campaign_no = $1 AND b.state = 'live' AND p.status = 'submitted' AND p.id >= ($1 << 32) + $2
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
      FROM verdicts v JOIN recipients r ON r.id = v.payout_id JOIN payouts p ON p.id = v.payout_id
      WHERE v.payout_id >= $1 << 32 AND v.payout_id < ($1 + 1) << 32 AND v.payout_id > $2
        AND ($3 IS NULL OR v.kind = $3) AND (NOT $4 OR p.status = 'queued')
      ORDER BY v.payout_id LIMIT $5
      """, campaign, after?.raw ?? 0, kind?.rawValue, isWaiting, limit, read: HeldPayout.read)
  }

  func heldPayout(_ payout: PayoutID) throws(StoreError) -> HeldPayout? {
    try first(
      """
      SELECT v.payout_id, r.units, v.kind, v.rule, v.reason, v.detail, v.fingerprint, v.policy, v.at, v.decided_by,
        v.decision
      FROM verdicts v JOIN recipients r ON r.id = v.payout_id WHERE v.payout_id = $1
      """, payout, read: HeldPayout.read)
  }

  func clearedFingerprints() throws(StoreError) -> Set<Hash32> {
    Set(try all("SELECT fingerprint FROM clearances") { row throws(StoreError) in try row.hash(0) })
  }

  /// One round trip, since the key is asked right after.
  func barred(_ batches: [BatchID], at now: Timestamp) throws(StoreError) -> [BatchID: Bool] {
    var values = Arguments()
    values.add(array: batches)
    values.add(now)
    let found = try run([
      Request(
        """
        SELECT b.id,
          EXISTS(SELECT 1 FROM batch_ranges g JOIN verdicts v ON v.payout_id BETWEEN g.first_id AND g.last_id
            WHERE g.batch_id = b.id AND v.kind <> 'cleared'),
          EXISTS(SELECT 1 FROM screenings s
            WHERE s.campaign_no = b.campaign_no AND s.policy = a.digest AND s.started_at <= $2 AND s.valid_until > $2
              AND NOT EXISTS(SELECT 1 FROM batch_ranges g
                WHERE g.batch_id = b.id AND g.last_id & 4294967295 >= s.up_to))
        FROM unnest($1::int8[]) u(id) JOIN batches b ON b.id = u.id AND b.campaign_no IS NOT NULL
          CROSS JOIN (SELECT digest FROM policies ORDER BY no DESC LIMIT 1) a
        """, values)
    ])
    var barred: [BatchID: Bool] = [:]
    for row in try found[0].all({ row throws(StoreError) in
      (id: try row.id(0) as BatchID, isForbidden: try row.bool(1), isScreened: try row.bool(2))
    }) where row.isForbidden || !row.isScreened {
      barred[row.id] = row.isForbidden
    }
    return barred
  }
}

// Statements of a commit; its writer sends them together and compares the number of rows.
extension Request {
  static func insert(_ policy: StoredPolicy) -> Request {
    Request(
      "INSERT INTO policies(no, digest, name, document, proposed_by, activated_by, at) VALUES($1, $2, $3, $4, $5, $6, $7)",
      Arguments(
        policy.number, policy.digest, policy.name, policy.document, policy.proposedBy, policy.activatedBy, policy.at))
  }

  static func insert(_ change: SafetyChange, at: Timestamp) -> Request {
    Request(
      "INSERT INTO safety(stopped, reason, changed_by, at) VALUES($1, $2, $3, $4)",
      Arguments(change.isStopped, change.reason, change.changedBy, at))
  }

  static func forget(_ first: PayoutID, _ last: PayoutID) -> Request {
    Request(
      """
      DELETE FROM verdicts v USING payouts p
      WHERE v.payout_id BETWEEN $1 AND $2 AND p.id = v.payout_id AND p.status IN ('queued','submitted')
      """, Arguments(first, last))
  }

  static func put(_ row: CampaignScreening) -> Request {
    Request(
      """
      INSERT INTO screenings(campaign_no, policy, lists, started_at, valid_until, up_to, ends_at, counts)
      VALUES($1, $2, $3, $4, $5, $6, $7, $8)
      ON CONFLICT(campaign_no) DO UPDATE SET policy = $2, lists = $3, started_at = $4, valid_until = $5, up_to = $6,
        ends_at = $7, counts = $8
      """,
      Arguments(row.campaign, row.policy, row.lists, row.startedAt, row.validUntil, row.upTo, row.end, row.countsText))
  }

  static func put(_ held: [HeldPayout]) -> Request {
    var values = Arguments()
    values.add(array: held.map(\.payout))
    values.add(array: held.map(\.verdict.kind.rawValue))
    values.add(array: held.map(\.verdict.rule))
    values.add(array: held.map(\.verdict.reason))
    values.add(array: held.map(\.verdict.detail))
    values.add(array: held.map(\.verdict.fingerprint))
    values.add(array: held.map(\.policy))
    values.add(array: held.map(\.at))
    values.add(array: held.map(\.decidedBy))
    values.add(array: held.map(\.decision))
    return Request(
      """
      INSERT INTO verdicts(payout_id, kind, rule, reason, detail, fingerprint, policy, at, decided_by, decision)
      SELECT * FROM unnest($1::int8[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bytea[], $7::bytea[],
        $8::int8[], $9::text[], $10::text[])
      ON CONFLICT(payout_id) DO UPDATE SET kind = excluded.kind, rule = excluded.rule, reason = excluded.reason,
        detail = excluded.detail, fingerprint = excluded.fingerprint, policy = excluded.policy, at = excluded.at,
        decided_by = excluded.decided_by, decision = excluded.decision
      """, values)
  }

  static func clear(_ decision: ReviewDecision, _ print: Hash32, rule: String, at: Timestamp) -> Request {
    Request(
      """
      INSERT INTO clearances(fingerprint, payout_id, rule, cleared_by, reason, at) VALUES($1, $2, $3, $4, $5, $6)
      ON CONFLICT(fingerprint) DO NOTHING
      """, Arguments(print, decision.payout, rule, decision.decidedBy, decision.reason, at))
  }
}
