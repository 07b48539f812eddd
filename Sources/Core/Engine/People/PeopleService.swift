import Money
package import Policy

/// Who is enrolled, and with what. Whoever calls it has asked the authoriser; `actor` is who acts.
package struct PeopleService: Sendable {
  private let store: any PayoutStore
  private let clock: any EngineClock
  private let secrets: any PeopleSecrets

  package init(store: any PayoutStore, clock: any EngineClock, secrets: any PeopleSecrets) {
    self.store = store
    self.clock = clock
    self.secrets = secrets
  }

  /// The first admin, once. Throws `people.bootstrap_refused` when anybody is enrolled.
  package func bootstrap(_ name: PersonName, _ password: any OfferedPassword) throws -> Person {
    guard try store.people().isEmpty else {
      throw PeopleError(
        .bootstrapRefused, "people are enrolled already", hint: "an admin enrols others: almoner people add")
    }
    return try enrol(name, [.admin], password, event: "bootstrapped", by: "operator:local")
  }

  /// Throws `people.taken`, `people.roles_conflict`, `people.bad_text`.
  package func add(
    _ name: PersonName, _ roles: Set<Role>, _ password: any OfferedPassword, by actor: String
  ) throws -> Person {
    try enrol(name, roles, password, event: "enrolled", by: actor)
  }

  private func enrol(
    _ name: PersonName, _ roles: Set<Role>, _ password: any OfferedPassword, event: String, by actor: String
  ) throws -> Person {
    try Role.check(roles)
    try password.checkStrength()
    guard try store.person(name) == nil else { throw PeopleError(.taken, "\(name) is enrolled already") }
    let person = Person(
      name: name, roles: roles, password: try password.hashed(), createdBy: actor, createdAt: clock.now())
    try write(person, event, actor)
    return person
  }

  /// Everybody's sessions that were begun before end with the change.
  package func setRoles(_ name: PersonName, _ roles: Set<Role>, by actor: String) throws -> Person {
    try Role.check(roles)
    return try change(name, "roles_changed", actor) { person, now in
      person.roles = roles
      person.sessionsFrom = now
    }
  }

  package func setActive(_ name: PersonName, _ isActive: Bool, by actor: String) throws -> Person {
    try change(name, isActive ? "enabled" : "disabled", actor) { person, now in
      person.isActive = isActive
      person.sessionsFrom = now
      person.attempts.succeeded()
    }
  }

  /// The key that the person's approvals are verified with; nil takes it away. What was approved with another key does
  /// not count any more. Throws `people.taken` for somebody else's key, `people.bad_text` for another length.
  package func setApprovalKey(_ name: PersonName, _ key: [UInt8]?, by actor: String) throws -> Person {
    guard key.map({ $0.count == 32 }) ?? true else {
      throw PeopleError(.badText, "an approval key is 32 bytes, 64 hex digits")
    }
    if let key, try store.people().contains(where: { $0.name != name && $0.approvalKey == key }) {
      throw PeopleError(.taken, "the approval key is somebody else's", hint: "each person makes a key of their own")
    }
    return try change(name, "key_enrolled", actor) { person, _ in person.approvalKey = key }
  }

  /// Takes the second factor away, for somebody who lost the device. Sessions end.
  package func dropFactor(_ name: PersonName, by actor: String) throws -> Person {
    try change(name, "factor_dropped", actor) { person, now in
      person.secondFactor = nil
      person.sessionsFrom = now
    }
  }

  // MARK: One's own

  package func setPassword(_ name: PersonName, _ password: any OfferedPassword) throws -> Person {
    try password.checkStrength()
    let hash = try password.hashed()
    return try change(name, "password_changed", name.actor) { person, now in
      person.password = hash
      person.sessionsFrom = now
    }
  }

  /// A new second factor, which counts once `confirmFactor` saw a code of it. A confirmed one is replaced by an admin
  /// alone (`dropFactor`). The secret and the recovery codes are shown once.
  package func beginFactor(_ name: PersonName) throws -> (base32: String, recovery: [String]) {
    let made = try secrets.newFactor(for: name)
    let codes = try secrets.newRecoveryCodes(PeopleService.recoveryCodes)
    let hashes = codes.map { secrets.digest($0) }
    _ = try change(name, "factor_begun", name.actor) { person, _ in
      guard person.secondFactor?.isConfirmed != true else {
        throw PeopleError(.taken, "a second factor is confirmed already", hint: "an admin takes it away first")
      }
      person.secondFactor = SecondFactor(sealedSecret: made.sealed, recovery: hashes)
    }
    return (made.base32, codes)
  }

  package func confirmFactor(_ name: PersonName, code: String) throws -> Person {
    try change(name, "factor_confirmed", name.actor) { person, now in
      guard var factor = person.secondFactor else {
        throw PeopleError(.noSecondFactor, "no second factor was begun", hint: "almoner mfa enroll")
      }
      for step in factor.steps(at: now)
      where try secrets.isCode(code, sealed: factor.sealedSecret, of: name, step: step) {
        factor.lastStep = step
        factor.isConfirmed = true
        person.secondFactor = factor
        return
      }
      throw PeopleError(.badCredentials, "the code is wrong or was used", hint: "wait for the next one")
    }
  }

  /// New recovery codes; the old ones are gone.
  package func renewRecovery(_ name: PersonName) throws -> [String] {
    let codes = try secrets.newRecoveryCodes(PeopleService.recoveryCodes)
    let hashes = codes.map { secrets.digest($0) }
    _ = try change(name, "recovery_renewed", name.actor) { person, _ in
      guard person.secondFactor?.isConfirmed == true else {
        throw PeopleError(.noSecondFactor, "no second factor is confirmed", hint: "almoner mfa enroll")
      }
      person.secondFactor?.recovery = hashes
    }
    return codes
  }

  package static let recoveryCodes = 5

  // MARK: -

  package func person(_ name: PersonName) throws -> Person {
    guard let person = try store.person(name) else {
      throw PeopleError(.notFound, "nobody is enrolled as \(name)", hint: "see almoner people list")
    }
    return person
  }

  private func change(
    _ name: PersonName, _ event: String, _ actor: String, _ body: (inout Person, Timestamp) throws -> Void
  ) throws -> Person {
    var person = try person(name).next
    try body(&person, clock.now())
    try write(person, event, actor)
    return person
  }

  private func write(_ person: Person, _ event: String, _ actor: String) throws(StoreError) {
    try store.commit(
      Commit(
        guardedBy: nil, actor: actor, at: clock.now(), writes: [.people(.person(PersonChange(person, event: event)))]))
  }
}
