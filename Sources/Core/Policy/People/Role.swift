/// What a person is at the desk. Source: docs/guide/people.md.
package enum Role: String, CaseIterable, Sendable, Comparable {
  /// Prepares campaigns: recipients, amounts, plan.
  case initiator
  /// Says yes or no to what somebody else prepared.
  case approver
  /// Holds the signing side: keys, offline signing.
  case signer
  /// Runs workers, lanes, events and proofs.
  case `operator`
  /// Reads.
  case auditor
  /// People and policy; moves no money.
  case admin

  package static func < (a: Role, b: Role) -> Bool { order(a) < order(b) }

  private static func order(_ role: Role) -> Int { allCases.firstIndex(of: role) ?? 0 }

  /// Reads `approver,operator`. Throws `people.bad_text`, and `people.roles_conflict` as `check`.
  package static func parse(_ text: String) throws(PeopleError) -> Set<Role> {
    var roles: Set<Role> = []
    for word in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let role = Role(rawValue: String(word)) else {
        throw PeopleError(
          .badText, "a role is one of \(allCases.map(\.rawValue).joined(separator: ", "))",
          hint: "separate several with commas and without spaces")
      }
      roles.insert(role)
    }
    try check(roles)
    return roles
  }

  /// Throws `people.roles_conflict` when one person would hold two sides of every batch: an admin who moves money, or a
  /// signer who approves.
  package static func check(_ roles: Set<Role>) throws(PeopleError) {
    for (one, other) in exclusive where roles.contains(one) && roles.contains(other) {
      throw PeopleError(
        .rolesConflict, "nobody is \(one.rawValue) and \(other.rawValue) at once",
        hint: "enrol another person for one of the two")
    }
  }

  /// Pairs that never meet in one person.
  package static let exclusive: [(Role, Role)] = [
    (.admin, .initiator), (.admin, .approver), (.admin, .signer), (.admin, .operator), (.signer, .approver),
    (.signer, .initiator),
  ]
}

/// Roles of the wallet product, and what they are at the desk.
package enum WalletRole: String, CaseIterable, Sendable {
  case admin, finance, support, member

  /// The wallet's admin is not the desk's: it moves money.
  package var deskRoles: Set<Role> {
    switch self {
    case .admin: [.approver, .operator]
    case .finance: [.approver]
    case .support: [.auditor]
    case .member: []
    }
  }
}
