package import Engine
import PostgreSQL

extension PostgreSQLStore: WorkSignal {
  /// Over a session of its own, by LISTEN. Several commits in a row wake once. Throws `store.unavailable` when the
  /// session ends or cannot be had; the call after that listens anew, and wakes at once.
  package func waitForWork(atMostMilliseconds: Int64) throws(StoreError) -> Bool {
    try listen { session, isFresh throws(StoreError) in
      // Nobody knows what was committed before the session listened.
      if isFresh { return true }
      do throws(PostgreSQLError) {
        guard try session.connection.notification(waitingMilliseconds: atMostMilliseconds) != nil else { return false }
        while try session.connection.notification(waitingMilliseconds: 0) != nil {}
        return true
      } catch { throw StoreError(error) }
    }
  }
}
