import CPostgreSQL
import Glibc

// Non-blocking I/O with a limit on every wait.
extension Connection {
  /// Sends what is buffered, reading meanwhile, so that neither side waits for the other to empty its buffer.
  func flush(until deadline: Deadline) throws(PostgreSQLError) {
    while true {
      switch unsafe PQflush(handle) {
      case 0: return
      case 1:
        let ready = try wait(for: Int16(POLLIN | POLLOUT), until: deadline)
        if ready & Int16(POLLIN) != 0, unsafe PQconsumeInput(handle) == 0 { throw lost() }
      default: throw lost()
      }
    }
  }

  /// The next result, or nil at the end of a statement's results. The caller owns it.
  func nextResult(until deadline: Deadline) throws(PostgreSQLError) -> OpaquePointer? {
    while unsafe PQisBusy(handle) == 1 {
      let isSent = unsafe PQflush(handle) == 0
      // What a record of TLS holds beyond the first read is not seen by poll, but by reading again.
      if isEncrypted, unsafe PQconsumeInput(handle) == 0 { break }
      if unsafe PQisBusy(handle) == 0 { break }
      let ready = try wait(for: Int16(isSent ? POLLIN : POLLIN | POLLOUT), until: deadline, isPatient: !isEncrypted)
      // At the end of the connection libpq still has to say what the server said last.
      if ready & Int16(POLLIN | POLLERR | POLLHUP) != 0, unsafe PQconsumeInput(handle) == 0 { break }
    }
    return unsafe PQgetResult(handle)
  }

  /// Waits for the socket and returns what it is ready for; 0 when an impatient wait should look again.
  /// Throws `postgresql.timed_out`, and gives the session up.
  func wait(
    for events: Int16, until deadline: Deadline, isPatient: Bool = true
  ) throws(PostgreSQLError) -> Int16 {
    var entry = pollfd(fd: unsafe PQsocket(handle), events: events, revents: 0)
    guard entry.fd >= 0 else { throw lost() }
    while true {
      let left = deadline.remainingMilliseconds
      guard left > 0 else {
        giveUp()
        throw PostgreSQLError(.timedOut, "the server did not answer within \(answerMilliseconds) ms")
      }
      let found = unsafe poll(&entry, 1, isPatient ? left : min(left, 50))
      if found > 0 { return entry.revents }
      if found == 0, !isPatient { return 0 }
      guard found == 0 || errno == EINTR else { throw lost() }
    }
  }

  /// The session is gone.
  func lost() -> PostgreSQLError {
    giveUp()
    return failure(.connectionLost)
  }

  /// The error that a failed result tells. A session that the server ended is given up.
  func error(of result: OpaquePointer) -> PostgreSQLError {
    let sqlState = unsafe field(result, "C")
    let severity = unsafe field(result, "V")
    let message = unsafe field(result, "M") ?? Connection.sentence(PQresultErrorMessage(result))
    let isOver = unsafe PQstatus(handle) != CONNECTION_OK || severity == "FATAL" || severity == "PANIC"
    if isOver { giveUp() }
    let code = isOver ? .connectionLost : sqlState.map(PostgreSQLError.code(sqlState:)) ?? .refused
    return PostgreSQLError(code, message, sqlState: sqlState, constraint: unsafe field(result, "n"))
  }

  /// A field of an error. Source: https://www.postgresql.org/docs/15/protocol-error-fields.html
  private func field(_ result: OpaquePointer, _ code: Unicode.Scalar) -> String? {
    guard let text = unsafe PQresultErrorField(result, Int32(code.value)) else { return nil }
    return unsafe Connection.sentence(text)
  }
}
