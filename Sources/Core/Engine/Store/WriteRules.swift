package import Chains
package import Codecs
package import Money
package import Payouts

// What a write may do to the rows it names. Pure, and shared by every store: the machines decide here, so that no SQL
// invents a transition, and two stores cannot disagree about a refusal.

extension StoreError {
  /// A row is not in the state that the write expected.
  package static func stale(_ message: String) -> StoreError { StoreError(.staleState, message) }
}

extension Lane {
  /// How many of a batch's or attempt's bits count within its lane.
  package static let sequenceBits: Int64 = 40
  /// The highest lane number: its batch numbers stay positive.
  package static let highestNumber: Int64 = 1 << 22

  /// The place of a number of this lane in its sequence. Throws `store.stale_state` for another lane's number and for
  /// one that was given out before.
  package func sequence(of number: Int64) throws(StoreError) -> Int64 {
    let sequence = number & (1 << Lane.sequenceBits - 1)
    guard number >> Lane.sequenceBits == id.raw, sequence >= nextSequence else {
      throw .stale("number \(number) is not free in lane \(id)")
    }
    return sequence
  }
}

extension LaneGuard {
  /// Throws `store.stale_fence` unless the row still belongs to the writer, in the store's own epoch.
  package func check(_ row: Lane?, storeEpoch: Int64) throws(StoreError) {
    #if ALMONER_MUTANTS
      if Mutant.staleWrite.isActive { return }
    #endif
    guard let row, holds(row), epoch == storeEpoch else {
      throw StoreError(
        .staleFence, "lane \(lane) is not held under fence \(fence) any more",
        hint: "nothing was written; the worker acquires the lane anew and reads")
    }
  }
}

extension Commit {
  /// The guard that a write to this lane's batches needs. Throws `store.stale_fence`.
  package func guarding(_ lane: LaneID) throws(StoreError) -> LaneGuard {
    guard let held = guardedBy, held.lane == lane else {
      throw StoreError(.staleFence, "a batch of lane \(lane) changes only under that lane's lease")
    }
    return held
  }
}

extension Campaign {
  /// Throws `store.conflict` for a campaign that is not new.
  package func checkNew(next: CampaignID) throws(StoreError) {
    guard id == next, id.raw >= 1, id.raw <= Int64(Int32.max) else {
      throw StoreError(.conflict, "campaign number \(id) is not the next one, \(next)")
    }
    guard status == .pending, readyOrdinal == 0, asset.chain == chain.description else {
      throw StoreError(.conflict, "a new campaign is pending, empty, and of its own chain's asset")
    }
  }
}

extension CampaignChange {
  /// Throws `store.stale_state` unless the campaign is in `from` and the machine knows a way to `to`.
  package func check(_ campaign: Campaign) throws(StoreError) {
    guard campaign.status == from else {
      throw .stale("campaign \(self.campaign) is \(campaign.status.rawValue), not \(from.rawValue)")
    }
    guard from == to || CampaignEvent.allCases.contains(where: { (try? from.applying($0)) == to }) else {
      throw .stale("a \(from.rawValue) campaign cannot become \(to.rawValue)")
    }
  }
}

extension Intent {
  /// Throws `store.stale_state` unless the lane may take the intent; what rows must be is checked by the update itself.
  package func check(_ campaign: Campaign?, lane: Lane, parent: (batch: Batch, isHalving: Bool)?) throws(StoreError) {
    let mayTake =
      switch lane.mode {
      case .open: !isAdopted
      // What is already signed is no new intent; it comes back whatever the lane and the campaign were restored to.
      case .draining: isAdopted || attempt.kind == .void
      case .stopped: false
      }
    guard mayTake else { throw .stale("lane \(lane.id) is \(lane.mode.rawValue)") }
    let sequence = try lane.sequence(of: batch.raw)
    guard try lane.sequence(of: attempt.id.raw) != sequence else {
      throw .stale("batch \(batch) and its attempt share a number")
    }
    guard slot < UInt64(Int64.max) else { throw .stale("slot \(slot) is past 2^63") }
    guard let campaign else {
      guard self.campaign == nil else { throw .stale("there is no campaign \(self.campaign?.description ?? "")") }
      guard attempt.kind != .pay, runs.isEmpty, count == 0, total.isZero, halfOf == nil else {
        throw .stale("batch \(batch) pays, and names no campaign")
      }
      return
    }
    guard campaign.id == self.campaign, campaign.asset == asset, campaign.chain == lane.chain else {
      throw .stale("batch \(batch) and campaign \(campaign.id) differ in chain or asset")
    }
    guard campaign.status.mayPlan || isAdopted else {
      throw .stale("campaign \(campaign.id) is \(campaign.status.rawValue)")
    }
    // A fresh payment never goes to a slot that was used before: only a repair may.
    guard attempt.kind == .pay, slot >= lane.nextSlot else {
      throw .stale("batch \(batch) does not pay on a fresh slot")
    }
    try campaign.check(runs, count: count)
    guard count > 0 else { throw .stale("batch \(batch) pays nobody") }
    _ = try PayoutState.queued.stored(applying: .intended(batch))
    guard halfOf == parent?.batch.id else { throw .stale("there is no batch \(halfOf?.description ?? "")") }
    if let parent, parent.batch.state != .dead || !parent.isHalving || parent.batch.campaign != campaign.id {
      throw .stale("batch \(parent.batch.id) has nothing to halve")
    }
  }
}

