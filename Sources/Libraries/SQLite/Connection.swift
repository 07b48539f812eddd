import CSQLite

/// One open database file.
///
/// Threads: the handle is opened with SQLITE_OPEN_NOMUTEX, so one thread at a time may use it and its statements
/// (https://sqlite.org/threadsafe.html, "multi-thread"). The type is not Sendable and a `Statement` made from it stays
/// in its isolation region, so the compiler refuses a second thread; to share one, keep both in one `Mutex`.
/// `interrupter` is the only part that other threads may hold.
///
/// Lifetime: closed with `sqlite3_close_v2`, which waits for the last statement, so neither order of release is wrong.
@safe package final class Connection {
  let handle: OpaquePointer
  /// Stops a running statement from another thread.
  package let interrupter: Interrupter
  // Prepared once: BEGIN and COMMIT are in the path of every group of payouts.
  var beginImmediate: Statement?
  var beginDeferred: Statement?
  var commit: Statement?
  var rollback: Statement?
  /// What `run(_:over:)` lends to statements; freed by SQLite, when the last statement has gone too.
  let lent: UnsafeMutablePointer<LentTable>
  /// By the address of their text: see `cached`.
  var statements: [UInt: CachedStatement] = [:]

  /// Opens `path` and applies the configuration; `":memory:"` is a private database in memory.
  ///
  /// Throws `cannotOpen`, `notADatabase`, `readOnly`, `busy` or whatever reading the first page meets: a damaged or
  /// foreign file is found here and not at the first use.
  package init(path: String, _ configuration: Configuration = Configuration()) throws(SQLiteError) {
    guard sqlite3_threadsafe() != 0 else {
      throw SQLiteError(.misuse, "SQLite was built without thread support")
    }
    let flags: Int32 =
      switch configuration.mode {
      case .readOnly: SQLITE_OPEN_READONLY
      case .readWrite: SQLITE_OPEN_READWRITE
      case .create: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
      }
    unsafe handle = try Connection.open(
      path, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, vfs: configuration.vfs)
    interrupter = unsafe Interrupter(handle)
    do throws(SQLiteError) { unsafe lent = try LentRowsModule.register(on: handle) } catch {
      unsafe sqlite3_close_v2(handle)
      throw error
    }
    // From here on deinit runs when something throws, and closes.
    try harden()
    try apply(configuration)
    try unsafe U256Functions.register(on: handle)
  }

  deinit {
    interrupter.retire()
    // The cached statements go after this, with the stored properties: close_v2 allows that.
    unsafe sqlite3_close_v2(handle)
  }

  private static func open(_ path: String, _ flags: Int32, vfs: String?) throws(SQLiteError) -> OpaquePointer {
    // A NUL would silently cut the name: another file would open.
    guard !path.utf8.contains(0), !path.isEmpty else {
      throw SQLiteError(.cannotOpen, "the database path is empty or holds a NUL")
    }
    var made: OpaquePointer?
    let result =
      if let vfs {
        unsafe sqlite3_open_v2(path, &made, flags, vfs)
      } else {
        unsafe sqlite3_open_v2(path, &made, flags, nil)
      }
    guard result == SQLITE_OK, let handle = unsafe made else {
      // SQLite hands out a handle even on failure, to carry the message.
      let error = unsafe SQLiteError.from(result, made)
      unsafe sqlite3_close_v2(made)
      throw error
    }
    return unsafe handle
  }

  /// Switches off what a hostile file or a typing slip could use: https://sqlite.org/security.html
  private func harden() throws(SQLiteError) {
    let flags: [(verb: Int32, on: Int32)] = [
      (SQLITE_DBCONFIG_DEFENSIVE, 1),
      (SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0),
      (SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0),
      (SQLITE_DBCONFIG_ENABLE_FKEY, 1),
      (SQLITE_DBCONFIG_ENABLE_TRIGGER, 1),
      // "text" in double quotes is a column or an error, never a string.
      (SQLITE_DBCONFIG_DQS_DML, 0),
      (SQLITE_DBCONFIG_DQS_DDL, 0),
    ]
    for flag in flags { try check(unsafe csqlite_db_config_flag(handle, flag.verb, flag.on)) }
    try check(unsafe sqlite3_extended_result_codes(handle, 1))
  }

  private func apply(_ configuration: Configuration) throws(SQLiteError) {
    try check(unsafe sqlite3_busy_timeout(handle, configuration.busyTimeoutMilliseconds))
    // Pragmas take no bound parameters; the only number written into one is an Int32 of ours.
    try executeText("PRAGMA cache_size = -\(max(0, configuration.cacheKibibytes))")
    // A failed read must be an error code; through a memory map it would be SIGBUS.
    try execute("PRAGMA mmap_size = 0")
    try execute("PRAGMA cell_size_check = ON")
    switch configuration.synchronous {
    case .full: try execute("PRAGMA synchronous = FULL")
    case .normal: try execute("PRAGMA synchronous = NORMAL")
    }
    if configuration.temporaryInMemory { try execute("PRAGMA temp_store = MEMORY") }
    if configuration.exclusive { try execute("PRAGMA locking_mode = EXCLUSIVE") }
    if configuration.mode == .readOnly {
      try execute("PRAGMA query_only = ON")
    } else {
      try applyToWriter(configuration)
    }
    // Reads the header, so that a foreign or damaged file is refused now.
    var schema = try prepare("PRAGMA schema_version")
    try schema.run()
  }

  private func applyToWriter(_ configuration: Configuration) throws(SQLiteError) {
    // Takes effect only on an empty file, and only before WAL writes the header.
    switch configuration.pageSize {
    case .bytes4096: try execute("PRAGMA page_size = 4096")
    case .bytes8192: try execute("PRAGMA page_size = 8192")
    }
    var journal = try prepare("PRAGMA journal_mode = WAL")
    guard try journal.step(), ["wal", "memory"].contains(try journal.text(0)) else {
      throw SQLiteError(.cannotOpen, "the database does not accept write-ahead logging")
    }
    journal.reset()
    try check(unsafe sqlite3_wal_autocheckpoint(handle, configuration.walAutocheckpointPages))
    // After one giant transaction the WAL shrinks back to this at the next reset.
    try execute("PRAGMA journal_size_limit = 67108864")
  }

  /// Compiles one statement. The text is a literal by type, so no input can become SQL.
  ///
  /// `persistent` tells SQLite that it will be kept for long; false for what runs once.
  package func prepare(_ sql: StaticString, persistent: Bool = true) throws(SQLiteError) -> Statement {
    try Statement(sql, on: self, persistent: persistent)
  }

  /// Runs one or more statements and drops their rows: schemas, migrations, pragmas.
  package func execute(_ sql: StaticString) throws(SQLiteError) {
    try executeText(sql.description)
  }

  private func executeText(_ sql: String) throws(SQLiteError) {
    try check(unsafe sqlite3_exec(handle, sql, nil, nil, nil))
  }

  func check(_ result: Int32) throws(SQLiteError) {
    guard result == SQLITE_OK else { throw unsafe SQLiteError.from(result, handle) }
  }

  /// Rows changed by the last INSERT, UPDATE or DELETE, without those of triggers and cascades.
  package var changes: Int64 { unsafe sqlite3_changes64(handle) }

  /// Rows changed since the connection opened, those of triggers and cascades included.
  package var totalChanges: Int64 { unsafe sqlite3_total_changes64(handle) }

  /// The rowid of the last successful INSERT on this connection; 0 before the first.
  package var lastInsertRowID: Int64 { unsafe sqlite3_last_insert_rowid(handle) }

  /// True between BEGIN and its end. Some failures (full, I/O error, out of memory) end a transaction by themselves.
  package var isInTransaction: Bool { unsafe sqlite3_get_autocommit(handle) == 0 }
}
