import Audit
import Chains
import Codecs
import Engine
import Money
import Payouts
import Policy
import PostgreSQL

/// The rows that a commit's writes look at, as they are found under their locks, and as the writes leave them.
///
/// A commit reads once and writes once, whatever it holds; in between each write is decided on the rows as the writes
/// before it have left them here.
struct CommitPicture {
  /// A batch with what is written of it.
  struct BatchRow {
    var batch: Batch
    var isHalving: Bool
    var halfOf: BatchID?
    var spender: AttemptID?
    var endedAt: Timestamp?
    var attempts: [AttemptRow] = []
    var isNew = false
    var isChanged = false
  }

  struct AttemptRow {
    let id: AttemptID
    let kind: AttemptKind
    var state: AttemptState
    let payloadDigest: Hash32
    var hash: Hash32?
    var sentAt: Timestamp?
    /// Set for one that this commit makes.
    var draft: AttemptDraft?
    var isChanged = false
  }

  /// The lane of the guard, as the transaction found it.
  var lane: Lane?
  var lanes: [LaneID: Lane] = [:]
  var campaigns: [CampaignID: Campaign] = [:]
  var nextCampaign = CampaignID(1)
  var loads: [Int64: LoadRow] = [:]
  var batches: [BatchID: BatchRow] = [:]
  /// What the runs of each write that names payouts are worth, in order of the writes.
  var sums: [UInt256] = []
  var head = AuditHead.empty(0)
  var screening = ScreeningPicture()
  var rates = RatePicture()
  var journals = JournalPicture()
}

/// What a commit must know before it writes, found in its writes alone.
struct CommitQuestions {
  private let commit: Commit
  private var lanes: Set<LaneID> = []
  private var campaigns: Set<CampaignID> = []
  /// Campaigns that the commit changes: their lock must exclude those who plan.
  private var changed: Set<CampaignID> = []
  private var loads: Set<Int64> = []
  private var batches: Set<BatchID> = []
  private var runs: [[PayoutRun]] = []
  private var screening = ScreeningQuestions()
  private var rates = RateQuestions()
  private var journals = JournalQuestions()
  private var makesCampaign = false
  private var asked: [(question: Question, request: Request)] = []

  private enum Question { case epoch, lanes, changed, campaigns, nextCampaign, loads, batches, attempts, sums, head }

  init(_ commit: Commit) {
    self.commit = commit
    for write in commit.writes { add(write) }
    if let held = commit.guardedBy { lanes.insert(held.lane) }
    ask()
  }

  private mutating func add(_ write: Write) {
    screening.add(write)
    rates.add(write)
    journals.add(write)
    switch write {
    case .note, .activatePolicy, .review, .changeSafety, .journal: break
    case .createCampaign: makesCampaign = true
    case .screen(let part): campaigns.insert(part.screening.campaign)
    case .people(.ask(let request)): campaigns.insert(request.campaign)
    case .people: break
    case .changeCampaign(let change): changed.insert(change.campaign)
    case .order(let order):
      changed.insert(order.campaign)
      loads.insert(order.load)
    case .approve(let approval): campaigns.insert(approval.campaign)
    case .intend(let intent):
      if let campaign = intent.campaign { campaigns.insert(campaign) }
      if let parent = intent.halfOf { batches.insert(parent) }
      runs.append(intent.runs)
    case .addAttempt(let added):
      batches.insert(added.batch)
      if let campaign = added.campaign { campaigns.insert(campaign) }
    case .recordBytes(let recorded): batches.insert(recorded.batch)
    case .recordSent(let sent): batches.insert(sent.batch)
    case .endBatch(let end):
      batches.insert(end.batch)
      // One outcome for all is worth the batch's total, which was checked; a part must be worth what it claims.
      if end.outcomes.count > 1 { runs += end.outcomes.map(\.runs) }
    case .markUnknown(let batch, _, _): batches.insert(batch)
    case .failQueued(let failed):
      campaigns.insert(failed.campaign)
      runs.append(failed.runs)
    case .compensate(let compensation):
      campaigns.insert(compensation.campaign)
      runs.append([PayoutRun(first: compensation.payout, last: compensation.payout)])
    case .settle(let settlement):
      campaigns.insert(settlement.campaign)
      runs.append([PayoutRun(first: settlement.payout, last: settlement.payout)])
    case .changeLane(let change): lanes.insert(change.lane)
    }
  }