extension Intent {
  /// Throws `store.stale_state` for a payment that a canary or a sync campaign has to wait with. Lanes plan without
  /// asking each other, so the store says who came second.
  ///
  /// `started`: payouts that are queued no more. `live`: live batches. Both as this transaction sees them, its own
  /// earlier writes included, and asked for only when they matter; nobody else may change them before it ends.
  package func checkTurn(
    _ campaign: Campaign, started: () throws(StoreError) -> Int64, live: () throws(StoreError) -> Int
  ) throws(StoreError) {
    guard halfOf == nil, !isAdopted else { return }
    if campaign.canary > 0, try started() + Int64(count) > campaign.canary {
      throw .stale("campaign \(campaign.id) waits for its first \(campaign.canary) payouts")
    }
    if campaign.mode == .sync, try live() > 0 {
      throw .stale("campaign \(campaign.id) waits for its one batch")
    }
  }
}

extension Campaign {
  /// Runs must ascend without overlap, lie within the finished loads of this campaign, and hold `count` payouts.
  package func check(_ runs: [PayoutRun], count: Int) throws(StoreError) {
    var sum: Int64 = 0
    var before: PayoutID?
    for run in runs {
      guard run.first <= run.last, before.map({ $0 < run.first }) ?? true, run.first.campaign == id,
        run.last.campaign == id, run.last.ordinal < readyOrdinal
      else { throw .stale("payouts \(run.first) to \(run.last) are not a run of campaign \(id)") }
      sum += run.count
      before = run.last
    }
    guard sum == Int64(count) else { throw .stale("\(sum) payouts are named, \(count) are counted") }
  }
}

extension Order {
  /// `firstOrdinal`, `nextOrdinal` and `units` are the load's own count and sum of the rows that stand; `unplacedKeys`
  /// is how many of these rows have a caller's key that is not theirs alone yet.
  package func check(
    _ campaign: Campaign, firstOrdinal: UInt32, nextOrdinal: UInt32, units: UInt256, unplacedKeys: Int64
  ) throws(StoreError) {
    guard campaign.asset == asset, campaign.readyOrdinal == firstOrdinal else {
      throw .stale("load \(load) does not follow the finished loads of campaign \(campaign.id)")
    }
    guard readyOrdinal == nextOrdinal, summary.accepted == Int64(nextOrdinal) - Int64(firstOrdinal),
      summary.total == units
    else { throw .stale("\(summary.accepted) rows are ordered, load \(load) holds others") }
    guard unplacedKeys == 0 else { throw .stale("\(unplacedKeys) payout keys of load \(load) are not placed") }
    guard summary.rows >= 0, summary.rejected >= 0, summary.duplicates >= 0 else {
      throw .stale("the summary of load \(load) counts below zero")
    }
  }
}

