import Airdrop
import Audit
import Chains
import Codecs
import Engine
import Ledger
import Money
import Payouts
import Policy

/// The real store with a point of death before and after every durable change, lost answers, and rules checked at each
/// commit. Every method of the port passes through.
struct WatchedStore: PayoutStore {
  let inner: any PayoutStore & LoadStore
  let watch: Watch

  private static let down = StoreError(.unavailable, "the process is dead")

  /// A durable change with a point of death on either side.
  func change<Value>(_ name: @autoclosure () -> String, _ body: () throws(StoreError) -> Value)
    throws(StoreError) -> Value
  {
    try reach()
    guard watch.passes("before \(name())", .slowCommit) else { throw WatchedStore.down }
    if watch.happens(.storeBusy) {
      watch.saw(.storeBusy)
      throw StoreError(.busy, "another process writes to the database")
    }
    let value = try surfacing(body)
    guard watch.passes("after \(name())", .slowCommit) else { throw WatchedStore.down }
    return value
  }

  func look<Value>(_ body: () throws(StoreError) -> Value) throws(StoreError) -> Value {
    try reach()
    guard !watch.isDown else { throw WatchedStore.down }
    return try surfacing(body)
  }

  private func reach() throws(StoreError) {
    guard watch.reachesStore() else { throw StoreError(.unavailable, "the database does not answer") }
  }

  /// A fault of the disk counts when it reaches the engine as an error; what SQLite mends by itself does not.
  private func surfacing<Value>(_ body: () throws(StoreError) -> Value) throws(StoreError) -> Value {
    do throws(StoreError) {
      let value = try body()
      watch.with { $0.hidden = [] }
      return value
    } catch {
      for fault in watch.with({ $0.hidden }) { watch.saw(fault) }
      watch.with { $0.hidden = [] }
      throw error
    }
  }

  func commit(_ commit: Commit) throws(StoreError) {
    if let held = commit.guardedBy, watch.with({ $0.lost.contains(held) }) {
      watch.broke(3, "lane \(held.lane) is written under fence \(held.fence) after a commit's answer was lost under it")
    }
    try change("commit \(commit.words)") { () throws(StoreError) in
      let isLost = watch.happens(.commitUnknown)
      if isLost, watch.draw(2) == 0 { throw lost(commit) }
      let before = try heads(commit.chain)
      do throws(StoreError) { try inner.commit(commit) } catch {
        if error.code == .commitUnknown || error.code == .io || error.code == .full { note(commit, error) }
        throw error
      }
      watch.committed(commit)
      watch.say("   committed \(commit.actor): \(commit.writes.map(\.line).joined(separator: "; "))")
      try check(commit, before: before)
      if isLost { throw lost(commit) }
    }
  }

  private func lost(_ commit: Commit) -> StoreError {
    watch.saw(.commitUnknown)
    let error = StoreError(.commitUnknown, "the answer to the commit was lost")
    note(commit, error)
    return error
  }

  private func note(_ commit: Commit, _ error: StoreError) {
    watch.with { state in
      state.isUnsure = true
      if error.code == .commitUnknown, let held = commit.guardedBy { state.lost.insert(held) }
    }
  }

  /// Invariants 3 and 7, in the moment of the commit.
  func check(_ commit: Commit, before: Int64?) throws(StoreError) {
    if let held = commit.guardedBy, let lane = try inner.lanes().first(where: { $0.id == held.lane }), !held.holds(lane)
    {
      watch.broke(3, "a stale fence changed something: \(held.fence) wrote, lane \(lane.id) is at \(lane.fence)")
    }
    guard let before, let after = try heads(commit.chain), after - before != commit.writes.count else { return }
    watch.broke(7, "\(commit.writes.count) changes left \(after - before) audit records: \(commit.words)")
  }

  private func heads(_ chain: Int64) throws(StoreError) -> Int64? {
    try inner.auditHeads().first { $0.chain == chain }?.sequence ?? 0
  }

  func raiseEpoch(reason: String, actor: String, at: Timestamp) throws(StoreError) {
    try change("raiseEpoch") { () throws(StoreError) in try inner.raiseEpoch(reason: reason, actor: actor, at: at) }
  }

  func acquireLane(
    _ chain: ChainID, _ account: Address, holder: String, session: String, leaseMilliseconds: Int64,
    signerHighest: Int64, at now: Timestamp
  ) throws(StoreError) -> Lane {
    try change("acquireLane") { () throws(StoreError) in
      let lane = try inner.acquireLane(
        chain, account, holder: holder, session: session, leaseMilliseconds: leaseMilliseconds,
        signerHighest: signerHighest, at: now)
      watch.say("   lane \(lane.id) to \(session), fence \(lane.fence), \(lane.mode.rawValue)")
      return lane
    }
  }

