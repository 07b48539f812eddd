package import Codecs
package import Money

/// What one endpoint says happened to a slot, in one of its final blocks. Only positive facts: silence is no verdict.
/// Source: PROTOCOL.md 4.2 and 4.3.
package enum Verdict: Hashable, Sendable {
  /// A pay attempt is final and every payee was credited in full.
  case paid
  /// A pay attempt is final and had effect, but not the promised one for every payee; one credit per payee, in order.
  case credited([Credit])
  /// A setup attempt (allowance, deployment) is final with effect.
  case settled
  /// One of our attempts is final without effect: it reverted.
  case reverted
  /// The void attempt is final.
  case voided
  /// A named transaction that is none of ours spent the slot, found in the body of a final block.
  case stranger

  /// The word in tables and audit records.
  package var word: String {
    switch self {
    case .paid: "paid"
    case .credited: "credited"
    case .settled: "settled"
    case .reverted: "reverted"
    case .voided: "voided"
    case .stranger: "stranger"
    }
  }
}

/// What one payee of a final transaction received.
package enum Credit: Hashable, Sendable {
  case full
  case none
  /// Another sum than promised (a fee taken on transfer): it moved value.
  case other(UInt256)
}

/// A configured node, known by host and port: two addresses of one host and port are one endpoint.
package struct EndpointID: Hashable, Sendable, Comparable, CustomStringConvertible {
  package let name: String
  package init(_ name: String) { self.name = name }
  package var description: String { name }
  package static func < (a: EndpointID, b: EndpointID) -> Bool { a.name < b.name }
}

/// One vote: one endpoint's word about one slot, pinned to one of its final blocks.
package struct Statement: Hashable, Sendable {
  package let endpoint: EndpointID
  package let verdict: Verdict
  /// The transaction that spent the slot.
  package let spender: Hash32
  package let blockNumber: UInt64
  package let blockHash: Hash32
  /// The fee the spender cost, in native units.
  package let feePaid: UInt256

  package init(
    endpoint: EndpointID, verdict: Verdict, spender: Hash32, blockNumber: UInt64, blockHash: Hash32,
    feePaid: UInt256
  ) {
    self.endpoint = endpoint
    self.verdict = verdict
    self.spender = spender
    self.blockNumber = blockNumber
    self.blockHash = blockHash
    self.feePaid = feePaid
  }

  /// What must be equal for votes to count together.
  package struct Subject: Hashable, Sendable {
    package let verdict: Verdict
    package let spender: Hash32
    package let blockHash: Hash32
    /// A liar inside an agreeing quorum must not falsify the fee in the books.
    package let feePaid: UInt256
  }
  package var subject: Subject {
    Subject(verdict: verdict, spender: spender, blockHash: blockHash, feePaid: feePaid)
  }
}

/// Statements of at least K endpoints that say the same about one slot: the only ground on which a batch ends.
package struct Evidence: Hashable, Sendable {
  package let statements: [Statement]
  package var verdict: Verdict { first.verdict }
  package var spender: Hash32 { first.spender }
  package var blockNumber: UInt64 { first.blockNumber }
  package var blockHash: Hash32 { first.blockHash }
  package var feePaid: UInt256 { first.feePaid }
  private let first: Statement

  /// Only a quorum makes evidence.
  fileprivate init?(_ statements: [Statement]) {
    guard let first = statements.first else { return nil }
    self.first = first
    self.statements = statements
  }

  /// What people attest and no quorum of endpoints states: the only other ground on which a batch ends. Nil unless they
  /// are two at least. Source: PROTOCOL.md 2.6.
  package static func attested(
    _ verdict: Verdict, spender: Hash32, blockNumber: UInt64, blockHash: Hash32, feePaid: UInt256, by people: [String]
  ) -> Evidence? {
    let names = Set(people.filter { $0.hasPrefix("person:") }).sorted()
    guard names.count >= 2 else { return nil }
    return Evidence(
      names.map {
        Statement(
          endpoint: EndpointID($0), verdict: verdict, spender: spender, blockNumber: blockNumber, blockHash: blockHash,
          feePaid: feePaid)
      })
  }
}

#if ALMONER_MUTANTS
  extension Evidence {
    /// Evidence that nobody gave, for the switches that forget why it is needed. In no other build.
    package static func forged(_ statement: Statement) -> Evidence? { Evidence([statement]) }
  }
#endif

/// How many endpoints must agree, out of how many are configured. Fixed by configuration; nothing at run time lowers it.
/// Source: PROTOCOL.md 4.1: K = floor(n/2) + 1.
package struct Quorum: Hashable, Sendable {
  package let size: Int
  package let endpoints: Int

  /// The default majority of `endpoints`; nil when there is none.
  package init?(endpoints: Int) {
    self.init(endpoints: endpoints, size: endpoints / 2 + 1)
  }

  /// A stated quorum; nil unless a majority <= size <= endpoints, so that two answers can never both have one.
  package init?(endpoints: Int, size: Int) {
    guard endpoints >= 1, size > endpoints / 2, size <= endpoints else { return nil }
    self.size = size
    self.endpoints = endpoints
  }

  /// One endpoint alone: it is believed, and every report says so.
  package var isUnprotected: Bool { size == 1 }

  /// The evidence in these statements about one slot, or nil. A second vote of one endpoint does not count.
  package func evidence(in statements: [Statement]) -> Evidence? {
    var votes: [Statement.Subject: [EndpointID: Statement]] = [:]
    for statement in statements {
      votes[statement.subject, default: [:]][statement.endpoint] = statement
    }
    for (_, byEndpoint) in votes where byEndpoint.count >= size {
      return Evidence(byEndpoint.values.sorted { $0.endpoint < $1.endpoint })
    }
    return nil
  }

  /// The endpoints whose statement contradicts the evidence: they are recorded and asked later, never counted out.
  package func dissenters(in statements: [Statement], from evidence: Evidence) -> [EndpointID] {
    guard let subject = evidence.statements.first?.subject else { return [] }
    return Set(statements.filter { $0.subject != subject }.map(\.endpoint)).sorted()
  }

  /// The value that at least K endpoints gave, or nil.
  package func agreed<Value: Hashable>(_ answers: [EndpointID: Value]) -> Value? {
    var counts: [Value: Int] = [:]
    for (_, value) in answers { counts[value, default: 0] += 1 }
    return counts.first { $0.value >= size }?.key
  }

  /// The largest value that at least K endpoints reach: with fewer than K liars, one honest endpoint reaches it.
  package func reached<Value: Comparable>(_ answers: [EndpointID: Value]) -> Value? {
    guard answers.count >= size else { return nil }
    return answers.values.sorted(by: >)[size - 1]
  }
}
