import Chains
import Engine
import Money
import Payouts

extension Database {
  func identity() throws(StoreError) -> StoreIdentity {
    let identity = try first(
      "SELECT uuid, epoch, (SELECT max(number) FROM schema_migrations) FROM store_identity"
    ) { row throws(StoreError) in
      StoreIdentity(uuid: try row.text(0), epoch: try row.int64(1), schemaVersion: try row.int(2))
    }
    guard let identity else { throw StoreError(.badRow, "the store has lost its identity") }
    return identity
  }

  func epoch() throws(StoreError) -> Int64 {
    guard
      let epoch = try first("SELECT epoch FROM store_identity", read: { row throws(StoreError) in try row.int64(0) })
    else { throw StoreError(.badRow, "the store has lost its identity") }
    return epoch
  }

  /// The next epoch, and no lane that anybody holds or that plans.
  func raiseEpoch(reason: String) throws(StoreError) {
    try run("UPDATE store_identity SET epoch = epoch + 1")
    try run(
      """
      UPDATE lanes SET epoch = (SELECT epoch FROM store_identity), holder = NULL, session = NULL, until = 0,
        mode = CASE mode WHEN 'stopped' THEN 'stopped' ELSE 'draining' END, mode_reason = ?
      """, reason)
  }

  func lanes() throws(StoreError) -> [Lane] {
    try all(
      """
      SELECT id, chain, account, fence, holder, session, until, mode, mode_reason, next_slot, next_sequence, epoch
      FROM lanes ORDER BY id
      """, read: Lane.read)
  }

  func lane(_ id: LaneID) throws(StoreError) -> Lane? {
    try first(
      """
      SELECT id, chain, account, fence, holder, session, until, mode, mode_reason, next_slot, next_sequence, epoch
      FROM lanes WHERE id = ?
      """, id, read: Lane.read)
  }

  private func lane(_ chain: ChainID, _ account: Address) throws(StoreError) -> Lane? {
    try first(
      """
      SELECT id, chain, account, fence, holder, session, until, mode, mode_reason, next_slot, next_sequence, epoch
      FROM lanes WHERE chain = ? AND account = ?
      """, chain.description, account, read: Lane.read)
  }

  /// The lane of a guard, compared in the transaction that writes. Throws `store.stale_fence`.
  func lane(held: LaneGuard) throws(StoreError) -> Lane {
    let row = try lane(held.lane)
    try held.check(row, storeEpoch: try epoch())
    guard let row else { throw StoreError(.staleFence, "there is no lane \(held.lane)") }
    return row
  }

  func acquire(
    _ chain: ChainID, _ account: Address, holder: String, session: String, until: Timestamp, signerHighest: Int64,
    at now: Timestamp
  ) throws(StoreError) -> Lane {
    let epoch = try epoch()
    if try lane(chain, account) == nil {
      try run(
        """
        INSERT INTO lanes(id, chain, account, fence, until, mode, next_slot, next_sequence, epoch)
        SELECT coalesce(max(id), 0) + 1, ?, ?, 0, 0, 'open', 0, 0, ? FROM lanes
        """, chain.description, account, epoch)
    }
    guard let lane = try lane(chain, account) else { throw StoreError(.badRow, "a new lane is not there") }
    let fence = try lane.fenceForTaking(signerHighest: signerHighest, at: now)
    try run(
      "UPDATE lanes SET fence = ?, holder = ?, session = ?, until = ?, epoch = ? WHERE id = ?", fence, holder, session,
      until, epoch, lane.id)
    guard let taken = try self.lane(lane.id) else { throw StoreError(.badRow, "lane \(lane.id) is gone") }
    return taken
  }

  func renew(_ held: LaneGuard, until: Timestamp) throws(StoreError) {
    _ = try lane(held: held)
    try run("UPDATE lanes SET until = ? WHERE id = ?", until, held.lane)
  }

  func release(_ held: LaneGuard) throws(StoreError) {
    guard let row = try lane(held.lane), held.holds(row) else { return }
    try run("UPDATE lanes SET holder = NULL, session = NULL, until = 0 WHERE id = ?", held.lane)
  }

  func update(_ change: LaneChange) throws(StoreError) {
    let changed = try run(
      "UPDATE lanes SET mode = ?, mode_reason = ?, next_slot = max(next_slot, ?) WHERE id = ?", change.mode.rawValue,
      change.reason, change.nextSlot ?? 0, change.lane)
    guard changed == 1 else { throw StoreError(.notFound, "there is no lane \(change.lane)") }
  }

  func advance(_ lane: LaneID, nextSlot: UInt64, nextSequence: Int64) throws(StoreError) {
    try run(
      """
      UPDATE lanes SET next_slot = max(next_slot, ?), next_sequence = max(next_sequence, ?) WHERE id = ?
      """, nextSlot, nextSequence, lane)
  }
}
