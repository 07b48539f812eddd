package import Audit
package import Chains
package import Codecs
package import Engine
package import Ledger
package import Money
package import Payouts
import Synchronization

/// The store of tests, dry runs and the simulator: the same contract as a durable one, and gone with the process.
package final class MemoryStore: Sendable {
  let sha256: any SHA256Hashing
  private let state: Mutex<MemoryState>

  /// `uuid` names the store; tests and the simulator choose it.
  package init(uuid: String, sha256: any SHA256Hashing) {
    self.sha256 = sha256
    var empty = MemoryState()
    empty.uuid = uuid
    self.state = Mutex(empty)
  }

  func read<Result: Sendable>(_ body: @Sendable (MemoryState) -> Result) -> Result {
    state.withLock { body($0) }
  }

  /// All of the body's changes, or none when it throws.
  func write<Result: Sendable>(
    _ body: @Sendable (inout MemoryTransaction) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    try state.withLock { state throws(StoreError) -> Result in
      // The state moves in and back out, so that nothing is copied on the first write.
      var transaction = MemoryTransaction()
      swap(&transaction.state, &state)
      defer { swap(&transaction.state, &state) }
      do throws(StoreError) { return try body(&transaction) } catch {
        transaction.rollBack()
        throw error
      }
    }
  }
}

extension MemoryStore: PayoutStore {
  package func identity() throws(StoreError) -> StoreIdentity {
    read { StoreIdentity(uuid: $0.uuid, epoch: $0.epoch, schemaVersion: 1) }
  }

  package func raiseEpoch(reason: String, actor: String, at: Timestamp) throws(StoreError) {
    let sha256 = sha256
    try write { transaction throws(StoreError) in
      let epoch = transaction.state.epoch + 1
      transaction.set(\.epoch, epoch)
      for lane in transaction.state.lanes.values {
        let mode: LaneMode = lane.mode == .stopped ? .stopped : .draining
        transaction.put(
          \.lanes, lane.id,
          lane.with(mode: mode, reason: reason).leased(
            fence: lane.fence, holder: nil, session: nil, until: Timestamp(milliseconds: 0), epoch: epoch))
      }
      let identity = StoreIdentity(uuid: transaction.state.uuid, epoch: epoch, schemaVersion: 1)
      try transaction.apply(.epochRaised(identity, reason: reason, actor: actor, at: at), sha256: sha256)
    }
  }

  package func commit(_ commit: Commit) throws(StoreError) {
    let sha256 = sha256
    try write { transaction throws(StoreError) in try transaction.apply(commit, sha256: sha256) }
  }

  // MARK: Campaigns

  package func nextCampaignID() throws(StoreError) -> CampaignID { read { $0.nextCampaignID } }

  package func campaign(_ id: CampaignID) throws(StoreError) -> Campaign? { read { $0.campaigns[id] } }

  package func campaign(named name: String) throws(StoreError) -> Campaign? {
    read { $0.campaigns.values.first { $0.name == name } }
  }

  package func campaigns(after: CampaignID?, limit: Int) throws(StoreError) -> [Campaign] {
    read { state in
      Array(state.campaigns.values.filter { $0.id > after ?? CampaignID(0) }.sorted { $0.id < $1.id }.prefix(limit))
    }
  }

  package func tally(_ campaign: CampaignID) throws(StoreError) -> Tally { read { $0.tallies[campaign] ?? Tally() } }

  package func approval(_ campaign: CampaignID) throws(StoreError) -> Approval? { read { $0.approvals[campaign] } }

  // MARK: Lanes

  package func lanes() throws(StoreError) -> [Lane] { read { $0.lanes.values.sorted { $0.id < $1.id } } }

