/// Why bytes or fields are not a transaction we sign or send. Codes are stable: docs/errors.md.
package struct TransactionError: Error, Hashable, Sendable {
  /// Stable across releases. Add cases freely; never rename or reuse one.
  package enum Code: String, CaseIterable, Sendable {
    case malformed = "transaction.malformed"
    case unknownType = "transaction.unknown_type"
    case badField = "transaction.bad_field"
    case badSignature = "transaction.bad_signature"
    case noChainID = "transaction.no_chain_id"
    case feeCapBelowTip = "transaction.fee_cap_below_tip"
  }
  package let code: Code
  package let message: String

  package init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  init(_ error: RLPError) { self.init(.malformed, "\(error.code.rawValue): \(error.message)") }
}
