import Money
package import Policy

/// Sessions: how they begin, are looked at, and end. Time comes from the clock port and decides about people, never about
/// money.
package struct LoginService: Sendable {
  private let store: any PayoutStore
  private let clock: any EngineClock
  private let secrets: any PeopleSecrets
  private let limits: SessionLimits

  package init(
    store: any PayoutStore, clock: any EngineClock, secrets: any PeopleSecrets, limits: SessionLimits = .standard
  ) {
    self.store = store
    self.clock = clock
    self.secrets = secrets
    self.limits = limits
  }

  /// Logs in and gives the token, which is shown once.
  ///
  /// Without a code a person with a second factor gets `people.fresh_code_needed`, and nothing is counted. Every wrong
  /// answer is recorded before it is told. Throws `people.bad_credentials`, `people.locked`, `people.inactive`.
  package func login(
    _ name: PersonName, _ password: any OfferedPassword, code: String?, scope: Set<Permission>? = nil
  ) throws -> (token: String, session: Session) {
    let now = clock.now()
    guard var person = try store.person(name) else {
      // As long as for a person who exists.
      _ = password.matches(LoginService.dummy)
      throw LoginService.refused
    }
    guard !person.attempts.isLocked(at: now) else { throw LoginService.locked }
    let verdict = password.matches(person.password)
    guard verdict != .wrong else { throw try failed(person, .password, now) }
    guard person.isActive else {
      throw PeopleError(.inactive, "\(name) is disabled", hint: "ask an admin")
    }
    var codeAt: Timestamp?
    if person.secondFactor?.isConfirmed == true {
      guard let code else {
        throw PeopleError(
          .freshCodeNeeded, "\(name) logs in with a one-time code too", hint: "give it with --code-file")
      }
      guard try use(code, &person, now) else { throw try failed(person, .code, now) }
      codeAt = now
    }
    if verdict == .rightButOld { person.password = try password.hashed() }
    person.attempts.succeeded()
    let token = try secrets.newToken()
    let session = Session(
      tokenHash: secrets.digest(token), person: name, scope: scope, createdAt: now,
      expiresAt: now.advanced(byMilliseconds: limits.lifeMilliseconds), lastUsedAt: now, codeAt: codeAt)
    try commit(person.actor, now, [.person(PersonChange(person.next, event: "logged_in")), .session(.opened(session))])
    return (token, session)
  }

  /// The session of a token and whose it is. Throws `people.no_session`; whether it is still good is the authoriser's to say.
  package func session(token: String) throws -> (session: Session, person: Person) {
    guard let session = try store.session(secrets.digest(token)), let person = try store.person(session.person) else {
      throw PeopleError(.noSession, "nobody is logged in with this token", hint: "log in: almoner login")
    }
    return (session, person)
  }

  /// Authorises an act and notes that the session was used.
  package func authorize(
    token: String, _ permission: Permission, _ resource: Resource = .desk
  ) throws -> Grant {
    let (session, person) = try session(token: token)
    let grant = try Authorizer.authorize(
      session, person, permission, resource, at: clock.now(), limits: limits)
    var used = session
    used.lastUsedAt = grant.at
    do { try commit(grant.actor, grant.at, [.session(.used(used))]) } catch {
      guard error.code == .staleState else { throw error }
      throw PeopleError(.sessionOver, "the session was revoked", hint: "log in again: almoner login")
    }
    return grant
  }

  /// Revokes the session of a token. Again is nothing.
  package func logout(token: String) throws {
    let (session, person) = try session(token: token)
    guard session.revokedAt == nil else { return }
    try commit(person.actor, clock.now(), [.session(.revoked(session))])
  }

  /// Uses up the code: a step once, a recovery code once.
  private func use(_ code: String, _ person: inout Person, _ now: Timestamp) throws(PeopleError) -> Bool {
    guard var factor = person.secondFactor else { return false }
    for step in factor.steps(at: now) {
      guard try secrets.isCode(code, sealed: factor.sealedSecret, of: person.name, step: step) else { continue }
      factor.lastStep = step
      person.secondFactor = factor
      return true
    }
    guard factor.useRecovery(secrets.digest(code)) else { return false }
    person.secondFactor = factor
    return true
  }

  private func failed(_ person: Person, _ kind: LoginAttempts.Kind, _ now: Timestamp) throws -> PeopleError {
    var next = person
    next.attempts.failed(kind, at: now)
    try commit(person.actor, now, [.person(PersonChange(next.next, event: "login_failed"))])
    return next.attempts.isLocked(at: now) ? LoginService.locked : LoginService.refused
  }

  private func commit(_ actor: String, _ at: Timestamp, _ writes: [PeopleWrite]) throws(StoreError) {
    try store.commit(Commit(guardedBy: nil, actor: actor, at: at, writes: writes.map { .people($0) }))
  }

  private static let refused = PeopleError(.badCredentials, "name, password or code is wrong")
  private static let locked = PeopleError(
    .locked, "too many wrong answers", hint: "wait \(LoginAttempts.lockMilliseconds / 60_000) minutes, or ask an admin")

  /// A hash of nobody's password, with the parameters of new ones.
  package static let dummy =
    "$argon2id$v=19$m=65536,t=3,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
}

extension Person {
  /// The row to be written over this one.
  package var next: Person {
    var next = self
    next.version += 1
    return next
  }
}
