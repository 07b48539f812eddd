import Audit
import Chains
import Codecs
import Engine
import Ledger
import Money
import Payouts
import Policy
import Synchronization

/// A store that only reports can be read from: rows are made when asked for, so that many cost no memory.
struct ReportStore: PayoutStore {
  var campaignRow: Campaign
  var payoutCount: UInt32 = 0
  var payoutRow: @Sendable (PayoutID) -> PayoutView
  var batchCount = 0
  var batchRow: @Sendable (Int) -> BatchView
  /// Called with the number of reads before this one.
  var tallyRead: @Sendable (Int) -> Tally = { _ in Tally() }
  var given: Approval?
  var accounts: [Account: Balance] = [:]
  var records: [AuditRecord] = []
  var heads: [AuditHead] = []
  var seals: [Checkpoint] = []
  let reads = Reads()

  /// What was asked, over all calls.
  final class Reads: Sendable {
    let tallies = Mutex(0)
    let longestPage = Mutex(0)
    let payouts = Mutex(0)
  }

  static let refused = StoreError(.unavailable, "a report only reads")

  func identity() throws(StoreError) -> StoreIdentity {
    StoreIdentity(uuid: "5f0c1e52-8f7a-4a39-9d5e-2f4ad1a1c001", epoch: 3, schemaVersion: 3)
  }
  func campaign(_ id: CampaignID) throws(StoreError) -> Campaign? { id == campaignRow.id ? campaignRow : nil }
  func campaign(named name: String) throws(StoreError) -> Campaign? { name == campaignRow.name ? campaignRow : nil }
  func tally(_ campaign: CampaignID) throws(StoreError) -> Tally {
    tallyRead(
      reads.tallies.withLock {
        $0 += 1
        return $0 - 1
      })
  }
  func approval(_ campaign: CampaignID) throws(StoreError) -> Approval? { given }

  func payouts(
    _ campaign: CampaignID, status: PayoutStatus?, after: PayoutID?, limit: Int
  ) throws(StoreError) -> [PayoutView] {
    let first = after.map { $0.ordinal + 1 } ?? 0
    guard first < payoutCount else { return [] }
    let page = (first..<payoutCount).prefix(limit).map { payoutRow(PayoutID(campaign: campaign, ordinal: $0)) }
    reads.longestPage.withLock { $0 = max($0, page.count) }
    reads.payouts.withLock { $0 += page.count }
    return page.filter { status == nil || $0.status == status }
  }

  func batches(_ campaign: CampaignID, after: BatchID?, limit: Int) throws(StoreError) -> [BatchView] {
    let first = after.map { Int($0.raw & (1 << Lane.sequenceBits - 1)) + 1 } ?? 0
    guard first < batchCount else { return [] }
    let page = (first..<batchCount).prefix(limit).map(batchRow)
    reads.longestPage.withLock { $0 = max($0, page.count) }
    return page
  }

  func balances(owner: String) throws(StoreError) -> [Account: Balance] { accounts.filter { $0.key.owner == owner } }
  func auditRecords(after: AuditHead?, limit: Int) throws(StoreError) -> [AuditRecord] {
    Array(
      records.filter { record in after.map { (record.chain, record.sequence) > ($0.chain, $0.sequence) } ?? true }
        .prefix(limit))
  }
  func auditHeads() throws(StoreError) -> [AuditHead] { heads }
  func checkpoints() throws(StoreError) -> [Checkpoint] { seals }

  func activePolicy() throws(StoreError) -> StoredPolicy? { nil }