  func renewLane(_ held: LaneGuard, leaseMilliseconds: Int64, at now: Timestamp) throws(StoreError) {
    try change("renewLane") { () throws(StoreError) in
      try inner.renewLane(held, leaseMilliseconds: leaseMilliseconds, at: now)
    }
  }

  func releaseLane(_ held: LaneGuard) throws(StoreError) {
    try change("releaseLane") { () throws(StoreError) in try inner.releaseLane(held) }
  }

  func addCheckpoint(_ checkpoint: Checkpoint) throws(StoreError) {
    try change("addCheckpoint") { () throws(StoreError) in try inner.addCheckpoint(checkpoint) }
  }

  func index(
    _ name: String, _ transfers: [ChainTransfer], checkpoint: IndexCheckpoint, rollBackTo: UInt64?
  ) throws(StoreError) {
    try change("index") { () throws(StoreError) in
      try inner.index(name, transfers, checkpoint: checkpoint, rollBackTo: rollBackTo)
    }
  }
}

// MARK: Reading

extension WatchedStore {
  func identity() throws(StoreError) -> StoreIdentity { try look { () throws(StoreError) in try inner.identity() } }

  func nextCampaignID() throws(StoreError) -> CampaignID {
    try look { () throws(StoreError) in try inner.nextCampaignID() }
  }

  func campaign(_ id: CampaignID) throws(StoreError) -> Campaign? {
    try look { () throws(StoreError) in try inner.campaign(id) }
  }

  func campaign(named name: String) throws(StoreError) -> Campaign? {
    try look { () throws(StoreError) in try inner.campaign(named: name) }
  }

  func campaigns(after: CampaignID?, limit: Int) throws(StoreError) -> [Campaign] {
    try look { () throws(StoreError) in try inner.campaigns(after: after, limit: limit) }
  }

  func tally(_ campaign: CampaignID) throws(StoreError) -> Tally {
    try look { () throws(StoreError) in try inner.tally(campaign) }
  }

  func approval(_ campaign: CampaignID) throws(StoreError) -> Approval? {
    try look { () throws(StoreError) in try inner.approval(campaign) }
  }

  func lanes() throws(StoreError) -> [Lane] { try look { () throws(StoreError) in try inner.lanes() } }

  func queued(_ campaign: CampaignID, after: PayoutID?, limit: Int) throws(StoreError) -> [Payee] {
    try look { () throws(StoreError) in try inner.queued(campaign, after: after, limit: limit) }
  }

  func allQueued(_ campaign: CampaignID, after: PayoutID?, limit: Int) throws(StoreError) -> [Payee] {
    try look { () throws(StoreError) in try inner.allQueued(campaign, after: after, limit: limit) }
  }

  func halving(_ lane: LaneID, limit: Int) throws(StoreError) -> [Batch] {
    try look { () throws(StoreError) in try inner.halving(lane, limit: limit) }
  }

  func liveBatches(_ lane: LaneID) throws(StoreError) -> [Batch] {
    try look { () throws(StoreError) in try inner.liveBatches(lane) }
  }

  func liveBatchCount(_ campaign: CampaignID) throws(StoreError) -> Int {
    try look { () throws(StoreError) in try inner.liveBatchCount(campaign) }
  }

  func payees(_ batch: BatchID) throws(StoreError) -> [Payee] {
    try look { () throws(StoreError) in try inner.payees(batch) }
  }

  func queuedPayees(under batch: BatchID) throws(StoreError) -> [Payee] {
    try look { () throws(StoreError) in try inner.queuedPayees(under: batch) }
  }

  func payout(_ id: PayoutID) throws(StoreError) -> PayoutView? {
    try look { () throws(StoreError) in try inner.payout(id) }
  }

  func payout(key: String) throws(StoreError) -> PayoutView? {
    try look { () throws(StoreError) in try inner.payout(key: key) }
  }

  func payout(_ campaign: CampaignID, address: Address) throws(StoreError) -> PayoutView? {
    try look { () throws(StoreError) in try inner.payout(campaign, address: address) }
  }

  func payouts(
    _ campaign: CampaignID, status: PayoutStatus?, after: PayoutID?, limit: Int
  ) throws(StoreError) -> [PayoutView] {
    try look { () throws(StoreError) in try inner.payouts(campaign, status: status, after: after, limit: limit) }
  }

  func batches(_ campaign: CampaignID, after: BatchID?, limit: Int) throws(StoreError) -> [BatchView] {
    try look { () throws(StoreError) in try inner.batches(campaign, after: after, limit: limit) }
  }

