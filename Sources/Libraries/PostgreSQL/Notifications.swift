import CPostgreSQL
import Glibc

/// A NOTIFY that a session listens to.
package struct Notification: Hashable, Sendable {
  package let channel: String
  package let payload: String
  /// The server process that sent it.
  package let sender: Int32
}

extension Connection {
  /// The next notification of the channels that this session listens to, waiting at most that long; nil when none came.
  /// Throws `postgresql.connection_lost`: whoever listens anew must look at everything, since some may be missed.
  package func notification(waitingMilliseconds: Int64) throws(PostgreSQLError) -> Notification? {
    try checkUsable()
    let deadline = Deadline(milliseconds: waitingMilliseconds)
    while true {
      guard unsafe PQconsumeInput(handle) == 1, isUsable else { throw lost() }
      if let next = nextNotification() { return next }
      var entry = pollfd(fd: unsafe PQsocket(handle), events: Int16(POLLIN), revents: 0)
      let left = deadline.remainingMilliseconds
      guard entry.fd >= 0 else { throw lost() }
      if left == 0 { return nil }
      let found = unsafe poll(&entry, 1, left)
      guard found >= 0 || errno == EINTR else { throw lost() }
    }
  }

  private func nextNotification() -> Notification? {
    guard let found = unsafe PQnotifies(handle) else { return nil }
    defer { unsafe PQfreemem(found) }
    return unsafe Notification(
      channel: String(cString: found.pointee.relname), payload: String(cString: found.pointee.extra),
      sender: found.pointee.be_pid)
  }
}
