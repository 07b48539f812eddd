import Engine
import MemoryStore
import Testing

@Suite("Stores against a model")
struct ModelTests {
  @Test(arguments: StoreKind.allCases, UInt64(0)..<8)
  func `any order of commands leaves what the model says`(kind: StoreKind, seed: UInt64) throws {
    let run = try ModelRun(kind.open(), seed: seed)
    for _ in 0..<120 { try run.step() }
    #expect(run.done > 10, "the commands of seed \(seed) do nothing")
  }

  /// Ids, records, hashes, events, times: everything that readers can see.
  @Test(arguments: UInt64(100)..<104)
  func `every store tells the same story of the same commands`(seed: UInt64) throws {
    var stories: [[String]] = []
    for kind in StoreKind.allCases {
      let run = try ModelRun(kind.open(), seed: seed)
      for _ in 0..<120 { try run.step() }
      stories.append(try run.bench.trace() + run.bench.store.auditRecords(after: nil, limit: 10_000).map { "\($0)" })
    }
    #expect(stories.allSatisfy { $0 == stories[0] }, "replay with seed \(seed)")
  }
}
