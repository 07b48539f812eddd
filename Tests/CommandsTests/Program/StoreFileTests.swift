import Codecs
import Foundation
import SQLite
import Testing

@Suite("Stores that cannot be used, with the real binary")
struct StoreFileTests {
  private func desk() throws -> Desk {
    let desk = try Desk()
    try desk("campaigns", "create", "--name", "Q4", "--chain", "evm").succeeded()
    return desk
  }

  private func expect(
    _ desk: Desk, _ line: [String], _ code: String, _ exit: Int32, _ location: SourceLocation = #_sourceLocation
  ) throws {
    let run = try desk.run(line)
    #expect(run.code == code, "\(run.error)", sourceLocation: location)
    #expect(run.status == exit, sourceLocation: location)
    let json = try desk.run(line + ["--json"])
    #expect(json.code == code && json.status == exit, sourceLocation: location)
    #expect(json.out.split(separator: "\n").count == 1, sourceLocation: location)
  }

  @Test func `no store, no folder for one, and a folder in its place`() throws {
    let desk = try Desk()
    try expect(desk, ["airdrop", "campaigns", "list"], "store.unavailable", 69)
    #expect(try desk.scratch.names.isEmpty)
    let away = "sqlite:" + desk.scratch("away/desk.db")
    try expect(desk, ["--dsn", away, "airdrop", "campaigns", "list"], "store.unavailable", 69)
    try expect(
      desk, ["airdrop", "campaigns", "create", "--name", "Q4", "--chain", "evm", "--dsn", away], "store.unavailable", 69
    )
    try FileManager.default.createDirectory(atPath: desk.scratch("desk.db"), withIntermediateDirectories: false)
    try expect(desk, ["airdrop", "campaigns", "list"], "store.unavailable", 69)
    try expect(desk, ["airdrop", "campaigns", "create", "--name", "Q4", "--chain", "evm"], "store.unavailable", 69)
  }

  @Test(arguments: [
    "postgresql://localhost", "postgresql+asyncpg://u@h/d", "redis://h", "sqlite:", "desk.db?x=1",
  ])
  func `a DSN of another kind is refused as settings`(dsn: String) throws {
    let run = try Desk().run(["airdrop", "campaigns", "list", "--dsn", dsn])
    #expect(run.status == 78)
    #expect(run.code == "store.bad_dsn")
  }

  @Test func `a file that is something else, and a database of another program`() throws {
    let desk = try Desk()
    try desk.scratch.write(String(repeating: "not a database at all\n", count: 500), to: "desk.db")
    try expect(desk, ["airdrop", "campaigns", "list"], "store.not_a_database", 74)
    try FileManager.default.removeItem(atPath: desk.scratch("desk.db"))
    do {
      let other = try Connection(path: desk.scratch("desk.db"))
      try other.execute("CREATE TABLE recipes(name TEXT)")
    }
    let before = try Data(contentsOf: URL(filePath: desk.scratch("desk.db")))
    try expect(desk, ["airdrop", "campaigns", "list"], "store.not_a_database", 74)
    try expect(
      desk, ["airdrop", "campaigns", "create", "--name", "Q4", "--chain", "evm"], "store.not_a_database", 74)
    #expect(try Data(contentsOf: URL(filePath: desk.scratch("desk.db"))) == before)
  }

  @Test func `a database of a newer version is not touched`() throws {
    let desk = try desk()
    do {
      let store = try Connection(path: desk.scratch("desk.db"))
      try store.execute(
        "INSERT INTO schema_migrations(number, reason, checksum, applied_at) VALUES(999, 'later', zeroblob(32), 0)")
    }
    try expect(desk, ["airdrop", "campaigns", "list"], "store.newer_version", 78)
    try expect(desk, ["airdrop", "run", "--campaign", "Q4", "--yes"], "store.newer_version", 78)
  }

  @Test func `a file cut short is damaged, and said to be`() throws {
    let desk = try desk()
    let path = try desk.scratch.write(Recipient.file(Array(1...2_000)), to: "in.csv")
    try desk("recipients", "ingest", "--campaign", "Q4", "--file", path).succeeded()
    do {
      let store = try Connection(path: desk.scratch("desk.db"))
      _ = try store.checkpoint(.truncate)
    }
    let size = try #require(try FileManager.default.attributesOfItem(atPath: desk.scratch("desk.db"))[.size] as? UInt64)
    let file = try FileHandle(forUpdating: URL(filePath: desk.scratch("desk.db")))
    try file.truncate(atOffset: size / 2)
    try file.close()
    try expect(desk, ["export", "--dataset", "payouts"], "store.corrupt", 74)
  }