extension AddedAttempt {
  /// `promised` is the payload that the batch's attempts of the same kind carry; nil when there is none yet.
  package func check(_ batch: Batch, _ campaign: Campaign?, lane: Lane, promised: Hash32?) throws(StoreError) {
    guard batch.campaign == self.campaign else { throw .stale("batch \(batch.id) is of another campaign") }
    _ = try lane.sequence(of: attempt.id.raw)
    _ = try batch.state.stored(applying: attempt.kind == .void ? .voidAdded : .memberAdded)
    guard !isAdopted || lane.mode == .draining else { throw .stale("lane \(lane.id) is \(lane.mode.rawValue)") }
    if attempt.kind == .pay, campaign?.status.mayPlan != true, !isAdopted {
      throw .stale("batch \(batch.id) takes no new payment: its campaign is not running")
    }
    guard attempt.kind != .setup || batch.campaign == nil else { throw .stale("batch \(batch.id) pays") }
    guard attempt.kind == .void || promised != nil else {
      throw .stale("batch \(batch.id) has no attempt to replace")
    }
    // Same payouts, same amounts, same order: another payload is another promise.
    guard promised == nil || promised == attempt.payloadDigest else {
      throw .stale("the attempt promises something else than batch \(batch.id)")
    }
  }
}

extension BatchEnd {
  /// The states that the payouts of each outcome take, by the machine, in order of `outcomes`.
  package func check(_ batch: Batch, spender kind: AttemptKind?) throws(StoreError) -> [PayoutStatus] {
    guard try batch.state.stored(applying: .ended(evidence.verdict)) == to else {
      throw .stale("\(evidence.verdict.word) does not make batch \(batch.id) \(to.rawValue)")
    }
    guard batch.campaign == campaign, batch.asset == asset else {
      throw .stale("batch \(batch.id) is of another campaign or asset")
    }
    try checkSpender(kind)
    guard let campaign else {
      guard outcomes.isEmpty else { throw .stale("batch \(batch.id) holds no payouts") }
      return []
    }
    var states: [PayoutStatus] = []
    var count = 0
    var units = UInt256.zero
    for outcome in outcomes {
      guard outcome.runs.allSatisfy({ $0.first.campaign == campaign && $0.first <= $0.last }),
        outcome.count > 0, outcome.runs.reduce(0, { $0 + $1.count }) == Int64(outcome.count)
      else { throw .stale("an outcome of batch \(batch.id) counts wrong") }
      count += outcome.count
      let (sum, over) = units.addingReportingOverflow(outcome.units)
      guard !over else { throw .stale("the outcomes of batch \(batch.id) do not fit in 256 bits") }
      units = sum
      states.append(try outcome.kind.status(batch, to: to))
    }
    let runs = outcomes.flatMap(\.runs).sorted { $0.first < $1.first }
    guard zip(runs, runs.dropFirst()).allSatisfy({ $0.last < $1.first }) else {
      throw .stale("a payout of batch \(batch.id) has two outcomes")
    }
    guard count == batch.count, units == batch.total else {
      throw .stale(
        "the outcomes are \(count) payouts and \(units), batch \(batch.id) is \(batch.count) and \(batch.total)")
    }
    return states
  }

  private func checkSpender(_ kind: AttemptKind?) throws(StoreError) {
    let expected: AttemptKind? =
      switch evidence.verdict {
      case .paid, .credited: .pay
      case .settled: .setup
      case .voided: .void
      case .reverted, .stranger: nil
      }
    // Bytes may have been signed again elsewhere: then evidence names a transaction, and no recorded attempt.
    guard prevailed == (expected != nil), kind == nil || expected == nil || kind == expected,
      evidence.verdict != .stranger || spender == nil
    else { throw .stale("\(evidence.verdict.word) does not fit the attempt that spent the slot") }
  }
}

extension Outcome.Kind {
  fileprivate func status(_ batch: Batch, to state: BatchState) throws(StoreError) -> PayoutStatus {
    let fate: Fate = batch.unknown.map { .unknown($0) } ?? .pending
    let event: PayoutEvent =
      switch self {
      case .confirmed: .paid(batch.id)
      case .failed(let why): .dead(batch.id, .fail(why))
      case .requeued, .halved: .dead(batch.id, .again)
      case .partial: .patienceOver(batch.id, .partial)
      }
    switch self {
    case .confirmed, .partial:
      guard state == .final else { throw .stale("a dead batch pays nobody") }
    case .halved:
      guard state == .dead, batch.count > 1 else { throw .stale("batch \(batch.id) has no halves") }
    case .failed, .requeued: break
    }
    return try PayoutState.submitted(batch.id, fate).stored(applying: event)
  }
}

