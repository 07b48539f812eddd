import Audit
import Chains
import Codecs
import Engine
import Ledger
import Money
import Payouts
import Policy
import PostgreSQL

/// Decides a commit on the rows of its picture: each write against the rows it expects, as the writes before it have
/// left them, and gathers what is to be written. Pure: nothing is read or written here.
struct CommitDraft {
  let commit: Commit
  private(set) var picture: CommitPicture
  /// Statements about single rows, of which a commit has few: campaigns, approvals, loads.
  private(set) var singles: [Expected] = []
  private(set) var newBatches: [BatchID] = []
  private(set) var newAttempts: [(batch: BatchID, attempt: AttemptID)] = []
  private(set) var ranges: [(batch: BatchID, run: PayoutRun)] = []
  private(set) var signed: [RecordedBytes] = []
  private(set) var evidence: [(batch: BatchID, evidence: Evidence)] = []
  private(set) var steps: [PayoutStep] = []
  /// Dead batches of which a payout was planned: none of them may wait on for nobody.
  private(set) var parents: Set<BatchID> = []
  private(set) var changedLanes: Set<LaneID> = []
  private var recorded = 0
  /// Those of the records that become events. They and the transfers are whole when `nextRecords` has no more.
  private(set) var events: PublicRecords
  private(set) var transfers: [Transfer] = []
  private(set) var tallies = TallyChange()
  private(set) var waits = CommitWaits()
  private(set) var forgotten: [(first: PayoutID, last: PayoutID)] = []
  private(set) var held: [HeldPayout] = []
  /// Their number of rows says nothing: what is cleared twice is cleared.
  private(set) var clearances: [Request] = []
  private var nextSlot: UInt64 = 0
  private var nextSequence: Int64 = 0
  private var nextSum = 0

  /// Throws as `PayoutStore.commit`, for what the rows and the machines say.
  init(_ commit: Commit, on picture: CommitPicture) throws(StoreError) {
    self.commit = commit
    self.picture = picture
    events = PublicRecords(chain: commit.chain)
    for write in commit.writes { try apply(write) }
    if let lane, nextSequence > 0 {
      self.picture.lanes[lane.id] = self.picture.lanes[lane.id]?.advanced(slot: nextSlot, sequence: nextSequence)
      changedLanes.insert(lane.id)
    }
  }

  /// Derives what follows from the next writes and returns their audit records; nil when there are no more. A part at a
  /// time, so that the server writes the one while the next is hashed.
  mutating func nextRecords(with sha256: any SHA256Hashing) -> [AuditRecord]? {
    let part = commit.writes[recorded..<min(recorded + 250, commit.writes.count)]
    guard !part.isEmpty else { return nil }
    recorded = part.endIndex
    return part.map { write in
      let consequences = Consequences.of(write, actor: commit.actor)
      let record = picture.head.next(consequences.record, at: commit.at.milliseconds, with: sha256)
      picture.head = record.head
      if consequences.isPublic { events.add(record.sequence) }
      transfers += consequences.transfers
      return record
    }
  }

  var lane: Lane? { picture.lane }

  mutating func addSingle(_ statement: Expected) { singles.append(statement) }

  private mutating func apply(_ write: Write) throws(StoreError) {
    switch write {
    case .createCampaign(let campaign): try create(campaign)
    case .changeCampaign(let change):
      let campaign = try existing(change.campaign)
      try change.check(campaign)
      put(campaign.changed(change))
    case .order(let order): try apply(order)
    case .approve(let approval):
      _ = try existing(approval.campaign)
      singles.append(Expected(.insert(approval, at: commit.at), rows: 1, "approvals were written"))
    case .intend(let intent): try apply(intent)
    case .addAttempt(let added): try apply(added)
    case .recordBytes(let recorded): try apply(recorded)
    case .recordSent(let sent): try apply(sent)
    case .endBatch(let end): try apply(end)
    case .markUnknown(let batch, let campaign, let why): try markUnknown(batch, campaign, why)
    case .failQueued(let failed): try apply(failed)
    case .compensate(let compensation): try apply(compensation)
    case .settle(let settlement): try apply(settlement)
    case .changeLane(let change): try apply(change)
    case .activatePolicy(let activation): try apply(activation)
    case .screen(let part): try apply(part)
    case .review(let decision): try apply(decision)
    case .changeSafety(let change):
      try change.check(picture.screening.safety)
      picture.screening.safety = change.state(at: commit.at)
      singles.append(Expected(.insert(change, at: commit.at), rows: 1, "words were written"))
    case .note: break
    case .people(let write): try apply(write)
    case .journal(let part):
      try picture.journals.append(part)
      singles.append(
        Expected(.insert(part, actor: commit.actor, at: commit.at), rows: part.entries.count, "entries were written"))
    }
  }

