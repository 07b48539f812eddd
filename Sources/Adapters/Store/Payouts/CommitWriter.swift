import Audit
import Chains
import Codecs
import Engine
import Ledger
import Money
import Payouts

/// Applies one commit inside its transaction: each write against the rows it expects, then what follows from all of
/// them - tallies, ledger, lane numbers - once per row, however many writes touched it.
struct CommitWriter {
  let database: Database
  let commit: Commit
  let sha256: any SHA256Hashing
  /// The lane of the guard, as the transaction found it.
  private var lane: Lane?
  private var nextSlot: UInt64 = 0
  private var nextSequence: Int64 = 0
  private var head: AuditHead?
  private var transfers: [Transfer] = []
  private var tallies = TallyChange()

  init(_ commit: Commit, _ database: Database, sha256: any SHA256Hashing) {
    self.commit = commit
    self.database = database
    self.sha256 = sha256
  }

  /// Throws as `PayoutStore.commit`; the caller's transaction then rolls everything back.
  mutating func apply() throws(StoreError) {
    if let held = commit.guardedBy { lane = try database.lane(held: held) }
    for write in commit.writes {
      try apply(write)
      try record(Consequences.of(write, actor: commit.actor))
    }
    try database.post(transfers, at: commit.at)
    try database.apply(tallies)
    if let lane, nextSequence > 0 {
      try database.advance(lane.id, nextSlot: nextSlot, nextSequence: nextSequence)
    }
  }

  private mutating func apply(_ write: Write) throws(StoreError) {
    switch write {
    case .createCampaign(let campaign):
      try campaign.checkNew(next: database.nextCampaignID())
      try database.insert(campaign)
    case .changeCampaign(let change):
      try change.check(database.existingCampaign(change.campaign))
      try database.update(change)
    case .order(let order): try apply(order)
    case .approve(let approval):
      _ = try database.existingCampaign(approval.campaign)
      try database.insert(approval, at: commit.at)
    case .intend(let intent): try apply(intent)
    case .addAttempt(let added): try apply(added)
    case .recordBytes(let recorded): try apply(recorded)
    case .recordSent(let sent): try apply(sent)
    case .endBatch(let end): try apply(end)
    case .markUnknown(let batch, let campaign, let why): try markUnknown(batch, campaign, why)
    case .failQueued(let failed): try apply(failed)
    case .compensate(let compensation): try apply(compensation)
    case .settle(let settlement): try apply(settlement)
    case .changeLane(let change):
      if let held = commit.guardedBy, held.lane != change.lane { _ = try commit.guarding(change.lane) }
      try database.update(change)
      if let held = commit.guardedBy { lane = try database.lane(held: held) }
    case .activatePolicy(let activation):
      try activation.check(active: database.activeDigest())
      let last = try database.activePolicy()?.number ?? 0
      try database.insert(activation.stored(number: last + 1, at: commit.at))
    case .screen(let part):
      let campaign = try database.existingCampaign(part.screening.campaign)
      try part.check(campaign, active: database.activeDigest(), before: database.screening(campaign.id))
      try database.store(part)
    case .review(let decision): try database.apply(decision, at: commit.at)
    case .changeSafety(let change):
      try change.check(database.safety())
      try database.run(
        "INSERT INTO safety(stopped, reason, changed_by, at) VALUES(?, ?, ?, ?)", change.isStopped, change.reason,
        change.changedBy, commit.at)
    case .note: break
    case .people(let write): try apply(write)
    case .journal(let part): try apply(part)
    }
  }

  private mutating func record(_ consequences: Consequences) throws(StoreError) {
    let last = if let head { head } else { try database.head(commit.chain) }
    #if ALMONER_MUTANTS
      if Mutant.auditSkipped.isActive, consequences.record.action == "attempt.broadcast" { return }
      let isCut = Mutant.auditUnlinked.isActive
      let before = isCut ? AuditHead(chain: last.chain, sequence: last.sequence, hash: .zero) : last
    #else
      let before = last
    #endif
    let record = before.next(consequences.record, at: commit.at.milliseconds, with: sha256)
    try database.insert(record)
    head = record.head
    if let event = consequences.event { try database.insert(event, at: commit.at) }
    transfers += consequences.transfers
  }

  // MARK: Loads

