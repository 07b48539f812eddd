import CSQLite

/// One prepared statement; finalised exactly once, when the value goes away.
///
/// Not copyable, so a second owner of the handle cannot be written. Whatever moves the cursor is `mutating`, so bytes
/// lent by `withBlob` cannot be pulled away while they are looked at. Parameters count from 1 and columns from 0, as in
/// SQLite. Threads: as its `Connection`.
@safe package struct Statement: ~Copyable {
  let handle: OpaquePointer

  init(_ sql: StaticString, on connection: borrowing Connection, persistent: Bool) throws(SQLiteError) {
    try self.init(text: sql.description, on: connection, persistent: persistent)
  }

  init(text: String, on connection: borrowing Connection, persistent: Bool) throws(SQLiteError) {
    var made: OpaquePointer?
    var isWhole = false
    let flags = persistent ? UInt32(SQLITE_PREPARE_PERSISTENT) : 0
    let db = unsafe connection.handle
    var text = text
    let result = text.withUTF8 { text -> Int32 in
      unsafe text.withMemoryRebound(to: CChar.self) { text -> Int32 in
        var tail: UnsafePointer<CChar>?
        let result = unsafe sqlite3_prepare_v3(db, text.baseAddress, Int32(clamping: text.count), flags, &made, &tail)
        if let start = text.baseAddress, let end = unsafe tail {
          isWhole = unsafe text[(end - start)...].allSatisfy { $0 == 0x20 || $0 == 0x0a || $0 == 0x3b }
        }
        return result
      }
    }
    guard result == SQLITE_OK else { throw unsafe SQLiteError.from(result, db) }
    guard let statement = unsafe made else { throw SQLiteError(.misuse, "the SQL text holds no statement") }
    guard isWhole else {
      unsafe sqlite3_finalize(statement)
      throw SQLiteError(.misuse, "the SQL text holds more than one statement")
    }
    unsafe handle = statement
  }

  deinit { unsafe sqlite3_finalize(handle) }

  /// Runs to the next row: true when there is one, false at the end.
  ///
  /// At the end and on an error the statement is reset by itself, so it holds no lock and can be bound again. Leaving
  /// earlier needs `reset`: an open cursor keeps its snapshot, and the WAL cannot shrink under it.
  package mutating func step() throws(SQLiteError) -> Bool {
    let result = unsafe sqlite3_step(handle)
    if result == SQLITE_ROW { return true }
    let failure: SQLiteError? = result == SQLITE_DONE ? nil : unsafe SQLiteError.from(result, sqlite3_db_handle(handle))
    unsafe sqlite3_reset(handle)
    if let failure { throw failure }
    return false
  }

  /// Runs to the end and drops the rows, so that RETURNING or a pragma is finished too.
  package mutating func run() throws(SQLiteError) {
    while try step() {}
  }

  /// Back to the start; bound values stay.
  package mutating func reset() {
    // The result repeats the error of the last step, which was thrown there.
    unsafe sqlite3_reset(handle)
  }

  /// Sets every parameter to NULL and frees what they held.
  package mutating func clearBindings() {
    unsafe sqlite3_reset(handle)
    unsafe sqlite3_clear_bindings(handle)
  }

  /// Whether this connection would write nothing by running it.
  package var isReadOnly: Bool { unsafe sqlite3_stmt_readonly(handle) != 0 }

  /// How many columns a row has.
  package var columnCount: Int { Int(unsafe sqlite3_column_count(handle)) }
}
