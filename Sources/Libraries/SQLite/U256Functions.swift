import CSQLite

/// Exact 256-bit arithmetic in SQL, over 32-byte big-endian blobs: SQLite's own SUM turns such amounts into a lossy
/// real. Comparison needs no function: `memcmp` order of the blobs is numeric order.
///
/// - `u256_sum(blob)`: aggregate, NULL rows left out, zero for no rows.
/// - `u256_add(a, b)`, `u256_sub(a, b)`: NULL when either is NULL.
/// - `u256_text(blob)`: decimal digits, NULL for NULL.
///
/// Each raises an error (`refused`) for a value that is not 32 bytes of blob, past 2^256 - 1 and below zero; the
/// statement then fails as a whole.
enum U256Functions {
  static func register(on db: OpaquePointer) throws(SQLiteError) {
    // INNOCUOUS lets CHECKs, triggers and views use them although the schema is not trusted: they only compute.
    let flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS
    let results = unsafe [
      sqlite3_create_function_v2(db, "u256_sum", 1, flags, nil, nil, sumStep, sumFinal, nil),
      sqlite3_create_function_v2(db, "u256_add", 2, flags, nil, add, nil, nil, nil),
      sqlite3_create_function_v2(db, "u256_sub", 2, flags, nil, subtract, nil, nil, nil),
      sqlite3_create_function_v2(db, "u256_text", 1, flags, nil, text, nil, nil, nil),
    ]
    for result in results where result != SQLITE_OK { throw unsafe SQLiteError.from(result, db) }
  }

  private typealias Function =
    @convention(c) (
      OpaquePointer?, Int32, UnsafeMutablePointer<OpaquePointer?>?
    ) -> Void

  private enum Argument {
    case null
    case word(U256Word)
    case wrong
  }

  /// SQLite gives zeroed memory for the running sum; an overflow is remembered until the final call reports it.
  private struct Sum {
    var word: U256Word
    var overflowed: Bool
  }

  private static let sumStep: Function = { context, count, values in
    switch unsafe argument(0, of: count, values) {
    case .null: return
    case .wrong: unsafe fail(context, "u256_sum: not a blob of 32 bytes")
    case .word(let word):
      let size = Int32(MemoryLayout<Sum>.stride)
      guard let memory = unsafe sqlite3_aggregate_context(context, size) else {
        return unsafe sqlite3_result_error_nomem(context)
      }
      let sum = unsafe memory.assumingMemoryBound(to: Sum.self)
      if unsafe sum.pointee.word.add(word) { unsafe sum.pointee.overflowed = true }
    }
  }

  private static let sumFinal: @convention(c) (OpaquePointer?) -> Void = { context in
    // Size 0 asks for what a step made: nil when there was no row.
    guard let memory = unsafe sqlite3_aggregate_context(context, 0) else { return unsafe give(context, .zero) }
    let sum = unsafe memory.assumingMemoryBound(to: Sum.self).pointee
    if sum.overflowed {
      unsafe fail(context, "u256_sum: the sum does not fit in 256 bits")
    } else {
      unsafe give(context, sum.word)
    }
  }

  private static let add: Function = { context, count, values in
    unsafe combine(context, count, values, "u256_add: the sum does not fit in 256 bits") { $0.add($1) }
  }

  private static let subtract: Function = { context, count, values in
    unsafe combine(context, count, values, "u256_sub: the difference is below zero") { $0.subtract($1) }
  }

  private static let text: Function = { context, count, values in
    switch unsafe argument(0, of: count, values) {
    case .null: unsafe sqlite3_result_null(context)
    case .wrong: unsafe fail(context, "u256_text: not a blob of 32 bytes")
    case .word(let word):
      var digits = word.decimalText
      digits.withUTF8 { bytes in
        unsafe bytes.withMemoryRebound(to: CChar.self) { bytes in
          unsafe sqlite3_result_text(context, bytes.baseAddress, Int32(clamping: bytes.count), csqlite_transient())
        }
      }
    }
  }

  private static func combine(
    _ context: OpaquePointer?, _ count: Int32, _ values: UnsafeMutablePointer<OpaquePointer?>?,
    _ complaint: StaticString, _ change: (inout U256Word, U256Word) -> Bool
  ) {
    switch unsafe (argument(0, of: count, values), argument(1, of: count, values)) {
    case (.wrong, _), (_, .wrong): unsafe fail(context, "u256 arithmetic: not a blob of 32 bytes")
    case (.null, _), (_, .null): unsafe sqlite3_result_null(context)
    case (.word(var word), .word(let other)):
      if change(&word, other) { unsafe fail(context, complaint) } else { unsafe give(context, word) }
    }
  }

  private static func argument(
    _ position: Int, of count: Int32, _ values: UnsafeMutablePointer<OpaquePointer?>?
  ) -> Argument {
    guard position < Int(count), let values = unsafe values else { return .wrong }
    let value = unsafe values[position]
    switch unsafe sqlite3_value_type(value) {
    case SQLITE_NULL: return .null
    case SQLITE_BLOB:
      guard let start = unsafe sqlite3_value_blob(value) else { return .wrong }
      let bytes = unsafe UnsafeRawBufferPointer(start: start, count: Int(sqlite3_value_bytes(value)))
      guard let word = unsafe U256Word(bigEndian: bytes) else { return .wrong }
      return .word(word)
    default: return .wrong
    }
  }

  private static func give(_ context: OpaquePointer?, _ word: U256Word) {
    unsafe withUnsafeBytes(of: word.bigEndianLimbs) { bytes in
      unsafe sqlite3_result_blob(context, bytes.baseAddress, Int32(bytes.count), csqlite_transient())
    }
  }

  private static func fail(_ context: OpaquePointer?, _ message: StaticString) {
    message.withUTF8Buffer { bytes in
      unsafe bytes.withMemoryRebound(to: CChar.self) { bytes in
        unsafe sqlite3_result_error(context, bytes.baseAddress, Int32(clamping: bytes.count))
      }
    }
  }
}