  private mutating func apply(_ order: Order) throws(StoreError) {
    let campaign = try database.existingCampaign(order.campaign)
    guard let load = try database.loadRow(order.load), load.campaign == campaign.id, load.isUnfinished,
      load.contentHash == order.contentHash, load.settings == order.settings
    else { throw .stale("load \(order.load) is not waiting to be ordered") }
    try order.check(
      campaign, firstOrdinal: load.firstOrdinal, nextOrdinal: load.nextOrdinal, units: load.units,
      unplacedKeys: load.keyCount - load.keysPlaced)
    try database.finish(order)
    try tallies.enter(campaign.id, .queued, count: order.summary.accepted, units: order.summary.total)
  }

  // MARK: Intents

  /// The lane of the guard, for a write that needs one.
  private func guardedLane() throws(StoreError) -> Lane {
    guard let lane else { throw StoreError(.staleFence, "a batch is written under its lane's lease only") }
    return lane
  }

  private mutating func took(_ number: Int64) {
    nextSequence = max(nextSequence, number & (1 << Lane.sequenceBits - 1) + 1)
  }

  private mutating func apply(_ intent: Intent) throws(StoreError) {
    let lane = try guardedLane()
    let campaign = try intent.campaign.flatMap { id throws(StoreError) in try database.campaign(id) }
    let parent = try intent.halfOf.flatMap { id throws(StoreError) in try database.batchHeader(id) }
    try intent.check(campaign, lane: lane, parent: parent)
    try intent.checkSafety(database.safety())
    if let campaign {
      try checkTurn(intent, campaign)
      try checkScreening(intent, campaign)
    }
    try database.count(intent, at: commit.at)
    took(intent.batch.raw)
    took(intent.attempt.id.raw)
    nextSlot = max(nextSlot, intent.slot + 1)
    try database.insert(intent, lane: lane, at: commit.at)
    try insert(intent.attempt, of: intent.batch, lane: lane)
    guard let campaign else { return }
    guard try database.units(of: intent.runs) == intent.total else {
      throw .stale("the payouts of batch \(intent.batch) are not worth \(intent.total)")
    }
    try database.submit(intent)
    try tallies.leave(campaign.id, .queued, count: Int64(intent.count), units: intent.total)
    try tallies.enter(campaign.id, .submitted, count: Int64(intent.count), units: intent.total)
    if let parent { try database.endHalving([parent.batch.id]) }
  }

  private func checkTurn(_ intent: Intent, _ campaign: Campaign) throws(StoreError) {
    let moved = tallies.parts[campaign.id]?[.queued]
    try intent.checkTurn(
      campaign,
      started: { () throws(StoreError) in
        let tally = try database.tally(campaign.id)
        return tally.count - tally[.queued].count + (moved?.countOut ?? 0) - (moved?.countIn ?? 0)
      }, live: { () throws(StoreError) in try database.liveBatchCount(campaign.id) })
  }

  private func checkScreening(_ intent: Intent, _ campaign: Campaign) throws(StoreError) {
    guard let active = try database.activeDigest() else { return }
    try intent.checkScreening(
      active: active, database.screening(campaign.id), isBarred: database.isBarred(intent.runs), at: commit.at)
  }

  private mutating func apply(_ added: AddedAttempt) throws(StoreError) {
    let lane = try guardedLane()
    let batch = try guarded(added.batch)
    let campaign = try batch.campaign.flatMap { id throws(StoreError) in try database.campaign(id) }
    let promised = try database.promised(added.batch, added.attempt.kind)
    try added.check(batch, campaign, lane: lane, promised: promised)
    took(added.attempt.id.raw)
    try insert(added.attempt, of: added.batch, lane: lane)
  }

  private func insert(_ draft: AttemptDraft, of batch: BatchID, lane: Lane) throws(StoreError) {
    try database.insert(draft, of: batch, fence: lane.fence, at: commit.at)
  }

  /// The batch, which must be of the guard's lane.
  private func guarded(_ id: BatchID) throws(StoreError) -> Batch {
    guard let (batch, _) = try database.batchHeader(id) else { throw .stale("there is no batch \(id)") }
    _ = try commit.guarding(batch.lane)
    return batch
  }

  // MARK: Attempts

  private func apply(_ recorded: RecordedBytes) throws(StoreError) {
    let state = try attemptState(recorded.attempt, of: recorded.batch)
    try database.sign(recorded, state.stored(applying: .recorded))
  }

