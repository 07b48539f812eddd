package import Codecs

/// Why a JSON-RPC call has no result. The words in `server` come from outside: print them only as data.
package struct RPCError: Error, Equatable, Sendable {
  /// Stable across releases. Add cases freely; never rename or reuse one.
  package enum Code: String, CaseIterable, Sendable {
    /// The server understood and refused; `server` holds its error object.
    case server = "rpc.server"
    /// No response at all; `transport` says why.
    case transport = "rpc.transport"
    /// Status 429.
    case rateLimited = "rpc.rate_limited"
    /// Another status than 200, redirects included.
    case status = "rpc.status"
    /// The body is not JSON, or not JSON-RPC 2.0.
    case malformed = "rpc.malformed"
    /// The batch was answered, this call was not.
    case missing = "rpc.missing"
    /// The batch answers this call more than once: neither answer counts.
    case duplicate = "rpc.duplicate"
  }

  /// The error object of JSON-RPC 2.0, section 5.1, as the server wrote it.
  package struct Server: Equatable, Sendable {
    package let code: Int64
    package let message: String
    package let data: JSON?

    package init(code: Int64, message: String, data: JSON? = nil) {
      self.code = code
      self.message = message
      self.data = data
    }
  }

  package let code: Code
  /// Our words: one sentence without anything from outside.
  package let message: String
  package let server: Server?
  package let transport: TransportError?
  package let httpStatus: Int?
  package let retryAfter: RetryAfter?

  package init(
    _ code: Code, _ message: String, server: Server? = nil, transport: TransportError? = nil, httpStatus: Int? = nil,
    retryAfter: RetryAfter? = nil
  ) {
    self.code = code
    self.message = message
    self.server = server
    self.transport = transport
    self.httpStatus = httpStatus
    self.retryAfter = retryAfter
  }

  /// False only when no byte of the request left this machine. An error object is an answer about the call, not about
  /// what the node did with it: whoever sent a transaction treats every other value as "perhaps".
  package var mayHaveArrived: Bool { transport?.mayHaveArrived ?? true }
}