  /// Locks and reads, in the order in which every commit locks: operators, lanes, campaigns, loads. Batches and
  /// attempts change under their lane's lock alone.
  var requests: [Request] { asked.map(\.request) + screening.requests + journals.requests + rates.requests }

  private mutating func ask() {
    // Commits that belong to no lane share one audit chain, and go one after the other.
    ask(.epoch, commit.guardedBy == nil ? Request("SELECT epoch FROM store_identity FOR NO KEY UPDATE") : .epoch)
    if !lanes.isEmpty {
      ask(
        .lanes,
        Request(
          """
          SELECT l.id, l.chain, l.account, l.fence, l.holder, l.session, l.until, l.mode, l.mode_reason, l.next_slot,
            l.next_sequence, l.epoch
          FROM unnest($1::int8[]) u(id) JOIN lanes l ON l.id = u.id FOR NO KEY UPDATE OF l
          """, CommitQuestions.array(lanes.sorted())))
    }
    if !changed.isEmpty {
      ask(
        .changed,
        Request(
          """
          SELECT c.no, c.uuid, c.name, c.chain, c.token_contract, c.status, c.reason, c.mode, c.priority, c.start_at,
            c.end_at, c.daily_from, c.daily_to, c.daily_zone, c.max_batch, c.canary, c.created_by, c.created_at,
            c.ready_ordinal
          FROM unnest($1::int8[]) u(no) JOIN campaigns c ON c.no = u.no FOR NO KEY UPDATE OF c
          """, CommitQuestions.array(changed.sorted())))
    }
    let shared = campaigns.subtracting(changed)
    if !shared.isEmpty {
      ask(
        .campaigns,
        Request(
          """
          SELECT c.no, c.uuid, c.name, c.chain, c.token_contract, c.status, c.reason, c.mode, c.priority, c.start_at,
            c.end_at, c.daily_from, c.daily_to, c.daily_zone, c.max_batch, c.canary, c.created_by, c.created_at,
            c.ready_ordinal
          FROM unnest($1::int8[]) u(no) JOIN campaigns c ON c.no = u.no FOR SHARE OF c
          """, CommitQuestions.array(shared.sorted())))
    }
    if makesCampaign { ask(.nextCampaign, Request("SELECT coalesce(max(no), 0) + 1 FROM campaigns")) }
    if !loads.isEmpty {
      ask(
        .loads,
        Request(
          """
          SELECT l.no, l.campaign_no, l.content_hash, l.settings, l.state, l.first_ordinal, l.next_ordinal, l.units,
            l.row_count, l.rejected, l.duplicates, l.key_count, l.keys_placed
          FROM unnest($1::int8[]) u(no) JOIN loads l ON l.no = u.no FOR NO KEY UPDATE OF l
          """, CommitQuestions.array(loads.sorted())))
    }
    if !batches.isEmpty {
      let named = CommitQuestions.array(batches.sorted())
      ask(
        .batches,
        Request(
          """
          SELECT b.id, b.campaign_no, b.lane_id, b.slot, b.asset, b.count, b.total, b.root, b.state, b.unknown,
            b.created_at, b.halving, b.half_of, b.spender, b.ended_at
          FROM unnest($1::int8[]) u(id) JOIN batches b ON b.id = u.id
          """, named))
      ask(
        .attempts,
        Request(
          """
          SELECT a.batch_id, a.id, a.kind, a.state, a.payload_digest, a.tx_hash, a.sent_at
          FROM unnest($1::int8[]) u(id) JOIN attempts a ON a.batch_id = u.id ORDER BY a.id
          """, named))
    }
    if !runs.isEmpty { ask(.sums, .sums(runs.flatMap { $0 })) }
    ask(.head, .head(commit.chain))
  }

  private mutating func ask(_ question: Question, _ request: Request) { asked.append((question, request)) }

