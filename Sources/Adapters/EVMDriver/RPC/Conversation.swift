import Chains
import Codecs
import Money

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
  /// How long nodes that are late are waited for once the others settled the question.
  package let graceMilliseconds: Int

  package init(
    timeoutMilliseconds: Int = 10_000, conversationMilliseconds: Int = 30_000, mostAnswerBytes: Int = 16 << 20,
    mostCalls: Int = 100, graceMilliseconds: Int = 250
  ) {
    self.timeoutMilliseconds = timeoutMilliseconds
    self.conversationMilliseconds = conversationMilliseconds
    self.mostAnswerBytes = mostAnswerBytes
    self.mostCalls = max(1, mostCalls)
    self.graceMilliseconds = graceMilliseconds
  }
}

/// Questions to one node, one after the other, within one span of time. What it says is never mixed with another's.
struct Conversation: Sendable {
  let endpoint: EVMEndpoint
  let posting: any RPCPosting
  let limits: RPCLimits
  let chainID: UInt64
  private let deadline: ContinuousClock.Instant

  init(endpoint: EVMEndpoint, posting: any RPCPosting, limits: RPCLimits, chainID: UInt64) {
    self.endpoint = endpoint
    self.posting = posting
    self.limits = limits
    self.chainID = chainID
    deadline = .now + .milliseconds(limits.conversationMilliseconds)
  }

  /// Asks in batches; replies in order of the calls.
  func ask(_ calls: [RPCCall]) throws(RPCFailure) -> [RPCReply] {
    var replies: [RPCReply] = []
    replies.reserveCapacity(calls.count)
    var rest = calls[...]
    while !rest.isEmpty {
      let chunk = rest.prefix(limits.mostCalls)
      rest = rest.dropFirst(limits.mostCalls)
      let body = try posting.post(
        RPCBatch.body(chunk), to: endpoint, timeoutMilliseconds: try timeLeft(), mostBytes: limits.mostAnswerBytes)
      guard body.count <= limits.mostAnswerBytes else { throw RPCFailure(.tooLarge, "\(body.count) bytes") }
      replies += try RPCBatch.replies(body, count: chunk.count, mostBytes: limits.mostAnswerBytes)
    }
    return replies
  }

  /// As `ask`, and makes sure first, in the same batch, that the node serves our chain.
  ///
  /// Throws `rpc.inconsistent` when it does not: a node may be replaced behind its address at any time.
  func begin(_ calls: [RPCCall]) throws(RPCFailure) -> [RPCReply] {
    var replies = try ask([RPCCall("eth_chainId")] + calls)
    let answer = try replies.removeFirst().value
    guard let served = answer.quantity else { throw RPCFailure(.malformed, "no chain id") }
    guard served == chainID else { throw RPCFailure(.inconsistent, "serves chain \(served), not \(chainID)") }
    return replies
  }

  private func timeLeft() throws(RPCFailure) -> Int {
    let left = ContinuousClock.now.duration(to: deadline)
    guard left > .zero else { throw RPCFailure(.timedOut, "the time for this node is over") }
    let (seconds, attoseconds) = left.components
    return min(limits.timeoutMilliseconds, Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000) + 1)
  }
}
