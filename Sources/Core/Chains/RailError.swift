/// Why a driver could not do what was asked. Codes are stable: docs/errors.md.
package struct RailError: Error, Hashable, Sendable {
  package enum Code: String, CaseIterable, Sendable {
    case noQuorum = "rail.no_quorum"
    case wrongChain = "rail.wrong_chain"
    case unsupported = "rail.unsupported"
    case badRequest = "rail.bad_request"
    case badBytes = "rail.bad_bytes"
    case badAddress = "rail.bad_address"
    case contractMismatch = "rail.contract_mismatch"
    case feeTooHigh = "rail.fee_too_high"
    /// A block that was final has another hash now.
    case finalityViolated = "rail.finality_violated"
    /// A chain's view has no answer: it stopped, or the function is not there. The message holds the chain's words.
    case viewRefused = "rail.view_refused"
  }
  package let code: Code
  package let message: String
  package let hint: String?

  package init(_ code: Code, _ message: String, hint: String? = nil) {
    self.code = code
    self.message = message
    self.hint = hint
  }

  /// Whether the same call may succeed later without a person's help.
  package var isPassing: Bool { code == .noQuorum || code == .feeTooHigh }
}
