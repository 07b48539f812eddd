import Airdrop
import Audit
import Chains
import Codecs
import Engine
import Ledger
import Money
import Payouts

extension MemoryTransaction {
  /// Applies a commit in order; the caller rolls back what a refusal leaves half done.
  mutating func apply(_ commit: Commit, sha256: any SHA256Hashing) throws(StoreError) {
    if let held = commit.guardedBy { try held.check(state.lanes[held.lane], storeEpoch: state.epoch) }
    // What the lane was when the transaction began: numbers and slots are compared with that.
    let lane = commit.guardedBy.flatMap { state.lanes[$0.lane] }
    var transfers: [Transfer] = []
    for write in commit.writes {
      try apply(write, commit, lane)
      let consequences = Consequences.of(write, actor: commit.actor)
      let head = state.audit[commit.chain]?.last?.head ?? .empty(commit.chain)
      append(head.next(consequences.record, at: commit.at.milliseconds, with: sha256))
      if let event = consequences.event {
        append(
          \.outbox,
          OutboxEvent(
            id: Int64(state.outbox.count) + 1, epoch: state.epoch, type: event.type, key: event.key,
            payload: event.payload, at: commit.at))
      }
      transfers += consequences.transfers
    }
    try post(transfers, at: commit.at)
  }

  private mutating func post(_ transfers: [Transfer], at: Timestamp) throws(StoreError) {
    var holds: [HoldID: Hold] = [:]
    for id in transfers.namedHolds { holds[id] = state.holds[id] }
    var balances: [Account: Balance] = [:]
    for account in transfers.namedAccounts.union(holds.values.flatMap { [$0.debit, $0.credit] }) {
      balances[account] = state.balances[account]
    }
    var book = Book(balances: balances, holds: holds)
    do { try book.apply(transfers) } catch { throw StoreError(.ledger, "\(error.code.rawValue): \(error.message)") }
    for (account, balance) in book.balances { put(\.balances, account, balance) }
    for (id, hold) in book.holds { put(\.holds, id, hold) }
    for transfer in transfers {
      let debit: Account?
      let credit: Account?
      let hold: HoldID?
      switch transfer {
      case .move(let from, let to, _): (debit, credit, hold) = (from, to, nil)
      case .hold(let id, let from, let to, _): (debit, credit, hold) = (from, to, id)
      case .post(let id, _), .void(let id, _):
        (debit, credit, hold) = (book.holds[id]?.debit, book.holds[id]?.credit, id)
      }
      append(
        \.entries,
        LedgerEntry(
          id: Int64(state.entries.count) + 1, kind: transfer.kind, debit: debit?.description ?? "",
          credit: credit?.description ?? "", units: transfer.units, hold: hold, at: at))
    }
  }

  private mutating func apply(_ write: Write, _ commit: Commit, _ lane: Lane?) throws(StoreError) {
    switch write {
    case .createCampaign(let campaign): try create(campaign)
    case .changeCampaign(let change):
      let campaign = try existing(change.campaign)
      try change.check(campaign)
      put(\.campaigns, campaign.id, campaign.changed(change))
    case .order(let order): try apply(order)
    case .approve(let approval):
      _ = try existing(approval.campaign)
      put(\.approvals, approval.campaign, approval)
    case .intend(let intent): try apply(intent, commit, lane)
    case .addAttempt(let added): try apply(added, commit, lane)
    case .recordBytes(let recorded): try apply(recorded, commit)
    case .recordSent(let sent): try apply(sent, commit)
    case .endBatch(let end): try apply(end, commit)
    case .markUnknown(let batch, let campaign, let why): try markUnknown(batch, campaign, why, commit)
    case .failQueued(let failed): try apply(failed)
    case .compensate(let compensation): try apply(compensation)
    case .settle(let settlement): try apply(settlement)
    case .changeLane(let change): try apply(change, commit)
    case .activatePolicy(let activation): try apply(activation, at: commit.at)
    case .screen(let part): try apply(part, existing(part.screening.campaign))
    case .review(let decision): try apply(decision)
    case .changeSafety(let change): try apply(change, at: commit.at)
    case .journal(let part): try apply(part, commit)
    case .note: break
    case .people(let write): try apply(write, at: commit.at)
    }
  }

  // MARK: Campaigns and loads

  private func existing(_ id: CampaignID) throws(StoreError) -> Campaign {
    guard let campaign = state.campaigns[id] else { throw StoreError(.notFound, "there is no campaign \(id)") }
    return campaign
  }

  private mutating func create(_ campaign: Campaign) throws(StoreError) {
    try campaign.checkNew(next: state.nextCampaignID)
    guard !state.campaigns.values.contains(where: { $0.name == campaign.name || $0.uuid == campaign.uuid }) else {
      throw StoreError(.conflict, "a campaign named \(campaign.name), or with its uuid, exists")
    }
    put(\.campaigns, campaign.id, campaign)
  }

