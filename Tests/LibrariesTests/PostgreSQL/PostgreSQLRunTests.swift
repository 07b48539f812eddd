import Foundation
import PostgreSQL
import TestSupport
import Testing

@Suite("PostgreSQL statements")
struct PostgreSQLRunTests {
  let bench: PostgreSQLBench
  var db: Connection { bench.db }

  init() throws {
    bench = try PostgreSQLBench()
    try bench.db.execute(
      """
      CREATE TABLE t(a int8 PRIMARY KEY, b text NOT NULL DEFAULT '', CONSTRAINT small CHECK(a < 100));
      CREATE TABLE c(a int8 REFERENCES t(a));
      """)
  }

  private func rows() throws -> [Int64] {
    let rows = try db.run("SELECT a FROM t ORDER BY a")
    return try (0..<rows.count).map { row in try rows.int64(row, 0) }
  }

  @Test func `statements of one round trip are run in order and each has its answer`() throws {
    let answers = try db.run([
      Request("BEGIN"), Request("INSERT INTO t(a) SELECT * FROM generate_series(1, $1)", Arguments(5)),
      Request("UPDATE t SET b = 'x' WHERE a > $1", Arguments(2)), Request("SELECT count(*) FROM t WHERE b = 'x'"),
      Request("COMMIT"),
    ])
    #expect(answers.map(\.affected) == [0, 5, 3, 1, 0])
    #expect(answers.map(\.tag) == ["BEGIN", "INSERT 0 5", "UPDATE 3", "SELECT 1", "COMMIT"])
    #expect(try answers[3].int64(0, 0) == 3)
    #expect(!db.isInTransaction)
  }

