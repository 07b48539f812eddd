package import Audit
package import Chains
package import Codecs
package import Engine
package import Ledger
package import Money
package import Payouts

extension SQLiteStore: PayoutStore {
  package func identity() throws(StoreError) -> StoreIdentity {
    try read { database throws(StoreError) in try database.identity() }
  }

  package func raiseEpoch(reason: String, actor: String, at: Timestamp) throws(StoreError) {
    let sha256 = sha256
    try write { database throws(StoreError) in
      try database.raiseEpoch(reason: reason)
      let identity = try database.identity()
      var writer = CommitWriter(.epochRaised(identity, reason: reason, actor: actor, at: at), database, sha256: sha256)
      try writer.apply()
    }
  }

  package func commit(_ commit: Commit) throws(StoreError) {
    let sha256 = sha256
    // With its order a load is over, and leaves nothing at work.
    for case .order in commit.writes { finishBulk() }
    try write { database throws(StoreError) in
      var writer = CommitWriter(commit, database, sha256: sha256)
      try writer.apply()
    }
  }

  // MARK: Campaigns

  package func nextCampaignID() throws(StoreError) -> CampaignID {
    try read { database throws(StoreError) in try database.nextCampaignID() }
  }

  package func campaign(_ id: CampaignID) throws(StoreError) -> Campaign? {
    try read { database throws(StoreError) in try database.campaign(id) }
  }

  package func campaign(named name: String) throws(StoreError) -> Campaign? {
    try read { database throws(StoreError) in try database.campaign(named: name) }
  }

  package func campaigns(after: CampaignID?, limit: Int) throws(StoreError) -> [Campaign] {
    try read { database throws(StoreError) in try database.campaigns(after: after, limit: limit) }
  }

  package func tally(_ campaign: CampaignID) throws(StoreError) -> Tally {
    try read { database throws(StoreError) in try database.tally(campaign) }
  }

  package func approval(_ campaign: CampaignID) throws(StoreError) -> Approval? {
    try read { database throws(StoreError) in try database.approval(campaign) }
  }

  // MARK: Lanes

  package func lanes() throws(StoreError) -> [Lane] {
    try read { database throws(StoreError) in try database.lanes() }
  }

  package func acquireLane(
    _ chain: ChainID, _ account: Address, holder: String, session: String, leaseMilliseconds: Int64,
    signerHighest: Int64, at now: Timestamp
  ) throws(StoreError) -> Lane {
    try write { database throws(StoreError) in
      try database.acquire(
        chain, account, holder: holder, session: session, until: now.advanced(byMilliseconds: leaseMilliseconds),
        signerHighest: signerHighest, at: now)
    }
  }

  package func renewLane(_ held: LaneGuard, leaseMilliseconds: Int64, at now: Timestamp) throws(StoreError) {
    try write { database throws(StoreError) in
      try database.renew(held, until: now.advanced(byMilliseconds: leaseMilliseconds))
    }
  }

  package func releaseLane(_ held: LaneGuard) throws(StoreError) {
    try write { database throws(StoreError) in try database.release(held) }
  }

  // MARK: Payouts and batches

  package func queued(_ campaign: CampaignID, after: PayoutID?, limit: Int) throws(StoreError) -> [Payee] {
    try read { database throws(StoreError) in try database.queued(campaign, after: after, limit: limit) }
  }

  package func allQueued(_ campaign: CampaignID, after: PayoutID?, limit: Int) throws(StoreError) -> [Payee] {
    try read { database throws(StoreError) in try database.allQueued(campaign, after: after, limit: limit) }
  }

  package func halving(_ lane: LaneID, limit: Int) throws(StoreError) -> [Batch] {
    try read { database throws(StoreError) in try database.halving(lane, limit: limit) }
  }

  package func liveBatches(_ lane: LaneID) throws(StoreError) -> [Batch] {
    try read { database throws(StoreError) in try database.liveBatches(lane) }
  }

  package func liveBatchCount(_ campaign: CampaignID) throws(StoreError) -> Int {
    try read { database throws(StoreError) in try database.liveBatchCount(campaign) }
  }

