/// Why a draw's proof could not be made, read or believed. Codes are stable: docs/errors.md.
package struct DrawProofError: Error, Hashable, Sendable {
  package enum Code: String, CaseIterable, Sendable {
    /// A plan of randomness that cannot be followed.
    case planInvalid = "draw.plan_invalid"
    /// A plan is declared before sales open, and stays.
    case planLocked = "draw.plan_locked"
    /// A step of the draw came before the one that it builds upon.
    case outOfOrder = "draw.out_of_order"
    /// The value answers another question than the closing commitment asks at this time.
    case wrongQuestion = "draw.wrong_question"
    /// A value of this draw was accepted before, and another one was offered.
    case valueStands = "draw.value_stands"
    /// The file is no draw bundle of a known version.
    case bundleMalformed = "draw.bundle_malformed"
    /// The file, or a list in it, is larger than a verifier reads.
    case bundleTooLarge = "draw.bundle_too_large"
    /// A statement of the bundle is false.
    case refuted = "draw.refuted"
    /// The ticket's proof does not lead to the commitment.
    case ticketRefuted = "draw.ticket_refuted"
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
