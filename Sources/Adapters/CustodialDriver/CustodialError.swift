/// Why a custodian's answer is none. Codes are stable: docs/errors.md.
package struct CustodialError: Error, Hashable, Sendable {
  package enum Code: String, CaseIterable, Sendable {
    /// The custodian answered with an HTTP status other than success.
    case httpStatus = "custodial.http_status"
    /// No answer came, or the connection broke: the request may have been executed.
    case network = "custodial.network"
    /// Nothing left this machine: no connection, or a host that is not on the list.
    case notSent = "custodial.not_sent"
    /// Production calls no custodian without a key.
    case keyMissing = "custodial.key_missing"
    /// The answer cannot be read, or lacks a field: the request may have been executed.
    case malformedResponse = "custodial.malformed_response"
    /// The custodian refused; whether that proves anything is the provider's list to say.
    case upstreamRejected = "custodial.upstream_rejected"
    /// The request cannot be written: an amount is no number.
    case badRequest = "custodial.bad_request"
  }
  package let code: Code
  package let message: String
  package let hint: String?
  /// What the custodian said, word for word, when it refused.
  package let upstreamMessage: String?

  package init(_ code: Code, _ message: String, hint: String? = nil, upstreamMessage: String? = nil) {
    self.code = code
    self.message = message
    self.hint = hint
    self.upstreamMessage = upstreamMessage
  }
}
