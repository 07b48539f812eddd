import Chains
import Codecs
@testable import EVMDriver
import Synchronization
import Transport

/// Nodes by made-up names, each served by a real chain, and some of them liars: a test changes what they answer, call
/// by call, after the real node has answered.
final class RoutedNodes: NodePort {
  typealias Lie = @Sendable (RPCCall, Result<JSON, RPCError>) -> Result<JSON, RPCError>
  private let routes: [EndpointID: EVMEndpoint]
  private let lies = Mutex<[EndpointID: Lie]>([:])
  private let real = HTTPNodes()
  private let log = Mutex<[String]>([])

  init(_ routes: [EVMEndpoint: EVMEndpoint]) {
    self.routes = Dictionary(uniqueKeysWithValues: routes.map { ($0.key.id, $0.value) })
  }

  func lie(at endpoint: EVMEndpoint, _ lie: Lie?) { lies.withLock { $0[endpoint.id] = lie } }

  /// Methods that were called so far.
  var methods: [String] { log.withLock { $0 } }

  func call(
    _ calls: [RPCCall], at endpoint: EVMEndpoint, timeoutMilliseconds: Int, mostBytes: Int
  ) -> [Result<JSON, RPCError>] {
    log.withLock { $0 += calls.map(\.method) }
    guard let target = routes[endpoint.id] else {
      return calls.map { _ in .failure(RPCError(.transport, "no such node")) }
    }
    let answers = real.call(calls, at: target, timeoutMilliseconds: timeoutMilliseconds, mostBytes: mostBytes)
    guard let lie = lies.withLock({ $0[endpoint.id] }) else { return answers }
    return zip(calls, answers).map { lie($0, $1) }
  }
}

extension JSON {
  /// The value with one member changed.
  func with(_ key: String, _ value: JSON) -> JSON {
    guard let object else { return self }
    var out = JSONObject()
    for member in object.members { _ = out.append(member.key, member.key == key ? value : member.value) }
    if object[key] == nil { _ = out.append(key, value) }
    return .object(out)
  }
}
