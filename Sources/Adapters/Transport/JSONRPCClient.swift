package import Codecs
import Synchronization

/// Asks JSON-RPC endpoints. Synchronous, and safe from any number of threads.
package final class JSONRPCClient: Sendable {
  private let http: HTTPClient
  private let headers: [HTTPHeader]
  private let limits: HTTPLimits
  private let nextID = Atomic<UInt64>(1)

  /// Calls in one HTTP request: what public nodes accept.
  package static let maximumBatch = 100

  /// `headers` go with every request, such as a credential.
  package init(http: HTTPClient, headers: [HTTPHeader] = [], limits: HTTPLimits = HTTPLimits()) {
    self.http = http
    self.headers = headers + [.json]
    self.limits = limits
  }

  /// Asks every endpoint the same calls, all at once: one row for each endpoint, one result for each call, in order.
  ///
  /// More than `maximumBatch` calls become several HTTP requests. Blocks until everything is answered or out of time.
  package func call(endpoints: [URLText], batch: [RPCCall]) -> [[Result<JSON, RPCError>]] {
    let starts = Array(stride(from: 0, to: batch.count, by: JSONRPCClient.maximumBatch))
    let batches = endpoints.map { _ in
      starts.map { start in
        let calls = Array(batch[start..<min(start + JSONRPCClient.maximumBatch, batch.count)])
        return RPCBatch(calls, firstID: takeIDs(calls.count))
      }
    }
    let requests = zip(endpoints, batches).flatMap { endpoint, batches in
      batches.map { HTTPRequest(.post($0.body), endpoint, headers: headers, limits: limits) }
    }
    var responses = http.perform(requests)[...]
    return batches.map { batches in
      batches.flatMap { batch -> [Result<JSON, RPCError>] in
        guard let response = responses.popFirst() else {
          return batch.calls.map { _ in .failure(RPCError(.missing, "the request was not performed")) }
        }
        return JSONRPCClient.results(of: batch, response)
      }
    }
  }

  /// Asks one endpoint one thing.
  package func call(_ endpoint: URLText, _ call: RPCCall) throws(RPCError) -> JSON {
    guard let result = self.call(endpoints: [endpoint], batch: [call]).first?.first else {
      throw RPCError(.missing, "the call was not performed")
    }
    return try result.get()
  }

  private static func results(
    of batch: RPCBatch, _ response: Result<HTTPResponse, TransportError>
  ) -> [Result<JSON, RPCError>] {
    switch response {
    case .success(let response):
      batch.results(
        status: response.status, retryAfter: response.header("retry-after").flatMap(RetryAfter.init(parsing:)),
        body: response.body)
    case .failure(let error):
      batch.calls.map { _ in .failure(RPCError(.transport, "the endpoint gave no answer", transport: error)) }
    }
  }

  /// Ids that this client has not used before. They stay below 2^53, so that a node written in JavaScript repeats them
  /// exactly.
  private func takeIDs(_ count: Int) -> UInt64 {
    nextID.wrappingAdd(UInt64(count), ordering: .relaxed).oldValue
  }
}
