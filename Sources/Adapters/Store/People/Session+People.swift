import Chains
import Codecs
import Engine
import Money
import Policy
import PostgreSQL

extension Session {
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
      FROM people WHERE name = $1
      """, name.raw, read: Person.read)
  }

  func session(_ tokenHash: Hash32) throws(StoreError) -> Policy.Session? {
    try first(
      """
      SELECT token_hash, person, scope, created_at, expires_at, last_used_at, code_at, revoked_at
      FROM sessions WHERE token_hash = $1
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
      FROM approval_requests WHERE no = $1
      """, number, read: ApprovalRequest.read)
  }

  func newestRequest(of campaign: CampaignID) throws(StoreError) -> Int64? {
    try first("SELECT no FROM approval_requests WHERE campaign_no = $1 ORDER BY no DESC LIMIT 1", campaign) {
      row throws(StoreError) in try row.int64(0)
    }
  }

  func approvalCase(_ number: Int64) throws(StoreError) -> ApprovalCase? {
    guard let request = try approvalRequest(number) else { return nil }
    let votes = try all(
      "SELECT approved_by, signed_at, public_key, signature FROM approvals WHERE request_no = $1 ORDER BY no", number
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
      FROM approval_requests WHERE no < $1 ORDER BY no DESC LIMIT $2
      """, before ?? Int64.max, limit, read: ApprovalRequest.read)
  }
}

extension CommitDraft {
  mutating func apply(_ write: PeopleWrite) throws(StoreError) {
    switch write {
    case .person(let change):
      let isNew = change.person.version == 1
      add(isNew ? .insert(change.person) : .update(change.person), "people have this version")
    case .session(let change): add(.change(change, at: commit.at), "sessions are valid")
    case .ask(let request):
      guard picture.campaigns[request.campaign] != nil else {
        throw StoreError(.notFound, "there is no campaign \(request.campaign)")
      }
      add(.insert(request), "requests have the next number")
    case .vote(let vote): add(.insert(vote, at: commit.at), "requests are open and the newest")
    case .reject(let no):
      add(
        Request(
          "UPDATE approval_requests SET mark = 'rejected' WHERE no = $1 AND mark = 'open'", Arguments(no.request)),
        "requests are open")
    case .propose, .answer, .book: try applyControl(write)
    }
  }

  private mutating func add(_ request: Request, _ what: String) {
    addSingle(Expected(request, rows: 1, what, isState: true))
  }
}

extension Request {
  fileprivate static func insert(_ person: Person) -> Request {
    Request(
      """
      INSERT INTO people(name, version, roles, state, password, approval_key, mfa_secret, mfa_state, mfa_last_step,
        recovery, password_failures, code_failures, locked_until, sessions_from, created_by, created_at)
      VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
      """,
      Arguments(
        person.name.raw, person.version, person.rolesText, person.stateText, person.password, person.approvalKey,
        person.secondFactor?.sealedSecret, person.factorText, person.secondFactor?.lastStep, person.recoveryText,
        person.attempts.passwords, person.attempts.codes, person.attempts.lockedUntil, person.sessionsFrom,
        person.createdBy, person.createdAt))
  }

  fileprivate static func update(_ person: Person) -> Request {
    Request(
      """
      UPDATE people SET version = $2, roles = $3, state = $4, password = $5, approval_key = $6, mfa_secret = $7,
        mfa_state = $8, mfa_last_step = $9, recovery = $10, password_failures = $11, code_failures = $12,
        locked_until = $13, sessions_from = $14
      WHERE name = $1 AND version = $2 - 1
      """,
      Arguments(
        person.name.raw, person.version, person.rolesText, person.stateText, person.password, person.approvalKey,
        person.secondFactor?.sealedSecret, person.factorText, person.secondFactor?.lastStep, person.recoveryText,
        person.attempts.passwords, person.attempts.codes, person.attempts.lockedUntil, person.sessionsFrom))
  }

  fileprivate static func change(_ change: SessionChange, at: Timestamp) -> Request {
    let session = change.session
    switch change {
    case .opened:
      return Request(
        """
        INSERT INTO sessions(token_hash, person, scope, created_at, expires_at, last_used_at, code_at, revoked_at)
        VALUES($1, $2, $3, $4, $5, $6, $7, NULL)
        """,
        Arguments(
          session.tokenHash, session.person.raw, session.scopeText, session.createdAt, session.expiresAt,
          session.lastUsedAt, session.codeAt))
    case .used:
      return Request(
        "UPDATE sessions SET last_used_at = greatest(last_used_at, $2) WHERE token_hash = $1 AND revoked_at IS NULL",
        Arguments(session.tokenHash, session.lastUsedAt))
    case .revoked:
      return Request(
        "UPDATE sessions SET revoked_at = $2 WHERE token_hash = $1 AND revoked_at IS NULL",
        Arguments(session.tokenHash, at))
    }
  }

  fileprivate static func insert(_ request: ApprovalRequest) -> Request {
    Request(
      """
      INSERT INTO approval_requests(no, campaign_no, campaign_uuid, chain, asset, root, count, total, fee_cap, lanes,
        initiators, needed, eligible, opened_at, expires_at, nonce, mark)
      SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17
      WHERE $1 = (SELECT coalesce(max(no), 0) + 1 FROM approval_requests)
      """,
      Arguments(
        request.number, request.campaign, request.content.campaign, request.content.chain.description,
        request.content.asset, request.content.root, request.content.count, request.content.total,
        request.content.feeCap, request.lanesText, request.initiatorsText, request.rule.needed, request.rule.eligible,
        request.openedAt, request.expiresAt, request.nonce, request.mark.rawValue))
  }

  fileprivate static func insert(_ vote: ApprovalVote, at: Timestamp) -> Request {
    Request(
      """
      INSERT INTO approvals(campaign_no, root, count, total, fee_cap, approved_by, expires_at, at, request_no, signed_at,
        public_key, signature)
      SELECT campaign_no, root, count, total, fee_cap, $1, expires_at, $2, no, $3, $4, $5 FROM approval_requests r
      WHERE r.no = $6 AND r.mark = 'open'
        AND NOT EXISTS(SELECT 1 FROM approval_requests n WHERE n.campaign_no = r.campaign_no AND n.no > r.no)
      """,
      Arguments(vote.approver.actor, at, vote.approvedAt, vote.publicKey, vote.signature, vote.request))
  }
}