  func batch(transaction: Hash32) throws(StoreError) -> BatchView? {
    try look { () throws(StoreError) in try inner.batch(transaction: transaction) }
  }

  func balances(owner: String) throws(StoreError) -> [Account: Balance] {
    try look { () throws(StoreError) in try inner.balances(owner: owner) }
  }

  func checkInvariants() throws(StoreError) -> [String] {
    try look { () throws(StoreError) in try inner.checkInvariants() }
  }

  func ledgerEntries(after: Int64, limit: Int) throws(StoreError) -> [LedgerEntry] {
    try look { () throws(StoreError) in try inner.ledgerEntries(after: after, limit: limit) }
  }

  func auditRecords(after: AuditHead?, limit: Int) throws(StoreError) -> [AuditRecord] {
    try look { () throws(StoreError) in try inner.auditRecords(after: after, limit: limit) }
  }

  func auditHeads() throws(StoreError) -> [AuditHead] { try look { () throws(StoreError) in try inner.auditHeads() } }

  func checkpoints() throws(StoreError) -> [Checkpoint] {
    try look { () throws(StoreError) in try inner.checkpoints() }
  }

  func indexCheckpoint(_ name: String) throws(StoreError) -> IndexCheckpoint? {
    try look { () throws(StoreError) in try inner.indexCheckpoint(name) }
  }

  func indexedTransfers(
    _ name: String, after: (block: UInt64, index: UInt64, transaction: Hash32)?, limit: Int
  ) throws(StoreError) -> [ChainTransfer] {
    try look { () throws(StoreError) in try inner.indexedTransfers(name, after: after, limit: limit) }
  }
}

// MARK: Screening

extension WatchedStore {
  func activePolicy() throws(StoreError) -> StoredPolicy? {
    try look { () throws(StoreError) in try inner.activePolicy() }
  }

  func lastEntry(_ journal: String) throws(StoreError) -> Int64 {
    try look { () throws(StoreError) in try inner.lastEntry(journal) }
  }

  func entries(_ journal: String, after: Int64, limit: Int) throws(StoreError) -> [JournalRow] {
    try look { () throws(StoreError) in try inner.entries(journal, after: after, limit: limit) }
  }

  func entry(_ journal: String, key: String) throws(StoreError) -> JournalRow? {
    try look { () throws(StoreError) in try inner.entry(journal, key: key) }
  }

  func rateCounts(_ keys: [String]) throws(StoreError) -> [String: RateCount] {
    try look { () throws(StoreError) in try inner.rateCounts(keys) }
  }

  func kycRecords(_ keys: [Hash32]) throws(StoreError) -> [Hash32: KYCRecord] {
    try look { () throws(StoreError) in try inner.kycRecords(keys) }
  }

  func keep(_ records: [KYCRecord]) throws(StoreError) {
    try change("keep") { () throws(StoreError) in try inner.keep(records) }
  }

  func safety() throws(StoreError) -> SafetyState? { try look { () throws(StoreError) in try inner.safety() } }

  func policies(limit: Int) throws(StoreError) -> [StoredPolicy] {
    try look { () throws(StoreError) in try inner.policies(limit: limit) }
  }

  func screening(_ campaign: CampaignID) throws(StoreError) -> CampaignScreening? {
    try look { () throws(StoreError) in try inner.screening(campaign) }
  }

  func screenable(_ campaign: CampaignID, from: UInt32, limit: Int) throws(StoreError) -> [ScreeningSubject] {
    try look { () throws(StoreError) in try inner.screenable(campaign, from: from, limit: limit) }
  }

  func heldPayouts(
    _ campaign: CampaignID, _ kind: VerdictKind?, isWaiting: Bool, after: PayoutID?, limit: Int
  ) throws(StoreError) -> [HeldPayout] {
    try look { () throws(StoreError) in
      try inner.heldPayouts(campaign, kind, isWaiting: isWaiting, after: after, limit: limit)
    }
  }

  func heldPayout(_ payout: PayoutID) throws(StoreError) -> HeldPayout? {
    try look { () throws(StoreError) in try inner.heldPayout(payout) }
  }

  func clearedFingerprints() throws(StoreError) -> Set<Hash32> {
    try look { () throws(StoreError) in try inner.clearedFingerprints() }
  }

  func barred(_ batches: [BatchID], at now: Timestamp) throws(StoreError) -> [BatchID: Bool] {
    let barred = try look { () throws(StoreError) in try inner.barred(batches, at: now) }
    watch.judge(batches, inner, at: now)
    return barred
  }
}
