package import Money
package import Policy

/// How a worker paces itself. Waits are milliseconds of the clock port.
package struct WorkerSettings: Hashable, Sendable {
  /// Most live batches of a lane.
  package var mostLive = 8
  /// Most batches that one commit intends.
  package var mostPerCommit = 10
  package var leaseMilliseconds: Int64 = 15_000
  /// Between two looks at the chain while nothing moves.
  package var pollMilliseconds: Int64 = 500
  /// Before the same bytes are handed over again.
  package var resendMilliseconds: Int64 = 15_000
  /// Before an attempt that is not final gets a higher fee.
  package var bumpMilliseconds: Int64 = 60_000
  /// Before the fate of a batch is unknown.
  package var patienceMilliseconds: Int64 = 3_600_000
  /// Most attempts per batch, voids included.
  package var mostAttempts = 12
  /// Most that one transaction may cost in fees, native units.
  package var mostFee = UInt256.max
  /// Before a lane takes what lies in another lane's share of the queue.
  package var stealMilliseconds: Int64 = 5_000
  /// Backoff for a lane or driver that fails.
  package var backoffBaseMilliseconds: Int64 = 200
  package var backoffMostMilliseconds: Int64 = 30_000
  /// How many payouts may be promised in how much time, over all campaigns; besides the limits of the policy.
  package var rateLimit: RateLimit?
  /// Whether this account pays only to usable entries of the address book.
  package var paysOnlyBook = false
  /// Whether this program signs nothing, whatever the store says.
  package var isSafe = false

  package init() {}
}