  // MARK: Screening

  private mutating func apply(_ activation: PolicyActivation) throws(StoreError) {
    try activation.check(active: picture.screening.active)
    picture.screening.lastNumber += 1
    picture.screening.active = activation.document.digest
    let stored = activation.stored(number: picture.screening.lastNumber, at: commit.at)
    singles.append(Expected(.insert(stored), rows: 1, "policies were written"))
  }

  private mutating func apply(_ part: ScreenedPart) throws(StoreError) {
    let campaign = try existing(part.screening.campaign)
    try part.check(
      campaign, active: picture.screening.active, before: picture.screening.screenings[campaign.id])
    picture.screening.screenings[campaign.id] = part.screening
    if let range = part.range { forgotten.append(range) }
    held += part.held
    singles.append(Expected(.put(part.screening), rows: 1, "screenings were written"))
  }

  private mutating func apply(_ decision: ReviewDecision) throws(StoreError) {
    let row = try decision.applied(
      to: picture.screening.held[decision.payout], isQueued: picture.screening.queued.contains(decision.payout))
    picture.screening.held[decision.payout] = row
    held.append(row)
    if decision.isCleared, let print = row.verdict.fingerprint {
      clearances.append(.clear(decision, print, rule: row.verdict.rule, at: commit.at))
    }
  }

  // MARK: Campaigns, loads, lanes

  private mutating func create(_ campaign: Campaign) throws(StoreError) {
    try campaign.checkNew(next: picture.nextCampaign)
    singles.append(Expected(.insert(campaign), rows: 1, "campaigns were written"))
    picture.campaigns[campaign.id] = campaign
    picture.nextCampaign = CampaignID(campaign.id.raw + 1)
  }

  /// The campaign, which must exist. Throws `store.not_found`.
  private func existing(_ id: CampaignID) throws(StoreError) -> Campaign {
    guard let campaign = picture.campaigns[id] else { throw StoreError(.notFound, "there is no campaign \(id)") }
    return campaign
  }

  private mutating func put(_ campaign: Campaign) {
    picture.campaigns[campaign.id] = campaign
    singles.append(Expected(.update(campaign), rows: 1, "campaigns were written"))
  }

  private mutating func apply(_ order: Order) throws(StoreError) {
    let campaign = try existing(order.campaign)
    guard let load = picture.loads[order.load], load.campaign == campaign.id, load.isUnfinished,
      load.contentHash == order.contentHash, load.settings == order.settings
    else { throw .stale("load \(order.load) is not waiting to be ordered") }
    try order.check(
      campaign, firstOrdinal: load.firstOrdinal, nextOrdinal: load.nextOrdinal, units: load.units,
      unplacedKeys: load.keyCount - load.keysPlaced)
    singles.append(Expected(.finish(order), rows: 1, "loads were waiting", isState: true))
    picture.loads[order.load] = nil
    put(campaign.ready(to: order.readyOrdinal))
    try tallies.enter(campaign.id, .queued, count: order.summary.accepted, units: order.summary.total)
  }

  private mutating func apply(_ change: LaneChange) throws(StoreError) {
    if let held = commit.guardedBy, held.lane != change.lane { _ = try commit.guarding(change.lane) }
    guard let row = picture.lanes[change.lane] else {
      throw StoreError(.notFound, "there is no lane \(change.lane)")
    }
    let slot = change.nextSlot ?? 0
    guard slot <= UInt64(Int64.max) else { throw StoreError(.badRow, "slot \(slot) is past 2^63") }
    let changed = row.with(mode: change.mode, reason: change.reason).advanced(slot: slot, sequence: 0)
    picture.lanes[change.lane] = changed
    changedLanes.insert(change.lane)
    if commit.guardedBy != nil { picture.lane = changed }
  }

  // MARK: Intents and attempts

  /// The lane of the guard, for a write that needs one.
  private func guardedLane() throws(StoreError) -> Lane {
    guard let lane else { throw StoreError(.staleFence, "a batch is written under its lane's lease only") }
    return lane
  }

  private mutating func took(_ number: Int64) {
    nextSequence = max(nextSequence, number & (1 << Lane.sequenceBits - 1) + 1)
  }