  @Test func `a folder that may not be written gives a typed refusal, and loses nothing`() throws {
    let desk = try desk()
    let path = try desk.scratch.write(Recipient.file([1, 2]), to: "in.csv")
    func files() throws -> [String] { try desk.scratch.names.filter { !$0.hasSuffix("-wal") && !$0.hasSuffix("-shm") } }
    let names = try files()
    let reader = try Reader(desk)
    defer { reader.restore() }
    let create = try reader.run(["airdrop", "campaigns", "create", "--name", "Q5", "--chain", "evm"])
    #expect(create.status == 74 || create.status == 69)
    #expect(create.code == "store.read_only" || create.code == "store.unavailable")
    let ingest = try reader.run(["airdrop", "recipients", "ingest", "--campaign", "Q4", "--file", path])
    #expect(ingest.code == "store.read_only" || ingest.code == "store.unavailable", "\(ingest.error)")
    reader.restore()
    #expect(try files() == names)
    #expect(try desk.run(["store", "check"]).status == 0)
    #expect(try desk.counts("Q4").isEmpty)
  }

  /// Runs the program as somebody who may read the desk's folder and not write it.
  private struct Reader {
    let desk: Desk
    let program: String

    init(_ desk: Desk) throws {
      self.desk = desk
      program = desk.scratch.path + "-almoner"
      // Root may write everything, so it becomes nobody; the build folder may be closed to nobody.
      try FileManager.default.copyItem(atPath: Program.path, toPath: program)
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
      for name in try desk.scratch.names {
        try FileManager.default.setAttributes([.posixPermissions: 0o444], ofItemAtPath: desk.scratch(name))
      }
      try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: desk.scratch.path)
    }

    func run(_ line: [String]) throws -> Program.Ended {
      guard geteuid() == 0 else { return try Program.run(line, path: program, environment: desk.environment) }
      return try Program.run(
        ["--reuid", "65534", "--regid", "65534", "--clear-groups", program] + line, path: "/usr/bin/setpriv",
        environment: desk.environment)
    }

    func restore() {
      try? FileManager.default.removeItem(atPath: program)
      try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: desk.scratch.path)
      for name in (try? desk.scratch.names) ?? [] {
        try? FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: desk.scratch(name))
      }
    }
  }

  /// `blocks`: the largest file the program may write, in KiB.
  private func limited(_ desk: Desk, blocks: Int, _ line: [String]) throws -> Program.Ended {
    try Program.run(
      ["-c", "ulimit -f \(blocks); exec \"$0\" \"$@\"", Program.path] + line, path: "/bin/bash",
      environment: desk.environment, folder: desk.scratch.path)
  }

  @Test(arguments: [64, 800, 2_400])
  func `a full disk stops a load with its code, leaves nothing half-loaded, and room mends it`(blocks: Int) throws {
    let desk = try desk()
    let count = 20_000
    let path = try desk.scratch.write(Recipient.file(Array(1...count)), to: "in.csv")
    let line = ["airdrop", "recipients", "ingest", "--campaign", "Q4", "--file", path]
    let full = try limited(desk, blocks: blocks, line)
    #expect(full.code == "store.full" || full.code == "ingest.spill_full", "\(full.error)")
    #expect(full.status == 74)
    // Nothing of an unfinished load may be paid: no row counts, and no run starts.
    #expect(try desk.counts("Q4").isEmpty)
    #expect(try desk.run(["store", "check"]).status == 0)
    let again = try desk.run(line + ["--json"]).succeeded()
    #expect(try again.events(named: "ingested").last?["accepted"]?.uint64 == UInt64(count))
    #expect(try desk.counts("Q4") == ["queued": count])
    #expect(try desk.run(["store", "check"]).status == 0)
  }

  @Test func `a store cannot be made on a full disk, and can when there is room`() throws {
    let desk = try Desk()
    let line = ["airdrop", "campaigns", "create", "--name", "Q4", "--chain", "evm"]
    let full = try limited(desk, blocks: 8, line)
    #expect(full.code == "store.full", "\(full.error)")
    #expect(full.status == 74)
    try desk.run(line).succeeded()
    #expect(try desk.run(["store", "check"]).status == 0)
  }
}
