import Codecs
import Airdrop
import Audit
import Chains
import Engine
import Foundation
import Money
import Payouts
import PostgreSQL
import TestSupport
import Testing

@testable import Store

@Suite("Failures of PostgreSQL")
struct PostgreSQLFailureTests {
  static let codes: [PostgreSQLError.Code: StoreError.Code] = [
    .badSettings: .badDSN, .cannotConnect: .unavailable, .connectionLost: .unavailable, .timedOut: .unavailable,
    .canceled: .unavailable, .lockTimeout: .busy, .serialization: .busy, .constraintUnique: .conflict,
    .constraintCheck: .badRow, .constraintForeignKey: .badRow, .constraintNotNull: .badRow,
    .constraintTrigger: .badRow, .constraintOther: .badRow, .badValue: .badRow, .readOnly: .readOnly, .full: .full,
    .outOfResources: .unavailable, .denied: .unavailable, .undefined: .badRow, .corrupt: .corrupt, .ioError: .io,
    .mismatch: .badRow, .misuse: .badRow, .refused: .badRow,
  ]

  @Test(arguments: PostgreSQLError.Code.allCases)
  func `every failure has one code of the store`(code: PostgreSQLError.Code) {
    #expect(StoreError(PostgreSQLError(code, "x")).code == Self.codes[code])
  }

  @Test(arguments: PostgreSQLError.Code.allCases, ["40001", nil])
  func `a failed commit is unknown unless the server said that it failed, and goes on`(
    code: PostgreSQLError.Code, state: String?
  ) {
    let error = PostgreSQLError(code, "x", sqlState: state)
    let isKnown = state != nil && !error.endsSession
    #expect(StoreError(failedCommit: error).code == (isKnown ? Self.codes[code] : .commitUnknown))
  }

  let bench: PostgreSQLBench

  init() throws { bench = try PostgreSQLBench() }

  func code(_ body: () throws -> Void) -> StoreError.Code? {
    do { try body() } catch { return (error as? StoreError)?.code }
    return nil
  }

  /// A commit is four round trips: read, write, post, COMMIT.
  @Test(arguments: 1...4, PostgreSQLProxy.Moment.allCases)
  func `a session cut at any message leaves all of a commit or nothing, and is never taken for the other`(
    roundTrip: Int, moment: PostgreSQLProxy.Moment
  ) throws {
    let proxy = try PostgreSQLProxy(before: bench.database.server)
    let cut = try bench.bench(bench.open(proxy.uri(bench.database.name)))
    let campaign = try cut.createCampaign()
    try cut.load(campaign, 4)
    try cut.change(campaign, .running)
    try cut.acquire("s1")
    let direct = try bench.bench(bench.open(seed: 2))
    let intent = cut.intent(campaign, [0, 1])
    let before = try direct.trace()
    try proxy.cut(roundTrip, moment)
    let found = code { try cut.commit(.intend(intent)) }
    let isWritten = roundTrip == 4 && moment == .after
    #expect(found == (roundTrip == 4 ? .commitUnknown : .unavailable))
    try bench.wait { try direct.trace() != before || !isWritten }
    #expect(try (direct.trace() == before) == !isWritten)
    #expect(try direct.status(campaign, 0) == (isWritten ? .submitted : .queued))
    // Whatever it was: the lease is gone, the store reads what is so, and goes on from there.
    #expect(code { try cut.commit(.intend(intent)) } == .staleFence)
    try bench.eventually { _ = try cut.acquire("s1") }
    #expect(try cut.status(campaign, 0) == (isWritten ? .submitted : .queued))
    try cut.commit(.intend(cut.intent(campaign, isWritten ? [2] : [0, 1])))
    try cut.expectSound()
  }

  @Test(arguments: 1...3, PostgreSQLProxy.Moment.allCases)
  func `notes are three round trips, of which only the last leaves a doubt`(
    roundTrip: Int, moment: PostgreSQLProxy.Moment
  ) throws {
    let proxy = try PostgreSQLProxy(before: bench.database.server)
    let store = try bench.open(proxy.uri(bench.database.name))
    let direct = try bench.open(seed: 2)
    try OutboxTests.commit(store, 0..<1)
    try proxy.cut(roundTrip, moment)
    let found = code { try OutboxTests.commit(store, 1..<400) }
    // Before the last nothing was written, and the store makes the commit again over a new session.
    #expect(found == (roundTrip == 3 ? .commitUnknown : nil))
    let isWritten = roundTrip < 3 || moment == .after
    try bench.wait { try direct.outboxBacklog(after: 0).count == (isWritten ? 400 : 1) }
    #expect(try direct.auditHeads().map(\.sequence) == [isWritten ? 400 : 1])
  }

