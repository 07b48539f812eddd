import Foundation
import SQLite
import Synchronization
import TestSupport
import Testing

@Suite("SQLite connection")
struct ConnectionTests {
  let directory = try! TestFolder("libraries")
  var path: String { directory.file("a.db") }

  @Test func `a new file is a durable WAL database with keys enforced and the asked page size`() throws {
    let db = try Connection(path: path, Configuration(pageSize: .bytes8192))
    func pragma(_ sql: StaticString) throws -> Int64 {
      var statement = try db.prepare(sql)
      #expect(try statement.step())
      return try statement.int64(0)
    }
    #expect(try pragma("PRAGMA page_size") == 8192)
    #expect(try pragma("PRAGMA synchronous") == 2)
    #expect(try pragma("PRAGMA foreign_keys") == 1)
    #expect(try pragma("PRAGMA wal_autocheckpoint") == 1000)
    #expect(try pragma("PRAGMA cache_size") == -8192)
    #expect(try pragma("PRAGMA busy_timeout") == 5000)
    #expect(try pragma("PRAGMA trusted_schema") == 0)
    #expect(try pragma("PRAGMA mmap_size") == 0)
    var journal = try db.prepare("PRAGMA journal_mode")
    #expect(try journal.step())
    #expect(try journal.text(0) == "wal")
    #expect(try db.vfsName() == "unix")
  }

  @Test func `a named VFS is used and an unknown one is refused`() throws {
    let db = try Connection(path: path, Configuration(vfs: "unix-excl"))
    #expect(try db.vfsName() == "unix-excl")
    #expect(throws: SQLiteError.self) { try Connection(path: path, Configuration(vfs: "no-such-vfs")) }
  }

  @Test func `a missing file is refused unless it may be made`() {
    for mode in [Configuration.Mode.readOnly, .readWrite] {
      #expect(code { _ = try Connection(path: path, Configuration(mode: mode)) } == .cannotOpen)
    }
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test func `a path with a NUL opens nothing`() {
    #expect(code { _ = try Connection(path: "\(path)\u{0}.db") } == .cannotOpen)
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test func `a file that is no database is refused at opening`() throws {
    try Data(repeating: 0x41, count: 8192).write(to: URL(filePath: path))
    #expect(code { _ = try Connection(path: path) } == .notADatabase)
    #expect(code { _ = try Connection(path: path, Configuration(mode: .readOnly)) } == .notADatabase)
  }

  @Test func `a read-only connection writes nothing`() throws {
    let writer = try Connection(path: path)
    try writer.execute("CREATE TABLE t(a INTEGER) STRICT; INSERT INTO t VALUES (7)")
    let reader = try Connection(path: path, Configuration(mode: .readOnly))
    var read = try reader.prepare("SELECT a FROM t")
    #expect(try read.step())
    #expect(try read.int64(0) == 7)
    read.reset()
    #expect(code { try reader.execute("INSERT INTO t VALUES (8)") } == .readOnly)
  }

  @Test func `a second writer waits its timeout and is told busy`() throws {
    let first = try Connection(path: path)
    try first.execute("CREATE TABLE t(a INTEGER) STRICT")
    let second = try Connection(path: path, Configuration(busyTimeoutMilliseconds: 60))
    try first.execute("BEGIN IMMEDIATE")
    let start = ContinuousClock.now
    #expect(code { try second.transaction { () throws(SQLiteError) in } } == .busy)
    #expect(ContinuousClock.now - start >= .milliseconds(50))
    try first.execute("COMMIT")
    try second.transaction { () throws(SQLiteError) in try second.execute("INSERT INTO t VALUES (1)") }
  }

  @Test func `a reader that turns writer after another commit is told to begin again`() throws {
    let first = try Connection(path: path)
    try first.execute("CREATE TABLE t(a INTEGER) STRICT; INSERT INTO t VALUES (1)")
    let second = try Connection(path: path)
    try second.execute("BEGIN")
    var read = try second.prepare("SELECT a FROM t")
    try read.run()
    try first.execute("INSERT INTO t VALUES (2)")
    #expect(code { try second.execute("INSERT INTO t VALUES (3)") } == .busySnapshot)
  }

  @Test func `double quotes never make a string`() throws {
    let db = try Connection(path: path)
    #expect(code { try db.execute("SELECT \"no such column\"") } == .refused)
  }

  @Test func `the schema table cannot be edited`() throws {
    let db = try Connection(path: path)
    try db.execute("CREATE TABLE t(a INTEGER) STRICT; PRAGMA writable_schema = ON")
    #expect(code { try db.execute("UPDATE sqlite_schema SET sql = 'x'") } == .refused)
  }

  @Test func `statements may outlive their connection`() throws {
    func orphan() throws -> Statement {
      let db = try Connection(path: path)
      try db.execute("CREATE TABLE t(a INTEGER) STRICT; INSERT INTO t VALUES (4)")
      return try db.prepare("SELECT a FROM t")
    }
    var statement = try orphan()
    #expect(try statement.step())
    #expect(try statement.int64(0) == 4)
  }

  @Test func `a connection in a mutex serves many threads`() async throws {
    let shared = Mutex(try Connection(path: path))
    try shared.withLock { db in try db.execute("CREATE TABLE t(a INTEGER) STRICT") }
    let box = Box(shared)
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<8 {
        group.addTask {
          for _ in 0..<25 { box.mutex.withLock { db in try? db.execute("INSERT INTO t VALUES (1)") } }
        }
      }
    }
    #expect(box.mutex.withLock { $0.totalChanges } == 200)
  }

  private final class Box: Sendable {
    let mutex: Mutex<Connection>
    init(_ mutex: consuming Mutex<Connection>) { self.mutex = mutex }
  }

  @Test func `an interrupter stops a statement that would never end`() throws {
    let db = try Connection(path: ":memory:")
    let interrupter = db.interrupter
    let thread = Thread {
      // Until the statement has ended there is something to stop; after it, the flag has no effect.
      for _ in 0..<200 {
        interrupter.interrupt()
        Thread.sleep(forTimeInterval: 0.005)
      }
    }
    thread.start()
    let found = code {
      try db.execute("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n")
    }
    #expect(found == .interrupted)
  }

  @Test func `an interrupter left over after closing does nothing`() throws {
    let interrupter = try Connection(path: ":memory:").interrupter
    interrupter.interrupt()
  }
}

/// The code that `body` throws; nil when it throws nothing.
func code(_ body: () throws -> Void) -> SQLiteError.Code? {
  do {
    try body()
    return nil
  } catch {
    return (error as? SQLiteError)?.code
  }
}
