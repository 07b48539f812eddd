import Curl

/// Why an HTTP exchange gave no response. It names no URL, header or body: each may hold keys.
package struct TransportError: Error, Hashable, Sendable {
  /// Stable across releases. Add cases freely; never rename or reuse one.
  package enum Code: String, CaseIterable, Sendable {
    /// Refused before anything was sent: not a URL we call, a header with a line end, a limit out of range.
    case badRequest = "transport.bad_request"
    /// The host is not on the list of hosts that requests may go to (AM_EGRESS_HOSTS). Nothing was sent.
    case egressRefused = "transport.egress_refused"
    case cannotResolve = "transport.cannot_resolve"
    case cannotConnect = "transport.cannot_connect"
    case tls = "transport.tls"
    case timeout = "transport.timeout"
    case tooLarge = "transport.too_large"
    case connectionLost = "transport.connection_lost"
    /// What came back is not HTTP.
    case malformed = "transport.malformed"
    /// This machine's own trouble: memory, a library that does not start.
    case failed = "transport.failed"
  }

  package let code: Code
  package let message: String
  /// The operator's next step.
  package let hint: String?
  /// False only when no byte of the request left this machine. Otherwise the other side may have acted on it.
  package let mayHaveArrived: Bool

  package init(_ code: Code, _ message: String, hint: String? = nil, mayHaveArrived: Bool) {
    self.code = code
    self.message = message
    self.hint = hint
    self.mayHaveArrived = mayHaveArrived
  }

  static func badRequest(_ message: String) -> TransportError {
    TransportError(.badRequest, message, mayHaveArrived: false)
  }

  static let egressRefused = TransportError(
    .egressRefused, "the host is not one that requests may go to", hint: "see AM_EGRESS_HOSTS", mayHaveArrived: false)

  /// The one place where the library's error becomes ours.
  init(_ error: CurlError) {
    let (code, hint): (Code, String?) =
      switch error.code {
      case .badRequest: (.badRequest, nil)
      case .cannotResolve: (.cannotResolve, "check the endpoint's host name and this machine's DNS")
      case .cannotConnect: (.cannotConnect, "check that the endpoint listens and no firewall is between")
      case .tls: (.tls, "check the endpoint's certificate and this machine's clock and root certificates")
      case .timeout: (.timeout, "the endpoint is slow or gone; see its status")
      case .tooLarge: (.tooLarge, "the endpoint answers more than a well-behaved one would")
      case .connectionLost: (.connectionLost, nil)
      case .malformed: (.malformed, "check that the endpoint's URL names an HTTP service")
      case .outOfMemory, .failed: (.failed, nil)
      }
    self.init(code, error.message, hint: hint, mayHaveArrived: error.mayHaveArrived)
  }
}
