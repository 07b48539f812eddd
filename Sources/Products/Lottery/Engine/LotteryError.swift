/// A refusal of the lottery engine. The operation changed nothing and made no event. Codes are stable: docs/errors.md.
package struct LotteryError: Error, Hashable, Sendable {
  package let code: Code
  package let message: String
  /// The operator's next step.
  package let hint: String?
  /// What the shell puts on record although the operation was undone: a purchase over a rate limit.
  package let audit: LotteryEvent?

  package init(_ code: Code, _ message: String = "", hint: String? = nil, audit: LotteryEvent? = nil) {
    self.code = code
    self.message = message.isEmpty ? code.name(in: .v2) : message
    self.hint = hint
    self.audit = audit
  }
}
