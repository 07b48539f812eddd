import SQLite
import Testing

@Suite("SQLite statement")
struct StatementTests {
  let db: Connection

  init() throws {
    db = try Connection(path: ":memory:")
    try db.execute(
      """
      CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT UNIQUE, data BLOB, n INTEGER NOT NULL DEFAULT 0
        CHECK (n >= 0)) STRICT;
      CREATE TABLE child(t INTEGER NOT NULL REFERENCES t(id)) STRICT;
      CREATE TRIGGER t_keeps BEFORE DELETE ON t BEGIN SELECT RAISE(ABORT, 'rows of t stay'); END;
      """)
  }

  @Test func `every kind of value comes back as it went in`() throws {
    var select = try db.prepare("SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10")
    let raw: [UInt8] = [9, 8, 7]
    try select.bind(1, Int64.min)
    try select.bind(2, true)
    try select.bind(3, "")
    try select.bind(4, "naïve \u{0} 💶 and longer than fifteen bytes")
    try select.bind(5, [] as [UInt8])
    try select.bind(6, [0, 255, 0])
    try select.bindNull(7)
    try select.bind(8, raw.span)
    try select.bind256(9, limbs: (1, 2, 3, 4))
    try select.bindText(10, utf8: Array("text".utf8).span)
    #expect(try select.step())
    #expect(try select.int64(0) == Int64.min)
    #expect(try select.bool(1))
    #expect(try select.text(2) == "")
    #expect(try select.text(3) == "naïve \u{0} 💶 and longer than fifteen bytes")
    #expect(try select.blob(4) == [])
    #expect(try select.blob(5) == [0, 255, 0])
    let isNull = select.isNull(6)
    #expect(isNull)
    #expect(try select.optionalInt64(6) == nil)
    #expect(try select.optionalText(6) == nil)
    #expect(try select.optionalBlob(6) == nil)
    let lent = try select.withBlob(7) { ($0.count, $0[2]) }
    #expect(lent == (3, 7))
    let limbs = try select.limbs256(8)
    #expect(limbs == (1, 2, 3, 4))
    #expect(try select.blob(8).first == 0)
    #expect(try select.blob(8).last == 1)
    let letter = try select.withTextBytes(9) { $0[1] }
    #expect(letter == UInt8(ascii: "e"))
    #expect(try !select.step())
  }

  @Test func `an empty text or blob is not NULL and a missing one is`() throws {
    var select = try db.prepare("SELECT typeof(?1), typeof(?2), typeof(?3), typeof(?4), typeof(?5)")
    try select.bind(1, "")
    try select.bind(2, [] as [UInt8])
    try select.bind(3, nil as String?)
    try select.bind(4, nil as [UInt8]?)
    try select.bind(5, nil as Int64?)
    #expect(try select.step())
    #expect(
      try (0..<5).map { column throws(SQLiteError) in try select.text(column) } == [
        "text", "blob", "null", "null", "null",
      ])
  }

  @Test func `a column of another type is refused`() throws {
    var select = try db.prepare("SELECT 1 AS one, 'x' AS word, x'ff' AS bytes, NULL AS none, 2 AS two")
    #expect(code { _ = try select.int64(0) } == .mismatch)  // no row yet
    #expect(try select.step())
    #expect(code { _ = try select.text(0) } == .mismatch)
    #expect(code { _ = try select.int64(1) } == .mismatch)
    #expect(code { _ = try select.blob(1) } == .mismatch)
    #expect(code { _ = try select.text(2) } == .mismatch)
    #expect(code { _ = try select.limbs256(2) } == .mismatch)
    #expect(code { _ = try select.int64(3) } == .mismatch)
    #expect(code { _ = try select.bool(4) } == .mismatch)
    for column in [-1, 5, Int.max, Int.min] {
      #expect(code { _ = try select.int64(column) } == .mismatch)
      #expect(code { _ = try select.optionalInt64(column) } == .mismatch)
    }
    do throws(SQLiteError) { _ = try select.int64(1) } catch {
      #expect(error.message == "column word is not an integer")
    }
  }

  @Test func `bytes that are no UTF-8 never become text`() throws {
    var select = try db.prepare("SELECT CAST(x'c328' AS TEXT)")
    #expect(try select.step())
    #expect(code { _ = try select.text(0) } == .mismatch)
  }

  @Test func `each broken rule has its own code`() throws {
    try db.execute("INSERT INTO t(id, name) VALUES (1, 'a')")
    let rules: [(StaticString, SQLiteError.Code)] = [
      ("INSERT INTO t(id, name) VALUES (2, 'a')", .constraintUnique),
      ("INSERT INTO t(id) VALUES (1)", .constraintPrimaryKey),
      ("INSERT INTO t(n) VALUES (-1)", .constraintCheck),
      ("INSERT INTO t(n) VALUES (NULL)", .constraintNotNull),
      ("INSERT INTO t(n) VALUES ('x')", .constraintDataType),
      ("INSERT INTO child VALUES (99)", .constraintForeignKey),
      ("DELETE FROM t", .constraintTrigger),
      ("SELEC 1", .refused),
      ("SELECT zeroblob(1100000000)", .tooBig),
    ]
    for (sql, expected) in rules {
      do throws(SQLiteError) {
        try db.execute(sql)
        Issue.record("\(sql) was accepted")
      } catch {
        #expect(error.code == expected, "\(sql): \(error)")
        #expect(error.isConstraint == expected.rawValue.hasPrefix("sqlite.constraint"))
        #expect(!error.message.isEmpty)
      }
    }
  }

  @Test func `a failed statement can be bound and run again at once`() throws {
    var insert = try db.prepare("INSERT INTO t(name) VALUES (?1) RETURNING id")
    try insert.bind(1, "a")
    try insert.run()
    #expect(db.lastInsertRowID == 1)
    #expect(code { try insert.run() } == .constraintUnique)
    try insert.bind(1, "b")
    #expect(try insert.step())
    #expect(try insert.int(0) == 2)
    // Bound while its row is still open: it starts over.
    try insert.bind(1, "c")
    #expect(try insert.step())
    #expect(try insert.int(0) == 3)
    try insert.run()
    #expect(db.changes == 1)
  }

  @Test func `two statements in one text and none at all are refused`() {
    #expect(code { _ = try db.prepare("SELECT 1; SELECT 2") } == .misuse)
    #expect(code { _ = try db.prepare("") } == .misuse)
    #expect(code { _ = try db.prepare("-- only words") } == .misuse)
    #expect(code { _ = try db.prepare("SELECT 1;\n ") } == nil)
  }

  @Test func `a parameter that does not exist is refused`() throws {
    var select = try db.prepare("SELECT ?1")
    for index in [0, 2, -1, Int.max, Int.min] {
      #expect(code { try select.bind(index, 1) } == .misuse)
      #expect(code { try select.bind(index, "x") } == .misuse)
      #expect(code { try select.bind(index, [1]) } == .misuse)
    }
  }

  @Test func `clearing forgets what was bound`() throws {
    var select = try db.prepare("SELECT ?1")
    try select.bind(1, 5)
    #expect(try select.step())
    select.clearBindings()
    #expect(try select.step())
    let facts = (select.isNull(0), select.columnCount, select.isReadOnly)
    #expect(facts == (true, 1, true))
  }
}
