import CSQLite

/// Values go in by position, from 1. A bound value stays until it is bound again, also over `reset`. Binding while rows
/// are still open resets the statement first. Text and blobs are copied by SQLite (into its lookaside pool when they are
/// small), so nothing of the caller's needs to live longer than the call, and no array or string is made on the way.
///
/// All throw `misuse` for a parameter that does not exist and `tooBig` past SQLite's length limit.
extension Statement {
  package mutating func bindNull(_ index: Int) throws(SQLiteError) {
    unsafe try bound(index) { (handle, index) in unsafe sqlite3_bind_null(handle, index) }
  }

  package mutating func bind(_ index: Int, _ value: Int64) throws(SQLiteError) {
    unsafe try bound(index) { (handle, index) in unsafe sqlite3_bind_int64(handle, index, value) }
  }

  package mutating func bind(_ index: Int, _ value: Int) throws(SQLiteError) {
    try bind(index, Int64(value))
  }

  /// 1 or 0.
  package mutating func bind(_ index: Int, _ value: Bool) throws(SQLiteError) {
    try bind(index, value ? 1 as Int64 : 0)
  }

  package mutating func bind(_ index: Int, _ value: Int64?) throws(SQLiteError) {
    if let value { try bind(index, value) } else { try bindNull(index) }
  }

  package mutating func bind(_ index: Int, _ text: String) throws(SQLiteError) {
    var text = text
    var result = SQLITE_OK
    // A native string lends its own bytes here; only a bridged one would be copied.
    text.withUTF8 { bytes in
      result = unsafe Statement.bindText(prepared(), Int32(clamping: index), bytes)
    }
    try check(result)
  }

  package mutating func bind(_ index: Int, _ text: String?) throws(SQLiteError) {
    if let text { try bind(index, text) } else { try bindNull(index) }
  }

  /// For text that is already in bytes; they must be UTF-8, or reading them back as text throws.
  package mutating func bindText(_ index: Int, utf8 bytes: Span<UInt8>) throws(SQLiteError) {
    let handle = unsafe prepared()
    let result = unsafe bytes.withUnsafeBufferPointer { bytes in
      unsafe Statement.bindText(handle, Int32(clamping: index), bytes)
    }
    try check(result)
  }

  package mutating func bind(_ index: Int, _ bytes: Span<UInt8>) throws(SQLiteError) {
    let handle = unsafe prepared()
    let result = unsafe bytes.withUnsafeBufferPointer { bytes in
      unsafe Statement.bindBlob(handle, Int32(clamping: index), UnsafeRawBufferPointer(bytes))
    }
    try check(result)
  }

  package mutating func bind(_ index: Int, _ bytes: [UInt8]) throws(SQLiteError) {
    try bind(index, bytes.span)
  }

  package mutating func bind(_ index: Int, _ bytes: [UInt8]?) throws(SQLiteError) {
    if let bytes { try bind(index, bytes) } else { try bindNull(index) }
  }

  /// Binds a 256-bit number as the 32-byte big-endian blob that amounts have in every table. `limbs.0` is the least
  /// significant.
  package mutating func bind256(
    _ index: Int, limbs: (UInt64, UInt64, UInt64, UInt64)
  ) throws(SQLiteError) {
    let word = (limbs.3.bigEndian, limbs.2.bigEndian, limbs.1.bigEndian, limbs.0.bigEndian)
    let handle = unsafe prepared()
    let result = unsafe withUnsafeBytes(of: word) { bytes in
      unsafe Statement.bindBlob(handle, Int32(clamping: index), bytes)
    }
    try check(result)
  }

  // MARK: -

  private static func bindText(_ handle: OpaquePointer, _ index: Int32, _ bytes: UnsafeBufferPointer<UInt8>) -> Int32 {
    unsafe bytes.withMemoryRebound(to: CChar.self) { bytes in
      // A nil pointer would bind NULL where the caller said "".
      guard let start = bytes.baseAddress, bytes.count > 0 else {
        return unsafe sqlite3_bind_text(handle, index, "", 0, csqlite_transient())
      }
      return unsafe sqlite3_bind_text64(
        handle, index, start, UInt64(bytes.count), csqlite_transient(), UInt8(SQLITE_UTF8))
    }
  }

  private static func bindBlob(_ handle: OpaquePointer, _ index: Int32, _ bytes: UnsafeRawBufferPointer) -> Int32 {
    guard let start = bytes.baseAddress, bytes.count > 0 else {
      return unsafe sqlite3_bind_zeroblob(handle, index, 0)
    }
    return unsafe sqlite3_bind_blob64(handle, index, start, UInt64(bytes.count), csqlite_transient())
  }

  /// Binding with a cursor open is MISUSE in SQLite.
  private mutating func prepared() -> OpaquePointer {
    if unsafe sqlite3_stmt_busy(handle) != 0 { unsafe sqlite3_reset(handle) }
    return unsafe handle
  }

  private mutating func bound(_ index: Int, _ bind: (OpaquePointer, Int32) -> Int32) throws(SQLiteError) {
    try check(unsafe bind(prepared(), Int32(clamping: index)))
  }

  private func check(_ result: Int32) throws(SQLiteError) {
    guard result == SQLITE_OK else { throw unsafe SQLiteError.from(result, sqlite3_db_handle(handle)) }
  }
}
