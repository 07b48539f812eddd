import Audit
import Codecs
import Engine
import Foundation
import Money
import Payouts
import PostgreSQL
import TestSupport
import Testing

@testable import Store

@Suite("Opening a PostgreSQL store")
struct PostgreSQLOpeningTests {
  func code(_ body: () throws -> Void) -> StoreError.Code? {
    do { try body() } catch { return (error as? StoreError)?.code }
    return nil
  }

  @Test func `processes that start at once migrate once`() throws {
    let database = try PostgreSQLDatabase()
    let openings = (0..<5).map { number in
      Aside {
        try PostgreSQLStore(
          PostgreSQLDSN(database.uri), sha256: Hashing(), random: SeededRandom(seed: UInt64(number))
        ).identity()
      }
    }
    let identities = Set(try openings.map { try $0.wait() })
    #expect(identities.count == 1 && identities.first?.schemaVersion == Migration.allOnPostgreSQL.count)
    #expect(identities.first?.epoch == 1)
    let raw = try Connection(ConnectionSettings(uri: database.uri))
    #expect(try raw.run("SELECT count(*) FROM schema_migrations").int64(0, 0) == Int64(Migration.allOnPostgreSQL.count))
  }

  @Test func `a filled database opens again with all its rows`() throws {
    let bench = try PostgreSQLBench()
    var filled: Bench? = try bench.bench(bench.open())
    try Filling.fill(#require(filled))
    let before = try filled?.trace()
    filled = nil
    let again = try bench.bench(bench.open(nil, .existing))
    #expect(try again.trace() == before && again.store.identity().epoch == 1)
    for check in Migration.allOnPostgreSQL.flatMap(\.after) {
      #expect(try bench.raw.run(check.sql).count == 0, "\(check.sentence)")
    }
  }

  @Test(arguments: [true, false])
  func `a step whose check finds something, or that fails half way, changes nothing`(isCheck: Bool) throws {
    let bench = try PostgreSQLBench()
    let last = Migration.allOnPostgreSQL.count
    let step = Migration(
      number: last + 1, reason: "a test",
      sql: isCheck ? "CREATE TABLE fresh(x int8)" : "CREATE TABLE fresh(x int8); INSERT INTO missing VALUES(1)",
      before: [],
      after: isCheck ? [Migration.Check(sentence: "there is no identity", sql: "SELECT uuid FROM store_identity")] : [])
    let session = try Session.open(
      PostgreSQLDSN(bench.database.uri).place, .writer, PostgreSQLSettings(), isReadOnly: false, generation: 0)
    let migrator = PostgreSQLMigrator(
      session: session, sha256: Hashing(), migrations: Migration.allOnPostgreSQL + [step])
    #expect(code { _ = try migrator.migrate() } == (isCheck ? .migrationFailed : .badRow))
    #expect(try migrator.verify() == last)
    #expect(try bench.raw.run("SELECT to_regclass('fresh') IS NULL").bool(0, 0))
  }

  @Test func `newer databases, changed steps and other programs' tables are refused`() throws {
    let bench = try PostgreSQLBench()
    try bench.raw.execute("INSERT INTO schema_migrations VALUES(99, 'x', decode(repeat('00', 32), 'hex'), 0)")
    #expect(code { _ = try bench.open() } == .newerVersion)
    try bench.raw.execute(
      """
      DELETE FROM schema_migrations WHERE number = 99;
      UPDATE schema_migrations SET checksum = decode(repeat('00', 32), 'hex') WHERE number = 2
      """)
    #expect(code { _ = try bench.open() } == .migrationFailed)
    let other = try PostgreSQLDatabase()
    try Connection(ConnectionSettings(uri: other.uri)).execute("CREATE TABLE schema_migrations(version text)")
    #expect(code { _ = try bench.open(other.uri) } == .notADatabase)
  }

  @Test func `what is not there is not made by a program that only uses it`() throws {
    let database = try PostgreSQLDatabase()
    let bench = try PostgreSQLBench()
    #expect(code { _ = try bench.open(database.uri, .existing) } == .unavailable)
    #expect(code { _ = try bench.open(database.uri, .readOnly) } == .unavailable)
    #expect(code { _ = try bench.open(database.server.uri("missing_\(database.name)")) } == .unavailable)
  }

  @Test func `a read-only store reads and refuses to write`() throws {
    let bench = try PostgreSQLBench()
    _ = try bench.bench(bench.open()).createCampaign()
    let store = try bench.open(nil, .readOnly)
    let reader = bench.bench(store)
    #expect(try store.campaign(named: "Q4") != nil)
    #expect(code { try reader.createCampaign("second") } == .readOnly)
    #expect(code { try reader.acquire() } == .readOnly)
    #expect(code { try store.raiseEpoch(reason: "", actor: "", at: reader.time()) } == .readOnly)
  }

  @Test func `a server that forgets what it confirmed is refused`() throws {
    let server = try PostgreSQLServer()
    let bench = try PostgreSQLBench(on: server)
    _ = try bench.open()
    try bench.raw.run("ALTER SYSTEM SET fsync = off")
    try bench.raw.run("SELECT pg_reload_conf()")
    try bench.wait { code { _ = try bench.open() } == .notDurable }
  }

  @Test func `commits wait for the disk whatever the server's default is`() throws {
    let bench = try PostgreSQLBench()
    try bench.raw.execute(
      "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = off', current_database()); END $$")
    let store = try bench.open()
    let setting = try store.withWriter { session throws(StoreError) in
      try session.first("SELECT current_setting('synchronous_commit')") { row throws(StoreError) in try row.text(0) }
    }
    #expect(setting == "on")
  }

  @Test func `a copy of the database is another epoch, and its lanes wait for the signer's word`() throws {
    let database = try PostgreSQLDatabase.ofStore()
    func open(_ database: PostgreSQLDatabase) throws -> Bench { Bench(try OpenStore(postgresql: database)) }
    try open(database).acquire()
    #expect(try open(database).store.identity().epoch == 1)
    // A template must be nobody's: the sessions of the stores above end with them.
    let copy = try PostgreSQLDatabase(template: database.name)
    let copied = try open(copy)
    #expect(try copied.store.identity().epoch == 2)
    let lane = try #require(try copied.store.lanes().first)
    #expect(lane.mode == .draining && lane.session == nil && lane.modeReason == "the_database_is_a_copy")
    #expect(try copied.store.auditRecords(after: nil, limit: 9).last?.draft.action == "store.epoch_raised")
    // Once is enough, and the original knows nothing of it.
    #expect(try open(copy).store.identity().epoch == 2)
    #expect(try open(database).store.identity().epoch == 1)
  }

  @Test func `a name that leads to another store by now is not written`() throws {
    let (one, other) = (try PostgreSQLBench(), try PostgreSQLDatabase())
    let server = one.database.server
    _ = try Bench(OpenStore(postgresql: other)).createCampaign("theirs")
    let store = try one.open()
    let first = one.bench(store)
    _ = try first.createCampaign()
    // The databases change names behind the store's back.
    try server.run(
      "psql",
      [
        "-q", "-d", "postgres", "-c",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '\(one.database.name)'", "-c",
        "ALTER DATABASE \(one.database.name) RENAME TO \(one.database.name)_old", "-c",
        "ALTER DATABASE \(other.name) RENAME TO \(one.database.name)",
      ])
    #expect(code { try first.createCampaign("second") } == .unavailable)
    #expect(code { _ = try store.lanes() } == .unavailable)
    let theirs = try one.bench(one.open(nil, .existing))
    #expect(try theirs.store.campaigns(after: nil, limit: 9).map(\.name) == ["theirs"])
  }

  @Test(
    arguments: [
      "postgresql://eve:secret@db.example:6000/pay?sslmode=require", "postgres://eve:secret@db.example:6000/pay",
      "postgresql+psycopg2://eve:secret@db.example:6000/pay", "postgresql+psycopg://eve:secret@db.example:6000/pay",
    ])
  func `a store is named as other programs name it, and its password is never shown`(text: String) throws {
    guard case .postgresql(let dsn) = try StoreDSN(text) else {
      Issue.record("another store")
      return
    }
    #expect(dsn.description == "postgresql://eve@db.example:6000/pay")
    var dumped = ""
    dump(try StoreDSN(text), to: &dumped)
    for shown in ["\(dsn)", String(reflecting: dsn), "\(try StoreDSN(text))", dumped] {
      #expect(!shown.contains("secret"), "\(shown)")
    }
  }

  @Test(
    arguments: [
      "postgresql:secret", "postgresql://eve:secret@h", "postgresql://eve:secret@h/",
      "postgresql+asyncpg://eve:secret@h/d",
      "postgresql://eve:secret@[h/d", "postgresql://eve:secret@h/d?what=1", "postgresql://eve:se%cret@h/d",
      "postgresql://eve:secret@h/d\0",
    ])
  func `a name that cannot be understood is refused without being repeated`(text: String) {
    let error = #expect(throws: StoreError.self) { _ = try StoreDSN(text) }
    #expect(error?.code == .badDSN && error?.message.contains("cret") == false)
  }

  @Test func `the text of every step is the text that was released`() {
    let sums = Migration.allOnPostgreSQL.map { Hashing().sha256(Array($0.sql.description.utf8)).description.prefix(10) }
    #expect(
      sums == [
        "0xc934a201", "0x4723da08", "0xc101eb01", "0xa5207583", "0xe998141b", "0x6d2b9955", "0xb5c0f222", "0xb35930f7",
        "0x7c9e54e3", "0xc9931318",
      ])
  }
}