  package func payees(_ batch: BatchID) throws(StoreError) -> [Payee] {
    try read { database throws(StoreError) in try database.payees(batch) }
  }

  package func queuedPayees(under batch: BatchID) throws(StoreError) -> [Payee] {
    try read { database throws(StoreError) in try database.queuedPayees(under: batch) }
  }

  package func payout(_ id: PayoutID) throws(StoreError) -> PayoutView? {
    try read { database throws(StoreError) in try database.payout(id) }
  }

  package func payout(key: String) throws(StoreError) -> PayoutView? {
    let digest = digest
    return try read { database throws(StoreError) in
      if let known = try database.payoutID(key: key, digest: digest(key)) { return try database.payout(known.id) }
      guard let derived = DerivedKey(key), let campaign = try database.campaign(uuid: derived.campaign) else {
        return nil
      }
      let view = try database.payout(PayoutID(campaign: campaign.id, ordinal: derived.ordinal))
      // A payout with a key of the caller's is known by that alone.
      return view?.key == key ? view : nil
    }
  }

  package func payout(_ campaign: CampaignID, address: Address) throws(StoreError) -> PayoutView? {
    try read { database throws(StoreError) in
      try database.payoutID(campaign, address: address).flatMap { id throws(StoreError) in try database.payout(id) }
    }
  }

  package func payouts(
    _ campaign: CampaignID, status: PayoutStatus?, after: PayoutID?, limit: Int
  ) throws(StoreError) -> [PayoutView] {
    try read { database throws(StoreError) in
      try database.payouts(campaign, status: status, after: after, limit: limit)
    }
  }

  package func batches(_ campaign: CampaignID, after: BatchID?, limit: Int) throws(StoreError) -> [BatchView] {
    try read { database throws(StoreError) in try database.batches(campaign, after: after, limit: limit) }
  }

  package func batch(transaction: Hash32) throws(StoreError) -> BatchView? {
    try read { database throws(StoreError) in try database.batch(transaction: transaction) }
  }

  // MARK: Ledger, audit

  package func balances(owner: String) throws(StoreError) -> [Account: Balance] {
    try read { database throws(StoreError) in try database.balances(owner: owner) }
  }

  package func checkInvariants() throws(StoreError) -> [String] {
    try read { database throws(StoreError) in try database.brokenInvariants() }
  }

  package func ledgerEntries(after: Int64, limit: Int) throws(StoreError) -> [LedgerEntry] {
    try read { database throws(StoreError) in try database.ledgerEntries(after: after, limit: limit) }
  }

  package func auditRecords(after: AuditHead?, limit: Int) throws(StoreError) -> [AuditRecord] {
    try read { database throws(StoreError) in try database.auditRecords(after: after, limit: limit) }
  }

  package func auditHeads() throws(StoreError) -> [AuditHead] {
    try read { database throws(StoreError) in try database.heads() }
  }

  package func checkpoints() throws(StoreError) -> [Checkpoint] {
    try read { database throws(StoreError) in try database.checkpoints() }
  }

  package func addCheckpoint(_ checkpoint: Checkpoint) throws(StoreError) {
    try write { database throws(StoreError) in try database.insert(checkpoint) }
  }

  // MARK: Indexer

  package func indexCheckpoint(_ name: String) throws(StoreError) -> IndexCheckpoint? {
    try read { database throws(StoreError) in try database.indexCheckpoint(name) }
  }

  package func index(
    _ name: String, _ transfers: [ChainTransfer], checkpoint: IndexCheckpoint, rollBackTo: UInt64?
  ) throws(StoreError) {
    try write { database throws(StoreError) in
      try database.index(name, transfers, checkpoint: checkpoint, rollBackTo: rollBackTo)
    }
  }

  package func indexedTransfers(
    _ name: String, after: (block: UInt64, index: UInt64, transaction: Hash32)?, limit: Int
  ) throws(StoreError) -> [ChainTransfer] {
    try read { database throws(StoreError) in try database.indexedTransfers(name, after: after, limit: limit) }
  }
}
