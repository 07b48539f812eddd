import Codecs
import Foundation
import Money
import PostgreSQL
import TestSupport
import Testing

/// The same program on a PostgreSQL server.
@Suite("The main job on PostgreSQL", .serialized)
struct PostgreSQLJobTests {
  static let world = Result { try ChainWorld(seed: "postgresql") }
  private var world: ChainWorld { get throws { try Self.world.get() } }

  private func natives(_ people: [Int]) throws -> [UInt256] {
    try people.map { try world.nativeBalance(Recipient.address($0)) }
  }

  @Test func `every command does on PostgreSQL what it does on SQLite`() throws {
    let world = try world
    let database = try PostgreSQLDatabase()
    let desk = try world.desk(2, store: database.uri.replacing("postgresql://", with: "postgresql+psycopg2://"))
    let people = Array(100..<112)
    try desk.campaign("Q4", token: nil, people)
    for command in [
      "quote --campaign Q4", "run --campaign Q4 --dry-run", "campaigns list",
      "recipients ingest --campaign Q4 --file Q4.csv",
      "run --campaign Q4 --max-batch 5 --yes", "run --campaign Q4 --yes",
      "payouts status --payout-id \(Recipient.id(100))",
      "payouts list --campaign Q4", "reconcile --campaign Q4 --from-block 0", "report --campaign Q4 --html q4.html",
      "audit seal", "audit verify", "store check", "lanes list", "export --dataset payouts --format jsonl",
      "export --dataset ledger --format csv", "export --dataset audit --format jsonl",
    ] {
      let words = command.split(separator: " ").map(String.init)
      let ended = try desk.run(["airdrop"] + words)
      #expect(ended.status == 0, "\(command): \(ended.out)\(ended.error)")
    }
    #expect(try desk.counts("Q4") == ["confirmed": 12])
    #expect(try natives(people) == Recipient.expected(people))
    #expect(try desk.scratch.read("q4.html").contains("Q4"))
    #expect(try desk.scratch.read("events.jsonl").contains("payout.confirmed"))
    // Users' own SQL.
    let raw = try Connection(ConnectionSettings(uri: database.uri))
    #expect(
      try raw.run("SELECT count(*) FROM user_payouts WHERE status = 'confirmed' AND tx_hash LIKE '0x%'").int64(0, 0)
        == 12)
  }

  @Test func `cancel, pause and a failed payout's compensation work there too`() throws {
    let database = try PostgreSQLDatabase()
    let desk = try world.desk(3, store: database.uri)
    try desk.campaign("Stop", token: nil, Array(200..<206))
    try desk("campaigns", "cancel", "--campaign", "Stop", "--yes").succeeded()
    #expect(try desk.status("Stop") == "canceled")
    try desk("run", "--campaign", "Stop", "--yes", "--give-up-after", "10")
    #expect(try desk.counts("Stop") == ["failed": 6])
    try desk.run(["store", "check"]).succeeded()
  }

  @Test func `two runs at once on one database pay everybody once`() throws {
    let database = try PostgreSQLDatabase()
    let desk = try world.desk(4, store: database.uri)
    let people = Array(300..<312)
    try desk.campaign("Twice", token: nil, people)
    let runs = try (0..<2).map { _ in
      try desk.begin(
        "run", "--campaign", "Twice", "--max-batch", "2", "--concurrency", "3", "--yes", "--json", "--give-up-after",
        "40")
    }
    let ended = try runs.map { try $0.finish() }
    #expect(ended.allSatisfy { [0, 75].contains($0.status) }, "\(ended.map(\.status)) \(ended.map(\.out))")
    #expect(ended.contains { $0.status == 0 })
    #expect(try natives(people) == Recipient.expected(people))
    #expect(try desk.run(["store", "check"]).status == 0)
  }

  @Test func `a run that is killed leaves its lane to the next one at once`() throws {
    let database = try PostgreSQLDatabase()
    let desk = try world.desk(5, store: database.uri)
    let people = Array(400..<420)
    try desk.campaign("Killed", token: nil, people)
    try world.stall(true)
    defer { try? world.stall(false) }
    let first = try desk.begin("run", "--campaign", "Killed", "--max-batch", "2", "--yes", "--json")
    try first.wait { $0.out.contains("\"event\":\"sent\"") }
    first.send(SIGKILL)
    _ = try first.finish(killing: true)
    try world.stall(false)
    let start = Date()
    try desk("run", "--campaign", "Killed", "--yes").succeeded()
    #expect(Date().timeIntervalSince(start) < 25, "the lease of a dead process was waited for")
    #expect(try natives(people) == Recipient.expected(people))
    #expect(try desk.run(["store", "check"]).status == 0)
  }

  @Test func `a restored dump pays nobody twice: its lanes drain until the signer's log was asked`() throws {
    let (database, other) = (try PostgreSQLDatabase(), try PostgreSQLDatabase())
    let desk = try world.desk(6, store: database.uri)
    let (first, second) = (Array(500..<504), Array(510..<514))
    try desk.campaign("Before", token: nil, first)
    try desk.campaign("After", token: nil, second)
    try desk("run", "--campaign", "Before", "--yes").succeeded()
    let dump = desk.scratch("desk.dump")
    try database.server.run("pg_dump", ["-Fc", "-f", dump, database.name])
    try desk("run", "--campaign", "After", "--yes").succeeded()
    // The database is lost; the signer's log is elsewhere.
    try database.server.run("pg_restore", ["-d", other.name, dump])
    let restored = ["AM_DB_DSN": other.uri]
    let spent = try world.nonce(6)
    let drained = try desk("run", "--campaign", "After", "--yes", "--give-up-after", "5", environment: restored)
    #expect(drained.code == "lane.draining", "\(drained.out)\(drained.error)")
    #expect(try world.nonce(6) == spent)
    let adopted = try desk.run(["lanes", "adopt", "--json"], environment: restored).succeeded()
    #expect(try adopted.events(named: "adopted").first?["batches"]?.uint64 == 1)
    try desk.run(["lanes", "reopen", "--yes"], environment: restored).succeeded()
    try desk("run", "--campaign", "After", "--yes", environment: restored).succeeded()
    #expect(try world.nonce(6) == spent)
    #expect(try natives(first + second) == Recipient.expected(first + second))
    let check = try desk.run(["store", "check", "--json"], environment: restored).succeeded()
    #expect(try check.events.first?["epoch"]?.uint64 == 2)
  }
}