  private mutating func sum() throws(StoreError) -> UInt256 {
    guard nextSum < picture.sums.count else { throw StoreError(.badRow, "a sum was not read") }
    nextSum += 1
    return picture.sums[nextSum - 1]
  }

  private mutating func apply(_ intent: Intent) throws(StoreError) {
    let lane = try guardedLane()
    let campaign = intent.campaign.flatMap { picture.campaigns[$0] }
    let parent = intent.halfOf.flatMap { picture.batches[$0] }
    try intent.check(campaign, lane: lane, parent: parent.map { ($0.batch, $0.isHalving) })
    try intent.checkSafety(picture.screening.safety)
    try intent.checkScreening(
      active: picture.screening.active, intent.campaign.flatMap { picture.screening.screenings[$0] },
      isBarred: intent.runs.contains { picture.screening.barred.contains($0.first) }, at: commit.at)
    let before = picture.rates.counts
    let counted = try intent.counted(active: picture.screening.active, at: commit.at) { key throws(StoreError) in
      before[key]
    }
    picture.rates.counts.merge(counted) { $1 }
    for charge in intent.rates.charges where counted[charge.meter.key] != nil {
      picture.rates.changed[charge.meter.key] = charge.meter
    }
    took(intent.batch.raw)
    took(intent.attempt.id.raw)
    nextSlot = max(nextSlot, intent.slot + 1)
    guard picture.batches[intent.batch] == nil else {
      throw StoreError(.conflict, "batch \(intent.batch) is taken")
    }
    let batch = Batch(
      id: intent.batch, campaign: intent.campaign, lane: lane.id, slot: intent.slot, asset: intent.asset,
      count: intent.count, total: intent.total, root: intent.root, state: .live, unknown: nil, createdAt: commit.at,
      attempts: [])
    picture.batches[intent.batch] = CommitPicture.BatchRow(
      batch: batch, isHalving: false, halfOf: intent.halfOf, isNew: true)
    newBatches.append(intent.batch)
    ranges += intent.runs.map { (intent.batch, $0) }
    try insert(intent.attempt, of: intent.batch)
    let worth = try sum()
    guard let campaign else { return }
    guard worth == intent.total else {
      throw .stale("the payouts of batch \(intent.batch) are not worth \(intent.total)")
    }
    steps.append(.move(.submitting(intent)))
    let moved = tallies.parts[campaign.id]?[.queued]
    waits.add(intent, campaign, started: (moved?.countOut ?? 0) - (moved?.countIn ?? 0))
    try tallies.leave(campaign.id, .queued, count: Int64(intent.count), units: intent.total)
    try tallies.enter(campaign.id, .submitted, count: Int64(intent.count), units: intent.total)
    if let parent { parents.insert(parent.batch.id) }
  }

  private mutating func insert(_ draft: AttemptDraft, of batch: BatchID) throws(StoreError) {
    guard !newAttempts.contains(where: { $0.attempt == draft.id }) else {
      throw StoreError(.conflict, "attempt \(draft.id) is taken")
    }
    picture.batches[batch]?.attempts.append(
      CommitPicture.AttemptRow(
        id: draft.id, kind: draft.kind, state: .intended, payloadDigest: draft.payloadDigest, hash: nil, sentAt: nil,
        draft: draft))
    newAttempts.append((batch, draft.id))
  }

  private mutating func apply(_ added: AddedAttempt) throws(StoreError) {
    let lane = try guardedLane()
    let row = try guarded(added.batch)
    let campaign = row.batch.campaign.flatMap { picture.campaigns[$0] }
    let promised = row.attempts.first { $0.kind == added.attempt.kind }?.payloadDigest
    try added.check(row.batch, campaign, lane: lane, promised: promised)
    took(added.attempt.id.raw)
    try insert(added.attempt, of: added.batch)
  }

  /// The batch, which must be of the guard's lane.
  private func guarded(_ id: BatchID) throws(StoreError) -> CommitPicture.BatchRow {
    guard let row = picture.batches[id] else { throw .stale("there is no batch \(id)") }
    _ = try commit.guarding(row.batch.lane)
    return row
  }

  private mutating func apply(_ recorded: RecordedBytes) throws(StoreError) {
    try change(recorded.attempt, of: recorded.batch) { attempt throws(StoreError) in
      attempt.state = try attempt.state.stored(applying: .recorded)
      attempt.hash = recorded.signed.hash
    }
    signed.append(recorded)
  }

