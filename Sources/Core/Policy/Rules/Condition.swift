package import Chains
package import Money

/// What must hold for a rule to match.
package indirect enum Condition: Hashable, Sendable {
  case all([Condition])
  case any([Condition])
  case not(Condition)
  case test(Attribute, Test)

  /// The attributes that it asks for.
  package var attributes: Set<Attribute> {
    switch self {
    case .all(let parts), .any(let parts): parts.reduce(into: []) { $0.formUnion($1.attributes) }
    case .not(let part): part.attributes
    case .test(let attribute, _): [attribute]
    }
  }

  var zones: Set<String> {
    switch self {
    case .all(let parts), .any(let parts): parts.reduce(into: []) { $0.formUnion($1.zones) }
    case .not(let part): part.zones
    case .test(_, .minutes(_, _, let zone)): [zone]
    case .test: []
    }
  }
}

/// One comparison, over values of the attribute's kind.
package enum Test: Hashable, Sendable {
  case exists(Bool)
  case text(Set<String>)
  case suffix(String)
  /// The mail domain itself or one below it.
  case domain(Set<String>)
  case addresses(Set<Address>)
  case ranges([IPRange])
  /// Inclusive at both ends.
  case units(from: UInt256, through: UInt256)
  case multipleOf(UInt64)
  case count(from: UInt64, through: UInt64)
  /// Minutes of the day from the first, before the last; may cross midnight.
  case minutes(from: Int, to: Int, zone: String)
}

/// What is decided for a payout.
package enum Outcome: String, CaseIterable, Hashable, Sendable { case allow, review, deny }

/// A rule: the first one whose conditions hold decides.
package struct Rule: Hashable, Sendable {
  package let id: String
  package let description: String
  package let when: Condition
  package let outcome: Outcome
  /// `[a-z0-9_]`, for reports and error messages.
  package let reason: String
  package init(id: String, description: String, when: Condition, outcome: Outcome, reason: String) {
    self.id = id
    self.description = description
    self.when = when
    self.outcome = outcome
    self.reason = reason
  }
}

/// A list of addresses that decides by itself, before any rule.
package struct AddressList: Hashable, Sendable {
  package enum Kind: String, CaseIterable, Hashable, Sendable {
    /// Whoever is on it is refused.
    case deny
    /// Whoever is on it is looked at by a person.
    case grey
    /// Whoever is on none of the campaign's lists of this kind is refused.
    case allow
  }
  package let name: String
  package let kind: Kind
  /// Names of the campaigns that it is for; nil for all.
  package let campaigns: Set<String>?
  package let entries: Set<Address>
}
