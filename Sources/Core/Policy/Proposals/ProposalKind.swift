/// Acts that one person wishes for and another one confirms.
package enum ProposalKind: String, CaseIterable, Sendable {
  /// Puts a policy in force.
  case policyActivation = "policy.activate"
  /// Says what became of payouts that no evidence tells of.
  case payoutSettlement = "payout.settle"
  /// Puts a new secret in the place of an old one.
  case secretRotation = "secret.rotate"

  /// What both people must be permitted.
  package var permission: Permission {
    switch self {
    case .policyActivation: .policyManage
    case .payoutSettlement: .payoutSettle
    case .secretRotation: .secretManage
    }
  }

  /// Whether both sign with their approval keys, so that their word can be verified without the store.
  package var needsSignatures: Bool { self == .payoutSettlement }
}
