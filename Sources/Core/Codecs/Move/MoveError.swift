/// Why text or bytes are not the Move value that was expected. Codes are stable: docs/errors.md.
package struct MoveError: Error, Hashable, Sendable {
  package enum Code: String, CaseIterable, Sendable {
    /// An account is `0x` and 64 hex digits; only 0x0 to 0xf have a short form (AIP-40).
    case badAddress = "move.bad_address"
    /// Not a Move type, such as `vector<u8>` or `0x1::supra_coin::SupraCoin`.
    case badType = "move.bad_type"
    /// Not `ADDRESS::module::function`.
    case badFunction = "move.bad_function"
    /// A value that its type cannot hold, or that is not written as its type is.
    case badValue = "move.bad_value"
    /// A node's answer does not have the shape that the function returns.
    case badAnswer = "move.bad_answer"
    /// Bytes that are no entry-function transaction.
    case badTransaction = "move.bad_transaction"
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
