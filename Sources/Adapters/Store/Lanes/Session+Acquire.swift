import Chains
import Engine
import Money
import Payouts
import PostgreSQL

// A lease ends with its session, not only with its time: whoever acquires a lane holds an advisory lock of that lease
// in the same session, and the server frees it when the session ends, for whatever reason.
extension Session {
  /// Takes the lane if it is free: released, its time over, or its session gone. Throws as `PayoutStore.acquireLane`.
  func acquire(
    _ chain: ChainID, _ account: Address, holder: String, session: String, leaseMilliseconds: Int64,
    signerHighest: Int64, at caller: Timestamp?
  ) throws(StoreError) -> Lane {
    let epoch = try identity().epoch
    let lane = try lockedLane(chain, account, epoch: epoch)
    let now = try now(caller)
    // Its time may be over while its session lives, and the other way round.
    let judged = try isHolderGone(lane) ? lane.released : lane
    let fence = try judged.fenceForTaking(signerHighest: signerHighest, at: now)
    let lease = Lease(lane: lane.id, fence: fence)
    let answers = try run([
      Request(
        "UPDATE lanes SET fence = $2, holder = $3, session = $4, until = $5, epoch = $6 WHERE id = $1",
        Arguments(
          lane.id, fence, holder, session, now.advanced(byMilliseconds: leaseMilliseconds), epoch)),
      Request("SELECT pg_try_advisory_lock($1)", Arguments(lease.lockKey)), .lane(locked: lane.id),
    ])
    guard try answers[1].first({ row throws(StoreError) in try row.bool(0) }) == true else {
      throw StoreError(.busy, "another session holds the lock of lane \(lane.id)'s next lease")
    }
    guard let taken = try answers[2].first(Lane.read) else { throw StoreError(.badRow, "lane \(lane.id) is gone") }
    return taken
  }

  /// Frees the lock of a lease that was given back. Failing is no harm: it ends with the session.
  func forget(_ lease: Lease) {
    guard leases.remove(lease) != nil else { return }
    _ = try? run("SELECT pg_advisory_unlock($1)", lease.lockKey)
  }

  /// The lane's row, locked; made when it is new. A row that somebody has locked is at work: its lane is busy.
  private func lockedLane(_ chain: ChainID, _ account: Address, epoch: Int64) throws(StoreError) -> Lane {
    if let lane = try freeLane(chain, account) { return lane }
    let isKnown = try first(
      "SELECT EXISTS(SELECT 1 FROM lanes WHERE chain = $1 AND account = $2)", chain.description, account
    ) { row throws(StoreError) in try row.bool(0) }
    if isKnown != true {
      // Two that make a lane at once would give it the same number.
      try run([
        Request("SELECT 1 FROM store_identity FOR NO KEY UPDATE"),
        Request(
          """
          INSERT INTO lanes(id, chain, account, fence, until, mode, next_slot, next_sequence, epoch)
          SELECT coalesce(max(id), 0) + 1, $1, $2, 0, 0, 'open', 0, 0, $3 FROM lanes
          ON CONFLICT(chain, account) DO NOTHING
          """, Arguments(chain.description, account, epoch)),
      ])
    }
    guard let lane = try freeLane(chain, account) else {
      throw StoreError(
        .busy, "the lane of this account is being written by another session",
        hint: "one worker at a time; the lease ends by itself when its worker is gone")
    }
    return lane
  }

  private func freeLane(_ chain: ChainID, _ account: Address) throws(StoreError) -> Lane? {
    try first(
      """
      SELECT id, chain, account, fence, holder, session, until, mode, mode_reason, next_slot, next_sequence, epoch
      FROM lanes WHERE chain = $1 AND account = $2 FOR UPDATE SKIP LOCKED
      """, chain.description, account, read: Lane.read)
  }

  /// Whether no session holds the lock of the lane's present lease.
  private func isHolderGone(_ lane: Lane) throws(StoreError) -> Bool {
    guard lane.session != nil else { return true }
    let key = Lease(lane: lane.id, fence: lane.fence).lockKey
    let isHeld = try first(
      """
      SELECT EXISTS(SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND classid::int8 = $1 >> 32 AND objid::int8 = $1 & 4294967295)
      """, key
    ) { row throws(StoreError) in try row.bool(0) }
    return isHeld == false
  }
}

extension Lane {
  /// The same lane with no holder.
  fileprivate var released: Lane {
    leased(fence: fence, holder: nil, session: nil, until: Timestamp(milliseconds: 0), epoch: epoch)
  }
}
