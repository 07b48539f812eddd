package import Codecs
package import Money

/// A login. The token itself is known to its holder alone: 32 random bytes, of which the store keeps the SHA-256.
package struct Session: Hashable, Sendable {
  package let tokenHash: Hash32
  package let person: PersonName
  /// What the token may be used for; nil for everything that the person's roles allow.
  package let scope: Set<Permission>?
  package let createdAt: Timestamp
  package let expiresAt: Timestamp
  package var lastUsedAt: Timestamp
  /// When a one-time code was entered; nil for a login by password alone.
  package let codeAt: Timestamp?
  package var revokedAt: Timestamp?

  package init(
    tokenHash: Hash32, person: PersonName, scope: Set<Permission>?, createdAt: Timestamp, expiresAt: Timestamp,
    lastUsedAt: Timestamp, codeAt: Timestamp?, revokedAt: Timestamp? = nil
  ) {
    self.tokenHash = tokenHash
    self.person = person
    self.scope = scope
    self.createdAt = createdAt
    self.expiresAt = expiresAt
    self.lastUsedAt = lastUsedAt
    self.codeAt = codeAt
    self.revokedAt = revokedAt
  }
}

/// How long sessions last.
package struct SessionLimits: Hashable, Sendable {
  package var lifeMilliseconds: Int64 = 3_600_000
  package var idleMilliseconds: Int64 = 900_000
  /// How old a one-time code may be for acts that need a fresh one.
  package var codeMilliseconds: Int64 = 300_000
  /// How far clocks of two machines may be apart.
  package var skewMilliseconds: Int64 = 60_000

  package init() {}
  package static let standard = SessionLimits()
}

extension Session {
  /// The moment that counts: a clock that went back a little stands still instead, so that nothing lives longer for it.
  ///
  /// Throws `people.session_over` when the session was used later than now by more than clocks may differ, when it is
  /// revoked, over, or was idle for too long.
  package func check(at now: Timestamp, _ limits: SessionLimits) throws(PeopleError) -> Timestamp {
    guard revokedAt == nil else { throw Session.over("the session was revoked") }
    let newest = max(lastUsedAt, createdAt)
    guard newest <= now.advanced(byMilliseconds: limits.skewMilliseconds) else {
      throw Session.over("the session was used at a time that has not come yet: a clock went back")
    }
    let moment = max(now, newest)
    guard moment < expiresAt else { throw Session.over("the session is over") }
    guard moment.milliseconds - newest.milliseconds < limits.idleMilliseconds else {
      throw Session.over("the session was idle for too long")
    }
    return moment
  }

  /// Whether a one-time code was entered recently enough. Never for one of a time that has not come yet.
  package func hasFreshCode(at moment: Timestamp, _ limits: SessionLimits) -> Bool {
    guard let codeAt, codeAt <= moment else { return false }
    return moment.milliseconds - codeAt.milliseconds < limits.codeMilliseconds
  }

  private static func over(_ why: String) -> PeopleError {
    PeopleError(.sessionOver, why, hint: "log in again: almoner login")
  }
}
