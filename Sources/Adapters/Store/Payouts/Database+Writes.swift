import Chains
import Codecs
import Engine
import Money
import Payouts

// Each statement names the state it expects; the caller compares the number of rows that had it.
extension Database {
  func insert(_ intent: Intent, lane: Lane, at: Timestamp) throws(StoreError) {
    try run(
      """
      INSERT INTO batches(id, campaign_no, lane_id, slot, asset, count, total, root, state, half_of, created_at)
      VALUES(?, ?, ?, ?, ?, ?, ?, ?, 'live', ?, ?)
      """, intent.batch, intent.campaign, lane.id, intent.slot, intent.asset, intent.count, intent.total, intent.root,
      intent.halfOf, at)
    for run in intent.runs {
      try self.run(
        "INSERT INTO batch_ranges(batch_id, first_id, last_id) VALUES(?, ?, ?)", intent.batch, run.first, run.last)
    }
  }

  /// queued -> submitted.
  func submit(_ intent: Intent) throws(StoreError) {
    var changed: Int64 = 0
    for run in intent.runs {
      changed += try self.run(
        """
        UPDATE payouts NOT INDEXED SET status = 'submitted', batch_id = ?1
        WHERE id BETWEEN ?2 AND ?3 AND status = 'queued' AND batch_id IS ?4
        """, intent.batch, run.first, run.last, intent.halfOf)
    }
    try expect(changed, intent.count, "are queued for batch \(intent.batch)")
  }

  func insert(_ draft: AttemptDraft, of batch: BatchID, fence: Int64, at: Timestamp) throws(StoreError) {
    try run(
      """
      INSERT INTO attempts(id, batch_id, kind, state, signing_hash, payload_digest, fee_limit, fee_price, fee_tip,
        fence, intended_at) VALUES(?, ?, ?, 'intended', ?, ?, ?, ?, ?, ?, ?)
      """, draft.id, batch, draft.kind.rawValue, draft.unsigned.signingHash, draft.payloadDigest, draft.fee.limit,
      draft.fee.price, draft.fee.tip, fence, at)
    try run(
      "INSERT INTO attempt_bytes(attempt_id, part, bytes) VALUES(?, 'unsigned', ?)", draft.id, draft.unsigned.bytes)
  }

  /// The payload that the batch's attempts of this kind carry.
  func promised(_ batch: BatchID, _ kind: AttemptKind) throws(StoreError) -> Hash32? {
    try first("SELECT payload_digest FROM attempts WHERE batch_id = ? AND kind = ? LIMIT 1", batch, kind.rawValue) {
      row throws(StoreError) in try row.hash(0)
    }
  }

  func attemptStates(
    _ batch: BatchID
  ) throws(StoreError) -> [(id: AttemptID, kind: AttemptKind, state: AttemptState)] {
    try all("SELECT id, kind, state FROM attempts WHERE batch_id = ?", batch) { row throws(StoreError) in
      (id: try row.id(0), kind: try row.word(1), state: try row.word(2))
    }
  }

  func change(_ attempt: AttemptID, to state: AttemptState) throws(StoreError) {
    try run("UPDATE attempts SET state = ? WHERE id = ?", state.rawValue, attempt)
  }

  func sign(_ recorded: RecordedBytes, _ state: AttemptState) throws(StoreError) {
    try run(
      "UPDATE attempts SET state = ?, tx_hash = ? WHERE id = ?", state.rawValue, recorded.signed.hash, recorded.attempt)
    try run(
      "INSERT INTO attempt_bytes(attempt_id, part, bytes) VALUES(?, 'signed', ?)", recorded.attempt,
      recorded.signed.bytes)
  }

  func send(_ sent: RecordedSent, _ state: AttemptState, at: Timestamp) throws(StoreError) {
    try run(
      "UPDATE attempts SET state = ?, sent_at = coalesce(sent_at, ?) WHERE id = ?", state.rawValue, at, sent.attempt)
  }

  // MARK: Ends

  func insert(_ evidence: Evidence, of batch: BatchID, at: Timestamp) throws(StoreError) {
    try run(
      """
      INSERT INTO evidence(batch_id, verdict, spender_hash, block_number, block_hash, fee_paid, statements, at)
      VALUES(?, ?, ?, ?, ?, ?, ?, ?)
      """, batch, evidence.verdict.word, evidence.spender, evidence.blockNumber, evidence.blockHash, evidence.feePaid,
      evidence.text, at)
  }

  func end(_ end: BatchEnd, isHalved: Bool, at: Timestamp) throws(StoreError) {
    let changed = try run(
      "UPDATE batches SET state = ?, spender = ?, halving = ?, ended_at = ? WHERE id = ? AND state = 'live'",
      end.to.rawValue, end.spender, isHalved, at, end.batch)
    guard changed == 1 else { throw .stale("batch \(end.batch) has ended already") }
  }