  @Test(arguments: PostgreSQLProxy.Moment.allCases)
  func `a relay's place that is cut on its one round trip is unknown, and moves on later`(
    moment: PostgreSQLProxy.Moment
  ) throws {
    let proxy = try PostgreSQLProxy(before: bench.database.server)
    let store = try bench.open(proxy.uri(bench.database.name))
    let direct = try bench.open(seed: 2)
    #expect(try store.moveOutboxCursor("r", to: 5) == 5)
    try proxy.cut(1, moment)
    #expect(code { _ = try store.moveOutboxCursor("r", to: 7) } == .commitUnknown)
    try bench.wait { try direct.outboxCursor("r") == (moment == .after ? 7 : 5) }
    try bench.eventually { _ = try store.moveOutboxCursor("r", to: 8) }
    #expect(try direct.outboxCursor("r") == 8)
    // What the server refuses was not written, and the session goes on.
    #expect(code { _ = try store.moveOutboxCursor("s", to: -1) } == .badRow)
    #expect(try store.outboxCursor("s") == 0)
    #expect(try store.moveOutboxCursor("s", to: 1) == 1)
  }

  @Test func `an unguarded commit whose session was lost before is made over a new one`() throws {
    let (first, _, _) = try bench.two(1)
    try bench.endWriters()
    let other = try first.createCampaign("other")
    #expect(try first.store.campaign(named: "other") == other)
  }

  @Test func `a server process that is killed in the middle of a transaction takes all of it back`() throws {
    let (first, _, campaign) = try bench.two(4)
    let before = try first.trace()
    let intent = first.intent(campaign, [0, 1])
    let commit = Commit(guardedBy: first.held, actor: "worker:1", at: first.time(), writes: [.intend(intent)])
    let store = first.store
    // The commit waits for this table after it has written batches and payouts.
    try bench.raw.execute("BEGIN; LOCK TABLE audit_log IN SHARE MODE")
    let writing = Aside { () -> StoreError.Code? in
      do { try store.commit(commit) } catch let error as StoreError { return error.code }
      return nil
    }
    try bench.wait {
      try bench.raw.run("SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'audit_log'::regclass").count == 1
    }
    try bench.endWriters()
    #expect(try writing.wait() == .unavailable)
    try bench.raw.run("ROLLBACK")
    #expect(try first.trace() == before)
    try bench.eventually { _ = try first.acquire("s1") }
    try first.commit(.intend(first.intent(campaign, [0, 1])))
    try first.expectSound()
  }

  @Test func `a server that is restarted loses sessions and leases, and nothing that was committed`() throws {
    let server = try PostgreSQLServer()
    let bench = try PostgreSQLBench(on: server)
    let (first, _, campaign) = try bench.two(4)
    let kept = first.intent(campaign, [0])
    try first.commit(.intend(kept))
    try server.restart()
    #expect(code { try first.sign(kept) } == .unavailable)
    #expect(try first.status(campaign, 0) == .submitted)
    #expect(try first.acquire("s2").fence == 2)
    try first.sign(kept)
    try first.expectSound()
    // While it is away, every call ends after its few attempts.
    try server.stop()
    let start = Date()
    #expect(code { _ = try first.store.lanes() } == .unavailable)
    #expect(code { try first.createCampaign("x") } == .unavailable)
    #expect(Date().timeIntervalSince(start) < 60)
    try server.start()
    #expect(try first.store.lanes().count == 1)
  }

  @Test(arguments: [true, false])
  func `a statement past its time, and a lock that is not had, end the commit and leave nothing`(isLock: Bool) throws {
    let store = try bench.open {
      $0.statementMilliseconds = isLock ? 60_000 : 300
      $0.lockMilliseconds = isLock ? 300 : 60_000
    }
    let first = bench.bench(store)
    let campaign = try first.createCampaign()
    try first.load(campaign, 2)
    try first.change(campaign, .running)
    try first.acquire()
    let before = try first.trace()
    try bench.raw.execute("BEGIN; LOCK TABLE transfers IN SHARE MODE")
    #expect(code { try first.commit(.intend(first.intent(campaign, [0]))) } == (isLock ? .busy : .unavailable))
    try bench.raw.run("ROLLBACK")
    #expect(try first.trace() == before)
    // The session lives, and the lease with it.
    try first.commit(.intend(first.intent(campaign, [0])))
  }

