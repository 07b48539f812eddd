import Chains
import Codecs
import Engine
import Money
import Policy

extension Database {
  func people() throws(StoreError) -> [Person] {
    try all(
      """
      SELECT name, roles, state, version, password, approval_key, mfa_secret, mfa_state, mfa_last_step, recovery,
        password_failures, code_failures, locked_until, sessions_from, created_by, created_at
      FROM people ORDER BY name
      """, read: Person.read)
  }

  func person(_ name: PersonName) throws(StoreError) -> Person? {
    try first(
      """
      SELECT name, roles, state, version, password, approval_key, mfa_secret, mfa_state, mfa_last_step, recovery,
        password_failures, code_failures, locked_until, sessions_from, created_by, created_at
      FROM people WHERE name = ?
      """, name.raw, read: Person.read)
  }

  func session(_ tokenHash: Hash32) throws(StoreError) -> Policy.Session? {
    try first(
      """
      SELECT token_hash, person, scope, created_at, expires_at, last_used_at, code_at, revoked_at
      FROM sessions WHERE token_hash = ?
      """, tokenHash, read: Policy.Session.read)
  }

  func nextApprovalRequest() throws(StoreError) -> Int64 {
    try first("SELECT coalesce(max(no), 0) + 1 FROM approval_requests") { row throws(StoreError) in try row.int64(0) }
      ?? 1
  }

  func approvalRequest(_ number: Int64) throws(StoreError) -> ApprovalRequest? {
    try first(
      """
      SELECT no, campaign_no, campaign_uuid, chain, asset, root, count, total, fee_cap, lanes, initiators, needed,
        eligible, opened_at, expires_at, nonce, mark
      FROM approval_requests WHERE no = ?
      """, number, read: ApprovalRequest.read)
  }

  func newestRequest(of campaign: CampaignID) throws(StoreError) -> Int64? {
    try first("SELECT no FROM approval_requests WHERE campaign_no = ? ORDER BY no DESC LIMIT 1", campaign) {
      row throws(StoreError) in try row.int64(0)
    }
  }

  func approvalCase(_ number: Int64) throws(StoreError) -> ApprovalCase? {
    guard let request = try approvalRequest(number) else { return nil }
    let votes = try all(
      "SELECT approved_by, signed_at, public_key, signature FROM approvals WHERE request_no = ? ORDER BY no", number
    ) { row throws(StoreError) in try ApprovalVote.read(row, number) }
    var voters: [PersonName: Person] = [:]
    for vote in votes { voters[vote.approver] = try person(vote.approver) }
    return ApprovalCase(request: request, votes: votes, voters: voters)
  }

  func approvalRequests(before: Int64?, limit: Int) throws(StoreError) -> [ApprovalRequest] {
    try all(
      """
      SELECT no, campaign_no, campaign_uuid, chain, asset, root, count, total, fee_cap, lanes, initiators, needed,
        eligible, opened_at, expires_at, nonce, mark
      FROM approval_requests WHERE no < ? ORDER BY no DESC LIMIT ?
      """, before ?? Int64.max, limit, read: ApprovalRequest.read)
  }
}

extension CommitWriter {
  func apply(_ write: PeopleWrite) throws(StoreError) {
    switch write {
    case .person(let change): try put(change.person)
    case .session(let change): try put(change)
    case .ask(let request):
      _ = try database.existingCampaign(request.campaign)
      guard try database.nextApprovalRequest() == request.number else {
        throw .stale("request \(request.number) is not the next one")
      }
      try insert(request)
    case .vote(let vote): try insert(vote)
    case .reject(let no):
      let changed = try database.run(
        "UPDATE approval_requests SET mark = 'rejected' WHERE no = ? AND mark = 'open'", no.request)
      guard changed == 1 else { throw .stale("request \(no.request) is not open") }
    case .propose, .answer, .book: try applyControl(write)
    }
  }

