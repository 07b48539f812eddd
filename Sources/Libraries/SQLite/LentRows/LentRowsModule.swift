import CSQLite

/// The C side of `LentRows`: the functions that SQLite calls to read a table that is not one of its own.
/// Source: https://sqlite.org/vtab.html, "eponymous-only".
///
/// The bytes are given as SQLITE_STATIC: they stay where they are until the statement is back at its start.
enum LentRowsModule {
  /// Makes `lent_rows` known to a connection, and gives what it is to lend. SQLite frees it with the connection.
  static func register(on db: OpaquePointer) throws(SQLiteError) -> UnsafeMutablePointer<LentTable> {
    let table = UnsafeMutablePointer<LentTable>.allocate(capacity: 1)
    unsafe table.initialize(to: LentTable())
    // On failure too SQLite calls the destructor.
    let result = unsafe sqlite3_create_module_v2(
      db, "lent_rows", UnsafePointer<sqlite3_module>(bitPattern: functions), table
    ) { data in unsafe data?.deallocate() }
    guard result == SQLITE_OK else { throw unsafe SQLiteError.from(result, db) }
    return unsafe table
  }

  /// Lives as long as the process: every connection keeps its address.
  private static let functions: UInt = {
    let module = UnsafeMutablePointer<sqlite3_module>.allocate(capacity: 1)
    unsafe module.initialize(to: sqlite3_module())
    // Without xCreate the table exists by its name alone, in no schema.
    unsafe module.pointee.xConnect = connect
    unsafe module.pointee.xBestIndex = { _, plan in
      unsafe plan?.pointee.estimatedCost = 1000
      unsafe plan?.pointee.estimatedRows = 1000
      return SQLITE_OK
    }
    unsafe module.pointee.xDisconnect = { table in
      unsafe sqlite3_free(table)
      return SQLITE_OK
    }
    unsafe module.pointee.xOpen = open
    unsafe module.pointee.xClose = { cursor in
      unsafe sqlite3_free(cursor)
      return SQLITE_OK
    }
    unsafe module.pointee.xFilter = { cursor, _, _, _, _ in
      unsafe ours(cursor)?.pointee.row = 0
      return SQLITE_OK
    }
    unsafe module.pointee.xNext = { cursor in
      unsafe ours(cursor)?.pointee.row += 1
      return SQLITE_OK
    }
    unsafe module.pointee.xEof = { cursor in
      guard let cursor = unsafe ours(cursor), let table = unsafe lent(cursor) else { return 1 }
      return unsafe cursor.pointee.row < table.pointee.count ? 0 : 1
    }
    unsafe module.pointee.xRowid = { cursor, out in
      unsafe out?.pointee = ours(cursor)?.pointee.row ?? 0
      return SQLITE_OK
    }
    unsafe module.pointee.xColumn = column
    return UInt(bitPattern: module)
  }()

  private static let connect:
    @convention(c) (
      OpaquePointer?, UnsafeMutableRawPointer?, Int32, UnsafePointer<UnsafePointer<CChar>?>?,
      UnsafeMutablePointer<UnsafeMutablePointer<sqlite3_vtab>?>?, UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
    ) -> Int32 = { db, data, _, _, out, _ in
      let declared = unsafe sqlite3_declare_vtab(db, "CREATE TABLE lent_rows(c0, c1, c2, c3, c4, c5, c6, c7)")
      guard declared == SQLITE_OK else { return declared }
      guard let memory = unsafe sqlite3_malloc(Int32(MemoryLayout<csqlite_vtab>.stride)) else { return SQLITE_NOMEM }
      let table = unsafe memory.assumingMemoryBound(to: csqlite_vtab.self)
      unsafe table.initialize(to: csqlite_vtab(base: sqlite3_vtab(), data: data))
      unsafe out?.pointee = memory.assumingMemoryBound(to: sqlite3_vtab.self)
      return SQLITE_OK
    }

  private static let open:
    @convention(c) (
      UnsafeMutablePointer<sqlite3_vtab>?, UnsafeMutablePointer<UnsafeMutablePointer<sqlite3_vtab_cursor>?>?
    ) -> Int32 = { table, out in
      let data = unsafe UnsafeMutableRawPointer(table)?.assumingMemoryBound(to: csqlite_vtab.self).pointee.data
      guard let memory = unsafe sqlite3_malloc(Int32(MemoryLayout<csqlite_vtab_cursor>.stride)) else {
        return SQLITE_NOMEM
      }
      let cursor = unsafe memory.assumingMemoryBound(to: csqlite_vtab_cursor.self)
      unsafe cursor.initialize(to: csqlite_vtab_cursor(base: sqlite3_vtab_cursor(), data: data, row: 0))
      unsafe out?.pointee = memory.assumingMemoryBound(to: sqlite3_vtab_cursor.self)
      return SQLITE_OK
    }

  private static let column:
    @convention(c) (UnsafeMutablePointer<sqlite3_vtab_cursor>?, OpaquePointer?, Int32) -> Int32 = {
      cursor, context, index in
      guard let cursor = unsafe ours(cursor), let table = unsafe lent(cursor), let views = unsafe table.pointee.views,
        index < LentRows.mostColumns
      else { return SQLITE_OK }
      let row = Int(unsafe cursor.pointee.row)
      switch unsafe views[Int(index)] {
      case .missing: break
      case .integers(let values): unsafe sqlite3_result_int64(context, values[row])
      case .blobs(let bytes, let width):
        guard let bytes = unsafe bytes else {
          unsafe sqlite3_result_zeroblob(context, 0)
          break
        }
        unsafe sqlite3_result_blob64(context, bytes + row * width, UInt64(width), nil)
      case .texts(let bytes, let ends, let emptyIsNull):
        let start = row == 0 ? 0 : unsafe ends[row - 1]
        let count = unsafe ends[row] - start
        if count == 0, emptyIsNull { break }
        guard let bytes = unsafe bytes else {
          unsafe sqlite3_result_text(context, "", 0, csqlite_transient())
          break
        }
        unsafe sqlite3_result_text64(
          context, UnsafeRawPointer(bytes + start).assumingMemoryBound(to: CChar.self), UInt64(count), nil,
          UInt8(SQLITE_UTF8))
      }
      return SQLITE_OK
    }

  // MARK: From C to Swift

  @inline(__always)
  private static func ours(_ cursor: UnsafeMutablePointer<sqlite3_vtab_cursor>?) -> UnsafeMutablePointer<
    csqlite_vtab_cursor
  >? {
    unsafe UnsafeMutableRawPointer(cursor)?.assumingMemoryBound(to: csqlite_vtab_cursor.self)
  }

  @inline(__always)
  private static func lent(_ cursor: UnsafeMutablePointer<csqlite_vtab_cursor>) -> UnsafeMutablePointer<LentTable>? {
    unsafe cursor.pointee.data?.assumingMemoryBound(to: LentTable.self)
  }
}
