import CSQLite

/// Reading the current row, by column from 0. SQLite would turn any type into any other; here a column of another type,
/// a column that does not exist and a statement without a row all throw `mismatch`: a table that changed its mind about
/// its types is damage, not data.
extension Statement {
  /// What a column holds in this row, whatever was declared.
  package enum Kind: Sendable { case null, integer, real, text, blob }

  package func kind(_ column: Int) -> Kind {
    switch unsafe sqlite3_column_type(handle, Int32(clamping: column)) {
    case SQLITE_INTEGER: .integer
    case SQLITE_FLOAT: .real
    case SQLITE_TEXT: .text
    case SQLITE_BLOB: .blob
    default: .null
    }
  }

  package func isNull(_ column: Int) -> Bool {
    unsafe sqlite3_column_type(handle, Int32(clamping: column)) == SQLITE_NULL
  }

  package func int64(_ column: Int) throws(SQLiteError) -> Int64 {
    let index = try expect(SQLITE_INTEGER, column)
    return unsafe sqlite3_column_int64(handle, index)
  }

  package func int(_ column: Int) throws(SQLiteError) -> Int {
    Int(try int64(column))
  }

  /// An integer that is 0 or 1.
  package func bool(_ column: Int) throws(SQLiteError) -> Bool {
    switch try int64(column) {
    case 0: return false
    case 1: return true
    default: throw mismatch(column, "a truth value")
    }
  }

  /// Text, which must be UTF-8.
  package func text(_ column: Int) throws(SQLiteError) -> String {
    let index = try expect(SQLITE_TEXT, column)
    let start = unsafe sqlite3_column_text(handle, index)
    let count = Int(unsafe sqlite3_column_bytes(handle, index))
    let bytes = unsafe UnsafeBufferPointer(start: start, count: start == nil ? 0 : count)
    guard let text = unsafe String(validating: bytes, as: UTF8.self) else { throw mismatch(column, "UTF-8 text") }
    return text
  }

  package func blob(_ column: Int) throws(SQLiteError) -> [UInt8] {
    let index = try expect(SQLITE_BLOB, column)
    return unsafe [UInt8](rawBlob(index))
  }

  /// Lends a blob's bytes without copying them; they cannot leave the closure.
  package func withBlob<Result>(_ column: Int, _ body: (Span<UInt8>) -> Result) throws(SQLiteError) -> Result {
    let index = try expect(SQLITE_BLOB, column)
    return unsafe body(rawBlob(index).assumingMemoryBound(to: UInt8.self).span)
  }

  /// Lends the UTF-8 bytes of a text without copying or checking them.
  package func withTextBytes<Result>(_ column: Int, _ body: (Span<UInt8>) -> Result) throws(SQLiteError) -> Result {
    let index = try expect(SQLITE_TEXT, column)
    let start = unsafe sqlite3_column_text(handle, index)
    let count = Int(unsafe sqlite3_column_bytes(handle, index))
    return unsafe body(UnsafeBufferPointer(start: start, count: start == nil ? 0 : count).span)
  }

  /// The four limbs, least significant first, of a 32-byte big-endian blob.
  package func limbs256(_ column: Int) throws(SQLiteError) -> (UInt64, UInt64, UInt64, UInt64) {
    let index = try expect(SQLITE_BLOB, column)
    let bytes = unsafe rawBlob(index)
    guard let word = unsafe U256Word(bigEndian: bytes) else { throw mismatch(column, "32 bytes") }
    return word.limbs
  }

  package func optionalInt64(_ column: Int) throws(SQLiteError) -> Int64? {
    isNull(column) && isPresent(column) ? nil : try int64(column)
  }

  package func optionalText(_ column: Int) throws(SQLiteError) -> String? {
    isNull(column) && isPresent(column) ? nil : try text(column)
  }

  package func optionalBlob(_ column: Int) throws(SQLiteError) -> [UInt8]? {
    isNull(column) && isPresent(column) ? nil : try blob(column)
  }

  // MARK: -

  /// `sqlite3_data_count` is 0 without a row, so that "no row" does not read as NULL.
  private func isPresent(_ column: Int) -> Bool {
    column >= 0 && column < Int(unsafe sqlite3_data_count(handle))
  }

  private func rawBlob(_ index: Int32) -> UnsafeRawBufferPointer {
    // The order is SQLite's: the pointer first, then the size.
    let start = unsafe sqlite3_column_blob(handle, index)
    let count = Int(unsafe sqlite3_column_bytes(handle, index))
    return unsafe UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count)
  }

  private func expect(_ type: Int32, _ column: Int) throws(SQLiteError) -> Int32 {
    let index = Int32(clamping: column)
    guard unsafe sqlite3_column_type(handle, index) == type else {
      throw mismatch(column, Statement.names[type] ?? "another type")
    }
    return index
  }

  private static let names: [Int32: String] = [
    SQLITE_INTEGER: "an integer", SQLITE_TEXT: "text", SQLITE_BLOB: "a blob",
  ]

  private func mismatch(_ column: Int, _ wanted: String) -> SQLiteError {
    guard isPresent(column) else {
      return SQLiteError(.mismatch, extendedCode: SQLITE_MISMATCH, "there is no row, or no column \(column) in it")
    }
    let name = unsafe sqlite3_column_name(handle, Int32(clamping: column)).map { unsafe String(cString: $0) }
    return SQLiteError(.mismatch, extendedCode: SQLITE_MISMATCH, "column \(name ?? "\(column)") is not \(wanted)")
  }
}