  private func put(_ person: Person) throws(StoreError) {
    guard person.version > 1 else { return try insert(person) }
    let changed = try database.run(
      """
      UPDATE people SET roles = ?, state = ?, version = ?, password = ?, approval_key = ?, mfa_secret = ?, mfa_state = ?,
        mfa_last_step = ?, recovery = ?, password_failures = ?, code_failures = ?, locked_until = ?, sessions_from = ?
      WHERE name = ? AND version = ?
      """, person.rolesText, person.stateText, person.version, person.password, person.approvalKey,
      person.secondFactor?.sealedSecret, person.factorText, person.secondFactor?.lastStep, person.recoveryText,
      person.attempts.passwords, person.attempts.codes, person.attempts.lockedUntil, person.sessionsFrom,
      person.name.raw, person.version - 1)
    guard changed == 1 else { throw .stale("\(person.name) was changed by somebody else") }
  }

  private func insert(_ person: Person) throws(StoreError) {
    try database.run(
      """
      INSERT INTO people(name, roles, state, version, password, approval_key, mfa_secret, mfa_state, mfa_last_step,
        recovery, password_failures, code_failures, locked_until, sessions_from, created_by, created_at)
      VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, person.name.raw, person.rolesText, person.stateText, person.version, person.password, person.approvalKey,
      person.secondFactor?.sealedSecret, person.factorText, person.secondFactor?.lastStep, person.recoveryText,
      person.attempts.passwords, person.attempts.codes, person.attempts.lockedUntil, person.sessionsFrom,
      person.createdBy, person.createdAt)
  }

  private func put(_ change: SessionChange) throws(StoreError) {
    let session = change.session
    let changed: Int64
    switch change {
    case .opened:
      changed = try database.run(
        """
        INSERT INTO sessions(token_hash, person, scope, created_at, expires_at, last_used_at, code_at, revoked_at)
        VALUES(?, ?, ?, ?, ?, ?, ?, NULL)
        """, session.tokenHash, session.person.raw, session.scopeText, session.createdAt, session.expiresAt,
        session.lastUsedAt, session.codeAt)
    case .used:
      changed = try database.run(
        "UPDATE sessions SET last_used_at = max(last_used_at, ?) WHERE token_hash = ? AND revoked_at IS NULL",
        session.lastUsedAt, session.tokenHash)
    case .revoked:
      changed = try database.run(
        "UPDATE sessions SET revoked_at = ? WHERE token_hash = ? AND revoked_at IS NULL", commit.at, session.tokenHash)
    }
    guard changed == 1 else { throw .stale("the session is revoked") }
  }

  private func insert(_ request: ApprovalRequest) throws(StoreError) {
    try database.run(
      """
      INSERT INTO approval_requests(no, campaign_no, campaign_uuid, chain, asset, root, count, total, fee_cap, lanes,
        initiators, needed, eligible, opened_at, expires_at, nonce, mark)
      VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, request.number, request.campaign, request.content.campaign, request.content.chain.description,
      request.content.asset, request.content.root, request.content.count, request.content.total, request.content.feeCap,
      request.lanesText, request.initiatorsText, request.rule.needed, request.rule.eligible, request.openedAt,
      request.expiresAt, request.nonce, request.mark.rawValue)
  }

  private func insert(_ vote: ApprovalVote) throws(StoreError) {
    let changed = try database.run(
      """
      INSERT INTO approvals(campaign_no, root, count, total, fee_cap, approved_by, expires_at, at, request_no, signed_at,
        public_key, signature)
      SELECT campaign_no, root, count, total, fee_cap, ?, expires_at, ?, no, ?, ?, ? FROM approval_requests r
      WHERE r.no = ? AND r.mark = 'open'
        AND NOT EXISTS(SELECT 1 FROM approval_requests n WHERE n.campaign_no = r.campaign_no AND n.no > r.no)
      """, vote.approver.actor, commit.at, vote.approvedAt, vote.publicKey, vote.signature, vote.request)
    guard changed == 1 else { throw .stale("request \(vote.request) is not open, or another one was asked since") }
  }
}
