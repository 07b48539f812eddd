import CPostgreSQL

/// One session of a PostgreSQL server.
///
/// Threads: libpq lets one thread at a time use a connection (https://www.postgresql.org/docs/15/libpq-threading.html).
/// The type is not Sendable; to share one, keep it in a `Mutex`. `canceller` is the only part that other threads may
/// hold.
///
/// Waits: nothing here waits longer than its time-out, but for the look-up of a host name, which libpq leaves to the
/// system. When a time is over, or the session ends, the connection is given up: `isUsable` is false and every further
/// call throws `postgresql.misuse`, so that nothing is done in the belief that a transaction is still open.
///
/// The server's notices are swallowed; `takeWarning` tells the last one that was a warning.
@safe package final class Connection {
  let handle: OpaquePointer
  /// The longest wait for the answers to one call.
  package var answerMilliseconds: Int64
  private var isGivenUp = false
  private let notices = NoticeBox()
  /// Names of prepared statements, by the address of their text.
  var statements: [UInt: PreparedName] = [:]
  var lastName = 0

  /// Opens a session. Each host is tried for so many seconds, at least 2 (libpq's own least).
  ///
  /// Throws `postgresql.cannot_connect`, with the server's SQLSTATE when it was the server who refused.
  package init(
    _ settings: ConnectionSettings, connectSeconds: Int = 5, answerMilliseconds: Int64 = 60_000
  ) throws(PostgreSQLError) {
    var settings = settings
    settings.fill("connect_timeout", String(max(2, connectSeconds)))
    // A peer that is gone is noticed within about half a minute, also while nothing is sent.
    settings.fill("tcp_user_timeout", "20000")
    settings.fill("keepalives_idle", "10")
    settings.fill("keepalives_interval", "5")
    settings.fill("keepalives_count", "3")
    settings["client_encoding"] = "UTF8"
    self.answerMilliseconds = answerMilliseconds
    guard let made = unsafe Connection.connect(settings.sorted) else {
      throw PostgreSQLError(.cannotConnect, "no memory for a connection")
    }
    unsafe handle = made
    // From here on deinit runs when something throws, and closes.
    guard unsafe PQstatus(made) == CONNECTION_OK else {
      throw PostgreSQLError(
        .cannotConnect, unsafe Connection.sentence(PQerrorMessage(made)), sqlState: unsafe Connection.refusal(made))
    }
    unsafe PQsetNoticeReceiver(made, noticeReceiver, notices.context)
    guard unsafe PQsetnonblocking(made, 1) == 0 else {
      throw PostgreSQLError(.cannotConnect, "the connection cannot be made non-blocking")
    }
  }

  deinit { unsafe PQfinish(handle) }

  private static func connect(_ entries: [(keyword: String, value: String)]) -> OpaquePointer? {
    unsafe withCStrings(entries.map(\.keyword)) { keywords in
      unsafe withCStrings(entries.map(\.value)) { values in unsafe PQconnectdbParams(keywords, values, 0) }
    }
  }

  /// libpq does not keep the SQLSTATE of a refused session; a password that is asked for and missing can be told.
  private static func refusal(_ handle: OpaquePointer) -> String? {
    unsafe PQconnectionNeedsPassword(handle) == 1 ? "28P01" : nil
  }

  // MARK: State

  /// False when the session was given up or has ended.
  package var isUsable: Bool { unsafe !isGivenUp && PQstatus(handle) == CONNECTION_OK }

  /// Whether a transaction is open, failed or not.
  package var isInTransaction: Bool {
    let status = unsafe PQtransactionStatus(handle)
    return status == PQTRANS_INTRANS || status == PQTRANS_INERROR
  }

  /// The number of the server's process.
  package var backendPID: Int32 { unsafe PQbackendPID(handle) }

  /// 150018 for 15.18.
  package var serverVersion: Int { Int(unsafe PQserverVersion(handle)) }

  /// Whether the session is encrypted.
  package var isEncrypted: Bool { unsafe PQsslInUse(handle) == 1 }

  /// What stops the running statement from another thread; nil when there is no memory for it.
  package var canceller: Canceller? { unsafe Canceller(handle) }

  /// The last warning since the last call, without its details.
  package func takeWarning() -> String? { notices.take() }

  func giveUp() { isGivenUp = true }

  func checkUsable() throws(PostgreSQLError) {
    guard !isGivenUp else { throw PostgreSQLError(.misuse, "the session was given up") }
  }

  /// The last failure of the client's own side.
  func failure(_ code: PostgreSQLError.Code) -> PostgreSQLError {
    PostgreSQLError(code, unsafe Connection.sentence(PQerrorMessage(handle)))
  }

  /// One line, without the end.
  static func sentence(_ text: UnsafePointer<CChar>?) -> String {
    guard let text = unsafe text else { return "" }
    return unsafe String(cString: text).split(whereSeparator: \.isNewline).joined(separator: "; ")
  }
}

/// Lends strings as C takes them: an array of pointers that ends with a null.
func withCStrings<Result>(
  _ strings: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Result
) -> Result {
  var joined: [CChar] = []
  var starts: [Int] = []
  for string in strings {
    starts.append(joined.count)
    joined += string.utf8CString
  }
  return unsafe joined.withUnsafeBufferPointer { joined in
    var pointers = unsafe starts.map { start in unsafe joined.baseAddress.map { base in unsafe base + start } }
    unsafe pointers.append(nil)
    return unsafe pointers.withUnsafeBufferPointer { unsafe body($0.baseAddress) }
  }
}
