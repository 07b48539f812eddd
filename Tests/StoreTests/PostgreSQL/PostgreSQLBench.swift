import Engine
import Foundation
import Payouts
import PostgreSQL
import TestSupport
import Testing

@testable import Store

/// Several stores on one database, and a session of the test's own that sees and does what no store would.
struct PostgreSQLBench {
  let database: PostgreSQLDatabase
  let raw: Connection

  init(on server: PostgreSQLServer? = nil) throws {
    database = try server.map { try PostgreSQLDatabase(on: $0) } ?? PostgreSQLDatabase.ofStore()
    raw = try Connection(ConnectionSettings(uri: database.uri))
  }

  /// A store with the limits of the test. By default leases end by the caller's time.
  func open(
    _ uri: String? = nil, _ mode: PostgreSQLStore.Mode = .create, seed: UInt64 = 1,
    _ change: (inout PostgreSQLSettings) -> Void = { _ in }
  ) throws -> PostgreSQLStore {
    var settings = PostgreSQLSettings()
    settings.leaseClock = .caller
    settings.reconnectMostMilliseconds = 200
    change(&settings)
    return try PostgreSQLStore(
      PostgreSQLDSN(uri ?? database.uri), mode: mode, settings: settings, sha256: Hashing(),
      random: SeededRandom(seed: seed))
  }

  /// A bench over such a store.
  func bench(_ store: PostgreSQLStore) -> Bench {
    Bench(OpenStore(store: store, directory: nil, database: database))
  }

  /// Two benches over stores of their own, the first with a running campaign of `count` recipients and a lease.
  func two(_ count: Int) throws -> (first: Bench, second: Bench, campaign: Campaign) {
    let first = try bench(open())
    let campaign = try first.createCampaign()
    try first.load(campaign, count)
    try first.change(campaign, .running)
    try first.acquire("s1", lease: 3_600_000)
    let second = try bench(open(seed: 2))
    second.now = first.now
    return (first, second, campaign)
  }

  /// Ends the sessions that are in the middle of a transaction or hold a lease: those of the writers.
  func endWriters() throws {
    try raw.run(
      """
      SELECT pg_terminate_backend(a.pid) FROM pg_stat_activity a WHERE a.datname = current_database()
        AND a.pid <> pg_backend_pid() AND (a.xact_start IS NOT NULL
          OR EXISTS(SELECT 1 FROM pg_locks l WHERE l.pid = a.pid AND l.locktype = 'advisory'))
      """)
  }

  /// Waits until it is so, a few seconds at most.
  func wait(_ isSo: () throws -> Bool) throws {
    struct NotYet: Error {}
    try eventually { if try !isSo() { throw NotYet() } }
  }

  /// Waits until the body returns without an error, a few seconds at most.
  func eventually<Result>(_ body: () throws -> Result) throws -> Result {
    for _ in 0..<200 {
      if let result = try? body() { return result }
      Thread.sleep(forTimeInterval: 0.02)
    }
    return try body()
  }
}

/// Runs a body on a thread of its own and hands its result over.
final class Aside<Success: Sendable>: @unchecked Sendable {
  // The result is written before the semaphore is signaled and read after it was waited for.
  private var result: Result<Success, any Error>?
  private let done = DispatchSemaphore(value: 0)

  init(_ body: @escaping @Sendable () throws -> Success) {
    let thread = Thread { [self] in
      result = Result { try body() }
      done.signal()
    }
    thread.start()
  }

  func wait() throws -> Success {
    done.wait()
    done.signal()
    return try #require(result).get()
  }
}
