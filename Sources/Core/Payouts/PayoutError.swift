/// Why a payout operation was refused. Codes are part of the API: docs/errors.md.
package struct PayoutError: Error, Hashable, Sendable {
  /// Stable across releases. Add cases freely; never rename or reuse one.
  package enum Code: String, CaseIterable, Sendable {
    case illegalTransition = "payout.illegal_transition"
    case keyReused = "payout.idempotency_key_reused"
    case notFound = "payout.not_found"
    case badReason = "payout.bad_reason"
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
