import Foundation
import PostgreSQL
import TestSupport
import Testing

@Suite("PostgreSQL sessions")
struct PostgreSQLSessionTests {
  @Test func `a server is named by a URI, and printing one shows no password`() throws {
    let settings = try ConnectionSettings(
      uri: "postgresql://eve:s%40cret@db.example:6000,[::1]:6001/pay?sslmode=verify-full&sslpassword=hidden")
    #expect(settings["user"] == "eve" && settings["password"] == "s@cret" && settings["dbname"] == "pay")
    #expect(
      settings["host"] == "db.example,::1" && settings["port"] == "6000,6001" && settings["sslmode"] == "verify-full")
    #expect(settings.description == "postgresql://eve@db.example:6000,::1:6001/pay")
    var dumped = ""
    dump(settings, to: &dumped)
    for text in [settings.description, settings.debugDescription, "\(settings)", String(reflecting: settings), dumped] {
      #expect(!text.contains("cret") && !text.contains("hidden"), "\(text)")
    }
    #expect(try ConnectionSettings(uri: "postgres://").description == "postgresql:///")
  }

  @Test(
    arguments: [
      "", "postgresql:", "sqlite:x", "host=a password=secret", "postgresql://u:secret@h:p%zz/d",
      "postgresql://u:secret@[::1/d", "postgresql://u:secret@h/d?nonsense=1", "postgresql://u:secret@h/d\0x",
      "POSTGRESQL://h/d",
    ])
  func `a text that names no server is refused without being repeated`(uri: String) {
    let error = #expect(throws: PostgreSQLError.self) { _ = try ConnectionSettings(uri: uri) }
    #expect(error?.code == .badSettings && error?.message.contains("secret") == false)
  }

  @Test func `a port where nobody listens, a base that is not there and a wrong password are told`() throws {
    let bench = try PostgreSQLBench()
    let server = bench.database.server
    func attempt(_ uri: String) -> PostgreSQLError? {
      do throws(PostgreSQLError) { _ = try Connection(ConnectionSettings(uri: uri)) } catch { return error }
      return nil
    }
    #expect(attempt("postgresql://almoner@127.0.0.1:1/x")?.code == .cannotConnect)
    #expect(attempt(server.uri("missing"))?.message.contains("does not exist") == true)
    try bench.db.execute(
      "DO $$ BEGIN CREATE ROLE guarded LOGIN PASSWORD 'right'; EXCEPTION WHEN duplicate_object THEN END $$")
    let (place, name) = ("127.0.0.1:\(server.port)", bench.database.name)
    #expect(attempt("postgresql://guarded:right@\(place)/\(name)") == nil)
    let wrong = attempt("postgresql://guarded:wrong@\(place)/\(name)")
    #expect(wrong?.code == .cannotConnect && wrong?.message.contains("password authentication failed") == true)
    #expect(wrong?.message.contains("wrong") == false)
  }

  @Test func `a peer that listens and says nothing is not waited for for ever`() throws {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(listener) }
    #expect(listen(listener, 1) == 0)
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let found = unsafe withUnsafeMutablePointer(to: &address) { address in
      unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe getsockname(listener, $0, &length) }
    }
    #expect(found == 0)
    let start = Date()
    #expect(
      postgreSQLCode {
        _ = try Connection(
          ConnectionSettings(uri: "postgresql://a@127.0.0.1:\(UInt16(bigEndian: address.sin_port))/x"),
          connectSeconds: 2)
      } == .cannotConnect)
    #expect(Date().timeIntervalSince(start) < 10)
  }

  @Test func `TLS is used when it is asked for, and the name of the server is checked`() throws {
    let bench = try PostgreSQLBench()
    let server = bench.database.server
    func open(_ host: String, _ rest: String) throws -> Connection {
      try Connection(
        ConnectionSettings(uri: "postgresql://almoner@\(host):\(server.port)/\(bench.database.name)?\(rest)"))
    }
    #expect(try !open("127.0.0.1", "sslmode=disable").isEncrypted)
    let trusted = "sslmode=verify-full&sslrootcert=\(server.certificateFile)"
    let db = try open("localhost", trusted)
    #expect(db.isEncrypted)
    // Answers that span many records of TLS arrive whole.
    for _ in 0..<20 {
      #expect(try db.run("SELECT repeat('x', 1000000)").text(0, 0).utf8.count == 1_000_000)
      #expect(try db.run("SELECT * FROM generate_series(1, 20000)").count == 20_000)
    }
    #expect(postgreSQLCode { _ = try open("localhost", "sslmode=verify-full&sslrootcert=/dev/null") } == .cannotConnect)
  }

  @Test func `notifications arrive, in order, and waiting for none ends`() throws {
    let bench = try PostgreSQLBench()
    let other = try bench.another()
    try bench.db.run("LISTEN work")
    #expect(try bench.db.notification(waitingMilliseconds: 0) == nil)
    try other.run([
      Request("BEGIN"), Request("SELECT pg_notify('work', '1')"), Request("SELECT pg_notify('work', '2')"),
    ])
    #expect(try bench.db.notification(waitingMilliseconds: 50) == nil)
    try other.run("COMMIT")
    let first = try #require(try bench.db.notification(waitingMilliseconds: 5_000))
    #expect(first.channel == "work" && first.payload == "1" && first.sender == other.backendPID)
    #expect(try bench.db.notification(waitingMilliseconds: 5_000)?.payload == "2")
    #expect(try bench.db.notification(waitingMilliseconds: 20) == nil)
    try other.run("SELECT pg_terminate_backend($1::int8::int4)", Arguments(Int64(bench.db.backendPID)))
    #expect(postgreSQLCode { _ = try bench.db.notification(waitingMilliseconds: 5_000) } == .connectionLost)
  }
}
