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

  @Test func `a store that moves to a server in the middle of a run, and back, pays everybody once`() throws {
    let database = try PostgreSQLDatabase()
    let desk = try world.desk(7)
    let (first, second) = (Array(600..<620), Array(630..<640))
    try desk.campaign("Moved", token: nil, first)
    try desk.campaign("Back", token: nil, second)
    try stopInFlight(desk, "Moved")
    let file = "sqlite:" + desk.scratch("desk.db")
    let copied = try desk.run(["store", "copy", "--from", file, "--to", database.uri, "--yes", "--json"]).succeeded()
    let tables = try copied.events(named: "table")
    #expect(tables.first { $0["table"] == "recipients" }?["rows"]?.uint64 == 30)
    #expect(tables.allSatisfy { $0["sha256"]?.string?.count == 66 })
    #expect(try copied.events.last?["epoch"]?.uint64 == 2)
    // The signer's log stays where it is: it is the witness.
    let beside = [
      "AM_SIGNING_LOG": desk.scratch("desk.db.signer.db"), "AM_CHECKPOINT_KEY": desk.scratch("desk.db.seal"),
      "AM_JSONL_PATH": desk.scratch("events.jsonl"),
    ]
    let server = beside.merging(["AM_DB_DSN": database.uri]) { $1 }
    try finish(desk, "Moved", server, epoch: 2)
    #expect(try natives(first) == Recipient.expected(first))
    try stopInFlight(desk, "Back", server)
    let back = "sqlite:" + desk.scratch("back.db")
    try desk.run(["store", "copy", "--from", database.uri, "--to", back, "--yes"]).succeeded()
    let home = beside.merging(["AM_DB_DSN": back]) { $1 }
    try finish(desk, "Back", home, epoch: 3)
    #expect(try natives(first + second) == Recipient.expected(first + second))
    #expect(try desk.run(["audit", "verify"], environment: home).status == 0)
  }

  /// Starts a run and stops it while transactions are on their way.
  private func stopInFlight(_ desk: Desk, _ campaign: String, _ environment: [String: String] = [:]) throws {
    try world.stall(true)
    defer { try? world.stall(false) }
    let run = try desk.begin(
      "run", "--campaign", campaign, "--max-batch", "2", "--concurrency", "3", "--yes", "--json",
      environment: environment)
    try run.wait { $0.out.contains("\"event\":\"sent\"") }
    run.send(SIGTERM)
    _ = try run.finish(seconds: 20)
  }

  /// A copy plans nothing until its lanes were adopted and reopened; then it pays the rest.
  private func finish(_ desk: Desk, _ campaign: String, _ environment: [String: String], epoch: UInt64) throws {
    let drained = try desk(
      "run", "--campaign", campaign, "--yes", "--give-up-after", "5", environment: environment)
    #expect(drained.code == "lane.draining", "\(drained.out)\(drained.error)")
    try desk.run(["lanes", "adopt"], environment: environment).succeeded()
    try desk.run(["lanes", "reopen", "--yes"], environment: environment).succeeded()
    try desk("run", "--campaign", campaign, "--yes", environment: environment).succeeded()
    try desk("reconcile", "--campaign", campaign, "--from-block", "0", environment: environment).succeeded()
    let check = try desk.run(["store", "check", "--json"], environment: environment).succeeded()
    #expect(try check.events.first?["epoch"]?.uint64 == epoch)
  }

  @Test func `a copy that is killed is refused by every command, and starts over in a new place`() throws {
    let (database, other) = (try PostgreSQLDatabase(), try PostgreSQLDatabase())
    let desk = try Desk()
    try desk("campaigns", "create", "--name", "Q4", "--chain", "evm").succeeded()
    let path = try desk.scratch.write(Recipient.file(Array(1...60_000)), to: "in.csv")
    try desk("recipients", "ingest", "--campaign", "Q4", "--file", path).succeeded()
    let from = "sqlite:" + desk.scratch("desk.db")
    func copy(_ to: String) -> [String] { ["store", "copy", "--from", from, "--to", to, "--yes"] }
    let first = try Program.Running(copy(database.uri), environment: desk.environment, folder: desk.scratch.path)
    let raw = try Connection(ConnectionSettings(uri: database.uri))
    try first.wait { _ in
      try raw.run("SELECT count(*) FROM pg_class WHERE relname = 'unfinished_copy'").int64(0, 0) == 1
        && raw.run("SELECT count(*) FROM pg_class WHERE relname = 'dead_letters'").int64(0, 0) == 1
        && raw.run("SELECT count(*) FROM campaigns").int64(0, 0) == 1
    }
    first.send(SIGKILL)
    _ = try first.finish(killing: true)
    for line in [
      copy(database.uri), ["store", "check", "--dsn", database.uri], ["lanes", "list", "--dsn", database.uri],
    ] {
      let refused = try desk.run(line)
      #expect(refused.code == "store.unfinished_copy" && refused.status == 77, "\(refused.error)")
    }
    try desk.run(copy(other.uri)).succeeded()
    #expect(try desk.run(["store", "check", "--dsn", other.uri]).status == 0)
    let again = try desk.run(copy(other.uri))
    #expect(again.code == "store.not_empty" && again.status == 77, "\(again.error)")
  }
}