  private mutating func apply(_ sent: RecordedSent) throws(StoreError) {
    let at = commit.at
    try change(sent.attempt, of: sent.batch) { attempt throws(StoreError) in
      attempt.state = try attempt.state.stored(applying: .sent)
      attempt.sentAt = attempt.sentAt ?? at
    }
  }

  private mutating func change(
    _ id: AttemptID, of batch: BatchID, _ body: (inout CommitPicture.AttemptRow) throws(StoreError) -> Void
  ) throws(StoreError) {
    var row = try guarded(batch)
    guard row.batch.state == .live, let place = row.attempts.firstIndex(where: { $0.id == id }) else {
      throw .stale("batch \(batch) has no live attempt \(id)")
    }
    try body(&row.attempts[place])
    row.attempts[place].isChanged = true
    picture.batches[batch] = row
  }

  // MARK: Ends

  private mutating func apply(_ end: BatchEnd) throws(StoreError) {
    var row = try guarded(end.batch)
    let before = row.batch
    let spender = row.attempts.first { $0.id == end.spender }
    guard end.spender == spender?.id else { throw .stale("batch \(end.batch) has no attempt \(end.spender?.raw ?? 0)") }
    let states = try end.check(before, spender: spender?.kind)
    for place in row.attempts.indices {
      let event: AttemptEvent =
        end.prevailed && row.attempts[place].id == end.spender ? .prevailed : .batchEnded
      row.attempts[place].state = try row.attempts[place].state.stored(applying: event)
      row.attempts[place].isChanged = true
    }
    row.batch.state = end.to
    row.spender = end.spender
    row.isHalving = end.outcomes.contains { $0.kind == .halved }
    row.endedAt = commit.at
    row.isChanged = true
    picture.batches[end.batch] = row
    evidence.append((end.batch, end.evidence))
    guard let campaign = end.campaign else { return }
    try tallies.leave(campaign, .submitted, count: Int64(before.count), units: before.total)
    if before.unknown != nil { tallies.doubt(campaign, -Int64(before.count)) }
    for (outcome, status) in zip(end.outcomes, states) {
      if end.outcomes.count > 1, try sum() != outcome.units {
        throw .stale("an outcome of batch \(end.batch) is not worth \(outcome.units)")
      }
      steps.append(.move(.settling(outcome, of: end.batch, to: status)))
      if outcome.kind == .partial { steps.append(.note(outcome, of: end.batch)) }
      try tallies.enter(campaign, status, count: Int64(outcome.count), units: outcome.units)
      if outcome.kind == .partial { tallies.doubt(campaign, Int64(outcome.count)) }
    }
  }

  private mutating func markUnknown(
    _ id: BatchID, _ campaign: CampaignID?, _ why: UnknownReason
  ) throws(StoreError) {
    var row = try guarded(id)
    guard row.batch.state == .live, row.batch.campaign == campaign else { throw .stale("batch \(id) is not live") }
    if let campaign, row.batch.unknown == nil { tallies.doubt(campaign, Int64(row.batch.count)) }
    row.batch.unknown = why
    row.isChanged = true
    picture.batches[id] = row
  }

  // MARK: Queue and compensation

  private mutating func apply(_ failed: FailedQueued) throws(StoreError) {
    let campaign = try existing(failed.campaign)
    let status = try failed.check(campaign)
    guard try sum() == failed.units else {
      throw .stale("\(failed.count) queued payouts of campaign \(campaign.id) are not worth \(failed.units)")
    }
    steps.append(.fail(failed, to: status))
    try tallies.leave(campaign.id, .queued, count: Int64(failed.count), units: failed.units)
    try tallies.enter(campaign.id, status, count: Int64(failed.count), units: failed.units)
  }

  private mutating func apply(_ compensation: Compensation) throws(StoreError) {
    let campaign = try existing(compensation.campaign)
    let status = try compensation.check(campaign, units: sum())
    steps.append(.compensate(compensation, to: status))
    try tallies.leave(campaign.id, compensation.from, count: 1, units: compensation.units)
    try tallies.enter(campaign.id, status, count: 1, units: compensation.units)
  }

  private mutating func apply(_ settlement: Settlement) throws(StoreError) {
    let campaign = try existing(settlement.campaign)
    let status = try settlement.check(campaign, units: sum())
    steps.append(.settle(settlement, to: status))
    try tallies.leave(campaign.id, .submitted, count: 1, units: settlement.units)
    tallies.doubt(campaign.id, -1)
    try tallies.enter(campaign.id, status, count: 1, units: settlement.units)
  }
}
