package import Codecs
import Chains
import Money

/// Decides what a policy says of a recipient. Pure: the same facts give the same verdict.
///
/// Lists come first - deny, grey, allow - and then the rules in order; the first that matches decides. Conditions have
/// three values: true, false, and unknown for a fact that is missing. A rule that is unknown decides `held`, because a
/// fact that is missing must not lead to a later rule.
package struct Evaluator: Sendable {
  package let policy: PolicyDocument
  private let context: ScreeningContext
  private let lists: [AddressList]
  private let hasAllowList: Bool

  package init(_ policy: PolicyDocument, _ context: ScreeningContext) {
    self.policy = policy
    self.context = context
    let order: [AddressList.Kind] = [.deny, .grey, .allow]
    let mine = policy.lists.filter { $0.campaigns?.contains(context.campaign) ?? true }
    self.lists = order.flatMap { kind in mine.filter { $0.kind == kind } }
    self.hasAllowList = mine.contains { $0.kind == .allow }
  }

  /// `cleared`: fingerprints that a person has cleared.
  package func verdict(
    _ subject: ScreeningSubject, _ facts: ScreeningFacts, cleared: Set<Hash32>
  ) -> ScreeningVerdict {
    if let verdict = listVerdict(subject, cleared) { return verdict }
    var known = Known(subject: subject, facts: facts, context: context)
    for rule in policy.rules {
      switch known.holds(rule.when) {
      case .no: continue
      case .unknown:
        return ScreeningVerdict(
          kind: .held, rule: rule.id, reason: ScreeningVerdict.factMissing, detail: known.missing, fingerprint: nil)
      case .yes: return verdict(subject, rule, facts, cleared)
      }
    }
    return decided(
      policy.otherwise, subject, rule: ScreeningVerdict.otherwise, reason: ScreeningVerdict.otherwise, seen: [], cleared
    )
  }

  private func listVerdict(_ subject: ScreeningSubject, _ cleared: Set<Hash32>) -> ScreeningVerdict? {
    for list in lists where list.entries.contains(subject.address) {
      switch list.kind {
      case .deny: return decided(.deny, subject, rule: "list.\(list.name)", reason: "listed", seen: [], cleared)
      case .grey:
        // The address alone is what the list knows: cleared once, it is cleared for every amount and campaign.
        let print = fingerprint([Array(list.name.utf8), subject.address.bytes])
        guard cleared.contains(print) else {
          return ScreeningVerdict(
            kind: .review, rule: "list.\(list.name)", reason: "listed", detail: "", fingerprint: print)
        }
      case .allow: return nil
      }
    }
    guard hasAllowList else { return nil }
    return ScreeningVerdict(kind: .deny, rule: "list.allow", reason: "not_on_allow_list", detail: "", fingerprint: nil)
  }

  private func verdict(
    _ subject: ScreeningSubject, _ rule: Rule, _ facts: ScreeningFacts, _ cleared: Set<Hash32>
  ) -> ScreeningVerdict {
    var seen = policy.ruleBytes[rule.id] ?? []
    var detail = ""
    if case .hit(let entry) = facts.sanctions, rule.when.attributes.contains(.sanctions) {
      seen += entry.utf8
      detail = entry
    }
    return decided(
      rule.outcome, subject, rule: rule.id, reason: rule.reason, seen: seen, cleared, detail: detail)
  }

  private func decided(
    _ outcome: Outcome, _ subject: ScreeningSubject, rule: String, reason: String, seen: [UInt8],
    _ cleared: Set<Hash32>, detail: String = ""
  ) -> ScreeningVerdict {
    switch outcome {
    case .allow: return ScreeningVerdict(kind: .allow, rule: rule, reason: reason, detail: detail, fingerprint: nil)
    case .deny: return ScreeningVerdict(kind: .deny, rule: rule, reason: reason, detail: detail, fingerprint: nil)
    case .review:
      let print = fingerprint([
        Array(rule.utf8), seen, subject.address.bytes, subject.units.bigEndianBytes, Array(subject.metadata.utf8),
        Array(context.asset.description.utf8),
      ])
      let kind: VerdictKind = cleared.contains(print) ? .cleared : .review
      return ScreeningVerdict(kind: kind, rule: rule, reason: reason, detail: detail, fingerprint: print)
    }
  }

  private func fingerprint(_ parts: [[UInt8]]) -> Hash32 {
    var writer = CanonicalBytes.Writer(tag: "almoner.review.1")
    for part in parts { writer.append(part) }
    return Keccak.hash256(writer.bytes)
  }
}
