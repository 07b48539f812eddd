package import Codecs
package import Engine
import SQLite
import Synchronization

/// The durable store of embedded mode: one SQLite file, WAL, every commit on the disk before it returns.
///
/// Any thread may call. Writes go through one connection, one at a time; reads go beside them over connections of
/// their own and see committed state. Several processes may open the file: lanes are leased, and the write lock of
/// the database is the locked comparison of PROTOCOL.md 2.4.
package final class SQLiteStore: StoreUpkeep {
  package enum Mode: Sendable {
    /// Makes the file when it is missing, and migrates it.
    case create
    /// The file must exist; it is migrated.
    case existing
    /// The file must exist and be of this version; every write throws `store.read_only`.
    case readOnly
  }

  let sha256: any SHA256Hashing
  private let path: String
  private let mode: Mode
  private let vfs: String?
  private let exclusive: Bool
  private let busyTimeoutMilliseconds: Int32
  /// Nil after a failure that leaves a connection in doubt: the next use opens anew.
  private let writer: Mutex<Database?>
  private let readers: [Reader]
  /// Nil where no second connection can be opened.
  private let logMover: LogMover?

  private final class Reader: Sendable {
    let database = Mutex<Database?>(nil)
  }

  /// Opens the file and brings it to this version. Directories are not made.
  ///
  /// `vfs` names a registered VFS; `exclusive` keeps the file to this store alone, needs no shared memory of the VFS,
  /// and sends reads through the writer's connection. A lock of another process is waited for that long. Throws `store.unavailable` when the file cannot be opened,
  /// `store.not_a_database`, `store.newer_version`, `store.migration_failed`, `store.corrupt`, `store.busy`,
  /// `store.full`, `store.read_only`, `store.io`.
  package init(
    path: String, mode: Mode = .create, vfs: String? = nil, exclusive: Bool = false,
    busyTimeoutMilliseconds: Int32 = 5000, sha256: any SHA256Hashing
  ) throws(StoreError) {
    self.path = path
    self.mode = mode
    self.vfs = vfs
    self.exclusive = exclusive
    self.busyTimeoutMilliseconds = busyTimeoutMilliseconds
    self.sha256 = sha256
    self.readers = (0..<(exclusive ? 0 : 4)).map { _ in Reader() }
    self.logMover = exclusive || vfs != nil ? nil : LogMover(path: path)
    let database = try SQLiteStore.open(path, mode, vfs, exclusive, busyTimeoutMilliseconds, isWriter: true)
    let migrator = Migrator(database: database, sha256: sha256, migrations: Migration.all)
    if mode == .readOnly {
      let version = try migrator.verify()
      guard version == Migration.all.count else {
        throw StoreError(
          .migrationFailed, "the database is at version \(version), this program reads \(Migration.all.count)",
          hint: "open it once for writing: that migrates it")
      }
    } else {
      _ = try migrator.migrate()
    }
    self.writer = Mutex(database)
  }

  deinit { finishBulk() }

  /// Copies the store, as of one moment, into a new file. The copy is durable when this returns, and is a restore:
  /// whoever opens it for work raises its epoch first. Throws `store.unavailable` when the file exists.
  package func backup(to path: String) throws(StoreError) {
    try read { database throws(StoreError) in
      do throws(SQLiteError) { try database.connection.backup(to: path) } catch { throw StoreError(error) }
    }
  }

  /// What SQLite's own checks find: damaged pages, missing parents. Reads the whole file.
  package func integrityCheck() throws(StoreError) -> [String] {
    try read { database throws(StoreError) in
      do throws(SQLiteError) { return try database.connection.integrityCheck() } catch { throw StoreError(error) }
    }
  }

  // MARK: Connections

  /// Runs a body in one durable transaction.
  func write<Result: Sendable>(
    _ body: @Sendable (Database) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    try withWriter { database throws(StoreError) in try database.write { () throws(StoreError) in try body(database) } }
  }

  /// As `write`, for one of many transactions that fill the log: it is emptied beside the next one.
  func writeBulk<Result: Sendable>(
    _ body: @Sendable (Database) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    guard let logMover else { return try write(body) }
    let result = try withWriter { database throws(StoreError) in
      try? database.connection.setAutocheckpoint(pages: LogMover.mostPages)
      defer { try? database.connection.setAutocheckpoint(pages: LogMover.usualPages) }
      return try database.write { () throws(StoreError) in try body(database) }
    }
    logMover.start()
    return result
  }

  /// Returns when nothing is emptying the log any more.
  func finishBulk() { logMover?.settle() }

  /// Runs a body on one snapshot of committed state.
  func read<Result: Sendable>(
    _ body: @Sendable (Database) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    guard !readers.isEmpty else {
      return try withWriter { database throws(StoreError) in try database.snapshot(body) }
    }
    for reader in readers {
      let result = try reader.database.withLockIfAvailable { slot throws(StoreError) -> Result in
        try use(&slot, isWriter: false) { database throws(StoreError) in try database.snapshot(body) }
      }
      if let result { return result }
    }
    // All are busy: the first one's turn comes.
    return try readers[0].database.withLock { slot throws(StoreError) -> Result in
      try use(&slot, isWriter: false) { database throws(StoreError) in try database.snapshot(body) }
    }
  }

  private func withWriter<Result: Sendable>(
    _ body: @Sendable (Database) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    try writer.withLock { slot throws(StoreError) -> Result in
      do throws(StoreError) {
        return try use(&slot, isWriter: true, body)
      } catch {
        // The last connection to close settles the log: what readers hold open would keep the doubt alive.
        if slot == nil { for reader in readers { reader.database.withLock { $0 = nil } } }
        throw error
      }
    }
  }

  private func use<Result: Sendable>(
    _ slot: inout sending Database?, isWriter: Bool, _ body: @Sendable (Database) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    let database: Database
    if let open = slot {
      database = open
    } else {
      database = try SQLiteStore.open(
        path, mode == .readOnly ? .readOnly : .existing, vfs, exclusive, busyTimeoutMilliseconds, isWriter: isWriter)
      slot = database
    }
    do throws(StoreError) { return try body(database) } catch {
      if error.isConnectionSuspect { slot = nil }
      throw error
    }
  }

  private static func open(
    _ path: String, _ mode: Mode, _ vfs: String?, _ exclusive: Bool, _ busyTimeoutMilliseconds: Int32, isWriter: Bool
  ) throws(StoreError) -> Database {
    var configuration = Configuration(
      vfs: vfs, busyTimeoutMilliseconds: busyTimeoutMilliseconds, pageSize: .bytes8192, exclusive: exclusive)
    configuration.mode =
      switch mode {
      case .create: .create
      case .existing: isWriter ? .readWrite : .readOnly
      case .readOnly: .readOnly
      }
    configuration.cacheKibibytes = isWriter ? 16384 : 4096
    do throws(SQLiteError) {
      let connection = try Connection(path: path, configuration)
      if isWriter, mode != .readOnly { try settle(connection) }
      return Database(connection)
    } catch { throw StoreError(error) }
  }

  /// Makes durable whatever can be read. A process that was killed between writing a commit to the log and syncing it
  /// leaves a commit that the next process sees, and that a power cut would still take back: nobody may be told of it
  /// before the log is synced, which a checkpoint does first of all.
  private static func settle(_ connection: Connection) throws(SQLiteError) {
    do throws(SQLiteError) { _ = try connection.checkpoint(.passive) } catch {
      // Somebody else is at it: then the log was read by a living process, which shows synced commits alone.
      guard error.code == .busy else { throw error }
    }
  }
}
