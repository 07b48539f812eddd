package import Money

/// What an act is about.
package enum Resource: Hashable, Sendable {
  /// The desk as a whole.
  case desk
  /// One campaign, with those who prepared it or asked for its approval.
  case campaign(initiators: Set<String>)
}

/// A yes: who acts, under which name it is recorded, and when.
package struct Grant: Hashable, Sendable {
  package let person: PersonName
  package let permission: Permission
  /// The moment that counts for everything the act writes about the session.
  package let at: Timestamp

  package var actor: String { person.actor }
}

/// The one place where it is decided who may do what: command line, API, gRPC and console ask it.
package enum Authorizer {
  /// Whether the holder of this session may do this now.
  ///
  /// Throws `people.session_over`, `people.inactive`, `people.out_of_scope`, `people.forbidden`,
  /// `people.fresh_code_needed` and `people.two_sides`, in this order.
  package static func authorize(
    _ session: Session, _ person: Person, _ permission: Permission, _ resource: Resource, at now: Timestamp,
    limits: SessionLimits = .standard
  ) throws(PeopleError) -> Grant {
    let moment = try identify(session, person, at: now, limits: limits)
    if let scope = session.scope, !scope.contains(permission) {
      throw PeopleError(
        .outOfScope, "the token's scope leaves out \(permission.rawValue)",
        hint: "log in again without --scope, or with one that names it")
    }
    guard person.has(permission) else {
      let who = permission.roles.sorted().map(\.rawValue).joined(separator: " or ")
      throw PeopleError(
        .forbidden, "\(person.name) may not \(permission.meaning)", hint: "the role \(who) may; see permissions")
    }
    if permission.needsFreshCode {
      guard session.hasFreshCode(at: moment, limits) else {
        throw PeopleError(
          .freshCodeNeeded,
          "\(permission.rawValue) needs a one-time code that is at most \(limits.codeMilliseconds / 60_000) minutes old",
          hint: "log in again: almoner login asks for one")
      }
    }
    try checkSides(person, permission, resource)
    return Grant(person: person.name, permission: permission, at: moment)
  }

  /// Whether the session is good and its person active: enough for what everybody does about oneself. Gives the moment
  /// that counts. Throws `people.session_over`, `people.inactive`.
  package static func identify(
    _ session: Session, _ person: Person, at now: Timestamp, limits: SessionLimits = .standard
  ) throws(PeopleError) -> Timestamp {
    guard session.person == person.name else {
      throw PeopleError(.sessionOver, "the session is another person's", hint: "log in again: almoner login")
    }
    let moment = try session.check(at: now, limits)
    guard session.createdAt >= person.sessionsFrom else {
      throw PeopleError(.sessionOver, "the session ended when the person changed", hint: "log in again: almoner login")
    }
    guard person.isActive else { throw PeopleError(.inactive, "\(person.name) is disabled", hint: "ask an admin") }
    return moment
  }

  /// Nobody holds two sides of one batch: who prepared a campaign, or asked for its approval, does not approve it.
  private static func checkSides(
    _ person: Person, _ permission: Permission, _ resource: Resource
  ) throws(PeopleError) {
    guard permission == .approvalGive, case .campaign(let initiators) = resource else { return }
    guard !initiators.contains(person.actor) else {
      throw PeopleError(
        .twoSides, "\(person.name) prepared this campaign and cannot approve it", hint: "another approver must")
    }
  }
}
