import CPostgreSQL

/// Rows on their way into a table, in the binary form of COPY, with a bounded buffer.
///
/// Each row is `beginRow`, one value per column, `endRow`; `finish` ends it. A value that is dropped unfinished gives
/// the session up: half a COPY cannot be left alone.
/// Source of the form: https://www.postgresql.org/docs/15/sql-copy.html, "Binary Format".
package struct CopyIn: ~Copyable {
  private let connection: Connection
  private var buffer: [UInt8]
  private var isOpen = true

  /// What is collected before it is handed over.
  private static let most = 1 << 17

  init(_ connection: Connection) {
    self.connection = connection
    buffer = Array("PGCOPY\n".utf8) + [0xff, 0x0d, 0x0a, 0]
    buffer += [0, 0, 0, 0, 0, 0, 0, 0]
    buffer.reserveCapacity(CopyIn.most * 2)
  }

  deinit { if isOpen { connection.giveUp() } }

  package mutating func beginRow(columns: Int16) {
    buffer.append(UInt8(truncatingIfNeeded: columns >> 8))
    buffer.append(UInt8(truncatingIfNeeded: columns))
  }

  package mutating func endRow() throws(PostgreSQLError) {
    if buffer.count >= CopyIn.most { try send() }
  }

  package mutating func append(_ value: Int64) {
    buffer.appendBigEndian(8 as UInt32)
    buffer.appendBigEndian(UInt64(bitPattern: value))
  }

  package mutating func append<One: Value>(_ value: One) { buffer.append(sized: value) }

  package mutating func appendNull() { buffer.appendBigEndian(UInt32.max) }

  /// For `bytea`, and for text that is UTF-8 already.
  package mutating func append(bytes: ArraySlice<UInt8>) {
    buffer.appendBigEndian(UInt32(clamping: bytes.count))
    buffer += bytes
  }

  /// For a whole number in a `numeric` column.
  package mutating func append(numeric limbs: Numeric256.Limbs) {
    let place = buffer.count
    buffer.appendBigEndian(0 as UInt32)
    Numeric256.append(limbs, to: &buffer)
    buffer.put(UInt32(clamping: buffer.count - place - 4), at: place)
  }

  /// For JSON text in a `jsonb` column.
  package mutating func append(json utf8: ArraySlice<UInt8>) {
    buffer.appendBigEndian(UInt32(clamping: utf8.count + 1))
    buffer.append(JSONText.version)
    buffer += utf8
  }

  /// Ends the COPY and returns how many rows the server took. Throws what the server found wrong with any row: then
  /// the transaction has failed.
  package consuming func finish() throws(PostgreSQLError) -> Int64 {
    buffer += [0xff, 0xff]
    try send()
    isOpen = false
    return try connection.endCopyIn(nil)
  }

  /// Ends the COPY without its rows; the transaction has failed.
  package consuming func abandon() {
    isOpen = false
    _ = try? connection.endCopyIn("the client gave up")
  }

  private mutating func send() throws(PostgreSQLError) {
    try connection.put(buffer)
    buffer.removeAll(keepingCapacity: true)
  }
}

extension Connection {
  /// Starts `COPY ... FROM STDIN (FORMAT binary)`. Throws what the server has against it.
  package func copyIn(_ sql: StaticString) throws(PostgreSQLError) -> CopyIn { try copyIn(text: sql.description) }

  func copyIn(text: String) throws(PostgreSQLError) -> CopyIn {
    try begin(text, PGRES_COPY_IN)
    return CopyIn(self)
  }

  /// Starts a COPY; the result that opens it must be the wanted one.
  func begin(_ sql: String, _ wanted: ExecStatusType) throws(PostgreSQLError) {
    try checkUsable()
    let sent = unsafe withCStrings([sql]) { unsafe PQsendQuery(handle, $0?[0]) }
    guard sent == 1 else { throw lost() }
    let deadline = Deadline(milliseconds: answerMilliseconds)
    try flush(until: deadline)
    guard let result = unsafe try nextResult(until: deadline) else { throw lost() }
    let status = unsafe PQresultStatus(result)
    let failure = status == wanted ? nil : unsafe problem(result)
    unsafe PQclear(result)
    if status == wanted { return }
    try drain(deadline)
    throw failure ?? PostgreSQLError(.misuse, "the statement is no COPY in this direction")
  }

  /// Hands bytes over and waits until they are gone, so that libpq's own buffer stays small.
  fileprivate func put(_ bytes: [UInt8]) throws(PostgreSQLError) {
    try checkUsable()
    let deadline = Deadline(milliseconds: answerMilliseconds)
    let sent = unsafe bytes.withUnsafeBytes { bytes in
      unsafe PQputCopyData(
        handle, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(clamping: bytes.count))
    }
    guard sent == 1 else { throw lost() }
    try flush(until: deadline)
  }

  fileprivate func endCopyIn(_ complaint: String?) throws(PostgreSQLError) -> Int64 {
    try checkUsable()
    let sent =
      if let complaint { unsafe PQputCopyEnd(handle, complaint) } else { unsafe PQputCopyEnd(handle, nil) }
    guard sent == 1 else { throw lost() }
    let deadline = Deadline(milliseconds: answerMilliseconds)
    try flush(until: deadline)
    return try finishCopy(deadline)
  }

  /// Reads the results that end a COPY and returns its count of rows.
  func finishCopy(_ deadline: Deadline) throws(PostgreSQLError) -> Int64 {
    var affected: Int64 = 0
    var failure: PostgreSQLError?
    while let result = unsafe try nextResult(until: deadline) {
      if let found = unsafe problem(result) {
        failure = failure ?? found
        unsafe PQclear(result)
        guard found.code != .misuse else { giveUp(); break }
      } else {
        affected = max(affected, unsafe Rows(result).affected)
      }
    }
    if let failure { throw failure }
    return affected
  }

  private func drain(_ deadline: Deadline) throws(PostgreSQLError) {
    while let result = unsafe try nextResult(until: deadline) {
      let isCopy = [PGRES_COPY_IN, PGRES_COPY_OUT].contains(unsafe PQresultStatus(result))
      unsafe PQclear(result)
      guard !isCopy else { return giveUp() }
    }
  }
}
