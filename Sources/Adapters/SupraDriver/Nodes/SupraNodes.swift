import Chains
import Codecs
import Foundation
import Transport

/// All configured nodes, asked the same at once. They are believed only where a quorum says the same.
struct SupraNodes: Sendable {
  let endpoints: [SupraEndpoint]
  let quorum: Quorum
  let chainID: UInt8
  let limits: SupraLimits
  let http: HTTPClient

  /// One row for each endpoint, one answer for each request.
  ///
  /// A request is repeated a few times after silence, 429 and 503, and after nothing else.
  func ask(_ requests: [NodeRequest]) -> [[NodeAnswer]] {
    var answers = endpoints.map { _ in requests.map { _ in NodeAnswer.none("not asked") } }
    var open = endpoints.indices.flatMap { endpoint in requests.indices.map { (endpoint, $0) } }
    for attempt in 0..<limits.tries where !open.isEmpty {
      if attempt > 0 { Thread.sleep(forTimeInterval: Double(limits.pauseMilliseconds << (attempt - 1)) / 1000) }
      var sent: [(Int, Int)] = []
      var outgoing: [HTTPRequest] = []
      for (endpoint, request) in open {
        do throws(TransportError) {
          outgoing.append(try requests[request].http(to: endpoints[endpoint], limits))
          sent.append((endpoint, request))
        } catch {
          answers[endpoint][request] = .refused(status: 0, message: error.message)
        }
      }
      for ((endpoint, request), result) in zip(sent, http.perform(outgoing)) {
        answers[endpoint][request] = NodeAnswer(result, chainID: chainID)
      }
      // Who already has a quorum of words needs no further silence.
      open = sent.filter { endpoint, request in
        answers[endpoint][request].isWorthRetrying && !isSettled(answers.map { $0[request] })
      }
    }
    return answers
  }

  private func isSettled(_ answers: [NodeAnswer]) -> Bool {
    answers.count { !$0.isWorthRetrying } >= quorum.size
  }

  /// The word of a quorum about each request.
  ///
  /// Nodes may be a block apart: those that differ are asked again, a few times. Throws `rail.no_quorum`.
  func agree(_ requests: [NodeRequest]) -> [Result<NodeAnswer, RailError>] {
    var agreed: [Result<NodeAnswer, RailError>] = requests.map { _ in .failure(noQuorum([])) }
    var open = Array(requests.indices)
    for attempt in 0..<SupraNodes.looks where !open.isEmpty {
      if attempt > 0 { Thread.sleep(forTimeInterval: Double(limits.pauseMilliseconds) / 1000) }
      let rows = ask(open.map { requests[$0] })
      var still: [Int] = []
      for (place, request) in open.enumerated() {
        let words = rows.map { $0[place] }
        if let word = SupraNodes.majority(words, quorum.size) {
          agreed[request] = .success(word)
        } else {
          agreed[request] = .failure(noQuorum(words))
          if words.count(where: { !$0.isWorthRetrying }) >= quorum.size { still.append(request) }
        }
      }
      open = still
    }
    return agreed
  }

  private static let looks = 4

  /// The word that `size` nodes gave, or nil. Refusals count together by their status alone: their words may differ.
  static func majority(_ words: [NodeAnswer], _ size: Int) -> NodeAnswer? {
    words.first { word in
      !word.isWorthRetrying && words.count { $0.isSameWord(as: word) } >= size
    }
  }

  func noQuorum(_ words: [NodeAnswer]) -> RailError {
    let why = zip(endpoints, words).compactMap { endpoint, word -> String? in
      if case .none(let reason) = word { "\(endpoint.id): \(reason)" } else { nil }
    }
    return RailError(
      .noQuorum,
      "no \(quorum.size) of \(quorum.endpoints) nodes agree"
        + (why.isEmpty ? "" : " (\(why.joined(separator: "; ")))"),
      hint: "the same may succeed later; check AM_SUPRA_RPC")
  }
}

extension NodeAnswer {
  fileprivate func isSameWord(as other: NodeAnswer) -> Bool {
    switch (self, other) {
    case (.value(let a, _), .value(let b, _)): a == b
    case (.notFound, .notFound): true
    case (.refused(let a, _), .refused(let b, _)): a == b
    case (.value, _), (.notFound, _), (.refused, _), (.none, _): false
    }
  }
}
