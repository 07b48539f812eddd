package import Audit
package import Chains
package import Codecs
package import Engine
package import Ledger
package import Money
package import Payouts

extension PostgreSQLStore: PayoutStore {
  package func identity() throws(StoreError) -> StoreIdentity {
    try readOnce { session throws(StoreError) in try session.identity() }
  }

  package func raiseEpoch(reason: String, actor: String, at: Timestamp) throws(StoreError) {
    let sha256 = sha256
    try write { session throws(StoreError) in
      try session.raiseEpoch(reason: reason, actor: actor, at: at, sha256: sha256)
    }
  }

  package func commit(_ commit: Commit) throws(StoreError) {
    let sha256 = sha256
    try write(isLeased: commit.guardedBy != nil) { session throws(StoreError) in
      try session.apply(commit, sha256: sha256)
    }
  }

  // MARK: Campaigns

  package func nextCampaignID() throws(StoreError) -> CampaignID {
    try read { session throws(StoreError) in try session.nextCampaignID() }
  }

  package func campaign(_ id: CampaignID) throws(StoreError) -> Campaign? {
    try read { session throws(StoreError) in try session.campaign(id) }
  }

  package func campaign(named name: String) throws(StoreError) -> Campaign? {
    try read { session throws(StoreError) in try session.campaign(named: name) }
  }

  package func campaigns(after: CampaignID?, limit: Int) throws(StoreError) -> [Campaign] {
    try read { session throws(StoreError) in try session.campaigns(after: after, limit: limit) }
  }

  package func tally(_ campaign: CampaignID) throws(StoreError) -> Tally {
    try read { session throws(StoreError) in try session.tally(campaign) }
  }

  package func approval(_ campaign: CampaignID) throws(StoreError) -> Approval? {
    try read { session throws(StoreError) in try session.approval(campaign) }
  }

  // MARK: Lanes

  package func lanes() throws(StoreError) -> [Lane] {
    try read { session throws(StoreError) in try session.lanes() }
  }

  package func acquireLane(
    _ chain: ChainID, _ account: Address, holder: String, session name: String, leaseMilliseconds: Int64,
    signerHighest: Int64, at now: Timestamp
  ) throws(StoreError) -> Lane {
    let caller = caller(now)
    return try write { session throws(StoreError) in
      try session.acquire(
        chain, account, holder: holder, session: name, leaseMilliseconds: leaseMilliseconds,
        signerHighest: signerHighest, at: caller)
    }
  }

  package func renewLane(_ held: LaneGuard, leaseMilliseconds: Int64, at now: Timestamp) throws(StoreError) {
    let caller = caller(now)
    try write(isLeased: true) { session throws(StoreError) in
      try session.renew(held, leaseMilliseconds: leaseMilliseconds, at: caller)
    }
  }

  package func releaseLane(_ held: LaneGuard) throws(StoreError) {
    let isOurs = try write { session throws(StoreError) in try session.release(held) }
    if isOurs {
      try withWriter { session throws(StoreError) in session.forget(Lease(lane: held.lane, fence: held.fence)) }
    }
  }

  /// The caller's time, where it is to be believed.
  private func caller(_ now: Timestamp) -> Timestamp? {
    switch settings.leaseClock {
    case .server: nil
    case .caller: now
    }
  }

  // MARK: Payouts and batches

  package func queued(_ campaign: CampaignID, after: PayoutID?, limit: Int) throws(StoreError) -> [Payee] {
    try read { session throws(StoreError) in try session.queued(campaign, after: after, limit: limit) }
  }

  package func allQueued(_ campaign: CampaignID, after: PayoutID?, limit: Int) throws(StoreError) -> [Payee] {
    try read { session throws(StoreError) in try session.allQueued(campaign, after: after, limit: limit) }
  }

  package func halving(_ lane: LaneID, limit: Int) throws(StoreError) -> [Batch] {
    try read { session throws(StoreError) in try session.halving(lane, limit: limit) }
  }

  package func liveBatches(_ lane: LaneID) throws(StoreError) -> [Batch] {
    try read { session throws(StoreError) in try session.liveBatches(lane) }
  }

  package func liveBatchCount(_ campaign: CampaignID) throws(StoreError) -> Int {
    try read { session throws(StoreError) in try session.liveBatchCount(campaign) }
  }

