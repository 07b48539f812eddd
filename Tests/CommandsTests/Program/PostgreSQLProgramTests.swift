import Codecs
import Foundation
import PostgreSQL
import TestSupport
import Testing

@Suite("PostgreSQL stores that cannot be used, with the real binary")
struct PostgreSQLProgramTests {
  private func expect(
    _ desk: Desk, _ line: [String], _ code: String, _ exit: Int32, _ location: SourceLocation = #_sourceLocation
  ) throws {
    let run = try desk.run(line)
    #expect(run.code == code, "\(run.error)", sourceLocation: location)
    #expect(run.status == exit, sourceLocation: location)
    let json = try desk.run(line + ["--json"])
    #expect(json.code == code && json.status == exit, sourceLocation: location)
    for text in [run.out, run.error, json.out, json.error] {
      #expect(!text.contains("hunter2"), sourceLocation: location)
    }
  }

  @Test func `a server that is away, a base that is not there, a wrong password and another program's tables`() throws {
    try expect(
      try Desk(store: "postgresql://u:hunter2@127.0.0.1:1/x"), ["airdrop", "campaigns", "list"], "store.unavailable", 69
    )
    let database = try PostgreSQLDatabase()
    let server = database.server
    try expect(try Desk(store: server.uri("missing")), ["airdrop", "campaigns", "list"], "store.unavailable", 69)
    try expect(try Desk(store: database.uri), ["airdrop", "campaigns", "list"], "store.unavailable", 69)
    let raw = try Connection(ConnectionSettings(uri: database.uri))
    try raw.execute(
      "CREATE TABLE recipes(name text); DO $$ BEGIN CREATE ROLE guarded LOGIN PASSWORD 'right'; EXCEPTION WHEN duplicate_object THEN END $$"
    )
    try expect(
      try Desk(store: "postgresql://guarded:hunter2@127.0.0.1:\(server.port)/\(database.name)"),
      ["airdrop", "campaigns", "list"], "store.unavailable", 69)
    try expect(try Desk(store: database.uri), ["airdrop", "campaigns", "list"], "store.not_a_database", 74)
    try expect(
      try Desk(store: database.uri), ["airdrop", "campaigns", "create", "--name", "Q4", "--chain", "evm"],
      "store.not_a_database", 74)
  }

  @Test func `what a file does and a server does not is refused with what to do instead`() throws {
    let database = try PostgreSQLDatabase()
    let desk = try Desk(store: database.uri)
    try desk("campaigns", "create", "--name", "Q4", "--chain", "evm").succeeded()
    let export = ["airdrop", "snapshot", "export", "--campaign", "Q4", "--file", "x"]
    try expect(desk, export, "config.not_supported", 78)
    #expect(try desk.run(export).error.contains("pg_dump"))
    try desk.scratch.write("x", to: "x")
    let restore = ["airdrop", "snapshot", "restore", "--file", "x", "--yes"]
    try expect(desk, restore, "config.not_supported", 78)
    #expect(try desk.run(restore).error.contains("pg_restore"))
    // Nothing lies beside a server: a signing log in whatever folder is current would be another one tomorrow.
    let bare = ["AM_SIGNING_LOG": "", "AM_CHECKPOINT_KEY": ""]
    let adopt = try desk.run(["lanes", "adopt"], environment: bare)
    #expect(adopt.code == "config.missing" && adopt.error.contains("AM_SIGNING_LOG"), "\(adopt.error)")
    #expect(try desk.run(["audit", "seal"], environment: bare).code == "config.missing")
    // The store itself needs neither.
    try desk.run(["store", "check"], environment: bare).succeeded()
    _ = database
  }

  @Test func `settings are explained without the password`() throws {
    let desk = try Desk(store: "postgresql://eve:hunter2@db.example:6000/pay?sslmode=verify-full")
    for line in [["config", "check"], ["config", "check", "--json"]] {
      let shown = try desk.run(line)
      #expect(shown.out.contains("postgresql://eve@db.example:6000/pay") && !shown.out.contains("hunter2"))
      #expect(!shown.error.contains("hunter2"))
    }
    let wrong = try desk.run(["config", "check"], environment: ["AM_DB_DSN": "postgresql://eve:hunter2@[x/pay"])
    #expect(wrong.out.contains("store.bad_dsn") && !wrong.out.contains("hunter2"))
  }

  @Test func `a load that is killed goes on where it stopped`() throws {
    let database = try PostgreSQLDatabase()
    let desk = try Desk(store: database.uri)
    try desk("campaigns", "create", "--name", "Q4", "--chain", "evm").succeeded()
    let count = 120_000
    let path = try desk.scratch.write(Recipient.file(Array(1...count)), to: "in.csv")
    let line = ["recipients", "ingest", "--campaign", "Q4", "--file", path]
    let raw = try Connection(ConnectionSettings(uri: database.uri))
    let first = try Program.Running(["airdrop"] + line, environment: desk.environment, folder: desk.scratch.path)
    try first.wait { _ in try raw.run("SELECT count(*) FROM loads WHERE next_ordinal > 0").int64(0, 0) > 0 }
    first.send(SIGKILL)
    _ = try first.finish(killing: true)
    let again = try desk.run(["airdrop"] + line + ["--json"]).succeeded()
    let event = try #require(try again.events(named: "ingested").last)
    #expect(event["accepted"]?.uint64 == UInt64(count))
    #expect(try desk.counts("Q4") == ["queued": count])
    #expect(try desk.run(["store", "check"]).status == 0)
    try desk.run(["airdrop"] + line).succeeded()
    #expect(try desk.counts("Q4") == ["queued": count])
  }
}
