package import Audit
package import Chains
package import Codecs
package import Ledger
package import Money
package import Payouts

/// Which store this is. A copy or a restore is another epoch of the same store.
package struct StoreIdentity: Hashable, Sendable {
  package let uuid: String
  package let epoch: Int64
  package let schemaVersion: Int
  package init(uuid: String, epoch: Int64, schemaVersion: Int) {
    self.uuid = uuid
    self.epoch = epoch
    self.schemaVersion = schemaVersion
  }
}

/// How many payouts of a campaign are in which state, and what they are worth. Kept beside the rows, in the same commits.
package struct Tally: Hashable, Sendable {
  package struct Part: Hashable, Sendable {
    package var count: Int64
    package var units: UInt256
    package init(count: Int64 = 0, units: UInt256 = .zero) {
      self.count = count
      self.units = units
    }
  }
  package var parts: [PayoutStatus: Part]
  /// Of the submitted ones: those whose fate is unknown.
  package var unknown: Int64

  package init(parts: [PayoutStatus: Part] = [:], unknown: Int64 = 0) {
    self.parts = parts
    self.unknown = unknown
  }
  package subscript(_ status: PayoutStatus) -> Part { parts[status] ?? Part() }
  package var count: Int64 { parts.values.reduce(0) { $0 + $1.count } }
}

/// One payout as tables, CLI and API show it.
package struct PayoutView: Hashable, Sendable {
  package let payout: PayoutID
  /// The caller's payout id, or the derived one.
  package let key: String
  package let campaign: CampaignID
  package let address: Address
  package let units: UInt256
  package let status: PayoutStatus
  /// `pending` or the unknown reason, for submitted ones.
  package let fate: Fate?
  package let batch: BatchID?
  /// Hash of the final attempt; before finality that of the newest signed one.
  package let transaction: Hash32?
  /// Place of the payout in its transaction, from 0.
  package let outIndex: Int?
  package let errorCode: String?
  package let errorMessage: String?
  package let rowNumber: Int64
  /// Canonical JSON object text; empty for none.
  package let metadata: String

  package init(
    payout: PayoutID, key: String, campaign: CampaignID, address: Address, units: UInt256, status: PayoutStatus,
    fate: Fate?, batch: BatchID?, transaction: Hash32?, outIndex: Int?, errorCode: String?, errorMessage: String?,
    rowNumber: Int64, metadata: String
  ) {
    self.payout = payout
    self.key = key
    self.campaign = campaign
    self.address = address
    self.units = units
    self.status = status
    self.fate = fate
    self.batch = batch
    self.transaction = transaction
    self.outIndex = outIndex
    self.errorCode = errorCode
    self.errorMessage = errorMessage
    self.rowNumber = rowNumber
    self.metadata = metadata
  }
}

/// A batch that has ended or lives, for reports and exports.
package struct BatchView: Hashable, Sendable {
  package let batch: Batch
  /// Canonical JSON text of the evidence; nil while live.
  package let evidence: String?
  package let endedAt: Timestamp?
  /// Fee of the final transaction in native units; nil while live or spent by a stranger.
  package let feePaid: UInt256?
  package init(batch: Batch, evidence: String?, endedAt: Timestamp?, feePaid: UInt256?) {
    self.batch = batch
    self.evidence = evidence
    self.endedAt = endedAt
    self.feePaid = feePaid
  }
}

/// A posted ledger transfer, for exports.
package struct LedgerEntry: Hashable, Sendable {
  package let id: Int64
  package let kind: String
  package let debit: String
  package let credit: String
  package let units: UInt256
  package let hold: BatchID?
  package let at: Timestamp
  package init(id: Int64, kind: String, debit: String, credit: String, units: UInt256, hold: BatchID?, at: Timestamp) {
    self.id = id
    self.kind = kind
    self.debit = debit
    self.credit = credit
    self.units = units
    self.hold = hold
    self.at = at
  }
}

/// Where an indexer goes on, and the block it rests on.
package struct IndexCheckpoint: Hashable, Sendable {
  package let block: UInt64
  package let hash: Hash32
  package init(block: UInt64, hash: Hash32) {
    self.block = block
    self.hash = hash
  }
}

