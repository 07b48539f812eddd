import Codecs
import Engine
import Payouts
import SQLite
import TestSupport
import Testing

@testable import Store

@Suite("Failures of SQLite")
struct FailureTests {
  static let codes: [SQLiteError.Code: StoreError.Code] = [
    .busy: .busy, .busySnapshot: .busy, .full: .full, .readOnly: .readOnly, .corrupt: .corrupt,
    .notADatabase: .notADatabase, .cannotOpen: .unavailable, .ioError: .io, .tooBig: .badRow,
    .interrupted: .unavailable,
    .outOfMemory: .unavailable, .mismatch: .badRow, .constraintUnique: .conflict, .constraintPrimaryKey: .conflict,
    .constraintCheck: .badRow, .constraintForeignKey: .badRow, .constraintNotNull: .badRow,
    .constraintTrigger: .badRow, .constraintDataType: .badRow, .constraintOther: .badRow, .misuse: .badRow,
    .refused: .badRow,
  ]

  @Test(arguments: SQLiteError.Code.allCases)
  func `every failure has one code of the store`(code: SQLiteError.Code) {
    #expect(StoreError(SQLiteError(code, "x")).code == Self.codes[code])
  }

  @Test(arguments: SQLiteError.Code.allCases)
  func `a failed commit is unknown unless the lock or the room was missing`(code: SQLiteError.Code) {
    let expected: StoreError.Code =
      switch code {
      case .busy, .busySnapshot: .busy
      case .full: .full
      default: .commitUnknown
      }
    let error = StoreError(failedCommit: SQLiteError(code, "x"))
    #expect(error.code == expected)
    // Whoever wrote must forget and read, and what the connection believes is not trusted.
    #expect(error.losesLane)
    #expect(error.isConnectionSuspect == (expected != .busy))
  }

  @Test func `a failure before COMMIT is known, and one at COMMIT is not`() throws {
    let directory = try TestFolder("store")
    let database = Database(try Connection(path: directory.file("x.db")))
    try database.connection.execute(
      """
      CREATE TABLE parent(id INTEGER PRIMARY KEY);
      CREATE TABLE child(p INTEGER REFERENCES parent(id) DEFERRABLE INITIALLY DEFERRED)
      """)
    let early = #expect(throws: StoreError.self) {
      try database.write { () throws(StoreError) in try database.run("INSERT INTO parent VALUES(1, 2)") }
    }
    #expect(early?.code == .badRow)
    // A deferred key is the one thing that makes COMMIT itself fail without a broken disk.
    let late = #expect(throws: StoreError.self) {
      try database.write { () throws(StoreError) in try database.run("INSERT INTO child VALUES(7)") }
    }
    #expect(late?.code == .commitUnknown)
    #expect(try database.first("SELECT count(*) FROM child") { row throws(StoreError) in try row.int64(0) } == 0)
  }

  @Test func `a full disk leaves the store as it was, and it goes on when there is room`() throws {
    let directory = try TestFolder("store")
    let bench = Bench(try OpenStore(sqlite: directory))
    let campaign = try bench.createCampaign()
    try bench.load(campaign, 10)
    try bench.change(campaign, .running)
    try bench.acquire()
    let before = try bench.trace()
    let connection = try Connection(path: directory.file("store.db"))
    let database = Database(connection)
    // SQLite's own limit stands in for the disk's.
    try connection.execute("PRAGMA max_page_count = 1")
    let intent = bench.intent(campaign, Array(0..<10))
    var wide: [Write] = [.intend(intent)]
    for n in 0..<400 {
      wide.append(
        .note(
          Note(
            action: "report.written", entity: "campaign", entityID: "\(n)",
            details: ["text": .string(String(repeating: "x", count: 500))], isPublic: true)))
    }
    let commit = Commit(guardedBy: bench.held, actor: "worker:1", at: bench.time(), writes: wide)
    let error = #expect(throws: StoreError.self) {
      try database.write { () throws(StoreError) in
        var writer = CommitWriter(commit, database, sha256: Hashing())
        try writer.apply()
      }
    }
    #expect(error?.code == .full)
    #expect(try bench.trace() == before)
    try bench.commit(.intend(intent))
    try bench.expectSound()
  }
}
