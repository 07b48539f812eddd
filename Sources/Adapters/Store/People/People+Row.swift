import Chains
import Codecs
import Engine
import Money
import Policy

// How persons and approvals lie in rows, the same in both engines.

extension StoreError {
  static func badPeople(_ what: String) -> StoreError { StoreError(.badRow, "a row does not hold \(what)") }
}

extension Person {
  var rolesText: String { roles.sorted().map(\.rawValue).joined(separator: ",") }
  var stateText: String { isActive ? "active" : "disabled" }
  var factorText: String? { secondFactor.map { $0.isConfirmed ? "confirmed" : "pending" } }
  var recoveryText: String {
    (secondFactor?.recovery ?? []).map { Hex.text($0.bytes) }.joined(separator: ",")
  }

  /// name, roles, state, version, password, approval_key, mfa_secret, mfa_state, mfa_last_step, recovery,
  /// password_failures, code_failures, locked_until, sessions_from, created_by, created_at.
  static func read(_ row: some Row) throws(StoreError) -> Person {
    var roles: Set<Role> = []
    for word in try row.text(1).split(separator: ",") {
      guard let role = Role(rawValue: String(word)) else { throw .badPeople("a role") }
      roles.insert(role)
    }
    var factor: SecondFactor?
    if let secret = try row.optionalBytes(6) {
      factor = SecondFactor(
        sealedSecret: secret, isConfirmed: try row.optionalText(7) == "confirmed", lastStep: try row.optionalInt64(8),
        recovery: try hashes(row.text(9)))
    }
    return Person(
      name: try PersonName.read(row, 0), roles: roles, isActive: try row.text(2) == "active", version: try row.int64(3),
      password: try row.text(4), approvalKey: try row.optionalBytes(5), secondFactor: factor,
      attempts: LoginAttempts(
        passwords: try row.int(10), codes: try row.int(11), lockedUntil: try row.optionalTime(12)),
      sessionsFrom: try row.time(13), createdBy: try row.text(14), createdAt: try row.time(15))
  }

  private static func hashes(_ text: String) throws(StoreError) -> [Hash32] {
    var found: [Hash32] = []
    for word in text.split(separator: ",") {
      guard let bytes = Hex.bytes(String(word)), let hash = Hash32(bytes) else { throw .badPeople("a recovery code") }
      found.append(hash)
    }
    return found
  }
}

extension PersonName {
  static func read(_ row: some Row, _ column: Int) throws(StoreError) -> PersonName {
    let text = try row.text(column)
    do { return try PersonName(text) } catch { throw .badPeople("a person's name") }
  }
}

extension Policy.Session {
  var scopeText: String? { scope.map { $0.sorted().map(\.rawValue).joined(separator: ",") } }

  /// token_hash, person, scope, created_at, expires_at, last_used_at, code_at, revoked_at.
  static func read(_ row: some Row) throws(StoreError) -> Policy.Session {
    var scope: Set<Permission>?
    if let text = try row.optionalText(2) {
      var words: Set<Permission> = []
      for word in text.split(separator: ",") {
        guard let permission = Permission(rawValue: String(word)) else { throw .badPeople("a permission") }
        words.insert(permission)
      }
      scope = words
    }
    return Policy.Session(
      tokenHash: try row.hash(0), person: try PersonName.read(row, 1), scope: scope, createdAt: try row.time(3),
      expiresAt: try row.time(4), lastUsedAt: try row.time(5), codeAt: try row.optionalTime(6),
      revokedAt: try row.optionalTime(7))
  }
}

extension ApprovalRequest {
  var lanesText: String { content.lanes.map { Hex.text($0.bytes) }.joined(separator: ",") }
  /// Actors hold no line break: the commands that make them refuse one.
  var initiatorsText: String { initiators.joined(separator: "\n") }

  /// no, campaign_no, campaign_uuid, chain, asset, root, count, total, fee_cap, lanes, initiators, needed, eligible,
  /// opened_at, expires_at, nonce, mark.
  static func read(_ row: some Row) throws(StoreError) -> ApprovalRequest {
    var lanes: [Address] = []
    for word in try row.text(9).split(separator: ",") {
      guard let bytes = Hex.bytes(String(word)) else { throw .badPeople("an account") }
      lanes.append(Address(bytes))
    }
    let (needed, eligible) = (try row.int(11), try row.int(12))
    guard let rule = try? ApprovalRule(needed, of: eligible) else { throw .badPeople("a rule of approvals") }
    let content = ApprovalContent(
      campaign: try row.text(2), chain: try row.chain(3), asset: try row.asset(4), root: try row.hash(5),
      count: try row.uint64(6), total: try row.units(7), feeCap: try row.units(8), lanes: lanes)
    return ApprovalRequest(
      number: try row.int64(0), campaign: try row.id(1), content: content,
      initiators: Set(try row.text(10).split(separator: "\n").map(String.init)), rule: rule,
      openedAt: try row.time(13), expiresAt: try row.time(14), nonce: try row.hash(15), mark: try row.word(16))
  }
}

extension ApprovalVote {
  /// approved_by, signed_at, public_key, signature.
  static func read(_ row: some Row, _ request: Int64) throws(StoreError) -> ApprovalVote {
    let actor = try row.text(0)
    guard actor.hasPrefix("person:"), let name = try? PersonName(String(actor.dropFirst(7))) else {
      throw .badPeople("an approver")
    }
    return ApprovalVote(
      request: request, approver: name, approvedAt: try row.time(1), publicKey: try row.bytes(2),
      signature: try row.bytes(3))
  }
}
