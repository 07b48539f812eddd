import CSQLite

extension Connection {
  /// How far a checkpoint went. Source: https://sqlite.org/c3ref/wal_checkpoint_v2.html
  package struct Checkpoint: Hashable, Sendable {
    /// Pages in the WAL.
    package let logPages: Int
    /// Of these, how many are now in the database file.
    package let movedPages: Int
  }

  package enum CheckpointKind: Sendable {
    /// What can be moved without waiting for anyone.
    case passive
    /// Waits for readers, moves everything and cuts the WAL file to nothing. Throws `busy` when a reader stays.
    case truncate
  }

  /// Moves pages from the WAL into the database file.
  @discardableResult
  package func checkpoint(_ kind: CheckpointKind) throws(SQLiteError) -> Checkpoint {
    var log: Int32 = 0
    var moved: Int32 = 0
    let verb =
      switch kind {
      case .passive: SQLITE_CHECKPOINT_PASSIVE
      case .truncate: SQLITE_CHECKPOINT_TRUNCATE
      }
    try check(unsafe sqlite3_wal_checkpoint_v2(handle, nil, verb, &log, &moved))
    return Checkpoint(logPages: Int(max(0, log)), movedPages: Int(max(0, moved)))
  }

  /// From now on a commit that leaves so many pages or more in the WAL runs a checkpoint; 0 leaves it to `checkpoint`.
  package func setAutocheckpoint(pages: Int32) throws(SQLiteError) {
    try check(unsafe sqlite3_wal_autocheckpoint(handle, pages))
  }

  /// Runs a body whose rows are not looked up in their parents one by one: for whoever compares them as a set, in the
  /// same transaction. Everything else is checked as ever.
  package func withoutForeignKeys<Result>(
    _ body: () throws(SQLiteError) -> Result
  ) throws(SQLiteError) -> Result {
    try check(unsafe csqlite_db_config_flag(handle, SQLITE_DBCONFIG_ENABLE_FKEY, 0))
    let result = Swift.Result { () throws(SQLiteError) in try body() }
    try check(unsafe csqlite_db_config_flag(handle, SQLITE_DBCONFIG_ENABLE_FKEY, 1))
    return try result.get()
  }

  /// Whether the WAL file stays when the last connection closes: needed where readers may not create files.
  package func setPersistentWAL(_ on: Bool) throws(SQLiteError) {
    var flag: Int32 = on ? 1 : 0
    try check(unsafe sqlite3_file_control(handle, "main", SQLITE_FCNTL_PERSIST_WAL, &flag))
  }

  /// The name of the VFS below this connection, layers included (`"shim/unix"`); empty in memory.
  package func vfsName() throws(SQLiteError) -> String {
    var name: UnsafeMutablePointer<CChar>?
    let result = unsafe sqlite3_file_control(handle, "main", SQLITE_FCNTL_VFSNAME, &name)
    defer { unsafe sqlite3_free(name) }
    try check(result)
    return unsafe name.map { unsafe String(cString: $0) } ?? ""
  }

  /// What `integrity_check` and `foreign_key_check` find, at most 100 lines each; empty is a sound database.
  ///
  /// Reads the whole file. Throws only when the check itself cannot run.
  package func integrityCheck() throws(SQLiteError) -> [String] {
    var findings: [String] = []
    var pages = try prepare("PRAGMA integrity_check(100)", persistent: false)
    while try pages.step() {
      let line = try pages.text(0)
      if line != "ok" { findings.append(line) }
    }
    // Broken pages are finding enough: walking the keys over them would only fail.
    guard findings.isEmpty else { return findings }
    var keys = try prepare("SELECT \"table\", rowid, parent FROM pragma_foreign_key_check LIMIT 100", persistent: false)
    while try keys.step() {
      let row = try keys.optionalInt64(1).map { "row \($0)" } ?? "a row"
      findings.append("\(row) of \(try keys.text(0)) refers to a missing row of \(try keys.text(2))")
    }
    return findings
  }

  /// Copies the whole database, as of one moment, into a new file; writers of other connections go on meanwhile.
  ///
  /// Refuses a destination that already holds a database (`cannotOpen`): a backup never overwrites one. The copy is on
  /// the disk when this returns. Source: https://sqlite.org/c3ref/backup_finish.html
  package func backup(to path: String, vfs: String? = nil) throws(SQLiteError) {
    let target = try BackupTarget(path: path, vfs: vfs)
    guard let backup = unsafe sqlite3_backup_init(target.handle, "main", handle, "main") else {
      throw unsafe SQLiteError.from(sqlite3_extended_errcode(target.handle), target.handle)
    }
    // All pages in one step: one snapshot, so a busy writer cannot make it start over for ever.
    let stepped = unsafe sqlite3_backup_step(backup, -1)
    let finished = unsafe sqlite3_backup_finish(backup)
    guard stepped == SQLITE_DONE else {
      throw unsafe SQLiteError.from(
        stepped == SQLITE_OK ? SQLITE_BUSY : stepped, finished == SQLITE_OK ? nil : target.handle)
    }
    guard finished == SQLITE_OK else { throw unsafe SQLiteError.from(finished, target.handle) }
  }
}

/// The empty file that a backup fills: a bare connection, since WAL would write a header page before the copy.
@safe private struct BackupTarget: ~Copyable {
  let handle: OpaquePointer

  init(path: String, vfs: String?) throws(SQLiteError) {
    guard !path.utf8.contains(0), !path.isEmpty else {
      throw SQLiteError(.cannotOpen, "the backup path is empty or holds a NUL")
    }
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
    var made: OpaquePointer?
    let opened =
      if let vfs {
        unsafe sqlite3_open_v2(path, &made, flags, vfs)
      } else {
        unsafe sqlite3_open_v2(path, &made, flags, nil)
      }
    guard opened == SQLITE_OK, let db = unsafe made else {
      let error = unsafe SQLiteError.from(opened, made)
      unsafe sqlite3_close_v2(made)
      throw error
    }
    var pages: OpaquePointer?
    var result = unsafe sqlite3_prepare_v2(db, "PRAGMA page_count", -1, &pages, nil)
    if result == SQLITE_OK { result = unsafe sqlite3_step(pages) }
    let isEmpty = unsafe result == SQLITE_ROW && sqlite3_column_int64(pages, 0) == 0
    unsafe sqlite3_finalize(pages)
    guard isEmpty else {
      unsafe sqlite3_close_v2(db)
      throw SQLiteError(.cannotOpen, "the backup file \(path) exists and is not empty")
    }
    unsafe handle = db
  }

  deinit { unsafe sqlite3_close_v2(handle) }
}