  package func acquireLane(
    _ chain: ChainID, _ account: Address, holder: String, session: String, leaseMilliseconds: Int64,
    signerHighest: Int64, at now: Timestamp
  ) throws(StoreError) -> Lane {
    try write { transaction throws(StoreError) in
      let state = transaction.state
      let lane =
        state.lanes.values.first { $0.chain == chain && $0.account == account }
        ?? Lane(
          id: LaneID((state.lanes.keys.map(\.raw).max() ?? 0) + 1), chain: chain, account: account, fence: 0,
          holder: nil, session: nil, until: Timestamp(milliseconds: 0), mode: .open, modeReason: nil, nextSlot: 0,
          nextSequence: 0, epoch: state.epoch)
      let taken = lane.leased(
        fence: try lane.fenceForTaking(signerHighest: signerHighest, at: now), holder: holder, session: session,
        until: now.advanced(byMilliseconds: leaseMilliseconds), epoch: state.epoch)
      transaction.put(\.lanes, lane.id, taken)
      return taken
    }
  }

  package func renewLane(_ held: LaneGuard, leaseMilliseconds: Int64, at now: Timestamp) throws(StoreError) {
    try write { transaction throws(StoreError) in
      let row = transaction.state.lanes[held.lane]
      try held.check(row, storeEpoch: transaction.state.epoch)
      transaction.put(
        \.lanes, held.lane,
        row?.leased(
          fence: held.fence, holder: row?.holder, session: held.session,
          until: now.advanced(byMilliseconds: leaseMilliseconds), epoch: held.epoch))
    }
  }

  package func releaseLane(_ held: LaneGuard) throws(StoreError) {
    try write { transaction throws(StoreError) in
      guard let row = transaction.state.lanes[held.lane], held.holds(row) else { return }
      transaction.put(
        \.lanes, held.lane,
        row.leased(fence: row.fence, holder: nil, session: nil, until: Timestamp(milliseconds: 0), epoch: row.epoch))
    }
  }

  // MARK: Payouts and batches

  package func queued(_ campaign: CampaignID, after: PayoutID?, limit: Int) throws(StoreError) -> [Payee] {
    read { state in state.queued(campaign, after: after, limit: limit) { state.mayPay($0) && $1.batch == nil } }
  }

  package func allQueued(_ campaign: CampaignID, after: PayoutID?, limit: Int) throws(StoreError) -> [Payee] {
    read { $0.queued(campaign, after: after, limit: limit) { _, _ in true } }
  }

  package func halving(_ lane: LaneID, limit: Int) throws(StoreError) -> [Batch] {
    read { state in
      Array(
        state.halving.filter { $0.value == lane }.keys.sorted().prefix(limit).compactMap { state.batches[$0]?.batch })
    }
  }

  package func liveBatches(_ lane: LaneID) throws(StoreError) -> [Batch] {
    read { state in
      state.live.filter { $0.value == lane }.keys.compactMap { state.batches[$0]?.batch }.sorted { $0.slot < $1.slot }
    }
  }

  package func liveBatchCount(_ campaign: CampaignID) throws(StoreError) -> Int {
    read { state in state.liveBatchCount(campaign) }
  }

  package func payees(_ batch: BatchID) throws(StoreError) -> [Payee] {
    read { state in MemoryState.members(state.batches[batch]?.runs ?? []).compactMap { state.payee($0) } }
  }

  package func queuedPayees(under batch: BatchID) throws(StoreError) -> [Payee] {
    read { state in
      MemoryState.members(state.batches[batch]?.runs ?? []).compactMap { payout in
        guard let row = state.row(payout), row.status == .queued, row.batch == batch, state.mayPay(payout) else {
          return nil
        }
        return state.payee(payout)
      }
    }
  }

  package func payout(_ id: PayoutID) throws(StoreError) -> PayoutView? { read { $0.view(id) } }

  package func payout(key: String) throws(StoreError) -> PayoutView? {
    read { state in
      if let known = state.keys[key] { return state.view(known) }
      guard let derived = DerivedKey(key),
        let campaign = state.campaigns.values.first(where: { $0.uuid == derived.campaign })
      else { return nil }
      let view = state.view(PayoutID(campaign: campaign.id, ordinal: derived.ordinal))
      return view?.key == key ? view : nil
    }
  }

  package func payout(_ campaign: CampaignID, address: Address) throws(StoreError) -> PayoutView? {
    read { state in
      state.addresses[campaign]?[address].flatMap { state.view(PayoutID(campaign: campaign, ordinal: $0)) }
    }
  }