  @Test func `a peer that falls silent is given up after the time of a call`() throws {
    let proxy = try PostgreSQLProxy(before: bench.database.server)
    let store = try bench.open(proxy.uri(bench.database.name)) {
      $0.statementMilliseconds = 300
      $0.readMilliseconds = 300
      $0.graceMilliseconds = 200
      $0.connectSeconds = 2
      $0.reconnects = 1
    }
    let first = bench.bench(store)
    _ = try first.createCampaign()
    try first.acquire()
    try proxy.freeze()
    let start = Date()
    #expect(
      code { try first.commit(.note(Note(action: "a", entity: "b", entityID: "c", details: [:], isPublic: false))) }
        == .unavailable)
    #expect(Date().timeIntervalSince(start) < 20)
    try proxy.thaw()
    #expect(try first.store.campaigns(after: nil, limit: 9).count == 1)
  }

  @Test func `a character that the server cannot keep is named by its row`() throws {
    let first = try bench.bench(bench.open())
    let campaign = try first.createCampaign()
    let load = try first.store.begin(campaign.id, contentHash: .zero, settings: "{}")
    var chunk = Bench.chunk(0..<3)
    chunk.append(
      address: Bench.address(9).bytes[...], units: UInt256.one.bigEndianBytes[...], rowNumber: 41, payoutKey: [],
      metadata: Array("{\"n\":\"a\\u0000b\"}".utf8)[...])
    let error = #expect(throws: StoreError.self) { _ = try first.store.insert(chunk, into: load) }
    #expect(error?.code == .badRow && error?.message.contains("row 41") == true, "\(error?.message ?? "")")
    _ = try first.store.insert(Bench.chunk(0..<3), into: load)
  }

  /// Recipients are committed beside the rest: when the rest fails they stand alone, past the load's end.
  @Test(arguments: [false, true])
  func `a chunk that failed half-way is seen by nobody and cleared away by whoever comes next`(isRemoved: Bool) throws {
    let first = try bench.bench(bench.open())
    let store = try #require(first.store as? PostgreSQLStore)
    let campaign = try first.createCampaign()
    let begun = try store.begin(campaign.id, contentHash: .zero, settings: "{}")
    let load = try store.insert(Bench.chunk(0..<3), into: begun)
    #expect(throws: StoreError(.io, "the power is cut")) {
      try store.write { session throws(StoreError) in
        let side = try session.side { () throws(StoreError) in try store.open(.side) }
        _ = try session.insert(Bench.chunk(3..<9), into: try session.unfinished(load), beside: side)
        throw StoreError(.io, "the power is cut")
      }
    }
    func recipients() throws -> Int64? {
      try store.read { session throws(StoreError) in
        try session.first("SELECT count(*) FROM recipients") { row throws(StoreError) in try row.int64(0) }
      }
    }
    #expect(try recipients() == 9)
    try first.expectSound()
    let hash = isRemoved ? Hashing().sha256([1]) : .zero
    let again = try store.begin(campaign.id, contentHash: hash, settings: "{}")
    #expect(again.nextOrdinal == (isRemoved ? 0 : 3))
    let whole = try store.insert(Bench.chunk(isRemoved ? 0..<5 : 3..<5), into: again)
    #expect(try recipients() == 5)
    try first.commit(.order(Bench.order(whole, campaign, Bench.worth(0..<5))), guarded: false)
    #expect(try store.tally(campaign.id)[.queued].count == 5)
    try first.expectSound()
  }

  @Test func `two transactions that wait for each other are untied, and both are done in the end`() throws {
    let (first, second, campaign) = try bench.two(4)
    let store = try #require(first.store as? PostgreSQLStore)
    let other = try #require(second.store as? PostgreSQLStore)
    _ = try first.createCampaign("other")
    let both = DispatchSemaphore(value: 0)
    let arrived = DispatchSemaphore(value: 0)
    func lock(_ store: PostgreSQLStore, _ order: [Int64]) -> Aside<Void> {
      Aside {
        try store.write { session throws(StoreError) in
          try session.run("UPDATE campaigns SET reason = 'x' WHERE no = $1", order[0])
          arrived.signal()
          _ = both.wait(timeout: .now() + 2)
          try session.run("UPDATE campaigns SET reason = 'x' WHERE no = $1", order[1])
        }
      }
    }
    let (one, two) = (lock(store, [1, 2]), lock(other, [2, 1]))
    arrived.wait()
    arrived.wait()
    for _ in 0..<8 { both.signal() }
    try one.wait()
    try two.wait()
    #expect(try first.store.campaign(campaign.id)?.reason == "x")
  }
}