  package func payees(_ batch: BatchID) throws(StoreError) -> [Payee] {
    try read { session throws(StoreError) in try session.payees(batch) }
  }

  package func queuedPayees(under batch: BatchID) throws(StoreError) -> [Payee] {
    try read { session throws(StoreError) in try session.queuedPayees(under: batch) }
  }

  package func payout(_ id: PayoutID) throws(StoreError) -> PayoutView? {
    try read { session throws(StoreError) in try session.payout(id) }
  }

  package func payout(key: String) throws(StoreError) -> PayoutView? {
    // No text of the server holds a NUL: a key with one stands nowhere.
    if key.utf8.contains(0) { return nil }
    let digest = digest(key)
    return try read { session throws(StoreError) in
      if let known = try session.payoutID(key: key, digest: digest) { return try session.payout(known) }
      guard let derived = DerivedKey(key), let campaign = try session.campaign(uuid: derived.campaign) else {
        return nil
      }
      let view = try session.payout(PayoutID(campaign: campaign.id, ordinal: derived.ordinal))
      // A payout with a key of the caller's is known by that alone.
      return view?.key == key ? view : nil
    }
  }

  package func payout(_ campaign: CampaignID, address: Address) throws(StoreError) -> PayoutView? {
    try read { session throws(StoreError) in
      try session.payoutID(campaign, address: address).flatMap { id throws(StoreError) in try session.payout(id) }
    }
  }

  package func payouts(
    _ campaign: CampaignID, status: PayoutStatus?, after: PayoutID?, limit: Int
  ) throws(StoreError) -> [PayoutView] {
    try read { session throws(StoreError) in
      try session.payouts(campaign, status: status, after: after, limit: limit)
    }
  }

  package func batches(_ campaign: CampaignID, after: BatchID?, limit: Int) throws(StoreError) -> [BatchView] {
    try read { session throws(StoreError) in try session.batches(campaign, after: after, limit: limit) }
  }

  package func batch(transaction: Hash32) throws(StoreError) -> BatchView? {
    try read { session throws(StoreError) in try session.batch(transaction: transaction) }
  }

  // MARK: Ledger, audit

  package func balances(owner: String) throws(StoreError) -> [Account: Balance] {
    try read { session throws(StoreError) in try session.balances(owner: owner) }
  }

  package func checkInvariants() throws(StoreError) -> [String] {
    try read { session throws(StoreError) in try session.brokenInvariants() }
  }

  package func ledgerEntries(after: Int64, limit: Int) throws(StoreError) -> [LedgerEntry] {
    try read { session throws(StoreError) in try session.ledgerEntries(after: after, limit: limit) }
  }

  package func auditRecords(after: AuditHead?, limit: Int) throws(StoreError) -> [AuditRecord] {
    try read { session throws(StoreError) in try session.auditRecords(after: after, limit: limit) }
  }

  package func auditHeads() throws(StoreError) -> [AuditHead] {
    try read { session throws(StoreError) in try session.heads() }
  }

  package func checkpoints() throws(StoreError) -> [Checkpoint] {
    try read { session throws(StoreError) in try session.checkpoints() }
  }

  package func addCheckpoint(_ checkpoint: Checkpoint) throws(StoreError) {
    try write { session throws(StoreError) in try session.insert(checkpoint) }
  }

  // MARK: Indexer

  package func indexCheckpoint(_ name: String) throws(StoreError) -> IndexCheckpoint? {
    try read { session throws(StoreError) in try session.indexCheckpoint(name) }
  }

  package func index(
    _ name: String, _ transfers: [ChainTransfer], checkpoint: IndexCheckpoint, rollBackTo: UInt64?
  ) throws(StoreError) {
    try write { session throws(StoreError) in
      try session.index(name, transfers, checkpoint: checkpoint, rollBackTo: rollBackTo)
    }
  }

  package func indexedTransfers(
    _ name: String, after: (block: UInt64, index: UInt64, transaction: Hash32)?, limit: Int
  ) throws(StoreError) -> [ChainTransfer] {
    try read { session throws(StoreError) in try session.indexedTransfers(name, after: after, limit: limit) }
  }
}
