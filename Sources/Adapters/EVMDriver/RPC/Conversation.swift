import Chains
import Codecs
import Money
import Transport

/// Bounds of one look at one node.
package struct RPCLimits: Hashable, Sendable {
  /// One HTTP exchange.
  package let timeoutMilliseconds: Int
  /// Everything one node is asked for one question of the engine.
  package let conversationMilliseconds: Int
  /// Body of one HTTP answer.
  package let mostAnswerBytes: Int
  /// Calls in one JSON-RPC batch.
  package let mostCalls: Int
  /// Hex digits of transactions in one JSON-RPC batch: nodes take bodies of 5 MB and more.
  package let mostRequestBytes: Int
  /// How long nodes that are late are waited for once the others settled the question.
  package let graceMilliseconds: Int

  package init(
    timeoutMilliseconds: Int = 10_000, conversationMilliseconds: Int = 30_000, mostAnswerBytes: Int = 32 << 20,
    mostCalls: Int = 100, mostRequestBytes: Int = 2 << 20, graceMilliseconds: Int = 250
  ) {
    self.timeoutMilliseconds = timeoutMilliseconds
    self.conversationMilliseconds = conversationMilliseconds
    self.mostAnswerBytes = mostAnswerBytes
    self.mostCalls = max(1, mostCalls)
    self.mostRequestBytes = mostRequestBytes
    self.graceMilliseconds = graceMilliseconds
  }
}

/// Questions to one node, one after the other, within one span of time. What it says is never mixed with another's.
struct Conversation: Sendable {
  let endpoint: EVMEndpoint
  let nodes: any NodePort
  let limits: RPCLimits
  let chainID: UInt64
  private let deadline: ContinuousClock.Instant

  init(endpoint: EVMEndpoint, nodes: any NodePort, limits: RPCLimits, chainID: UInt64) {
    self.endpoint = endpoint
    self.nodes = nodes
    self.limits = limits
    self.chainID = chainID
    deadline = .now + .milliseconds(limits.conversationMilliseconds)
  }

  typealias Reply = Result<JSON, EndpointFailure>

  /// Asks in batches; replies in order of the calls. A refused call is a reply, anything else that failed is thrown.
  func ask(_ calls: [RPCCall]) throws(EndpointFailure) -> [Reply] {
    var replies: [Reply] = []
    replies.reserveCapacity(calls.count)
    var rest = calls[...]
    while !rest.isEmpty {
      let chunk = nextChunk(&rest)
      let results = nodes.call(
        chunk, at: endpoint, timeoutMilliseconds: try timeLeft(), mostBytes: limits.mostAnswerBytes)
      guard results.count == chunk.count else { throw EndpointFailure(.malformed, "an answer is missing") }
      for result in results {
        switch result {
        case .success(let value): replies.append(.success(value))
        case .failure(let error):
          let failure = EndpointFailure(error)
          guard failure.code == .refused else { throw failure }
          replies.append(.failure(failure))
        }
      }
    }
    return replies
  }

  /// As `ask`, and makes sure first, in the same batch, that the node serves our chain.
  ///
  /// Throws `endpoint.inconsistent` when it does not: a node may be replaced behind its address at any time.
  func begin(_ calls: [RPCCall]) throws(EndpointFailure) -> [Reply] {
    let replies = try ask([RPCCall("eth_chainId")] + calls)
    guard let served = try first(replies).quantity else { throw EndpointFailure(.malformed, "no chain id") }
    guard served == chainID else { throw EndpointFailure(.inconsistent, "serves chain \(served), not \(chainID)") }
    return Array(replies.dropFirst())
  }

  /// The first reply, which must be a result.
  func first(_ replies: [Reply]) throws(EndpointFailure) -> JSON { try replies.first.orMalformed().get() }

  private func nextChunk(_ rest: inout ArraySlice<RPCCall>) -> [RPCCall] {
    var chunk: [RPCCall] = []
    var bytes = 0
    while let next = rest.first, chunk.count < limits.mostCalls {
      let size = next.params.array?.reduce(0) { $0 + ($1.string?.utf8.count ?? 0) } ?? 0
      if !chunk.isEmpty, bytes + size > limits.mostRequestBytes { break }
      chunk.append(next)
      bytes += size
      rest.removeFirst()
    }
    return chunk
  }

  private func timeLeft() throws(EndpointFailure) -> Int {
    let left = ContinuousClock.now.duration(to: deadline)
    guard left > .zero else { throw EndpointFailure(.timedOut, "the time for this node is over") }
    let (seconds, attoseconds) = left.components
    return min(limits.timeoutMilliseconds, Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000) + 1)
  }
}

extension Optional {
  func orMalformed() throws(EndpointFailure) -> Wrapped {
    guard let self else { throw EndpointFailure(.malformed, "an answer is missing") }
    return self
  }
}
