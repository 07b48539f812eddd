package import Codecs

/// The word of a verdict in tables, API and CLI.
package enum VerdictKind: String, CaseIterable, Hashable, Sendable {
  case allow, review, deny
  /// A rule asked for a fact that is missing, stale or unreachable: not sent, and asked again.
  case held
  /// It was `review`, and a person cleared it.
  case cleared

  /// Whether a payout with this verdict may be sent.
  package var maySend: Bool { self == .allow || self == .cleared }
}

/// What was decided for a payout, and by which rule.
package struct ScreeningVerdict: Hashable, Sendable {
  package let kind: VerdictKind
  /// The deciding rule's id, `list.NAME` for a list, `otherwise` when none matched.
  package let rule: String
  /// The rule's reason code; `fact_missing` for held.
  package let reason: String
  /// What was seen, for a person: the fact that is missing, the list's entry. Empty when there is nothing to add.
  package let detail: String
  /// Of `review`: names this subject, this rule and what it saw. A person's clearance is remembered under it.
  package let fingerprint: Hash32?

  package init(kind: VerdictKind, rule: String, reason: String, detail: String, fingerprint: Hash32?) {
    self.kind = kind
    self.rule = rule
    self.reason = reason
    self.detail = detail
    self.fingerprint = fingerprint
  }

  package static let otherwise = "otherwise"
  package static let factMissing = "fact_missing"
}
