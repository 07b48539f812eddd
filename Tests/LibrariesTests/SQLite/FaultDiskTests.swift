import SQLite
import Synchronization
import Testing

@Suite("A disk that fails")
struct FaultDiskTests {
  /// Fails or crashes at durable operations by number; counts them.
  final class Script: Sendable {
    private let verdicts = Mutex<[Int: DiskVerdict]>([:])
    private let failsSync = Atomic<Bool>(false)
    func failNextSync() { failsSync.store(true, ordering: .relaxed) }
    func set(_ verdict: DiskVerdict, at number: Int) { verdicts.withLock { $0[number] = verdict } }
    func decide(_ operation: DiskOperation) -> DiskVerdict {
      guard operation.kind.isDurable else { return .proceed }
      if operation.kind == .sync, failsSync.exchange(false, ordering: .relaxed) { return .fail(.io) }
      return verdicts.withLock { $0[operation.number] } ?? .proceed
    }
  }

  private func open(_ disk: FaultDisk, exclusive: Bool = false) throws -> Connection {
    try Connection(path: "money.db", Configuration(vfs: disk.name, exclusive: exclusive))
  }

  private func makeTable(_ disk: FaultDisk) throws {
    let db = try open(disk)
    try db.execute("CREATE TABLE t(n INTEGER PRIMARY KEY, b BLOB) STRICT")
  }

  private func insert(_ number: Int, _ db: Connection) throws {
    try db.transaction { () throws(SQLiteError) in
      var statement = try db.prepare("INSERT INTO t VALUES(?, randomblob(3000))")
      try statement.bind(1, number)
      try statement.run()
    }
  }

  private func numbers(_ disk: FaultDisk) throws -> [Int64] {
    let db = try open(disk)
    #expect(try db.integrityCheck() == [])
    var statement = try db.prepare("SELECT n FROM t ORDER BY n")
    var found: [Int64] = []
    while try statement.step() { found.append(try statement.int64(0)) }
    return found
  }

  @Test func `SQLite works on it as on any disk, with readers beside a writer`() throws {
    let disk = try FaultDisk(seed: 1)
    try makeTable(disk)
    let writer = try open(disk)
    let reader = try open(disk)
    for number in 1...40 { try insert(number, writer) }
    var statement = try reader.prepare("SELECT count(*) FROM t")
    #expect(try statement.step())
    #expect(try statement.int64(0) == 40)
  }

  @Test func `what was committed survives every kind of crash, at every operation`() throws {
    let made = try FaultDisk(seed: 1)
    try makeTable(made)
    let empty = made.image
    for survival in [Survival.all, .synced, .torn] {
      for exclusive in [false, true] {
        var crashes = 0
        for number in 1...36 {
          for verdict in [DiskVerdict.crashBefore, .crashAfter] {
            let script = Script()
            let disk = try FaultDisk(seed: UInt64(number), decide: { script.decide($0) })
            disk.load(empty)
            script.set(verdict, at: number)
            var committed: [Int64] = []
            do {
              let db = try open(disk, exclusive: exclusive)
              for row in 1...5 {
                try insert(row, db)
                committed.append(Int64(row))
                if row == 3 { try db.checkpoint(.passive) }
              }
            } catch {}
            guard disk.isDown else { continue }
            crashes += 1
            _ = disk.restart(survival)
            let found = try numbers(disk)
            #expect(Array(found.prefix(committed.count)) == committed, "\(survival) \(verdict) \(number)")
            #expect(found.count <= committed.count + 1)
          }
        }
        #expect(crashes > 50, "the script must reach the work")
      }
    }
  }

  @Test func `without a sync a crash takes writes away, and tears some`() throws {
    var losses = DiskLosses()
    for seed in 1...20 as ClosedRange<UInt64> {
      let script = Script()
      let disk = try FaultDisk(seed: seed, decide: { script.decide($0) })
      try makeTable(disk)
      script.set(.crashBefore, at: disk.operations + 4)
      let db = try open(disk)
      try? insert(1, db)
      #expect(disk.isDown)
      let lost = disk.restart(.torn)
      losses.lostWrites += lost.lostWrites
      losses.tornWrites += lost.tornWrites
    }
    #expect(losses.lostWrites > 0 && losses.tornWrites > 0)
  }

  @Test func `a full disk and an I/O error are told apart, and nothing is half-done`() throws {
    for (failure, code) in [(DiskFailure.full, SQLiteError.Code.full), (.io, .ioError)] {
      let script = Script()
      let disk = try FaultDisk(seed: 1, decide: { script.decide($0) })
      try makeTable(disk)
      let db = try open(disk)
      try insert(1, db)
      script.set(.fail(failure), at: disk.operations + 1)
      #expect {
        try insert(2, db)
      } throws: {
        ($0 as? SQLiteError)?.code == code
      }
      try insert(3, db)
      #expect(try numbers(disk) == [1, 3])
    }
  }

  @Test func `what a failed sync was asked for may be gone, though a later sync succeeds`() throws {
    let script = Script()
    let disk = try FaultDisk(seed: 1, decide: { script.decide($0) })
    try makeTable(disk)
    do {
      let db = try open(disk)
      try insert(1, db)
      try insert(2, db)
      script.failNextSync()
      #expect(throws: SQLiteError.self) { try insert(3, db) }
      disk.stop()
    }
    _ = disk.restart(.synced)
    #expect(try numbers(disk) == [1, 2])
  }

  @Test func `a dead machine changes nothing, and its image can be put back`() throws {
    let disk = try FaultDisk(seed: 1)
    try makeTable(disk)
    let image: DiskImage
    do {
      let db = try open(disk)
      try insert(1, db)
      image = disk.image
      try insert(2, db)
      disk.stop()
      #expect(throws: SQLiteError.self) { try insert(3, db) }
    }
    disk.restart(.synced)
    #expect(try numbers(disk) == [1, 2])
    disk.load(image)
    #expect(try numbers(disk) == [1])
  }
}
