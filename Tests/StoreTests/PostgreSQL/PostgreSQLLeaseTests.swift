import Engine
import Foundation
import Money
import Payouts
import PostgreSQL
import Synchronization
import TestSupport
import Testing

@testable import Store

@Suite("Leases over PostgreSQL sessions")
struct PostgreSQLLeaseTests {
  let bench: PostgreSQLBench

  init() throws { bench = try PostgreSQLBench() }

  func expect(_ code: StoreError.Code, _ place: SourceLocation = #_sourceLocation, _ body: () throws -> Void) {
    let error = #expect(throws: StoreError.self, sourceLocation: place) { try body() }
    #expect(error?.code == code, "\(error?.message ?? "")", sourceLocation: place)
  }

  @Test func `a session that died loses its lease at once, whatever its time`() throws {
    let (first, second, campaign) = try bench.two(4)
    expect(.busy) { try second.acquire("s2") }
    try bench.endWriters()
    let lane = try bench.eventually { try second.acquire("s2") }
    #expect(lane.fence == 2 && lane.session == "s2")
    // The old holder finds its session gone, and then its lease.
    expect(.unavailable) { try first.commit(.intend(first.intent(campaign, [0]))) }
    expect(.staleFence) { try first.commit(.intend(first.intent(campaign, [0]))) }
    try second.commit(.intend(second.intent(campaign, [0])))
    try second.expectSound()
  }

  @Test func `a lease does not survive a reconnect, though its row says that it lives`() throws {
    let (first, _, campaign) = try bench.two(4)
    try bench.endWriters()
    expect(.unavailable) { try first.commit(.intend(first.intent(campaign, [0]))) }
    // The store writes again, and the lane's row still names holder, session, fence and epoch of the guard.
    _ = try first.createCampaign("other")
    let held = try #require(first.held)
    #expect(held.holds(try #require(try first.store.lanes().first)))
    expect(.staleFence) { try first.commit(.intend(first.intent(campaign, [0]))) }
    expect(.staleFence) { try first.store.renewLane(held, leaseMilliseconds: 1_000, at: first.time()) }
    #expect(try first.acquire("s1").fence == held.fence + 1)
    try first.commit(.intend(first.intent(campaign, [0])))
  }

  @Test func `a lease whose time is over is taken while its session lives, and its holder is refused`() throws {
    let (first, second, campaign) = try bench.two(4)
    let until = try #require(try first.store.lanes().first).until
    second.now = until.milliseconds
    try second.acquire("s2")
    expect(.staleFence) { try first.commit(.intend(first.intent(campaign, [0]))) }
    // Nothing of the first one's is left in the way of the next.
    try second.store.releaseLane(#require(second.held))
    #expect(try first.acquire("s1").fence == 3)
  }

  @Test func `of many that race for one lane one wins`() throws {
    let stores = try (0..<6).map { try bench.open(seed: UInt64($0)) }
    for round in 1...4 {
      let racers = stores.enumerated().map { number, store in
        Aside { () -> Lane? in
          do {
            return try store.acquireLane(
              Bench.chain, Bench.account, holder: "h\(number)", session: "s\(number)", leaseMilliseconds: 60_000,
              signerHighest: 0, at: Timestamp(milliseconds: 1_000))
          } catch let error as StoreError {
            #expect(error.code == .busy, "\(error.message)")
            return nil
          }
        }
      }
      let winners = try racers.compactMap { try $0.wait() }
      #expect(winners.count == 1 && winners.first?.fence == Int64(round))
      let lane = try #require(winners.first)
      let number = try #require(lane.session?.last?.wholeNumberValue)
      try stores[number].releaseLane(
        LaneGuard(lane: lane.id, fence: lane.fence, session: "s\(number)", epoch: lane.epoch))
    }
  }

  @Test func `nobody takes a lane between what a commit has read and its end`() throws {
    let (first, second, campaign) = try bench.two(4)
    let store = try #require(first.store as? PostgreSQLStore)
    let held = try #require(first.held)
    second.now = try #require(try first.store.lanes().first).until.milliseconds
    let other = second.store
    let intent = first.intent(campaign, [0])
    let commit = Commit(guardedBy: held, actor: "worker:1", at: first.time(), writes: [.intend(intent)])
    let now = second.time()
    try store.write(isLeased: true) { session throws(StoreError) in
      _ = try session.lane(held: held)
      // The lease's time is over, and its holder is writing.
      let code = Aside { () -> StoreError.Code? in
        do {
          _ = try other.acquireLane(
            Bench.chain, Bench.account, holder: "h", session: "s2", leaseMilliseconds: 1_000, signerHighest: 0, at: now)
        } catch let error as StoreError { return error.code }
        return nil
      }
      #expect((try? code.wait()) == .busy)
      try session.apply(commit, sha256: Hashing())
    }
    // The takeover comes after the commit, and sees it.
    try second.acquire("s2")
    #expect(try second.store.liveBatches(held.lane).map(\.id) == [intent.batch])
    expect(.staleFence) { try first.commit(.intend(first.intent(campaign, [1]))) }
  }

  @Test func `by default the server's clock ends a lease, and no caller's`() throws {
    func open(_ seed: UInt64) throws -> Bench {
      let opened = try bench.bench(bench.open(seed: seed) { $0.leaseClock = .server })
      return opened
    }
    #expect(PostgreSQLSettings().leaseClock == .server)
    let (first, second) = (try open(1), try open(2))
    first.now = 5
    let before = Int64(Date().timeIntervalSince1970 * 1000)
    let lane = try first.acquire("s1", lease: 800)
    #expect(abs(lane.until.milliseconds - before - 800) < 60_000)
    second.now = .max - 10
    expect(.busy) { try second.acquire("s2") }
    try first.store.renewLane(#require(first.held), leaseMilliseconds: 800, at: Timestamp(milliseconds: 0))
    let renewed = try #require(try first.store.lanes().first)
    #expect(renewed.until >= lane.until)
    second.now = 5
    #expect(try bench.eventually { try second.acquire("s2") }.fence == lane.fence + 1)
    expect(.staleFence) {
      try first.store.renewLane(#require(first.held), leaseMilliseconds: 800, at: Timestamp(milliseconds: 0))
    }
  }
}
