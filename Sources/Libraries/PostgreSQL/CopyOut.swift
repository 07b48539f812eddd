import CPostgreSQL

/// Rows on their way out of a table, in the binary form of COPY, one at a time.
///
/// A value that is dropped before its end gives the session up.
package struct CopyOut: ~Copyable {
  private let connection: Connection
  private var isOpen = true
  private var isFirst = true

  init(_ connection: Connection) { self.connection = connection }

  deinit { if isOpen { connection.giveUp() } }

  /// The next row, or nil at the end.
  package mutating func next() throws(PostgreSQLError) -> CopyRow? {
    guard isOpen else { return nil }
    while let message = try connection.nextCopyMessage() {
      // The header comes before the first row, in its message or in one of its own.
      let start = isFirst ? 19 : 0
      isFirst = false
      guard message.count >= start else { throw corrupt() }
      if message.count == start { continue }
      let row = try CopyRow(message, from: start)
      // The trailer: -1 columns.
      if let row { return row }
    }
    isOpen = false
    return nil
  }

  private func corrupt() -> PostgreSQLError { PostgreSQLError(.mismatch, "COPY gave no binary rows") }
}

/// One row of a COPY: its columns, read in order.
package struct CopyRow {
  private let message: [UInt8]
  private var at: Int
  package let columns: Int

  fileprivate init?(_ message: [UInt8], from start: Int) throws(PostgreSQLError) {
    guard message.count >= start + 2 else { throw PostgreSQLError(.mismatch, "a row of COPY is cut short") }
    let count = Int16(bitPattern: UInt16(message[start]) << 8 | UInt16(message[start + 1]))
    guard count >= 0 else { return nil }
    self.message = message
    at = start + 2
    columns = Int(count)
  }

  /// The next column as it lies; nil for NULL.
  package mutating func next() throws(PostgreSQLError) -> ArraySlice<UInt8>? {
    guard message.count >= at + 4 else { throw short() }
    let length = message[at..<at + 4].reduce(0) { $0 << 8 | UInt32($1) }
    at += 4
    if length == UInt32.max { return nil }
    guard let length = Int(exactly: length), message.count - at >= length else { throw short() }
    defer { at += length }
    return message[at..<at + length]
  }

  package mutating func int64() throws(PostgreSQLError) -> Int64 {
    guard let bytes = try next(), bytes.count == 8 else { throw mismatch("a whole number") }
    return Int64(bitPattern: bytes.reduce(0) { $0 << 8 | UInt64($1) })
  }

  package mutating func bytes() throws(PostgreSQLError) -> [UInt8] {
    guard let bytes = try next() else { throw mismatch("bytes") }
    return Array(bytes)
  }

  package mutating func text() throws(PostgreSQLError) -> String {
    guard let bytes = try next(), let text = String(validating: bytes, as: UTF8.self) else { throw mismatch("text") }
    return text
  }

  package mutating func limbs256() throws(PostgreSQLError) -> Numeric256.Limbs {
    guard let bytes = try next(), let limbs = Numeric256.limbs(bytes.span) else {
      throw mismatch("a whole number below 2^256")
    }
    return limbs
  }

  private func short() -> PostgreSQLError { PostgreSQLError(.mismatch, "a row of COPY is cut short") }

  private func mismatch(_ wanted: String) -> PostgreSQLError {
    PostgreSQLError(.mismatch, "a column of COPY does not hold \(wanted)")
  }
}

extension Connection {
  /// Starts `COPY ... TO STDOUT (FORMAT binary)`. Throws what the server has against it.
  package func copyOut(_ sql: StaticString) throws(PostgreSQLError) -> CopyOut { try copyOut(text: sql.description) }

  func copyOut(text: String) throws(PostgreSQLError) -> CopyOut {
    try begin(text, PGRES_COPY_OUT)
    return CopyOut(self)
  }

  /// The next message of a COPY; nil when it has ended well.
  fileprivate func nextCopyMessage() throws(PostgreSQLError) -> [UInt8]? {
    try checkUsable()
    let deadline = Deadline(milliseconds: answerMilliseconds)
    while true {
      var message: UnsafeMutablePointer<CChar>?
      let length = unsafe PQgetCopyData(handle, &message, 1)
      if length > 0, let start = unsafe message {
        defer { unsafe PQfreemem(start) }
        return unsafe Array(UnsafeRawBufferPointer(start: start, count: Int(length)))
      }
      switch length {
      case 0:
        _ = try wait(for: 1, until: deadline, isPatient: !isEncrypted)
        if unsafe PQconsumeInput(handle) == 0 { throw lost() }
      case -1:
        _ = try finishCopy(deadline)
        return nil
      default: throw lost()
      }
    }
  }
}
