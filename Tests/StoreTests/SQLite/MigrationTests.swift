import Airdrop
import Chains
import Codecs
import Engine
import Money
import Payouts
import Policy
import SQLite
import TestSupport
import Testing

@testable import Store

@Suite("Migrations")
struct MigrationTests {
  let directory: TestFolder
  let path: String

  init() throws {
    directory = try TestFolder("store")
    path = directory.file("store.db")
  }

  func migrator(_ migrations: [Migration]) throws -> Migrator {
    Migrator(database: Database(try Connection(path: path)), sha256: Hashing(), migrations: migrations)
  }

  /// A database as the release of this version left it.
  func fill(_ version: Int) throws {
    for number in 1...version {
      let step = try migrator(Array(Migration.all.prefix(number)))
      #expect(try step.migrate() == number)
      if let rows = MigrationFixture.rows[number] { try step.database.connection.execute(rows) }
    }
  }

  @Test(arguments: 1...Migration.all.count)
  func `a filled database of every version reaches this one with all its rows`(version: Int) throws {
    try fill(version)
    let store = try SQLiteStore(path: path, mode: .existing, sha256: Hashing())
    #expect(try store.identity().schemaVersion == Migration.all.count)
    #expect(try store.checkInvariants() == [] && store.integrityCheck() == [])
    let campaign = try #require(try store.campaign(named: "Q4"))
    let views = try store.payouts(campaign.id, status: nil, after: nil, limit: 9)
    #expect(views.map(\.status) == [.confirmed, .queued] && views.map(\.units) == [UInt256(2), UInt256(3)])
    #expect(try store.payout(key: "k") == views.first && views.first?.outIndex == 0)
    #expect(try store.payout(key: "u-1-1") == views.last)
    #expect(try store.batches(campaign.id, after: nil, limit: 9).first?.batch.attempts.first?.state == .confirmed)
    #expect(try store.lanes().map(\.nextSlot) == [1])
    #expect(try store.ledgerEntries(after: 0, limit: 9).count == 3 && store.outboxCursor("jsonl") == 1)
    #expect(try store.indexedTransfers("lane/1", after: nil, limit: 9).count == (version >= 2 ? 1 : 0))
    #expect(try store.outbox(after: 0, limit: 9).map(\.epoch) == (version >= 5 ? [1, 3] : [1]))
    #expect(
      try store.deadLetters("redis:airdrop.outbox", settled: false, after: 0, limit: 9).count == (version >= 5 ? 1 : 0))
    #expect(try store.approvalCase(of: campaign.id)?.votes.count == (version >= 6 ? 1 : nil))
    #expect(try store.people().count == (version >= 6 ? 1 : 0))
    // And it goes on: the queued payout can be paid.
    let bench = Bench(OpenStore(store: store, directory: directory))
    bench.now = 10_000
    let lane = try store.acquireLane(
      Bench.chain, .init([0xaa]), holder: "h", session: "s2", leaseMilliseconds: 1_000, signerHighest: 0,
      at: bench.time())
    bench.held = LaneGuard(lane: lane.id, fence: lane.fence, session: "s2", epoch: lane.epoch)
    (bench.nextSlot, bench.sequence) = (lane.nextSlot, lane.nextSequence)
    let intent = bench.intent(campaign, [1])
    let worth = Intent(
      batch: intent.batch, campaign: campaign.id, slot: intent.slot, asset: campaign.asset, runs: intent.runs, count: 1,
      total: UInt256(3), root: .zero, attempt: intent.attempt, halfOf: nil)
    try bench.commit(.intend(worth))
    try bench.expectSound()
  }

  /// Before version 4 keys were placed with their rows: the row that stands has its key.
  @Test(arguments: [true, false])
  func `a load that broke off under an older version is gone on with, or removed`(goesOn: Bool) throws {
    try fill(3)
    try Connection(path: path).execute(
      """
      INSERT INTO loads(no, campaign_no, content_hash, settings, state, first_ordinal, next_ordinal, units)
        VALUES(2, 1, x'0000000000000005000000000000000100000000000000020000000000000003', '{}', 'loading', 2, 3,
        x'0000000000000000000000000000000000000000000000000000000000000008');
      INSERT INTO recipients(id, campaign_no, address, units, payout_key, row_no, load_no, metadata) VALUES(4294967298, 1,
        x'0000000000000000000000000000000000000007',
        x'0000000000000000000000000000000000000000000000000000000000000008', 'n/7', 8, 2, '');
      INSERT INTO payout_keys(key, id) VALUES(x'810490544f959ff078b5a2e5bc12aa0b', 4294967298);
      INSERT INTO payouts(id, campaign_no, status) VALUES(4294967298, 1, 'queued');
      """)
    let store = try SQLiteStore(path: path, mode: .existing, sha256: Hashing())
    let bench = Bench(OpenStore(store: store, directory: directory))
    let campaign = try #require(try store.campaign(named: "Q4"))
    let begun = try store.begin(campaign.id, contentHash: Bench.hash(goesOn ? 5 : 6), settings: "{}")
    #expect(begun.nextOrdinal == (goesOn ? 3 : 2))
    let rest = goesOn ? 8..<10 : 7..<10
    let load = try store.insert(Bench.chunk(rest, keys: "n"), into: begun)
    try store.place(Bench.keys(7..<10, "n", from: 2), of: load)
    try bench.commit(.order(Bench.order(load, campaign, Bench.worth(7..<10))), guarded: false)
    #expect(try (7..<10).map { try store.payout(key: "n/\($0)")?.payout.ordinal } == [2, 3, 4])
    #expect(try store.takenKeys(["k", "n/7", "n/9", "n/10"]) == ["k", "n/7", "n/9"])
  }

  @Test func `a database that is filled by today's program is checked by every step's checks`() throws {
    let store = try SQLiteStore(path: path, sha256: Hashing())
    try Filling.fill(Bench(OpenStore(store: store, directory: directory)))
    let database = Database(try Connection(path: path))
    for check in Migration.all.flatMap(\.after) {
      #expect(try database.first(check.sql) { row throws(StoreError) in try row.text(0) } == nil, "\(check.sentence)")
    }
  }

  @Test(arguments: [true, false])
  func `a step whose check finds something changes nothing`(isBefore: Bool) throws {
    try fill(2)
    let check = Migration.Check(sentence: "there is no campaign", sql: "SELECT 'campaign ' || name FROM campaigns")
    let step = Migration(
      number: 3, reason: "a test", sql: "CREATE TABLE fresh(x INTEGER) STRICT", before: isBefore ? [check] : [],
      after: isBefore ? [] : [check])
    let migrator = try migrator(Array(Migration.all.prefix(2)) + [step])
    let error = #expect(throws: StoreError.self) { try migrator.migrate() }
    #expect(error?.code == .migrationFailed && error?.message.contains("campaign Q4") == true)
    #expect(try migrator.verify() == 2)
    #expect(throws: SQLiteError.self) { try migrator.database.connection.execute("SELECT * FROM fresh") }
  }

  @Test func `a step that fails half way is taken back`() throws {
    try fill(2)
    let step = Migration(
      number: 3, reason: "a test", sql: "CREATE TABLE fresh(x INTEGER) STRICT; INSERT INTO missing VALUES(1)",
      before: [], after: [])
    let migrator = try migrator(Array(Migration.all.prefix(2)) + [step])
    #expect(throws: StoreError.self) { try migrator.migrate() }
    #expect(try migrator.verify() == 2)
    #expect(throws: SQLiteError.self) { try migrator.database.connection.execute("SELECT * FROM fresh") }
  }

  @Test func `numbers run without a gap, and every step says why`() {
    #expect(Migration.all.map(\.number) == Array(1...Migration.all.count))
    #expect(Migration.all.allSatisfy { !$0.reason.isEmpty })
  }

  /// A merged migration is never edited: whoever changes one on purpose before its release changes this too.
  @Test func `the text of every step is the text that was released`() {
    let sums = Migration.all.map { Hashing().sha256(Array($0.sql.description.utf8)).description.prefix(10) }
    #expect(
      sums == [
        "0x7b13cc11", "0xb3026cf9", "0x0b21a09f", "0x5c82dc6f", "0x741f3272", "0x3fba69ed", "0x82a3d771", "0xe20c1076",
        "0x2cad5bff", "0x4f9c7968",
      ])
  }
}
