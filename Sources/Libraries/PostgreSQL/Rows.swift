import CPostgreSQL

/// The answer to one statement: its rows, or how many rows it changed. Rows and columns count from 0.
///
/// What a column holds is checked against what is asked for; a database is data from outside, and never traps.
/// Threads: one at a time, but not tied to its connection.
@safe package final class Rows {
  private let result: OpaquePointer
  package let count: Int
  private let columns: Int
  /// The type of each column; 0 for one that is not in binary form.
  private let types: [UInt32]

  /// Takes the result over.
  init(_ result: OpaquePointer) {
    unsafe self.result = result
    count = Int(unsafe PQntuples(result))
    columns = Int(unsafe PQnfields(result))
    types = unsafe (0..<PQnfields(result)).map { unsafe PQfformat(result, $0) == 1 ? PQftype(result, $0) : 0 }
  }

  deinit { unsafe PQclear(result) }

  /// Rows that an INSERT, UPDATE, DELETE or COPY touched, or a SELECT gave.
  package var affected: Int64 { Int64(unsafe String(cString: PQcmdTuples(result))) ?? 0 }

  /// The server's word for what was done: `COMMIT`, `ROLLBACK`, `INSERT 0 3`.
  package var tag: String { unsafe String(cString: PQcmdStatus(result)) }

  package func isNull(_ row: Int, _ column: Int) throws(PostgreSQLError) -> Bool {
    try check(row, column)
    return unsafe PQgetisnull(result, Int32(row), Int32(column)) == 1
  }

  package func int64(_ row: Int, _ column: Int) throws(PostgreSQLError) -> Int64 {
    let value: Int64? = try read(row, column) { bytes, type in
      switch (type, bytes.count) {
      case (20, 8): Int64(bitPattern: word(bytes))
      case (23, 4): Int64(Int32(truncatingIfNeeded: word(bytes)))
      case (26, 4): Int64(word(bytes))
      default: nil
      }
    }
    guard let value else { throw mismatch(column, "a whole number") }
    return value
  }

  package func bool(_ row: Int, _ column: Int) throws(PostgreSQLError) -> Bool {
    let value: Bool? = try read(row, column) { bytes, type in
      type == ValueType.bool.oid && bytes.count == 1 ? bytes[0] != 0 : nil
    }
    guard let value else { throw mismatch(column, "true or false") }
    return value
  }

  package func bytes(_ row: Int, _ column: Int) throws(PostgreSQLError) -> [UInt8] {
    try withBytes(row, column) { bytes in
      unsafe bytes.withUnsafeBufferPointer { bytes in unsafe Array(bytes) }
    }
  }

  /// Text, or the text of a JSON value.
  package func text(_ row: Int, _ column: Int) throws(PostgreSQLError) -> String {
    let value: String? = try read(row, column) { bytes, type in
      switch type {
      // text, varchar, name, json.
      case ValueType.text.oid, 1043, 19, 114: text(bytes)
      case ValueType.jsonb.oid:
        bytes.count > 0 && bytes[0] == JSONText.version ? text(bytes.extracting(1..<bytes.count)) : nil
      default: nil
      }
    }
    guard let value else { throw mismatch(column, "text") }
    return value
  }

  /// A `numeric` that is whole and from 0 to 2^256 - 1; `limbs.0` is the least significant.
  package func limbs256(_ row: Int, _ column: Int) throws(PostgreSQLError) -> Numeric256.Limbs {
    let value: Numeric256.Limbs? = try read(row, column) { bytes, type in
      type == ValueType.numeric.oid ? Numeric256.limbs(bytes) : nil
    }
    guard let value else { throw mismatch(column, "a whole number below 2^256") }
    return value
  }

  /// Lends the bytes of a `bytea` where they lie.
  package func withBytes<Result>(
    _ row: Int, _ column: Int, _ body: (Span<UInt8>) -> Result
  ) throws(PostgreSQLError) -> Result {
    let value: Result? = try read(row, column) { bytes, type in type == ValueType.bytea.oid ? body(bytes) : nil }
    guard let value else { throw mismatch(column, "bytes") }
    return value
  }

  // MARK: -

  private func check(_ row: Int, _ column: Int) throws(PostgreSQLError) {
    guard row >= 0, row < count, column >= 0, column < columns else {
      throw PostgreSQLError(.misuse, "the answer has no row \(row) with a column \(column)")
    }
  }

  /// Lends the bytes of a cell, and the number of its type.
  private func read<Result>(
    _ row: Int, _ column: Int, _ body: (Span<UInt8>, UInt32) -> Result
  ) throws(PostgreSQLError) -> Result {
    try check(row, column)
    let (place, field) = (Int32(row), Int32(column))
    guard unsafe PQgetisnull(result, place, field) == 0, let start = unsafe PQgetvalue(result, place, field) else {
      throw mismatch(column, "a value; it is NULL")
    }
    let type = types[column]
    guard type != 0 else { throw mismatch(column, "a value in binary form") }
    let bytes = unsafe UnsafeRawBufferPointer(start: start, count: Int(PQgetlength(result, place, field)))
    return unsafe body(Span(_unsafeBytes: bytes), type)
  }

  private func word(_ bytes: Span<UInt8>) -> UInt64 {
    var word: UInt64 = 0
    for place in bytes.indices { word = word &<< 8 | UInt64(bytes[place]) }
    return word
  }

  private func text(_ bytes: Span<UInt8>) -> String? {
    unsafe bytes.withUnsafeBufferPointer { bytes in unsafe String(validating: bytes, as: UTF8.self) }
  }

  private func mismatch(_ column: Int, _ wanted: String) -> PostgreSQLError {
    PostgreSQLError(.mismatch, "column \(column) does not hold \(wanted)")
  }
}
