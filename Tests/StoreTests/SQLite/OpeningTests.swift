import Money
import Codecs
import Engine
import Foundation
import Payouts
import SQLite
import Store
import TestSupport
import Testing

@Suite("Opening a SQLite store")
struct OpeningTests {
  let directory: TestFolder
  let path: String

  init() throws {
    directory = try TestFolder("store")
    path = directory.file("store.db")
  }

  func open(_ mode: SQLiteStore.Mode = .create, busy: Int32 = 5000) throws(StoreError) -> SQLiteStore {
    try SQLiteStore(path: path, mode: mode, busyTimeoutMilliseconds: busy, sha256: Hashing())
  }

  func expect(_ code: StoreError.Code, _ body: () throws -> Void, _ place: SourceLocation = #_sourceLocation) {
    let error = #expect(throws: StoreError.self, sourceLocation: place) { try body() }
    #expect(error?.code == code, "\(error?.message ?? "")", sourceLocation: place)
  }

  @Test func `a new file gets an identity that stays`() throws {
    let first = try open().identity()
    #expect(first.schemaVersion == 10 && first.uuid.split(separator: "-").map(\.count) == [8, 4, 4, 4, 12])
    #expect(try open(.existing).identity() == first)
    let other = try SQLiteStore(path: directory.file("other.db"), sha256: Hashing())
    #expect(try other.identity().uuid != first.uuid)
  }

  @Test func `what was committed is there after the store is gone`() throws {
    var bench: Bench? = Bench(OpenStore(store: try open(), directory: directory))
    let campaign = try #require(try bench?.createCampaign())
    try bench?.load(campaign, 3)
    let before = try #require(try bench?.trace())
    bench = nil
    #expect(try Bench(OpenStore(store: open(.existing), directory: directory)).trace() == before)
  }

  @Test func `what loads leave is sound to SQLite too, parents included`() throws {
    let store = try open()
    let bench = Bench(OpenStore(store: store, directory: directory))
    let campaign = try bench.createCampaign()
    try bench.load(campaign, 300, keys: true)
    try bench.load(campaign, 300, first: 300, keys: true)
    #expect(try store.integrityCheck() == [])
    #expect(try store.payout(key: "Q4/599")?.payout.ordinal == 599)
  }