  private func apply(_ sent: RecordedSent) throws(StoreError) {
    let state = try attemptState(sent.attempt, of: sent.batch)
    try database.send(sent, state.stored(applying: .sent), at: commit.at)
  }

  private func attemptState(_ id: AttemptID, of batch: BatchID) throws(StoreError) -> AttemptState {
    let header = try guarded(batch)
    let attempts = try database.attemptStates(batch)
    guard header.state == .live, let attempt = attempts.first(where: { $0.id == id }) else {
      throw .stale("batch \(batch) has no live attempt \(id)")
    }
    return attempt.state
  }

  // MARK: Ends

  private mutating func apply(_ end: BatchEnd) throws(StoreError) {
    let batch = try guarded(end.batch)
    let attempts = try database.attemptStates(end.batch)
    let spender = attempts.first { $0.id == end.spender }
    guard end.spender == spender?.id else { throw .stale("batch \(end.batch) has no attempt \(end.spender?.raw ?? 0)") }
    let states = try end.check(batch, spender: spender?.kind)
    for attempt in attempts {
      let event: AttemptEvent = end.prevailed && attempt.id == end.spender ? .prevailed : .batchEnded
      try database.change(attempt.id, to: attempt.state.stored(applying: event))
    }
    try database.insert(end.evidence, of: end.batch, at: commit.at)
    let isHalved = end.outcomes.contains { $0.kind == .halved }
    try database.end(end, isHalved: isHalved, at: commit.at)
    guard let campaign = end.campaign else { return }
    try tallies.leave(campaign, .submitted, count: Int64(batch.count), units: batch.total)
    if batch.unknown != nil { tallies.doubt(campaign, -Int64(batch.count)) }
    for (outcome, status) in zip(end.outcomes, states) {
      // One outcome for all is worth the batch's total, which was checked; a part must be worth what it claims.
      let units = end.outcomes.count == 1 ? outcome.units : try database.units(of: outcome.runs)
      guard units == outcome.units else {
        throw .stale("an outcome of batch \(end.batch) is not worth \(outcome.units)")
      }
      try database.settle(outcome, of: end.batch, to: status, at: commit.at)
      try tallies.enter(campaign, status, count: Int64(outcome.count), units: outcome.units)
      if outcome.kind == .partial { tallies.doubt(campaign, Int64(outcome.count)) }
    }
  }

  private mutating func markUnknown(
    _ id: BatchID, _ campaign: CampaignID?, _ why: UnknownReason
  ) throws(StoreError) {
    let batch = try guarded(id)
    guard batch.state == .live, batch.campaign == campaign else { throw .stale("batch \(id) is not live") }
    try database.markUnknown(id, why)
    if let campaign, batch.unknown == nil { tallies.doubt(campaign, Int64(batch.count)) }
  }

  // MARK: Queue and compensation

  private mutating func apply(_ failed: FailedQueued) throws(StoreError) {
    let campaign = try database.existingCampaign(failed.campaign)
    let status = try failed.check(campaign)
    guard try database.units(of: failed.runs) == failed.units else {
      throw .stale("\(failed.count) queued payouts of campaign \(campaign.id) are not worth \(failed.units)")
    }
    try database.fail(failed, to: status)
    try tallies.leave(campaign.id, .queued, count: Int64(failed.count), units: failed.units)
    try tallies.enter(campaign.id, status, count: Int64(failed.count), units: failed.units)
  }

  private mutating func apply(_ compensation: Compensation) throws(StoreError) {
    let campaign = try database.existingCampaign(compensation.campaign)
    let run = PayoutRun(first: compensation.payout, last: compensation.payout)
    let status = try compensation.check(campaign, units: database.units(of: [run]))
    try database.compensate(compensation, to: status, at: commit.at)
    try tallies.leave(campaign.id, compensation.from, count: 1, units: compensation.units)
    try tallies.enter(campaign.id, status, count: 1, units: compensation.units)
  }

  private mutating func apply(_ settlement: Settlement) throws(StoreError) {
    let campaign = try database.existingCampaign(settlement.campaign)
    let run = PayoutRun(first: settlement.payout, last: settlement.payout)
    let status = try settlement.check(campaign, units: database.units(of: [run]))
    try database.settle(settlement, to: status)
    try tallies.leave(campaign.id, .submitted, count: 1, units: settlement.units)
    tallies.doubt(campaign.id, -1)
    try tallies.enter(campaign.id, status, count: 1, units: settlement.units)
  }
}
