package import Payouts
package import Transport

/// Calls to one custodian over HTTP. A request leaves once, whatever comes back.
///
/// Every call has a connection of its own: over a kept one that the other side has closed meanwhile, an HTTP library sends
/// a request again by itself, and nobody could say how often it was executed.
package struct CustodialClient: Sendable {
  /// Reads the key anew for each call, so that a new one counts at once. Nil: calls go without.
  package typealias Key = @Sendable () throws(CustodialError) -> String?

  private let url: URLText
  private let keyHeader: String
  private let key: Key
  private let egress: EgressHosts
  private let limits: HTTPLimits

  /// Throws `custodial.key_missing` when there is no key and `needsKey`, as in production.
  package init(
    url: URLText, keyHeader: String, needsKey: Bool, egress: EgressHosts, timeoutMilliseconds: Int = 10_000,
    key: @escaping Key
  ) throws(CustodialError) {
    self.url = url
    self.keyHeader = keyHeader
    self.key = key
    self.egress = egress
    limits = HTTPLimits(
      connectTimeoutMilliseconds: min(5000, timeoutMilliseconds), totalTimeoutMilliseconds: timeoutMilliseconds,
      responseBytes: 4 << 20)
    let now = try key()
    guard !needsKey || now?.isEmpty == false else {
      throw CustodialError(.keyMissing, "there is no key for \(url)", hint: "set it, or run outside of production")
    }
  }

  /// Throws `custodial.network` when no answer came, `custodial.bad_request` for a key that is no header.
  package func send(_ request: CustodialRequest) throws(CustodialError) -> HTTPResponse {
    do throws(TransportError) {
      var headers = [
        try HTTPHeader(CustodialRequest.contentType.0, CustodialRequest.contentType.1)
      ]
      if let key = try current(), !key.isEmpty { headers.append(try HTTPHeader(keyHeader, key)) }
      return try HTTPClient(maximumInFlight: 1, egress: egress).perform(
        HTTPRequest(.post(request.body), url, headers: headers, limits: limits))
    } catch {
      throw CustodialError(
        error.mayHaveArrived ? .network : .notSent, "\(request.method): \(error.message)", hint: error.hint)
    }
  }

  private func current() throws(TransportError) -> String? {
    do throws(CustodialError) { return try key() } catch {
      throw TransportError(.badRequest, error.message, hint: error.hint, mayHaveArrived: false)
    }
  }
}

/// What one call that moves money came to.
package enum CustodialOutcome<Value: Sendable>: Sendable {
  /// Accepted, not yet paid.
  case accepted(Value)
  /// The custodian refused, word for word. Whether that proves anything is the list of its rules to say.
  case refused(String)
  /// No answer that proves anything: also one that cannot be read.
  case noAnswer(CustodialError)

  /// Reads an answer. Everything that is neither an acceptance nor a refusal is no answer.
  init(_ body: () throws(CustodialError) -> Value) {
    do throws(CustodialError) { self = .accepted(try body()) } catch {
      if error.code == .upstreamRejected, let said = error.upstreamMessage {
        self = .refused(said)
      } else {
        self = .noAnswer(error)
      }
    }
  }

  /// The event for the call's machine, from the worker that has the permit.
  package func event(by permit: CustodialPermit, id: (Value) -> String) -> CustodialCall.Event {
    switch self {
    case .accepted(let value): .accepted(id: id(value), by: permit)
    case .refused(let said): .refused(code: said, by: permit)
    case .noAnswer: .noAnswer
    }
  }
}
