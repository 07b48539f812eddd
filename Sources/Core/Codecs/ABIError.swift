/// Why a value does not fit its ABI type, or bytes are not its encoding. Codes are stable: docs/errors.md.
package struct ABIError: Error, Hashable, Sendable {
  /// Stable across releases. Add cases freely; never rename or reuse one.
  package enum Code: String, CaseIterable, Sendable {
    case badType = "abi.bad_type"
    case wrongValue = "abi.wrong_value"
    case truncated = "abi.truncated"
    case notCanonical = "abi.not_canonical"
    case tooLarge = "abi.too_large"
  }
  package let code: Code
  package let message: String

  package init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }
}
