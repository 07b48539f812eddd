import Chains
package import Codecs
import Synchronization
package import Transport

/// Carries calls to nodes. The rail knows nothing else of the network, so a test can stand in for a node.
///
/// A call blocks until there is an answer, a failure, or the time is over; several threads may call at once.
package protocol NodePort: Sendable {
  /// One result for each call, in their order.
  func call(
    _ calls: [RPCCall], at endpoint: EVMEndpoint, timeoutMilliseconds: Int, mostBytes: Int
  ) -> [Result<JSON, RPCError>]
}

/// Nodes over HTTP with connections kept open: the port of a real desk.
package final class HTTPNodes: NodePort {
  private let http: HTTPClient
  /// Ids never repeat, so that an answer meant for another request matches nothing; below 2^53 for nodes in JavaScript.
  private let nextID = Atomic<UInt64>(1)

  package init(http: HTTPClient = HTTPClient()) { self.http = http }

  package func call(
    _ calls: [RPCCall], at endpoint: EVMEndpoint, timeoutMilliseconds: Int, mostBytes: Int
  ) -> [Result<JSON, RPCError>] {
    let batch = RPCBatch(calls, firstID: nextID.wrappingAdd(UInt64(calls.count), ordering: .relaxed).oldValue)
    let limits = HTTPLimits(
      connectTimeoutMilliseconds: min(timeoutMilliseconds, 5_000), totalTimeoutMilliseconds: timeoutMilliseconds,
      responseBytes: mostBytes)
    do {
      let response = try http.perform(
        HTTPRequest(
          .post(batch.body), endpoint.url, headers: [try HTTPHeader("Content-Type", "application/json")], limits: limits
        ))
      return batch.results(
        status: response.status, retryAfter: response.header("retry-after").flatMap { RetryAfter(parsing: $0) },
        body: response.body)
    } catch {
      return calls.map { _ in .failure(RPCError(.transport, "the endpoint gave no answer", transport: error)) }
    }
  }
}