  private mutating func apply(_ order: Order) throws(StoreError) {
    let campaign = try existing(order.campaign)
    guard var row = state.loads[order.load], row.load.campaign == campaign.id, row.load.state == .loading,
      row.load.contentHash == order.contentHash, row.load.settings == order.settings
    else { throw .stale("load \(order.load) is not waiting to be ordered") }
    try order.check(
      campaign, firstOrdinal: row.load.firstOrdinal, nextOrdinal: row.load.nextOrdinal, units: row.units,
      unplacedKeys: Int64(row.keyCount - row.keysPlaced))
    row.load = row.load.moved(to: .loaded, summary: order.summary)
    put(\.loads, order.load, row)
    put(\.campaigns, campaign.id, campaign.ready(to: order.readyOrdinal))
    try count(campaign.id, into: .queued, order.summary.accepted, order.summary.total)
  }

  private mutating func count(
    _ campaign: CampaignID, out: PayoutStatus? = nil, into: PayoutStatus? = nil, _ count: Int64, _ units: UInt256,
    unknown: Int64 = 0
  ) throws(StoreError) {
    var tally = state.tallies[campaign] ?? Tally()
    if let out {
      let (rest, below) = tally[out].units.subtractingReportingOverflow(units)
      guard !below, tally[out].count >= count else { throw StoreError(.badRow, "a tally falls below zero") }
      tally.set(out, count: tally[out].count - count, units: rest)
    }
    if let into {
      let (sum, over) = tally[into].units.addingReportingOverflow(units)
      guard !over else { throw StoreError(.badRow, "a tally does not fit in 256 bits") }
      tally.set(into, count: tally[into].count + count, units: sum)
    }
    tally.unknown += unknown
    put(\.tallies, campaign, tally)
  }

  // MARK: Batches

  private mutating func apply(_ intent: Intent, _ commit: Commit, _ lane: Lane?) throws(StoreError) {
    guard let lane, let now = state.lanes[lane.id] else {
      throw StoreError(.staleFence, "a batch is written under its lane's lease only")
    }
    let campaign = intent.campaign.flatMap { state.campaigns[$0] }
    let parent = intent.halfOf.flatMap { state.batches[$0] }
    try intent.check(
      campaign, lane: lane.with(mode: now.mode, reason: now.modeReason),
      parent: parent.map { ($0.batch, state.halving[$0.batch.id] != nil) })
    if let campaign { try checkTurn(intent, campaign) }
    try checkScreening(intent, at: commit.at)
    try count(intent, at: commit.at)
    try checkFree(intent, lane: lane.id)
    take(intent, lane: lane.id)
    let batch = Batch(
      id: intent.batch, campaign: intent.campaign, lane: lane.id, slot: intent.slot, asset: intent.asset,
      count: intent.count, total: intent.total, root: intent.root, state: .live, unknown: nil, createdAt: commit.at,
      attempts: [Attempt(intent.attempt, fence: lane.fence, at: commit.at)])
    put(\.batches, intent.batch, MemoryState.BatchRow(batch: batch, runs: intent.runs))
    put(\.live, intent.batch, lane.id)
    put(\.attempts, intent.attempt.id, intent.batch)
    guard let campaign else { return }
    guard units(intent.runs) == intent.total else {
      throw .stale("the payouts of batch \(intent.batch) are not worth \(intent.total)")
    }
    for payout in MemoryState.members(intent.runs) {
      guard let row = state.row(payout), row.status == .queued, row.batch == intent.halfOf else {
        throw .stale("payout \(payout) is not queued for batch \(intent.batch)")
      }
      change(payout) {
        $0.status = .submitted
        $0.batch = intent.batch
      }
    }
    try count(campaign.id, out: .queued, into: .submitted, Int64(intent.count), intent.total)
    if let parent { endHalving(parent.batch.id) }
  }

  private func checkTurn(_ intent: Intent, _ campaign: Campaign) throws(StoreError) {
    try intent.checkTurn(
      campaign,
      started: { () throws(StoreError) in
        let tally = state.tallies[campaign.id] ?? Tally()
        return tally.count - tally[.queued].count
      }, live: { () throws(StoreError) in state.liveBatchCount(campaign.id) })
  }

  private func checkFree(_ intent: Intent, lane: LaneID) throws(StoreError) {
    let isTaken = state.live.contains { $0.value == lane && state.batches[$0.key]?.batch.slot == intent.slot }
    guard state.batches[intent.batch] == nil, !isTaken, state.attempts[intent.attempt.id] == nil else {
      throw StoreError(.conflict, "batch \(intent.batch), its attempt or its slot is taken")
    }
  }

