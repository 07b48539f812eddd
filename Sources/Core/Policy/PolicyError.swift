/// Why a rule, a list or a person's act was refused. Codes are stable: docs/errors.md.
package struct PolicyError: Error, Hashable, Sendable {
  package enum Code: String, CaseIterable, Sendable {
    /// A file of rules, lists or people cannot be read; the message names the place.
    case badText = "policy.bad_text"
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
