import Chains
import Dispatch
import Foundation
import Synchronization

/// All configured nodes, asked the same question at once, each on a thread of its own.
///
/// A node that is late or silent costs the others nothing once they have settled the question; its own question runs
/// out in the background, and at most a few of those are alive for each node.
final class Fleet: Sendable {
  let endpoints: [EVMEndpoint]
  private let nodes: any NodePort
  private let limits: RPCLimits
  private let chainID: UInt64
  private let records: Mutex<[EndpointID: EndpointHealth]>

  /// Questions of one node that may be under way together.
  private static let mostAtOnce = 8

  init(endpoints: [EVMEndpoint], nodes: any NodePort, limits: RPCLimits, chainID: UInt64) {
    self.endpoints = endpoints
    self.nodes = nodes
    self.limits = limits
    self.chainID = chainID
    records = Mutex(Dictionary(uniqueKeysWithValues: endpoints.map { ($0.id, EndpointHealth(endpoint: $0.id)) }))
  }

  /// What is known of each node's manners, the well-behaved first.
  var health: [EndpointHealth] {
    records.withLock { Array($0.values) }.sorted {
      ($0.isDemoted ? 1 : 0, $0.endpoint) < ($1.isDemoted ? 1 : 0, $1.endpoint)
    }
  }

  func disagreed(_ endpoint: EndpointID) { update(endpoint) { $0.disagreed() } }

  /// Holds `talk` with every node; the answers of those that gave one.
  ///
  /// Returns when all are done, or a grace after `settled` says that the answers so far decide the question.
  func ask<Value: Sendable>(
    settled: ([EndpointID: Value]) -> Bool,
    _ talk: @escaping @Sendable (Conversation) throws(EndpointFailure) -> Value
  ) -> (answers: [EndpointID: Value], failures: [EndpointID: EndpointFailure]) {
    let gathering = Gathering<Value>()
    var asked = 0
    var skipped: [EndpointID: EndpointFailure] = [:]
    for endpoint in endpoints {
      guard begin(endpoint.id) else {
        skipped[endpoint.id] = EndpointFailure(.timedOut, "still busy with earlier questions")
        continue
      }
      asked += 1
      let conversation = Conversation(endpoint: endpoint, nodes: nodes, limits: limits, chainID: chainID)
      Thread.detachNewThread { [self] in
        let result: Result<Value, EndpointFailure>
        do throws(EndpointFailure) { result = .success(try talk(conversation)) } catch { result = .failure(error) }
        end(endpoint.id, result)
        gathering.add(endpoint.id, result)
      }
    }
    let results = gathering.wait(for: asked, limits: limits, settled: settled)
    var answers: [EndpointID: Value] = [:]
    var failures = skipped
    for (endpoint, result) in results {
      switch result {
      case .success(let value): answers[endpoint] = value
      case .failure(let failure): failures[endpoint] = failure
      }
    }
    return (answers, failures)
  }

  private func begin(_ endpoint: EndpointID) -> Bool {
    records.withLock { records in
      guard var record = records[endpoint], record.underWay < Fleet.mostAtOnce else { return false }
      record.underWay += 1
      records[endpoint] = record
      return true
    }
  }

  private func end<Value>(_ endpoint: EndpointID, _ result: Result<Value, EndpointFailure>) {
    update(endpoint) { record in
      record.underWay -= 1
      switch result {
      case .success: record.answered()
      case .failure(let failure): record.failed(failure)
      }
    }
  }

  private func update(_ endpoint: EndpointID, _ change: (inout EndpointHealth) -> Void) {
    records.withLock { records in
      guard var record = records[endpoint] else { return }
      change(&record)
      records[endpoint] = record
    }
  }
}

/// Results as they come in from the threads of one question.
private final class Gathering<Value: Sendable>: Sendable {
  private let results = Mutex<[EndpointID: Result<Value, EndpointFailure>]>([:])
  private let bell = DispatchSemaphore(value: 0)

  func add(_ endpoint: EndpointID, _ result: Result<Value, EndpointFailure>) {
    results.withLock { $0[endpoint] = result }
    bell.signal()
  }

  func wait(
    for asked: Int, limits: RPCLimits, settled: ([EndpointID: Value]) -> Bool
  ) -> [EndpointID: Result<Value, EndpointFailure>] {
    // A conversation ends by itself within its time and one exchange; the bound here is for a thread that never ran.
    var end = DispatchTime.now() + .milliseconds(limits.conversationMilliseconds + limits.timeoutMilliseconds)
    var isSettled = false
    while true {
      let now = results.withLock { $0 }
      guard now.count < asked else { return now }
      if !isSettled, settled(now.compactMapValues { try? $0.get() }) {
        isSettled = true
        end = min(end, DispatchTime.now() + .milliseconds(limits.graceMilliseconds))
      }
      guard bell.wait(timeout: end) == .success else { return results.withLock { $0 } }
    }
  }
}