  private mutating func take(_ intent: Intent, lane: LaneID) {
    guard let row = state.lanes[lane] else { return }
    let mask: Int64 = 1 << Lane.sequenceBits - 1
    put(
      \.lanes, lane,
      row.advanced(
        slot: intent.slot + 1, sequence: max(intent.batch.raw & mask, intent.attempt.id.raw & mask) + 1))
  }

  private func units(_ runs: [PayoutRun]) -> UInt256? {
    var total = UInt256.zero
    for payout in MemoryState.members(runs) {
      let (sum, over) = total.addingReportingOverflow(state.row(payout)?.units ?? .zero)
      guard !over else { return nil }
      total = sum
    }
    return total
  }

  private mutating func apply(_ added: AddedAttempt, _ commit: Commit, _ lane: Lane?) throws(StoreError) {
    guard let lane, let now = state.lanes[lane.id] else {
      throw StoreError(.staleFence, "a batch is written under its lane's lease only")
    }
    var row = try guarded(added.batch, commit)
    let campaign = row.batch.campaign.flatMap { state.campaigns[$0] }
    let promised = row.batch.attempts.first { $0.kind == added.attempt.kind }?.payloadDigest
    try added.check(row.batch, campaign, lane: lane, promised: promised)
    guard state.attempts[added.attempt.id] == nil else {
      throw StoreError(.conflict, "attempt \(added.attempt.id) is taken")
    }
    put(\.attempts, added.attempt.id, added.batch)
    let mask: Int64 = 1 << Lane.sequenceBits - 1
    put(\.lanes, lane.id, now.advanced(slot: 0, sequence: added.attempt.id.raw & mask + 1))
    row.batch.attempts.append(Attempt(added.attempt, fence: lane.fence, at: commit.at))
    row.batch.attempts.sort { $0.id < $1.id }
    put(\.batches, added.batch, row)
  }

  private func guarded(_ id: BatchID, _ commit: Commit) throws(StoreError) -> MemoryState.BatchRow {
    guard let row = state.batches[id] else { throw .stale("there is no batch \(id)") }
    _ = try commit.guarding(row.batch.lane)
    return row
  }

  private func place(
    of attempt: AttemptID, in row: MemoryState.BatchRow
  ) throws(StoreError) -> Int {
    guard row.batch.state == .live, let place = row.batch.attempts.firstIndex(where: { $0.id == attempt }) else {
      throw .stale("batch \(row.batch.id) has no live attempt \(attempt)")
    }
    return place
  }

  private mutating func apply(_ recorded: RecordedBytes, _ commit: Commit) throws(StoreError) {
    var row = try guarded(recorded.batch, commit)
    let place = try place(of: recorded.attempt, in: row)
    row.batch.attempts[place].state = try row.batch.attempts[place].state.stored(applying: .recorded)
    guard state.transactions[recorded.signed.hash] == nil else {
      throw StoreError(.conflict, "transaction \(recorded.signed.hash) is another attempt's")
    }
    row.batch.attempts[place].signed = recorded.signed
    put(\.transactions, recorded.signed.hash, recorded.batch)
    put(\.batches, recorded.batch, row)
  }

  private mutating func apply(_ sent: RecordedSent, _ commit: Commit) throws(StoreError) {
    var row = try guarded(sent.batch, commit)
    let place = try place(of: sent.attempt, in: row)
    row.batch.attempts[place].state = try row.batch.attempts[place].state.stored(applying: .sent)
    row.batch.attempts[place].sentAt = row.batch.attempts[place].sentAt ?? commit.at
    put(\.batches, sent.batch, row)
  }

  private mutating func apply(_ end: BatchEnd, _ commit: Commit) throws(StoreError) {
    var row = try guarded(end.batch, commit)
    let before = row.batch
    let spender = before.attempts.first { $0.id == end.spender }
    guard end.spender == spender?.id else { throw .stale("batch \(end.batch) has no attempt \(end.spender?.raw ?? 0)") }
    let states = try end.check(before, spender: spender?.kind)
    for place in row.batch.attempts.indices {
      let event: AttemptEvent =
        end.prevailed && row.batch.attempts[place].id == end.spender ? .prevailed : .batchEnded
      row.batch.attempts[place].state = try row.batch.attempts[place].state.stored(applying: event)
    }
    row.batch.state = end.to
    row.evidence = end.evidence
    row.endedAt = commit.at
    put(\.batches, end.batch, row)
    put(\.live, end.batch, nil)
    if end.outcomes.contains(where: { $0.kind == .halved }) { put(\.halving, end.batch, before.lane) }
    guard let campaign = end.campaign else { return }
    try count(
      campaign, out: .submitted, Int64(before.count), before.total,
      unknown: before.unknown == nil ? 0 : -Int64(before.count))
    for (outcome, status) in zip(end.outcomes, states) {
      try settle(outcome, of: end.batch, to: status)
      try count(
        campaign, into: status, Int64(outcome.count), outcome.units,
        unknown: outcome.kind == .partial ? Int64(outcome.count) : 0)
    }
  }