  // What a report never asks.
  func rateCounts(_ keys: [String]) throws(StoreError) -> [String: RateCount] { throw ReportStore.refused }
  func kycRecords(_ keys: [Hash32]) throws(StoreError) -> [Hash32: KYCRecord] { throw ReportStore.refused }
  func keep(_ records: [KYCRecord]) throws(StoreError) { throw ReportStore.refused }
  func lastEntry(_ journal: String) throws(StoreError) -> Int64 { throw ReportStore.refused }
  func entries(_ journal: String, after: Int64, limit: Int) throws(StoreError) -> [JournalRow] {
    throw ReportStore.refused
  }
  func entry(_ journal: String, key: String) throws(StoreError) -> JournalRow? { throw ReportStore.refused }
  func safety() throws(StoreError) -> SafetyState? { throw ReportStore.refused }
  func policies(limit: Int) throws(StoreError) -> [StoredPolicy] { throw ReportStore.refused }
  func screening(_ campaign: CampaignID) throws(StoreError) -> CampaignScreening? { throw ReportStore.refused }
  func screenable(_ campaign: CampaignID, from: UInt32, limit: Int) throws(StoreError) -> [ScreeningSubject] {
    throw ReportStore.refused
  }
  func heldPayouts(
    _ campaign: CampaignID, _ kind: VerdictKind?, isWaiting: Bool, after: PayoutID?, limit: Int
  ) throws(StoreError) -> [HeldPayout] { throw ReportStore.refused }
  func heldPayout(_ payout: PayoutID) throws(StoreError) -> HeldPayout? { throw ReportStore.refused }
  func clearedFingerprints() throws(StoreError) -> Set<Hash32> { throw ReportStore.refused }
  func barred(_ batches: [BatchID], at now: Timestamp) throws(StoreError) -> [BatchID: Bool] {
    throw ReportStore.refused
  }
  func raiseEpoch(reason: String, actor: String, at: Timestamp) throws(StoreError) { throw ReportStore.refused }
  func nextCampaignID() throws(StoreError) -> CampaignID { throw ReportStore.refused }
  func campaigns(after: CampaignID?, limit: Int) throws(StoreError) -> [Campaign] { throw ReportStore.refused }
  func lanes() throws(StoreError) -> [Lane] { throw ReportStore.refused }
  func acquireLane(
    _ chain: ChainID, _ account: Address, holder: String, session: String, leaseMilliseconds: Int64,
    signerHighest: Int64, at now: Timestamp
  ) throws(StoreError) -> Lane { throw ReportStore.refused }
  func renewLane(_ held: LaneGuard, leaseMilliseconds: Int64, at now: Timestamp) throws(StoreError) {
    throw ReportStore.refused
  }
  func releaseLane(_ held: LaneGuard) throws(StoreError) { throw ReportStore.refused }
  func queued(_ campaign: CampaignID, after: PayoutID?, limit: Int) throws(StoreError) -> [Payee] {
    throw ReportStore.refused
  }
  func allQueued(_ campaign: CampaignID, after: PayoutID?, limit: Int) throws(StoreError) -> [Payee] {
    throw ReportStore.refused
  }
  func halving(_ lane: LaneID, limit: Int) throws(StoreError) -> [Batch] { throw ReportStore.refused }
  func liveBatches(_ lane: LaneID) throws(StoreError) -> [Batch] { throw ReportStore.refused }
  func liveBatchCount(_ campaign: CampaignID) throws(StoreError) -> Int { throw ReportStore.refused }
  func payees(_ batch: BatchID) throws(StoreError) -> [Payee] { throw ReportStore.refused }
  func queuedPayees(under batch: BatchID) throws(StoreError) -> [Payee] { throw ReportStore.refused }
  func payout(_ id: PayoutID) throws(StoreError) -> PayoutView? { throw ReportStore.refused }
  func payout(key: String) throws(StoreError) -> PayoutView? { throw ReportStore.refused }
  func payout(_ campaign: CampaignID, address: Address) throws(StoreError) -> PayoutView? { throw ReportStore.refused }
  func batch(transaction: Hash32) throws(StoreError) -> BatchView? { throw ReportStore.refused }
  func commit(_ commit: Commit) throws(StoreError) { throw ReportStore.refused }
  func checkInvariants() throws(StoreError) -> [String] { throw ReportStore.refused }
  func ledgerEntries(after: Int64, limit: Int) throws(StoreError) -> [LedgerEntry] { throw ReportStore.refused }
  func addCheckpoint(_ checkpoint: Checkpoint) throws(StoreError) { throw ReportStore.refused }
  func outbox(after: Int64, limit: Int) throws(StoreError) -> [OutboxEvent] { throw ReportStore.refused }
  func outboxCursor(_ relay: String) throws(StoreError) -> Int64 { throw ReportStore.refused }
  func moveOutboxCursor(_ relay: String, to id: Int64) throws(StoreError) -> Int64 { throw ReportStore.refused }
  func outboxBacklog(after: Int64) throws(StoreError) -> OutboxBacklog { throw ReportStore.refused }
  func bury(_ letter: DeadLetter) throws(StoreError) { throw ReportStore.refused }
  func deadLetters(_ relay: String, settled: Bool, after: Int64, limit: Int) throws(StoreError) -> [DeadLetter] {
    throw ReportStore.refused
  }
  func settleDeadLetters(_ relay: String, _ events: ClosedRange<Int64>, at: Timestamp) throws(StoreError) {
    throw ReportStore.refused
  }
  func indexCheckpoint(_ name: String) throws(StoreError) -> IndexCheckpoint? { throw ReportStore.refused }
  func index(
    _ name: String, _ transfers: [ChainTransfer], checkpoint: IndexCheckpoint, rollBackTo: UInt64?
  ) throws(StoreError) { throw ReportStore.refused }
  func indexedTransfers(
    _ name: String, after: (block: UInt64, index: UInt64, transaction: Hash32)?, limit: Int
  ) throws(StoreError) -> [ChainTransfer] { throw ReportStore.refused }
}

/// A report knows nobody.
extension ReportStore {
  func people() throws(StoreError) -> [Person] { [] }
  func person(_ name: PersonName) throws(StoreError) -> Person? { nil }
  func session(_ tokenHash: Hash32) throws(StoreError) -> Session? { nil }
  func nextApprovalRequest() throws(StoreError) -> Int64 { 1 }
  func approvalCase(of campaign: CampaignID) throws(StoreError) -> ApprovalCase? { nil }
  func approvalCase(_ request: Int64) throws(StoreError) -> ApprovalCase? { nil }
  func approvalRequests(before: Int64?, limit: Int) throws(StoreError) -> [ApprovalRequest] { [] }
  func nextProposal() throws(StoreError) -> Int64 { 1 }
  func proposalCase(_ number: Int64) throws(StoreError) -> ProposalCase? { nil }
  func newestProposal(_ kind: ProposalKind, _ subject: String) throws(StoreError) -> ProposalCase? { nil }
  func proposals(before: Int64?, limit: Int) throws(StoreError) -> [ProposalCase] { [] }
  func bookVersion() throws(StoreError) -> Int64 { 0 }
  func bookChanges(_ chain: ChainID, _ addresses: [Address]) throws(StoreError) -> [Address: BookChange] { [:] }
  func bookEntries(_ chain: ChainID, after: Address?, limit: Int) throws(StoreError) -> [BookChange] { [] }
}