  @Test func `a missing file or directory is unavailable, and nothing is made`() throws {
    expect(.unavailable) { _ = try open(.existing) }
    expect(.unavailable) { _ = try SQLiteStore(path: directory.file("no/such/store.db"), sha256: Hashing()) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).isEmpty)
  }

  @Test func `text is not a database, and another program's database is not ours`() throws {
    try Data(repeating: 0x41, count: 8192).write(to: URL(filePath: path))
    expect(.notADatabase) { _ = try open() }
    try FileManager.default.removeItem(atPath: path)
    try Connection(path: path).execute("CREATE TABLE theirs(x); INSERT INTO theirs VALUES(1)")
    expect(.notADatabase) { _ = try open() }
    // It is as it was.
    var tables = try Connection(path: path).prepare("SELECT count(*) FROM sqlite_schema")
    #expect(try tables.step() && tables.int64(0) == 1)
  }

  @Test func `a database of a later release is refused`() throws {
    _ = try open()
    try Connection(path: path).execute(
      "INSERT INTO schema_migrations SELECT max(number) + 1, 'later', zeroblob(32), 0 FROM schema_migrations")
    expect(.newerVersion) { _ = try open() }
  }

  @Test func `a migration that was changed afterwards is found`() throws {
    _ = try open()
    try Connection(path: path).execute("UPDATE schema_migrations SET checksum = zeroblob(32) WHERE number = 2")
    expect(.migrationFailed) { _ = try open() }
  }

  @Test func `a damaged file is corrupt`() throws {
    let bench = Bench(OpenStore(store: try open(), directory: directory))
    let campaign = try bench.createCampaign()
    try bench.load(campaign, 20_000)
    try Connection(path: path).checkpoint(.truncate)
    let handle = try FileHandle(forUpdating: URL(filePath: path))
    let size = try handle.seekToEnd()
    // Every page but those that opening reads.
    for page in stride(from: UInt64(0), to: size, by: 8192).dropFirst(100) {
      try handle.seek(toOffset: page)
      try handle.write(contentsOf: Data(repeating: 0xff, count: 64))
    }
    try handle.close()
    expect(.corrupt) {
      let damaged = try open(.existing)
      _ = try damaged.payouts(campaign.id, status: nil, after: nil, limit: 5_000)
    }
    #expect(try !open(.existing).integrityCheck().isEmpty)
  }

  @Test func `a read-only store reads and refuses to write`() throws {
    _ = try Bench(OpenStore(store: open(), directory: directory)).createCampaign()
    let store = try open(.readOnly)
    let bench = Bench(OpenStore(store: store, directory: directory))
    #expect(try store.campaign(named: "Q4") != nil)
    expect(.readOnly) { try bench.createCampaign("second") }
    expect(.readOnly) { try bench.acquire() }
    expect(.readOnly) { try store.raiseEpoch(reason: "", actor: "", at: bench.time()) }
  }

  @Test func `a read-only store needs this version`() throws {
    try Connection(path: path).execute(
      "PRAGMA application_id = 1097624943; CREATE TABLE schema_migrations(number, checksum)")
    expect(.migrationFailed) { _ = try open(.readOnly) }
  }

  @Test func `another process that writes is waited for, then the store is busy`() throws {
    let store = try open(busy: 20)
    let bench = Bench(OpenStore(store: store, directory: directory))
    _ = try bench.createCampaign("first")
    let other = try Connection(path: path)
    try other.execute("BEGIN IMMEDIATE; UPDATE campaigns SET reason = 'x'")
    expect(.busy) { try bench.createCampaign("second") }
    // Readers see what is committed.
    #expect(try store.campaign(named: "first")?.reason == nil)
    try other.execute("COMMIT")
    try bench.createCampaign("second")
    #expect(try store.campaign(named: "first")?.reason == "x")
  }

  @Test func `two stores on one file share lanes and see each other's commits`() throws {
    let (one, two) = (try open(), try open(.existing))
    let first = Bench(OpenStore(store: one, directory: directory))
    let second = Bench(OpenStore(store: two, directory: directory))
    let campaign = try first.createCampaign()
    try first.load(campaign, 4)
    try second.change(campaign, .running)
    try first.acquire("s1")
    expect(.busy) { try second.acquire("s2") }
    try first.commit(.intend(first.intent(campaign, [0])))
    try one.releaseLane(#require(first.held))
    try second.acquire("s2")
    try second.commit(.intend(second.intent(campaign, [1])))
    expect(.staleFence) { try first.commit(.intend(first.intent(campaign, [2]))) }
    #expect(try one.tally(campaign.id)[.submitted].count == 2)
    try second.expectSound()
  }

  @Test func `an exclusive store keeps the file to itself`() throws {
    let store = try SQLiteStore(path: path, exclusive: true, sha256: Hashing())
    let bench = Bench(OpenStore(store: store, directory: directory))
    let campaign = try bench.createCampaign()
    try bench.load(campaign, 3)
    #expect(try store.payouts(campaign.id, status: nil, after: nil, limit: 9).count == 3)
    expect(.busy) { _ = try open(.existing, busy: 10) }
  }

  @Test func `a copy holds everything, and never overwrites`() throws {
    let bench = Bench(OpenStore(store: try open(), directory: directory))
    let store = try #require(bench.store as? SQLiteStore)
    let campaign = try bench.createCampaign()
    try bench.load(campaign, 30)
    try store.backup(to: directory.file("copy.db"))
    let copy = try SQLiteStore(path: directory.file("copy.db"), mode: .existing, sha256: Hashing())
    #expect(try Bench(OpenStore(store: copy, directory: directory)).trace() == bench.trace())
    #expect(try copy.identity() == store.identity() && copy.integrityCheck().isEmpty)
    expect(.unavailable) { try store.backup(to: directory.file("copy.db")) }
  }

  @Test(arguments: ["", "sqlite:", "sqlite::memory:", "store.db", "SQLITE:x", "sqlite:a\0b"])
  func `a store is named by sqlite: and a path`(text: String) throws {
    #expect(try StoreDSN("sqlite:/var/lib/a b.db") == .sqlite(path: "/var/lib/a b.db"))
    #expect(try StoreDSN("sqlite:relative.db") == .sqlite(path: "relative.db"))
    expect(.badDSN) { _ = try StoreDSN(text) }
  }
}