  /// submitted -> what the outcome says.
  func settle(
    _ outcome: Outcome, of batch: BatchID, to status: PayoutStatus, at: Timestamp
  ) throws(StoreError) {
    var code: String?
    if case .failed(let why) = outcome.kind { code = why.rawValue }
    var changed: Int64 = 0
    for run in outcome.runs {
      // A batch that is named anew is looked up anew for every row, so only a payout that leaves its batch says so.
      if outcome.kind == .requeued {
        changed += try self.run(
          """
          UPDATE payouts NOT INDEXED SET status = ?1, batch_id = NULL
          WHERE id BETWEEN ?2 AND ?3 AND status = 'submitted' AND batch_id = ?4
          """, status.rawValue, run.first, run.last, batch)
      } else {
        changed += try self.run(
          """
          UPDATE payouts NOT INDEXED SET status = ?1, error_code = ?2
          WHERE id BETWEEN ?3 AND ?4 AND status = 'submitted' AND batch_id = ?5
          """, status.rawValue, code, run.first, run.last, batch)
      }
      if outcome.kind == .partial {
        try self.run(
          """
          INSERT INTO payout_notes(payout_id, batch_id, fate, at)
          SELECT id, ?1, 'partial', ?4 FROM payouts WHERE id BETWEEN ?2 AND ?3
          """, batch, run.first, run.last, at)
      }
    }
    try expect(changed, outcome.count, "are submitted under batch \(batch)")
  }

  func markUnknown(_ batch: BatchID, _ why: UnknownReason) throws(StoreError) {
    try run("UPDATE batches SET unknown = ? WHERE id = ?", why.rawValue, batch)
  }

  /// Dead batches of which nothing waits any more are no longer halved.
  func endHalving(_ batches: [BatchID]) throws(StoreError) {
    for batch in batches {
      try run(
        """
        UPDATE batches SET halving = 0 WHERE id = ?1 AND NOT EXISTS(
          SELECT 1 FROM batch_ranges g CROSS JOIN payouts p ON p.id BETWEEN g.first_id AND g.last_id
          WHERE g.batch_id = ?1 AND p.status = 'queued' AND p.batch_id = ?1)
        """, batch)
    }
  }

  // MARK: Queue and compensation

  /// queued -> failed, those under dead batches too.
  func fail(_ failed: FailedQueued, to status: PayoutStatus) throws(StoreError) {
    var changed: Int64 = 0
    var parents: Set<BatchID> = []
    for run in failed.runs {
      parents.formUnion(
        try all(
          """
          SELECT DISTINCT batch_id FROM payouts NOT INDEXED
          WHERE id BETWEEN ? AND ? AND status = 'queued' AND batch_id IS NOT NULL
          """, run.first, run.last
        ) { row throws(StoreError) in try row.id(0) })
      changed += try self.run(
        """
        UPDATE payouts NOT INDEXED SET status = ?, batch_id = NULL, error_code = ?
        WHERE id BETWEEN ? AND ? AND status = 'queued'
        """, status.rawValue, failed.reason.rawValue, run.first, run.last)
    }
    try expect(changed, failed.count, "are queued in campaign \(failed.campaign)")
    try endHalving(parents.sorted())
  }

  /// The reason takes the place of the failure's code, which moves to a note.
  func compensate(
    _ compensation: Compensation, to status: PayoutStatus, at: Timestamp
  ) throws(StoreError) {
    try run(
      """
      INSERT INTO payout_notes(payout_id, batch_id, error_code, error_msg, at)
      SELECT id, batch_id, error_code, error_msg, ?2 FROM payouts WHERE id = ?1 AND error_code IS NOT NULL
      """, compensation.payout, at)
    let changed = try run(
      "UPDATE payouts NOT INDEXED SET status = ?, error_code = ? WHERE id = ? AND status = ?", status.rawValue,
      compensation.reason, compensation.payout, compensation.from.rawValue)
    try expect(changed, 1, "is \(compensation.from.rawValue): number \(compensation.payout)")
  }

  /// submitted under a batch that has ended -> what two people said.
  func settle(_ settlement: Settlement, to status: PayoutStatus) throws(StoreError) {
    let changed = try run(
      """
      UPDATE payouts NOT INDEXED SET status = ?1, error_code = ?2 WHERE id = ?3 AND status = 'submitted' AND batch_id = ?4
        AND EXISTS(SELECT 1 FROM batches b WHERE b.id = ?4 AND b.state <> 'live')
      """, status.rawValue, settlement.errorCode, settlement.payout, settlement.batch)
    try expect(changed, 1, "waits for people: number \(settlement.payout)")
  }

  private func expect(_ changed: Int64, _ wanted: Int, _ what: String) throws(StoreError) {
    guard changed == Int64(wanted) else { throw .stale("\(changed) of \(wanted) payouts \(what)") }
  }
}