  private mutating func settle(
    _ outcome: Outcome, of batch: BatchID, to status: PayoutStatus
  ) throws(StoreError) {
    guard units(outcome.runs) == outcome.units else {
      throw .stale("an outcome of batch \(batch) is not worth \(outcome.units)")
    }
    for payout in MemoryState.members(outcome.runs) {
      // A payout that an outcome before this one took is submitted under this batch no more, unless it is partial.
      guard let row = state.row(payout), row.status == .submitted, row.batch == batch else {
        throw .stale("payout \(payout) is not submitted under batch \(batch)")
      }
      change(payout) {
        $0.status = status
        if outcome.kind == .requeued { $0.batch = nil }
        if case .failed(let why) = outcome.kind { $0.errorCode = why.rawValue }
      }
    }
  }

  private mutating func markUnknown(
    _ id: BatchID, _ campaign: CampaignID?, _ why: UnknownReason, _ commit: Commit
  ) throws(StoreError) {
    var row = try guarded(id, commit)
    guard row.batch.state == .live, row.batch.campaign == campaign else { throw .stale("batch \(id) is not live") }
    if let campaign, row.batch.unknown == nil {
      try count(campaign, 0, .zero, unknown: Int64(row.batch.count))
    }
    row.batch.unknown = why
    put(\.batches, id, row)
  }

  /// A dead batch of which nothing waits any more is no longer halved.
  private mutating func endHalving(_ id: BatchID) {
    guard let row = state.batches[id], state.halving[id] != nil else { return }
    let waits = MemoryState.members(row.runs).contains { payout in
      state.row(payout).map { $0.status == .queued && $0.batch == id } ?? false
    }
    if !waits { put(\.halving, id, nil) }
  }

  // MARK: Queue, compensation, lanes

  private mutating func apply(_ failed: FailedQueued) throws(StoreError) {
    let campaign = try existing(failed.campaign)
    let status = try failed.check(campaign)
    guard units(failed.runs) == failed.units else {
      throw .stale("\(failed.count) queued payouts of campaign \(campaign.id) are not worth \(failed.units)")
    }
    var parents: Set<BatchID> = []
    for payout in MemoryState.members(failed.runs) {
      guard let row = state.row(payout), row.status == .queued else { throw .stale("payout \(payout) is not queued") }
      if let parent = row.batch { parents.insert(parent) }
      change(payout) {
        $0.status = status
        $0.batch = nil
        $0.errorCode = failed.reason.rawValue
      }
    }
    for parent in parents.sorted() { endHalving(parent) }
    try count(campaign.id, out: .queued, into: status, Int64(failed.count), failed.units)
  }

  private mutating func apply(_ compensation: Compensation) throws(StoreError) {
    let campaign = try existing(compensation.campaign)
    let row = state.row(compensation.payout)
    let status = try compensation.check(campaign, units: row?.units ?? .zero)
    guard row?.status == compensation.from else {
      throw .stale("payout \(compensation.payout) is not \(compensation.from.rawValue)")
    }
    change(compensation.payout) {
      $0.status = status
      $0.errorCode = compensation.reason
    }
    try count(campaign.id, out: compensation.from, into: status, 1, compensation.units)
  }

  private mutating func apply(_ settlement: Settlement) throws(StoreError) {
    let campaign = try existing(settlement.campaign)
    let row = state.row(settlement.payout)
    let status = try settlement.check(campaign, units: row?.units ?? .zero)
    guard let row, row.status == .submitted, row.batch == settlement.batch,
      let batch = state.batches[settlement.batch]?.batch, batch.state != .live
    else { throw .stale("payout \(settlement.payout) does not wait for people") }
    change(settlement.payout) {
      $0.status = status
      $0.errorCode = settlement.errorCode
    }
    try count(campaign.id, out: .submitted, into: status, 1, settlement.units, unknown: -1)
  }

  private mutating func apply(_ change: LaneChange, _ commit: Commit) throws(StoreError) {
    if let held = commit.guardedBy, held.lane != change.lane { _ = try commit.guarding(change.lane) }
    guard let lane = state.lanes[change.lane] else { throw StoreError(.notFound, "there is no lane \(change.lane)") }
    put(
      \.lanes, change.lane,
      lane.with(mode: change.mode, reason: change.reason).advanced(slot: change.nextSlot ?? 0, sequence: 0))
  }
}
