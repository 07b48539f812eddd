/// Why an operator's tool was refused or could not finish. Codes are stable: docs/errors.md.
package struct OperationsError: Error, Hashable, Sendable {
  package enum Code: String, CaseIterable, Sendable {
    /// A flag or setting has a value that it cannot have.
    case badSetting = "operations.bad_setting"
    /// A setting that the tool needs is not there.
    case missingSetting = "operations.missing_setting"
    /// A fee, minimum or deposit is past 2^128 - 1, which the chain cannot hold.
    case overflow = "operations.overflow"
    /// An answer of the chain is not what the view returns.
    case unreadable = "operations.unreadable"
    /// A rule of the tool forbids the call; nothing was sent.
    case ruleBroken = "operations.rule_broken"
    /// A webhook or push gateway did not take what was sent.
    case notDelivered = "operations.not_delivered"
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
