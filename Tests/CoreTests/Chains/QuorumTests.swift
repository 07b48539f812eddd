import Chains
import Codecs
import Money
import Testing

@Suite("Quorum")
struct QuorumTests {
  func hash(_ n: UInt64) -> Hash32 { Hash32(words: (n, 0, 0, 0)) }

  func statement(_ endpoint: String, _ verdict: Verdict, block: UInt64 = 1, spender: UInt64 = 1) -> Statement {
    Statement(
      endpoint: EndpointID(endpoint), verdict: verdict, spender: hash(spender), blockNumber: block,
      blockHash: hash(100 + block), feePaid: .zero)
  }

  @Test func `a quorum is never less than a majority`() {
    #expect((1...7).map { Quorum(endpoints: $0)?.size } == [1, 2, 2, 3, 3, 4, 4])
    #expect(Quorum(endpoints: 0) == nil)
    #expect(Quorum(endpoints: 4, size: 2) == nil)
    #expect(Quorum(endpoints: 3, size: 4) == nil)
    #expect(Quorum(endpoints: 3, size: 3)?.size == 3)
  }

  @Test func `one endpoint twice is one vote`() throws {
    let quorum = try #require(Quorum(endpoints: 3))
    #expect(quorum.evidence(in: [statement("a", .paid), statement("a", .paid)]) == nil)
    #expect(quorum.evidence(in: [statement("a", .paid), statement("b", .paid)])?.verdict == .paid)
  }

  @Test func `votes for different blocks, spenders or verdicts do not add up`() throws {
    let quorum = try #require(Quorum(endpoints: 3))
    #expect(quorum.evidence(in: [statement("a", .paid), statement("b", .paid, block: 2)]) == nil)
    #expect(quorum.evidence(in: [statement("a", .paid), statement("b", .paid, spender: 2)]) == nil)
    #expect(quorum.evidence(in: [statement("a", .paid), statement("b", .reverted)]) == nil)
  }

  @Test func `two that lie in agreement do not beat a quorum of three`() throws {
    let quorum = try #require(Quorum(endpoints: 3, size: 3))
    let liars = [statement("a", .stranger, spender: 9), statement("b", .stranger, spender: 9)]
    #expect(quorum.evidence(in: liars + [statement("c", .paid)]) == nil)
  }

  @Test func `who contradicts the evidence is named`() throws {
    let quorum = try #require(Quorum(endpoints: 3))
    let statements = [statement("a", .paid), statement("b", .reverted), statement("c", .paid)]
    let evidence = try #require(quorum.evidence(in: statements))
    #expect(quorum.dissenters(in: statements, from: evidence) == [EndpointID("b")])
  }

  @Test func `a height counts as reached when a quorum reaches it`() throws {
    let quorum = try #require(Quorum(endpoints: 3))
    #expect(quorum.reached([EndpointID("a"): 10, EndpointID("b"): 7, EndpointID("c"): 1_000]) == 10)
    #expect(quorum.reached([EndpointID("c"): 1_000]) == nil)
  }
}