extension FailedQueued {
  /// The state that the payouts take. Throws `store.stale_state`.
  package func check(_ campaign: Campaign) throws(StoreError) -> PayoutStatus {
    guard campaign.asset == asset else { throw .stale("campaign \(campaign.id) pays another asset") }
    try campaign.check(runs, count: count)
    switch reason {
    case .canceled: return try PayoutState.queued.stored(applying: .canceled)
    case .denied: return try PayoutState.queued.stored(applying: .denied)
    case .expired: return try PayoutState.queued.stored(applying: .expired)
    case .reverted, .notCredited, .settledUnpaid:
      throw .stale("a payout in the queue cannot fail with \(reason.rawValue)")
    }
  }
}

extension Compensation {
  /// The state that the payout takes. Throws `store.stale_state`.
  package func check(_ campaign: Campaign, units: UInt256) throws(StoreError) -> PayoutStatus {
    guard campaign.asset == asset, payout.campaign == campaign.id, self.units == units else {
      throw .stale("payout \(payout) is not \(self.units) of \(asset) in campaign \(campaign.id)")
    }
    switch from {
    case .confirmed: return try PayoutState.confirmed.stored(applying: .compensated)
    case .failed: return try PayoutState.failed(.canceled).stored(applying: .compensated)
    case .queued, .submitted, .compensated: throw .stale("a \(from.rawValue) payout cannot be compensated")
    }
  }
}

extension Settlement {
  /// The state that the payout takes. Throws `store.stale_state`.
  package func check(_ campaign: Campaign, units: UInt256) throws(StoreError) -> PayoutStatus {
    guard campaign.asset == asset, payout.campaign == campaign.id, self.units == units else {
      throw .stale("payout \(payout) is not \(self.units) of \(asset) in campaign \(campaign.id)")
    }
    return try PayoutState.submitted(batch, .unknown(.partial)).stored(
      applying: isPaid ? .paid(batch) : .dead(batch, .fail(.settledUnpaid)))
  }
}

extension PayoutState {
  fileprivate func stored(applying event: PayoutEvent) throws(StoreError) -> PayoutStatus {
    do { return try applying(event).0.status } catch { throw .stale(error.message) }
  }
}

extension BatchState {
  fileprivate func stored(applying event: BatchEvent) throws(StoreError) -> BatchState {
    do { return try applying(event) } catch { throw .stale(error.message) }
  }
}

extension AttemptState {
  /// `applying`, with a store's refusal. Throws `store.stale_state`.
  package func stored(applying event: AttemptEvent) throws(StoreError) -> AttemptState {
    do { return try applying(event) } catch { throw .stale(error.message) }
  }
}

extension Lane {
  /// The fence of a new lease. Throws `store.conflict` for a stopped lane, `store.busy` for one that another holds.
  package func fenceForTaking(signerHighest: Int64, at now: Timestamp) throws(StoreError) -> Int64 {
    guard mode != .stopped else {
      throw StoreError(
        .conflict, "lane \(id) is stopped: \(modeReason ?? "no reason given")", hint: "almoner lanes reopen")
    }
    guard isFree(at: now) else {
      throw StoreError(
        .busy, "lane \(id) is held by \(holder ?? "another worker") until \(until.milliseconds)",
        hint: "one worker at a time; the lease ends by itself when its worker is gone")
    }
    do { return try nextFence(signerHighest: signerHighest) } catch {
      throw StoreError(.conflict, error.message)
    }
  }
}

extension [PayoutRun] {
  /// The rank of a payout in ascending runs, from 0: its place in the transaction. Nil when it is in none.
  package func place(of payout: PayoutID) -> Int? {
    var before: Int64 = 0
    for run in self {
      if payout >= run.first && payout <= run.last { return Int(before + payout.raw - run.first.raw) }
      before += run.count
    }
    return nil
  }
}

extension Commit {
  /// The record of a new epoch, which is no write of a lane.
  package static func epochRaised(
    _ identity: StoreIdentity, reason: String, actor: String, at: Timestamp
  ) -> Commit {
    Commit(
      guardedBy: nil, actor: actor, at: at,
      writes: [
        .note(
          Note(
            action: "store.epoch_raised", entity: "store", entityID: identity.uuid,
            details: ["epoch": .integer(identity.epoch), "reason": .string(reason)], isPublic: true))
      ])
  }
}
