import CPostgreSQL

/// Stops the statement that a session is running, from any thread. The session goes on with
/// `postgresql.canceled`.
///
/// libpq copies what it needs when this is made, so the connection may be closed meanwhile; `PQcancel` may be called
/// from any thread (https://www.postgresql.org/docs/15/libpq-cancel.html). The pointer is read-only from then on:
/// that, and freeing it once in `deinit`, is what makes the type safe to share.
@safe package final class Canceller: @unchecked Sendable {
  private let handle: OpaquePointer

  init?(_ connection: OpaquePointer) {
    guard let made = unsafe PQgetCancel(connection) else { return nil }
    unsafe handle = made
  }

  deinit { unsafe PQfreeCancel(handle) }

  /// Asks over a connection of its own, and waits for the server to have heard. Returns false when it was not reached.
  package func cancel() -> Bool {
    var words = [CChar](repeating: 0, count: 256)
    return unsafe PQcancel(handle, &words, Int32(words.count)) == 1
  }
}