/// The one door to durable state. Every implementation passes the same contract suite (Tests/StoreTests).
///
/// Calls block. A store may be used from several threads; each call is one transaction. Reads see committed state
/// only. Lists are paged by cursor and bounded by `limit`, so that memory stays flat at any size.
package protocol PayoutStore: OutboxStore, PeopleStore, ScreeningStore, FactStore, JournalStore {
  /// Marks this store as restored or copied: epoch + 1, every lane draining, no lease left.
  func raiseEpoch(reason: String, actor: String, at: Timestamp) throws(StoreError)

  // Campaigns
  /// The number for a new campaign; `createCampaign` takes it.
  func nextCampaignID() throws(StoreError) -> CampaignID
  func campaign(_ id: CampaignID) throws(StoreError) -> Campaign?
  func campaign(named name: String) throws(StoreError) -> Campaign?
  func campaigns(after: CampaignID?, limit: Int) throws(StoreError) -> [Campaign]
  func tally(_ campaign: CampaignID) throws(StoreError) -> Tally
  /// The newest approval of the campaign.
  func approval(_ campaign: CampaignID) throws(StoreError) -> Approval?

  // Lanes
  func lanes() throws(StoreError) -> [Lane]
  /// Takes the lane if it is free at `now` by the store's own judgement, creating it when new, with fence
  /// max(fence, signerHighest) + 1. Throws `store.busy` while another holds it, `store.conflict` when stopped.
  func acquireLane(
    _ chain: ChainID, _ account: Address, holder: String, session: String, leaseMilliseconds: Int64,
    signerHighest: Int64, at now: Timestamp
  ) throws(StoreError) -> Lane
  /// Extends the lease. Throws `store.stale_fence` when it is another's.
  func renewLane(_ held: LaneGuard, leaseMilliseconds: Int64, at now: Timestamp) throws(StoreError)
  /// Gives the lease back; a lease that is another's is left alone.
  func releaseLane(_ held: LaneGuard) throws(StoreError)

  // Payouts and batches
  /// Payouts that ordinary planning may take: queued, of finished loads, under no dead batch, and with no verdict that
  /// forbids it; ascending.
  func queued(_ campaign: CampaignID, after: PayoutID?, limit: Int) throws(StoreError) -> [Payee]
  /// All queued payouts, those under dead batches too, for cancel; ascending.
  func allQueued(_ campaign: CampaignID, after: PayoutID?, limit: Int) throws(StoreError) -> [Payee]
  /// Dead batches of the lane whose payouts wait to be planned as halves.
  func halving(_ lane: LaneID, limit: Int) throws(StoreError) -> [Batch]
  /// Live batches of the lane with all attempts and bytes, by slot.
  func liveBatches(_ lane: LaneID) throws(StoreError) -> [Batch]
  /// Live batches of the campaign on any lane.
  func liveBatchCount(_ campaign: CampaignID) throws(StoreError) -> Int
  /// Payees as promised by the batch, by payout number.
  func payees(_ batch: BatchID) throws(StoreError) -> [Payee]
  /// Payees of the batch that are still queued under it (halving), and that no verdict forbids.
  func queuedPayees(under batch: BatchID) throws(StoreError) -> [Payee]
  func payout(_ id: PayoutID) throws(StoreError) -> PayoutView?
  func payout(key: String) throws(StoreError) -> PayoutView?
  func payout(_ campaign: CampaignID, address: Address) throws(StoreError) -> PayoutView?
  func payouts(
    _ campaign: CampaignID, status: PayoutStatus?, after: PayoutID?, limit: Int
  ) throws(StoreError) -> [PayoutView]
  func batches(_ campaign: CampaignID, after: BatchID?, limit: Int) throws(StoreError) -> [BatchView]
  /// The batch that owns this transaction hash, with its lane's slot; any state.
  func batch(transaction: Hash32) throws(StoreError) -> BatchView?

  /// Writes everything or nothing; durable when it returns.
  ///
  /// Throws `store.stale_fence`, `store.stale_state`, `store.ledger_refused`, `store.conflict`, and what storage
  /// itself throws. After `store.commit_unknown` the caller forgets everything and reads.
  func commit(_ commit: Commit) throws(StoreError)

  // Ledger, audit
  func balances(owner: String) throws(StoreError) -> [Account: Balance]
  /// Sum of debits less credits over all accounts of the asset is zero, holds fit pending sums, tallies fit rows:
  /// the sentences that are not true, empty when all is well.
  func checkInvariants() throws(StoreError) -> [String]
  func ledgerEntries(after: Int64, limit: Int) throws(StoreError) -> [LedgerEntry]
  func auditRecords(after: AuditHead?, limit: Int) throws(StoreError) -> [AuditRecord]
  func auditHeads() throws(StoreError) -> [AuditHead]
  func checkpoints() throws(StoreError) -> [Checkpoint]
  func addCheckpoint(_ checkpoint: Checkpoint) throws(StoreError)

  // Indexer
  func indexCheckpoint(_ name: String) throws(StoreError) -> IndexCheckpoint?
  /// Stores transfers (again is nothing) and the checkpoint in one transaction; drops transfers above `rollBackTo`.
  func index(
    _ name: String, _ transfers: [ChainTransfer], checkpoint: IndexCheckpoint, rollBackTo: UInt64?
  ) throws(StoreError)
  func indexedTransfers(
    _ name: String, after: (block: UInt64, index: UInt64, transaction: Hash32)?, limit: Int
  ) throws(StoreError) -> [ChainTransfer]
}

extension PayoutStore {
  /// The latest time that any record of the audit trail tells of; nil for an empty one.
  package func newestTime() throws(StoreError) -> Timestamp? {
    var newest: Timestamp?
    for head in try auditHeads() {
      let before = AuditHead(chain: head.chain, sequence: head.sequence - 1, hash: .zero)
      guard let record = try auditRecords(after: before, limit: 1).first, record.chain == head.chain else { continue }
      let at = Timestamp(milliseconds: record.at)
      newest = max(newest ?? at, at)
    }
    return newest
  }
}
