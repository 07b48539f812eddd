import CCurl

/// Why an HTTP exchange gave no response. It names neither the URL nor a header: both may hold keys.
package struct CurlError: Error, Hashable, Sendable {
  /// Stable across releases. Add cases freely; never rename or reuse one.
  package enum Code: String, CaseIterable, Sendable {
    /// The request itself is wrong: a URL or a header that no server should be sent.
    case badRequest = "curl.bad_request"
    case cannotResolve = "curl.cannot_resolve"
    case cannotConnect = "curl.cannot_connect"
    /// The handshake failed or the certificate is not to be trusted.
    case tls = "curl.tls"
    case timeout = "curl.timeout"
    /// The response passed the size limit and was dropped.
    case tooLarge = "curl.too_large"
    /// The connection ended in the middle, or without a response.
    case connectionLost = "curl.connection_lost"
    /// What came back is not HTTP.
    case malformed = "curl.malformed"
    case outOfMemory = "curl.out_of_memory"
    case failed = "curl.failed"
  }

  package let code: Code
  package let message: String
  /// False only when it is certain that no byte of the request was handed to the network. Otherwise the server may
  /// have acted on it, and only evidence from elsewhere tells.
  package let mayHaveArrived: Bool

  package init(_ code: Code, _ message: String, mayHaveArrived: Bool) {
    self.code = code
    self.message = message
    self.mayHaveArrived = mayHaveArrived
  }

  /// The one place where libcurl's code becomes an error. https://curl.se/libcurl/c/libcurl-errors.html
  static func from(_ result: CURLcode, mayHaveArrived: Bool) -> CurlError {
    let code = code(for: result, mayHaveArrived)
    guard code != .tooLarge else { return tooLarge }
    let text = unsafe curl_easy_strerror(result).map { unsafe String(cString: $0) } ?? "transfer failed"
    return CurlError(code, text, mayHaveArrived: mayHaveArrived)
  }

  static let tooLarge = CurlError(.tooLarge, "the response is larger than allowed", mayHaveArrived: true)

  private static func code(for result: CURLcode, _ mayHaveArrived: Bool) -> Code {
    switch result {
    // Also libcurl's word for an answer without a status line (HTTP/0.9): by then the request was sent.
    case CURLE_UNSUPPORTED_PROTOCOL: mayHaveArrived ? .malformed : .badRequest
    case CURLE_URL_MALFORMAT, CURLE_BAD_FUNCTION_ARGUMENT: .badRequest
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .cannotResolve
    case CURLE_COULDNT_CONNECT: .cannotConnect
    case CURLE_OPERATION_TIMEDOUT: .timeout
    case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CERTPROBLEM,
      CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CRL_BADFILE, CURLE_SSL_INVALIDCERTSTATUS,
      CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_ENGINE_SETFAILED:
      .tls
    case CURLE_FILESIZE_EXCEEDED: .tooLarge
    case CURLE_PARTIAL_FILE, CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_HTTP2, CURLE_HTTP2_STREAM,
      CURLE_SSL_SHUTDOWN_FAILED:
      .connectionLost
    case CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING: .malformed
    // Until 8.6 also libcurl's word for a header line beyond its own limit, and that is what a server can bring about.
    case CURLE_OUT_OF_MEMORY: mayHaveArrived ? .tooLarge : .outOfMemory
    default: .failed
    }
  }
}