  @Test func `the first failure is thrown, what follows is not run, and the transaction has failed`() throws {
    let error = #expect(throws: PostgreSQLError.self) {
      try db.run([
        Request("BEGIN"), Request("INSERT INTO t(a) VALUES(1)"), Request("INSERT INTO t(a) VALUES(1)"),
        Request("INSERT INTO t(a) VALUES(2)"), Request("COMMIT"),
      ])
    }
    #expect(error?.code == .constraintUnique && error?.sqlState == "23505" && error?.constraint == "t_pkey")
    #expect(db.isInTransaction && db.isUsable)
    // A failed transaction says ROLLBACK to a COMMIT, and no error.
    #expect(try db.run("COMMIT").tag == "ROLLBACK")
    #expect(try rows().isEmpty)
    // Statements that were prepared behind the failure are prepared again.
    #expect(try db.run([Request("INSERT INTO t(a) VALUES(2)")]).map(\.affected) == [1])
  }

  @Test func `statements may be made while those before are worked on, and their values when they are sent`() throws {
    var made: [String] = []
    let answers = try db.run(first: [Request("BEGIN")]) { send throws(PostgreSQLError) in
      for part in 0..<3 {
        made.append("statement \(part)")
        try send(
          Request("INSERT INTO t(a, b) SELECT unnest($1::int8[]), unnest($2::text[])") {
            made.append("values \(part)")
            var values = Arguments()
            values.add(array: [part * 10, part * 10 + 1])
            values.add(arrayOf: .text) { texts in
              texts.append("x")
              texts.append(String(repeating: "y", count: 40_000))
            }
            return values
          })
      }
      try send(Request("COMMIT"))
    }
    #expect(made == (0..<3).flatMap { ["statement \($0)", "values \($0)"] })
    #expect(answers.map(\.tag) == ["BEGIN", "INSERT 0 2", "INSERT 0 2", "INSERT 0 2", "COMMIT"])
    #expect(try rows() == [0, 1, 10, 11, 20, 21])
  }

  @Test func `a round trip without BEGIN is one transaction`() throws {
    #expect(
      postgreSQLCode {
        try db.run([Request("INSERT INTO t(a) VALUES(1)"), Request("INSERT INTO t(a) VALUES(200)")])
      } == .constraintCheck)
    #expect(try rows().isEmpty && !db.isInTransaction)
  }

  @Test func `one text is prepared once, and runs with other values`() throws {
    for number in 0..<20 { try db.run("INSERT INTO t(a) VALUES($1)", Arguments(number)) }
    #expect(try db.run("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'INSERT%'").int64(0, 0) == 1)
    #expect(try rows().count == 20)
  }

  @Test func `large arguments and large answers pass in one call`() throws {
    let text = String(repeating: "x", count: 300_000)
    let requests = (0..<20).map { _ in Request("SELECT $1::text || $1::text", Arguments(text)) }
    #expect(try db.run(requests).allSatisfy { try $0.text(0, 0).utf8.count == 600_000 })
  }

  @Test(
    arguments: [
      ("INSERT INTO t(a) VALUES(NULL)", .constraintNotNull), ("INSERT INTO c VALUES(5)", .constraintForeignKey),
      ("SELECT 1/0", .badValue), ("SELECT * FROM nothing", .undefined), ("SELEC", .refused),
      ("SET TRANSACTION READ ONLY; INSERT INTO t VALUES(1)", .refused),
      ("DO $$ BEGIN RAISE 'no'; END $$", .constraintTrigger),
      ("DO $$ BEGIN RAISE 'no' USING ERRCODE = 'disk_full'; END $$", .full),
      ("DO $$ BEGIN RAISE 'no' USING ERRCODE = 'deadlock_detected'; END $$", .serialization),
      ("DO $$ BEGIN RAISE 'no' USING ERRCODE = 'data_corrupted'; END $$", .corrupt),
      ("DO $$ BEGIN RAISE 'no' USING ERRCODE = 'io_error'; END $$", .ioError),
      ("DO $$ BEGIN RAISE 'no' USING ERRCODE = 'too_many_connections'; END $$", .outOfResources),
      ("DO $$ BEGIN RAISE 'no' USING ERRCODE = 'read_only_sql_transaction'; END $$", .readOnly),
      ("DO $$ BEGIN RAISE 'no' USING ERRCODE = 'insufficient_privilege'; END $$", .denied),
      ("DO $$ BEGIN RAISE 'no' USING ERRCODE = 'lock_not_available'; END $$", .lockTimeout),
      ("DO $$ BEGIN RAISE 'no' USING ERRCODE = 'exclusion_violation'; END $$", .constraintOther),
      ("COPY t TO STDOUT", .misuse),
    ] as [(StaticString, PostgreSQLError.Code)])
  func `every failure has its code`(sql: StaticString, code: PostgreSQLError.Code) throws {
    #expect(postgreSQLCode { try db.run(sql) } == code)
    // Two statements in one text, and a COPY, are no statements of a pipeline.
    #expect(db.isUsable == (code != .misuse))
  }

  @Test func `a script is all or nothing, and notices are swallowed but for warnings`() throws {
    #expect(
      postgreSQLCode { try db.execute("INSERT INTO t(a) VALUES(1); INSERT INTO t(a) VALUES(1)") } == .constraintUnique)
    #expect(try rows().isEmpty)
    try db.execute("DO $$ BEGIN RAISE NOTICE 'hello'; END $$")
    #expect(db.takeWarning() == nil)
    try db.execute("DO $$ BEGIN RAISE WARNING 'careful'; END $$")
    #expect(db.takeWarning() == "careful")
    #expect(db.takeWarning() == nil)
  }

  @Test func `a statement past its time is stopped by the server, and the session goes on`() throws {
    try db.run("SET statement_timeout = '50ms'")
    #expect(postgreSQLCode { try db.run("SELECT pg_sleep(20)") } == .canceled)
    #expect(try db.run("SELECT 1::int8").int64(0, 0) == 1)
  }

  @Test func `a server that does not answer is waited for so long, and the session is given up`() throws {
    db.answerMilliseconds = 100
    let start = Date()
    #expect(postgreSQLCode { try db.run("SELECT pg_sleep(20)") } == .timedOut)
    #expect(Date().timeIntervalSince(start) < 5)
    #expect(!db.isUsable)
    #expect(postgreSQLCode { try db.run("SELECT 1") } == .misuse)
  }

  @Test func `another thread cancels`() throws {
    let canceller = try #require(db.canceller)
    let thread = Thread {
      Thread.sleep(forTimeInterval: 0.1)
      _ = canceller.cancel()
    }
    thread.start()
    #expect(postgreSQLCode { try db.run("SELECT pg_sleep(20)") } == .canceled)
    #expect(db.isUsable)
  }

  @Test func `a session that the server ends is lost, with the server's word`() throws {
    let other = try bench.another()
    try other.run("SELECT pg_terminate_backend($1::int8::int4)", Arguments(Int64(db.backendPID)))
    let error = #expect(throws: PostgreSQLError.self) { try db.run("SELECT pg_sleep(1)") }
    #expect(error?.code == .connectionLost && error?.sqlState == "57P01", "\(error?.message ?? "")")
    #expect(error?.endsSession == true && !db.isUsable)
  }

  @Test func `a session that ends in the middle of a statement is lost`() throws {
    let (pid, uri) = (db.backendPID, bench.database.uri)
    let thread = Thread {
      Thread.sleep(forTimeInterval: 0.2)
      guard let other = try? Connection(ConnectionSettings(uri: uri)) else { return }
      _ = try? other.run("SELECT pg_terminate_backend($1::int8::int4)", Arguments(Int64(pid)))
    }
    thread.start()
    #expect(postgreSQLCode { try db.run([Request("BEGIN"), Request("SELECT pg_sleep(20)")]) } == .connectionLost)
    #expect(!db.isUsable)
  }
}
