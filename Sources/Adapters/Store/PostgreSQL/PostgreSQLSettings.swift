/// Limits of a PostgreSQL store: how long it waits, how many sessions it keeps, whose clock it believes.
package struct PostgreSQLSettings: Sendable {
  /// Whose time ends a lease.
  package enum LeaseClock: Sendable {
    /// The server's own, as the protocol has it: no machine's clock can lengthen or shorten a lease.
    case server
    /// The caller's, for tests and simulations that move time themselves.
    case caller
  }

  /// For each host of the name.
  package var connectSeconds = 5
  /// The longest statement of a writer; the server stops it.
  package var statementMilliseconds: Int64 = 60_000
  /// The longest statement of a reader: reports and checks read everything.
  package var readMilliseconds: Int64 = 1_800_000
  /// The longest wait for another session's lock.
  package var lockMilliseconds: Int64 = 10_000
  /// A transaction that does nothing for so long is ended, and its session and leases with it.
  package var idleInTransactionMilliseconds: Int64 = 30_000
  /// What is waited for an answer beyond the server's own time-outs, before the session is given up.
  package var graceMilliseconds: Int64 = 10_000
  /// Sessions for reading, beside the one that writes.
  package var readers = 4
  /// How often a lost session is made anew before the call fails, and the waits between: full jitter from 0 to a bound
  /// that doubles.
  package var reconnects = 6
  package var reconnectBaseMilliseconds: Int64 = 100
  package var reconnectMostMilliseconds: Int64 = 3_000
  /// How often a transaction that stood in another's way is tried again.
  package var collisions = 3
  package var leaseClock = LeaseClock.server

  package init() {}
}
