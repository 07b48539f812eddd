import Foundation
import SQLite
import TestSupport
import Testing

@Suite("SQLite maintenance")
struct MaintenanceTests {
  let directory = try! TestFolder("libraries")

  private func filled(_ name: String) throws -> Connection {
    let db = try Connection(path: directory.file(name))
    try db.execute(
      """
      CREATE TABLE t(a INTEGER PRIMARY KEY, b BLOB) STRICT;
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
      INSERT INTO t SELECT i, randomblob(100) FROM n;
      CREATE INDEX t_b ON t(b);
      """)
    return db
  }

  @Test func `rows are not looked up in their parents inside the body only`() throws {
    let db = try Connection(path: ":memory:")
    try db.execute(
      """
      CREATE TABLE parent(id INTEGER PRIMARY KEY) STRICT;
      CREATE TABLE child(p INTEGER NOT NULL REFERENCES parent(id) CHECK(p > 0)) STRICT;
      """)
    func insert(_ parent: Int64) throws(SQLiteError) {
      let query = try db.cached("INSERT INTO child(p) VALUES(?)")
      try query.statement.bind(1, parent)
      try query.statement.run()
    }
    try db.transaction { () throws(SQLiteError) in
      try db.withoutForeignKeys { () throws(SQLiteError) in try insert(7) }
      try db.execute("INSERT INTO parent VALUES(7)")
    }
    #expect(try db.integrityCheck() == [])
    let orphan = #expect(throws: SQLiteError.self) { try insert(8) }
    #expect(orphan?.code == .constraintForeignKey)
    // What fails inside is refused as ever, and leaves the keys on.
    let wrong = #expect(throws: SQLiteError.self) {
      try db.withoutForeignKeys { () throws(SQLiteError) in try insert(-1) }
    }
    #expect(wrong?.code == .constraintCheck)
    #expect(throws: SQLiteError.self) { try insert(9) }
  }

  @Test func `a backup is whole while a transaction of another connection is open`() throws {
    let db = try filled("a.db")
    let other = try Connection(path: directory.file("a.db"))
    try other.execute("BEGIN IMMEDIATE; DELETE FROM t")
    try db.backup(to: directory.file("copy.db"))
    try other.execute("ROLLBACK")
    let copy = try Connection(path: directory.file("copy.db"), Configuration(mode: .readWrite))
    var count = try copy.prepare("SELECT count(*) FROM t")
    #expect(try count.step())
    #expect(try count.int(0) == 2000)
    #expect(try copy.integrityCheck() == [])
  }

  @Test func `a backup never overwrites a database`() throws {
    let db = try filled("a.db")
    try db.backup(to: directory.file("copy.db"))
    let before = try Data(contentsOf: URL(filePath: directory.file("copy.db")))
    #expect(code { try db.backup(to: directory.file("copy.db")) } == .cannotOpen)
    #expect(try Data(contentsOf: URL(filePath: directory.file("copy.db"))) == before)
    #expect(code { try db.backup(to: directory.file("no/such/folder.db")) } == .cannotOpen)
  }

  @Test func `a sound database has no findings and a dangling key is one`() throws {
    let db = try filled("a.db")
    #expect(try db.integrityCheck() == [])
    try db.execute(
      """
      CREATE TABLE child(a INTEGER REFERENCES t(a)) STRICT;
      PRAGMA foreign_keys = OFF;
      INSERT INTO child VALUES (777777);
      """)
    #expect(try db.integrityCheck() == ["row 1 of child refers to a missing row of t"])
  }

  @Test func `a damaged page is found`() throws {
    let path = directory.file("a.db")
    do {
      let db = try filled("a.db")
      try db.checkpoint(.truncate)
    }
    var bytes = try Data(contentsOf: URL(filePath: path))
    for offset in 0..<4096 { bytes[4096 * 5 + offset] = 0xa5 }
    try bytes.write(to: URL(filePath: path))
    let db = try Connection(path: path)
    do {
      let findings = try db.integrityCheck()
      #expect(!findings.isEmpty)
    } catch {
      #expect(error.code == .corrupt)
    }
  }

  @Test func `a checkpoint moves the log into the file and can cut it`() throws {
    let db = try filled("a.db")
    let wal = directory.file("a.db-wal")
    let passive = try db.checkpoint(.passive)
    #expect(passive.logPages > 0 && passive.movedPages == passive.logPages)
    try db.checkpoint(.truncate)
    let size = try FileManager.default.attributesOfItem(atPath: wal)[.size] as? Int
    #expect(size == 0)
  }

  @Test(arguments: [true, false])
  func `the log stays after closing only when asked to`(stays: Bool) throws {
    do {
      let db = try filled("a.db")
      try db.setPersistentWAL(stays)
    }
    #expect(FileManager.default.fileExists(atPath: directory.file("a.db-wal")) == stays)
  }
}
