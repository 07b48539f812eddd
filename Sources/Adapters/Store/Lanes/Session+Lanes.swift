import Chains
import Engine
import Money
import Payouts
import PostgreSQL

extension Session {
  func identity() throws(StoreError) -> StoreIdentity {
    let identity = try first(
      "SELECT uuid, epoch, (SELECT max(number) FROM schema_migrations) FROM store_identity"
    ) { row throws(StoreError) in
      StoreIdentity(uuid: try row.text(0), epoch: try row.int64(1), schemaVersion: try row.int(2))
    }
    guard let identity else { throw StoreError(.badRow, "the store has lost its identity") }
    return identity
  }

  /// The next epoch, and no lane that anybody holds or that plans.
  func raiseEpoch(reason: String) throws(StoreError) {
    try run("UPDATE store_identity SET epoch = epoch + 1")
    try run(
      """
      UPDATE lanes SET epoch = (SELECT epoch FROM store_identity), holder = NULL, session = NULL, until = 0,
        mode = CASE mode WHEN 'stopped' THEN 'stopped' ELSE 'draining' END, mode_reason = $1
      """, reason)
  }

  func lanes() throws(StoreError) -> [Lane] {
    try all(
      """
      SELECT id, chain, account, fence, holder, session, until, mode, mode_reason, next_slot, next_sequence, epoch
      FROM lanes ORDER BY id
      """, read: Lane.read)
  }

  /// The lane of a guard, locked and compared in the transaction that writes. Throws `store.stale_fence`.
  ///
  /// The lock is one step stronger than the protocol's FOR SHARE: the commit goes on to write the row, and two sessions
  /// that both hold a shared lock would wait for each other.
  func lane(held: LaneGuard) throws(StoreError) -> Lane {
    try checkLease(held)
    let answers = try run([.lane(locked: held.lane), .epoch])
    return try Session.lane(held, answers[0], answers[1])
  }

  /// Compares what was read with the guard.
  static func lane(_ held: LaneGuard, _ rows: Rows, _ epoch: Rows) throws(StoreError) -> Lane {
    let row = try rows.first(Lane.read)
    guard let storeEpoch = try epoch.first({ row throws(StoreError) in try row.int64(0) }) else {
      throw StoreError(.badRow, "the store has lost its identity")
    }
    try held.check(row, storeEpoch: storeEpoch)
    guard let row else { throw StoreError(.staleFence, "there is no lane \(held.lane)") }
    return row
  }

  /// A lease that another session acquired, be it an earlier one of this store, is none. Throws `store.stale_fence`.
  func checkLease(_ held: LaneGuard) throws(StoreError) {
    guard leases.contains(Lease(lane: held.lane, fence: held.fence)) else {
      throw StoreError(
        .staleFence, "lane \(held.lane) was not acquired over this session: fence \(held.fence) ended with another",
        hint: "nothing was written; the worker acquires the lane anew and reads")
    }
  }

  func renew(_ held: LaneGuard, leaseMilliseconds: Int64, at caller: Timestamp?) throws(StoreError) {
    _ = try lane(held: held)
    let now = try now(caller)
    try run("UPDATE lanes SET until = $2 WHERE id = $1", held.lane, now.advanced(byMilliseconds: leaseMilliseconds))
  }

  /// Returns whether the lease was the caller's to give back.
  func release(_ held: LaneGuard) throws(StoreError) -> Bool {
    guard let row = try run([.lane(locked: held.lane)])[0].first(Lane.read), held.holds(row) else { return false }
    try run("UPDATE lanes SET holder = NULL, session = NULL, until = 0 WHERE id = $1", held.lane)
    return true
  }

  /// The time of leases: the server's, unless the caller's is to be believed.
  func now(_ caller: Timestamp?) throws(StoreError) -> Timestamp {
    if let caller { return caller }
    let now = try first("SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::int8") {
      row throws(StoreError) in try row.time(0)
    }
    guard let now else { throw StoreError(.badRow, "the server does not tell the time") }
    return now
  }
}

extension Request {
  static func lane(locked id: LaneID) -> Request {
    Request(
      """
      SELECT id, chain, account, fence, holder, session, until, mode, mode_reason, next_slot, next_sequence, epoch
      FROM lanes WHERE id = $1 FOR NO KEY UPDATE
      """, Arguments(id))
  }

  static var epoch: Request { Request("SELECT epoch FROM store_identity") }

  /// Mode and numbers of a lane; slots and numbers are never lowered.
  static func update(_ lane: Lane) -> Request {
    Request(
      """
      UPDATE lanes SET mode = $2, mode_reason = $3, next_slot = greatest(next_slot, $4),
        next_sequence = greatest(next_sequence, $5) WHERE id = $1
      """, Arguments(lane.id, lane.mode.rawValue, lane.modeReason, lane.nextSlot, lane.nextSequence))
  }
}