  package func payouts(
    _ campaign: CampaignID, status: PayoutStatus?, after: PayoutID?, limit: Int
  ) throws(StoreError) -> [PayoutView] {
    read { state in
      state.ready(campaign, after: after).filter { status == nil || state.row($0)?.status == status }.prefix(limit)
        .compactMap { state.view($0) }
    }
  }

  package func batches(_ campaign: CampaignID, after: BatchID?, limit: Int) throws(StoreError) -> [BatchView] {
    read { state in
      state.batches.values.filter { $0.batch.campaign == campaign && $0.batch.id > after ?? BatchID(.min) }
        .sorted { $0.batch.id < $1.batch.id }.prefix(limit).map(\.view)
    }
  }

  package func batch(transaction: Hash32) throws(StoreError) -> BatchView? {
    read { state in state.transactions[transaction].flatMap { state.batches[$0]?.view } }
  }

  // MARK: Ledger, audit

  package func balances(owner: String) throws(StoreError) -> [Account: Balance] {
    read { $0.balances.filter { $0.key.owner == owner } }
  }

  package func checkInvariants() throws(StoreError) -> [String] { read { $0.brokenInvariants } }

  package func ledgerEntries(after: Int64, limit: Int) throws(StoreError) -> [LedgerEntry] {
    read { $0.entries.page(after: after, limit: limit) }
  }

  package func auditRecords(after: AuditHead?, limit: Int) throws(StoreError) -> [AuditRecord] {
    read { state in
      Array(
        state.audit.sorted { $0.key < $1.key }.lazy.flatMap(\.value).filter { record in
          after.map { (record.chain, record.sequence) > ($0.chain, $0.sequence) } ?? true
        }.prefix(limit))
    }
  }

  package func auditHeads() throws(StoreError) -> [AuditHead] {
    read { $0.audit.compactMap { $0.value.last?.head }.sorted() }
  }

  package func checkpoints() throws(StoreError) -> [Checkpoint] { read { $0.checkpoints } }

  package func addCheckpoint(_ checkpoint: Checkpoint) throws(StoreError) {
    try write { transaction throws(StoreError) in
      let known = transaction.state.checkpoints
      if known.contains(checkpoint) { return }
      guard checkpoint.number == (known.last?.number ?? 0) + 1 else {
        throw StoreError(.conflict, "checkpoint \(checkpoint.number) does not follow \(known.last?.number ?? 0)")
      }
      transaction.append(\.checkpoints, checkpoint)
    }
  }

  // MARK: Indexer

  package func indexCheckpoint(_ name: String) throws(StoreError) -> IndexCheckpoint? {
    read { $0.indexes[name]?.checkpoint }
  }

  package func index(
    _ name: String, _ transfers: [ChainTransfer], checkpoint: IndexCheckpoint, rollBackTo: UInt64?
  ) throws(StoreError) {
    try write { transaction throws(StoreError) in
      var index = transaction.state.indexes[name] ?? MemoryState.Index()
      if let rollBackTo { index.transfers = index.transfers.filter { $0.key.block <= rollBackTo } }
      for transfer in transfers {
        let place = MemoryState.IndexPlace(transfer)
        guard index.transfers[place] == nil || index.transfers[place] == transfer else {
          throw StoreError(.conflict, "block \(transfer.blockNumber) was indexed with other content")
        }
        index.transfers[place] = transfer
      }
      index.checkpoint = checkpoint
      transaction.put(\.indexes, name, index)
    }
  }

  package func indexedTransfers(
    _ name: String, after: (block: UInt64, index: UInt64, transaction: Hash32)?, limit: Int
  ) throws(StoreError) -> [ChainTransfer] {
    let place = after.map { MemoryState.IndexPlace(block: $0.block, index: $0.index, transaction: $0.transaction) }
    return read { state in
      (state.indexes[name]?.transfers ?? [:]).filter { entry in place.map { entry.key > $0 } ?? true }
        .sorted { $0.key < $1.key }.prefix(limit).map(\.value)
    }
  }
}

extension Array {
  /// Entries numbered 1, 2, 3, ... after a number.
  func page(after: Int64, limit: Int) -> [Element] {
    Array(dropFirst(Int(Swift.max(0, after))).prefix(limit))
  }
}
