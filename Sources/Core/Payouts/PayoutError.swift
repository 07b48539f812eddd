/// Why a payout operation was refused. Codes are part of the API: docs/errors.md.
package struct PayoutError: Error, Hashable, Sendable {
  /// Stable across releases. Add cases freely; never rename or reuse one.
  package enum Code: String, CaseIterable, Sendable {
    case illegalTransition = "payout.illegal_transition"
    case keyReused = "payout.idempotency_key_reused"
    case notFound = "payout.not_found"
    case badReason = "payout.bad_reason"
    /// The fate of the payout is not unknown: there is nothing for people to say.
    case notUnknown = "payout.not_unknown"
    /// What spent the slot is not named: without a name nothing is released, while the transaction can still be mined.
    case spenderNotNamed = "payout.spender_not_named"
    /// The nodes agree on what happened: their word counts, and a worker writes it down.
    case nodesKnow = "payout.nodes_know"
    /// What a person saw contradicts what nodes, store or signer know.
    case contradicted = "payout.contradicted"
  }
  package let code: Code
  /// One sentence; ids welcome, secrets never.
  package let message: String
  /// The operator's next step.
  package let hint: String?

  package init(_ code: Code, _ message: String, hint: String? = nil) {
    self.code = code
    self.message = message
    self.hint = hint
  }
}