  /// The answers to `requests`, in order. Throws `store.stale_fence`.
  func picture(_ answers: [Rows]) throws(StoreError) -> CommitPicture {
    let screened = screening.requests.count
    let ofJournals = journals.requests.count
    guard answers.count == asked.count + screened + ofJournals + rates.requests.count else {
      throw StoreError(.badRow, "the store gave no answer")
    }
    func each<Found>(
      _ question: Question, _ read: (PostgreSQLRow) throws(StoreError) -> Found
    ) throws(StoreError) -> [Found] {
      guard let place = asked.firstIndex(where: { $0.question == question }) else { return [] }
      return try answers[place].all(read)
    }
    var picture = CommitPicture()
    for lane in try each(.lanes, Lane.read) { picture.lanes[lane.id] = lane }
    if let held = commit.guardedBy {
      guard let epoch = try each(.epoch, { row throws(StoreError) in try row.int64(0) }).first else {
        throw StoreError(.badRow, "the store has lost its identity")
      }
      try held.check(picture.lanes[held.lane], storeEpoch: epoch)
      picture.lane = picture.lanes[held.lane]
    }
    for campaign in try each(.changed, Campaign.read) + each(.campaigns, Campaign.read) {
      picture.campaigns[campaign.id] = campaign
    }
    picture.nextCampaign =
      try each(.nextCampaign) { row throws(StoreError) in try row.id(0) as CampaignID }.first ?? CampaignID(1)
    for load in try each(.loads, LoadRow.read) { picture.loads[load.number] = load }
    for row in try each(.batches, CommitPicture.BatchRow.read) { picture.batches[row.batch.id] = row }
    for found in try each(.attempts, CommitPicture.AttemptRow.read) {
      picture.batches[found.batch]?.attempts.append(found.attempt)
    }
    picture.sums = try sums(each(.sums) { row throws(StoreError) in try row.units(0) })
    picture.head =
      try each(.head) { row throws(StoreError) in try AuditHead.read(row, from: 0) }.first ?? .empty(commit.chain)
    picture.screening = try screening.picture(answers.dropFirst(asked.count).prefix(screened))
    picture.journals = try journals.picture(answers.dropFirst(asked.count + screened).prefix(ofJournals))
    picture.rates = try rates.picture(answers.dropFirst(asked.count + screened + ofJournals))
    return picture
  }

  private func sums(_ parts: [UInt256]) throws(StoreError) -> [UInt256] {
    var parts = parts[...]
    guard parts.count == runs.reduce(0, { $0 + $1.count }) else {
      throw StoreError(.badRow, "the store summed other payouts than were asked")
    }
    var sums: [UInt256] = []
    for group in runs {
      var sum = UInt256.zero
      for part in parts.prefix(group.count) { sum = try TallyChange.sum(sum, part) }
      parts = parts.dropFirst(group.count)
      sums.append(sum)
    }
    return sums
  }

  private static func array<Entity>(_ ids: [ID<Entity>]) -> Arguments {
    var arguments = Arguments()
    arguments.add(array: ids)
    return arguments
  }

  private static func array(_ numbers: [Int64]) -> Arguments {
    var arguments = Arguments()
    arguments.add(array: numbers)
    return arguments
  }
}

extension CommitPicture.BatchRow {
  fileprivate static func read(_ row: PostgreSQLRow) throws(StoreError) -> CommitPicture.BatchRow {
    CommitPicture.BatchRow(
      batch: try Batch.read(row), isHalving: try row.bool(11), halfOf: try row.optionalID(12),
      spender: try row.optionalID(13), endedAt: try row.optionalTime(14))
  }
}

extension CommitPicture.AttemptRow {
  fileprivate static func read(
    _ row: PostgreSQLRow
  ) throws(StoreError) -> (batch: BatchID, attempt: CommitPicture.AttemptRow) {
    (
      batch: try row.id(0),
      attempt: CommitPicture.AttemptRow(
        id: try row.id(1), kind: try row.word(2), state: try row.word(3), payloadDigest: try row.hash(4),
        hash: try row.optionalHash(5), sentAt: try row.optionalTime(6))
    )
  }
}
