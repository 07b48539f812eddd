/// Why a rule, a list or a person's act was refused. Codes are stable: docs/errors.md.
package struct PolicyError: Error, Hashable, Sendable {
  package enum Code: String, CaseIterable, Sendable {
    /// A file of rules, lists or people cannot be read; the message names the place.
    case badText = "policy.bad_text"
    /// The policy to activate is in force already.
    case inForce = "policy.in_force"
    /// The payout waits for no review.
    case noReview = "policy.no_review"
    /// A decision needs a reason, and not a long one.
    case badReason = "policy.bad_reason"
    /// The account pays only to the address book, and a recipient is not in it, or not long enough.
    case notInBook = "policy.not_in_address_book"
  }
  package let code: Code
  package let message: String
  package let hint: String?

  package init(_ code: Code, _ message: String, hint: String? = nil) {
    self.code = code
    self.message = message
    self.hint = hint
  }
}
