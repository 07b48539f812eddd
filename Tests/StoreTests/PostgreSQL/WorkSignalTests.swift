import Engine
import Foundation
import Payouts
import PostgreSQL
import TestSupport
import Testing

@testable import Store

@Suite("Waking up by PostgreSQL's notifications")
struct WorkSignalTests {
  @Test func `a commit wakes whoever waits, at once, and nothing else does`() throws {
    let bench = try PostgreSQLBench()
    let (first, second, campaign) = try bench.two(4)
    let waiter = try #require(second.store as? PostgreSQLStore)
    // The first call begins to listen: what was before is unknown.
    #expect(try waiter.waitForWork(atMostMilliseconds: 0))
    #expect(try !waiter.waitForWork(atMostMilliseconds: 30))
    let woken = Aside { () -> (Bool, Date) in (try waiter.waitForWork(atMostMilliseconds: 30_000), Date()) }
    Thread.sleep(forTimeInterval: 0.1)
    let start = Date()
    try first.commit(.intend(first.intent(campaign, [0])))
    let (isWoken, at) = try woken.wait()
    #expect(isWoken && at.timeIntervalSince(start) < 10)
    // Several commits wake once; a refused one does not wake.
    for ordinal in 1...2 { try first.commit(.intend(first.intent(campaign, [ordinal]))) }
    try bench.wait { try waiter.waitForWork(atMostMilliseconds: 1_000) }
    while try waiter.waitForWork(atMostMilliseconds: 100) {}
    #expect(throws: StoreError.self) { try first.commit(.intend(first.intent(campaign, [0]))) }
    #expect(try !waiter.waitForWork(atMostMilliseconds: 100))
  }

  @Test func `a listener whose session was lost wakes when it listens again`() throws {
    let bench = try PostgreSQLBench()
    let store = try bench.open()
    #expect(try store.waitForWork(atMostMilliseconds: 0))
    let waiting = Aside { () -> StoreError.Code? in
      do { _ = try store.waitForWork(atMostMilliseconds: 30_000) } catch let error as StoreError { return error.code }
      return nil
    }
    Thread.sleep(forTimeInterval: 0.1)
    try bench.raw.run(
      """
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE 'LISTEN%'
      """)
    #expect(try waiting.wait() == .unavailable)
    #expect(try store.waitForWork(atMostMilliseconds: 0))
  }
}
