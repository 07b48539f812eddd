package import Chains
import Codecs
import Transport

extension EVMRail {
  package func submit(_ transactions: [SignedTransaction]) -> [[SubmitAnswer]] {
    guard !transactions.isEmpty else { return [] }
    let calls = transactions.map { RPCCall("eth_sendRawTransaction", [.data($0.bytes)]) }
    let hashes = transactions.map(\.hash)
    // Settled at once: the grace is for answers that are told, the bytes go out to the late ones all the same.
    let (replies, failures) = fleet.ask(settled: { $0.count >= self.quorum.size }) {
      conversation throws(EndpointFailure) in
      zip(hashes, try conversation.begin(calls)).map { (hash, reply) in
        EVMRail.word(reply, of: hash)
      }
    }
    return transactions.indices.map { index in
      fleet.endpoints.map { endpoint in
        if let word = replies[endpoint.id]?[index] {
          return SubmitAnswer(endpoint: endpoint.id, taken: word.taken, text: PlainText.cut(word.text))
        }
        let text = failures[endpoint.id].map(\.message) ?? "no answer yet"
        return SubmitAnswer(endpoint: endpoint.id, taken: false, text: PlainText.cut(text))
      }
    }
  }

  private struct Word: Hashable, Sendable {
    let taken: Bool
    let text: String
  }

  /// What the node said. None of it is news about the money: "nonce too low" may be the answer to our own success.
  private static func word(_ reply: Conversation.Reply, of hash: Hash32) -> Word {
    switch reply {
    case .success(let value):
      guard value.hash == hash else { return Word(taken: false, text: "named another transaction") }
      return Word(taken: true, text: "accepted")
    case .failure(let refusal):
      // Geth, Besu and Nethermind, in this order: the pool holds these very bytes.
      let known = ["already known", "known transaction", "alreadyknown"]
      return Word(taken: known.contains { refusal.message.lowercased().contains($0) }, text: refusal.message)
    }
  }
}
