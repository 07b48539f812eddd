import PostgreSQL
import TestSupport
import Testing

@Suite("PostgreSQL COPY")
struct PostgreSQLCopyTests {
  let db: Connection
  let bench: PostgreSQLBench

  init() throws {
    bench = try PostgreSQLBench()
    db = bench.db
    try db.execute(
      "CREATE TABLE t(id int8 PRIMARY KEY, a bytea, n numeric(78,0) NOT NULL, k text, m jsonb, CHECK(n < 1000000))")
  }

  private func copy(_ rows: some Sequence<Int>) throws -> Int64 {
    var copy = try db.copyIn("COPY t(id, a, n, k, m) FROM STDIN (FORMAT binary)")
    for row in rows {
      copy.beginRow(columns: 5)
      copy.append(Int64(row))
      copy.append(bytes: [1, UInt8(row & 255)][...])
      copy.append(numeric: (UInt64(row), 0, 0, 0))
      copy.append(row % 3 == 0 ? nil : "key \(row)")
      copy.append(json: Array("{\"n\":\(row)}".utf8))
      try copy.endRow()
    }
    return try copy.finish()
  }

  @Test func `many rows go in and come out as they were`() throws {
    #expect(try copy(0..<50_000) == 50_000)
    let sums = try db.run("SELECT count(*), sum(n), sum((m->>'n')::numeric), count(k) FROM t")
    #expect(try sums.int64(0, 0) == 50_000 && sums.limbs256(0, 1) == (1_249_975_000, 0, 0, 0))
    #expect(try sums.limbs256(0, 2) == (1_249_975_000, 0, 0, 0) && sums.int64(0, 3) == 33_333)
    var out = try db.copyOut("COPY (SELECT id, a, n, k FROM t ORDER BY id) TO STDOUT (FORMAT binary)")
    var place: Int64 = 0
    while var row = try out.next() {
      #expect(row.columns == 4)
      let id = try row.int64()
      let bytes = try row.bytes()
      let units = try row.limbs256()
      let key = try row.next()
      guard id == place, bytes == [1, UInt8(place & 255)], units == (UInt64(place), 0, 0, 0),
        key.map({ Array($0) }) == (place % 3 == 0 ? nil : Array("key \(place)".utf8))
      else {
        Issue.record("row \(place)")
        break
      }
      place += 1
    }
    #expect(place == 50_000)
    #expect(try out.next() == nil && db.run("SELECT 1::int8").int64(0, 0) == 1)
  }

  @Test func `an empty COPY is fine in both directions`() throws {
    #expect(try copy(0..<0) == 0)
    var out = try db.copyOut("COPY t TO STDOUT (FORMAT binary)")
    #expect(try out.next() == nil)
  }

  @Test(
    arguments: [("INSERT INTO t(id, n) VALUES(40000, 1)", .constraintUnique), ("SELECT 1", .constraintCheck)]
      as [(StaticString, PostgreSQLError.Code)])
  func `a row that the table refuses fails the transaction, and the session goes on`(
    before: StaticString, code: PostgreSQLError.Code
  ) throws {
    try db.run(before)
    try db.run("BEGIN")
    #expect(postgreSQLCode { _ = try copy(code == .constraintCheck ? 980_000..<1_010_000 : 0..<50_000) } == code)
    #expect(db.isInTransaction && db.isUsable)
    try db.run("ROLLBACK")
    #expect(try db.run("SELECT count(*) FROM t").int64(0, 0) == (code == .constraintUnique ? 1 : 0))
  }

  @Test func `a COPY that is abandoned leaves nothing, one that is forgotten takes the session with it`() throws {
    try db.run("BEGIN")
    var copy = try db.copyIn("COPY t(id, n) FROM STDIN (FORMAT binary)")
    copy.beginRow(columns: 2)
    copy.append(Int64(1))
    copy.append(numeric: (1, 0, 0, 0))
    try copy.endRow()
    copy.abandon()
    #expect(db.isInTransaction && db.isUsable)
    try db.run("ROLLBACK")
    #expect(try db.run("SELECT count(*) FROM t").int64(0, 0) == 0)
    do { _ = try db.copyIn("COPY t(id, n) FROM STDIN (FORMAT binary)") }
    #expect(!db.isUsable)
  }

  @Test func `what is no COPY, or goes the other way, is refused`() throws {
    #expect(postgreSQLCode { _ = try db.copyIn("SELECT 1") } == .misuse)
    #expect(postgreSQLCode { _ = try db.copyIn("COPY nothing FROM STDIN (FORMAT binary)") } == .undefined)
    #expect(try db.run("SELECT 1::int8").int64(0, 0) == 1)
    #expect(postgreSQLCode { _ = try db.copyOut("COPY t FROM STDIN (FORMAT binary)") } == .misuse)
  }

  @Test func `a session that ends during a COPY is lost`() throws {
    let code = postgreSQLCode {
      var copy = try db.copyIn("COPY t(id, n) FROM STDIN (FORMAT binary)")
      try bench.another().run("SELECT pg_terminate_backend($1::int8::int4)", Arguments(Int64(db.backendPID)))
      for row in 0..<2_000_000 {
        copy.beginRow(columns: 2)
        copy.append(Int64(row))
        copy.append(numeric: (1, 0, 0, 0))
        try copy.endRow()
      }
      _ = try copy.finish()
    }
    #expect(code == .connectionLost && !db.isUsable)
  }
}
