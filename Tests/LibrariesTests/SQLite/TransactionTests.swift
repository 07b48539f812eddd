import Foundation
import SQLite
import TestSupport
import Testing

@Suite("SQLite transaction")
struct TransactionTests {
  private struct Refusal: Error, Equatable {
    var sqlite: SQLiteError.Code?
  }

  private func database() throws -> Connection {
    let db = try Connection(path: ":memory:")
    try db.execute("CREATE TABLE t(a INTEGER UNIQUE) STRICT")
    return db
  }

  private func rows(_ db: Connection) throws -> Int {
    var count = try db.prepare("SELECT count(*) FROM t")
    #expect(try count.step())
    return try count.int(0)
  }

  @Test func `what returns is committed and what throws leaves nothing`() throws {
    let db = try database()
    let value = try db.transaction { () throws(SQLiteError) in
      try db.execute("INSERT INTO t VALUES (1)")
      return 42
    }
    #expect(value == 42)
    #expect(throws: Refusal()) {
      try db.transaction(failure: { Refusal(sqlite: $0.code) }) { () throws(Refusal) in
        do throws(SQLiteError) { try db.execute("INSERT INTO t VALUES (2)") } catch {
          throw Refusal(sqlite: error.code)
        }
        throw Refusal()
      }
    }
    #expect(!db.isInTransaction)
    #expect(try rows(db) == 1)
  }

  @Test func `a transaction inside another is refused and the outer one lives`() throws {
    let db = try database()
    try db.transaction { () throws(SQLiteError) in
      try db.execute("INSERT INTO t VALUES (1)")
      #expect(code { try db.transaction { () throws(SQLiteError) in } } == .misuse)
      #expect(db.isInTransaction)
    }
    #expect(try rows(db) == 1)
  }

  @Test func `a failed commit is rolled back and reported`() throws {
    let db = try database()
    try db.execute("CREATE TABLE c(a INTEGER REFERENCES t(a) DEFERRABLE INITIALLY DEFERRED) STRICT")
    #expect(
      code {
        try db.transaction { () throws(SQLiteError) in
          try db.execute("INSERT INTO t VALUES (5); INSERT INTO c VALUES (6)")
        }
      } == .constraintForeignKey)
    #expect(!db.isInTransaction)
    #expect(try rows(db) == 0)
  }

  @Test func `a body that ended the transaction itself is not taken for committed`() throws {
    let db = try database()
    #expect(
      code {
        try db.transaction { () throws(SQLiteError) in
          try db.execute("INSERT OR ROLLBACK INTO t VALUES (1)")
          // The second row breaks the key and ends the transaction; the body swallows the error.
          do throws(SQLiteError) { try db.execute("INSERT OR ROLLBACK INTO t VALUES (1)") } catch {}
        }
      } == .misuse)
    #expect(try rows(db) == 0)
  }

  @Test func `a deferred transaction reads one moment`() throws {
    let directory = try TestFolder("libraries")
    let writer = try Connection(path: directory.file("a.db"))
    try writer.execute("CREATE TABLE t(a INTEGER UNIQUE) STRICT")
    let reader = try Connection(path: directory.file("a.db"), Configuration(mode: .readOnly))
    let (before, after) = try reader.transaction(.deferred, failure: { $0 as any Error }) {
      let before = try rows(reader)
      try writer.execute("INSERT INTO t VALUES (1)")
      return (before, try rows(reader))
    }
    #expect(before == 0 && after == 0)
    #expect(try rows(reader) == 1)
  }

  @Test func `a full disk is full, and the database goes on with what it has`() throws {
    let db = try database()
    try db.execute("PRAGMA max_page_count = 20; CREATE TABLE big(b BLOB) STRICT")
    let found = code {
      try db.transaction { () throws(SQLiteError) in
        for _ in 0..<100 { try db.execute("INSERT INTO big VALUES (zeroblob(3000))") }
      }
    }
    #expect(found == .full)
    #expect(!db.isInTransaction)
    try db.transaction { () throws(SQLiteError) in try db.execute("INSERT INTO t VALUES (1)") }
    #expect(try rows(db) == 1)
  }

  @Test func `a file-size limit is a full disk too`() async {
    // In a process of its own, since the limit holds for all of it.
    await #expect(processExitsWith: .success) {
      exit(try Self.limited() ? EXIT_SUCCESS : EXIT_FAILURE)
    }
  }

  /// Whether a transaction too long for the limit is refused as full and leaves nothing.
  private static func limited() throws -> Bool {
    let directory = try TestFolder("libraries")
    let db = try Connection(path: directory.file("a.db"))
    try db.execute("CREATE TABLE big(b BLOB) STRICT")
    // Unless ignored, the signal ends the process before write(2) can fail.
    signal(SIGXFSZ, SIG_IGN)
    var limit = rlimit(rlim_cur: 256 << 10, rlim_max: 256 << 10)
    unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
    let found = code {
      try db.transaction { () throws(SQLiteError) in
        for _ in 0..<400 { try db.execute("INSERT INTO big VALUES (zeroblob(3000))") }
      }
    }
    var count = try db.prepare("SELECT count(*) FROM big")
    let isThere = try count.step()
    return try found == .full && isThere && count.int(0) == 0 && db.integrityCheck().isEmpty
  }
}
