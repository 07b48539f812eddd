import Audit
import Codecs
import Engine
import Money
import Policy
import TestSupport
import Testing

@testable import Store

@Suite("Two people who answer at once on PostgreSQL")
struct ProposalRaceTests {
  /// Each confirmer has a store, and so a session, of its own.
  @Test func `of two confirmers over two sessions exactly one does it`() throws {
    let bench = try PostgreSQLBench()
    let maker = try bench.bench(bench.open())
    let (uri, rounds) = (bench.database.uri, 20)
    for number in 1...rounds {
      try maker.people(.propose(maker.proposal(Int64(number), Bench.act("batch/\(number)"))))
    }
    let proposals = try (1...rounds).map { try maker.proposal(Int64($0), Bench.act("batch/\($0)")) }
    let at = maker.time()
    let confirmers = ["bert", "carl"].enumerated().map { seed, name in
      let answers = proposals.map { maker.answer($0, by: "person:\(name)") }
      return Aside { () -> Int in
        let store = try PostgreSQLBench.store(uri, seed: UInt64(seed))
        var done = 0
        for answer in answers {
          do {
            try store.commit(
              Commit(
                guardedBy: nil, actor: answer.by, at: at,
                writes: [
                  .people(.answer(answer)),
                  .note(
                    Note(
                      action: "test.done", entity: "proposal", entityID: "\(answer.proposal)", details: [:],
                      isPublic: false)),
                ]))
            done += 1
          } catch let error as StoreError where error.code == .staleState || error.code == .conflict { continue }
        }
        return done
      }
    }
    let done = try confirmers.reduce(0) { try $0 + $1.wait() }
    #expect(done == rounds)
    let notes = try maker.store.auditRecords(after: nil, limit: 1_000).filter { $0.draft.action == "test.done" }
    #expect(notes.map(\.draft.entityID).count == rounds && Set(notes.map(\.draft.entityID)).count == rounds)
  }
}
