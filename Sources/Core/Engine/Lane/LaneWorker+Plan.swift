import Chains
import Codecs
import Money
import Payouts
import Policy
import Signing

// What to do next: void what was canceled, bump what is stuck, repair gaps, halve what reverted, and give free places
// to running campaigns in turn.
extension LaneWorker {
  func plan(_ now: Timestamp) throws {
    guard held != nil else { return phase = .acquire }
    phase = .commit
    isDry = true
    approvalVerdicts = [:]
    toSign += unapproved
    unapproved = []
    ratePlan = RatePlan()
    turnLimits = nil
    let campaigns = try campaignsOfChain()
    if let safety = try store.safety(), safety.isStopped { return stop(campaigns, safety) }
    try replaceStuck(campaigns, now)
    guard mode == .open else { return }
    try excusing(nil) {
      try fillGaps(now)
      try planErrand(now)
    }
    var purse = Purse()
    try planHalves(campaigns, &purse, now)
    try planQueues(campaigns, &purse, now)
  }

  /// A driver or signer that cannot help one campaign must not hold back the evidence and plans of the others: the
  /// campaign waits, and says why. Storage errors go on, since then nothing in memory may be trusted.
  private func excusing(_ campaign: CampaignID?, _ body: () throws -> Void) throws {
    do { try body() } catch let error as StoreError { throw error } catch {
      let reason = EngineError(any: error)
      isDry = false
      if let campaign {
        if waiting[campaign] != reason { observer?.observe(.alarm(reason)) }
        waiting[campaign] = reason
      } else {
        observer?.observe(.alarm(reason))
      }
    }
  }

  private func campaignsOfChain() throws -> [CampaignID: Campaign] {
    var found: [CampaignID: Campaign] = [:]
    var after: CampaignID?
    while true {
      let page = try store.campaigns(after: after, limit: 500)
      for campaign in page where campaign.chain == chain { found[campaign.id] = campaign }
      guard page.count == 500 else { return found }
      after = page.last?.id
    }
  }

  /// Signing is stopped: nothing new, and what is on its way is watched.
  private func stop(_ campaigns: [CampaignID: Campaign], _ safety: SafetyState) {
    isDry = false
    let reason = EngineError(
      code: EngineError.Code.signingStopped.rawValue, message: "signing is stopped: \(safety.reason)",
      hint: "almoner safety resume", isPassing: true)
    for (id, campaign) in campaigns where campaign.status == .running { waiting[id] = reason }
  }

  // MARK: Replacements

  /// Same slot, same payees, higher fee; or the void that a cancel asks for. Never more than the fee cap.
  private func replaceStuck(_ campaigns: [CampaignID: Campaign], _ now: Timestamp) throws {
    voidBarred(campaigns)
    for id in live.keys.sorted() {
      guard let entry = live[id], !entry.judged, entry.batch.attempts.count < settings.mostAttempts,
        let newest = entry.batch.attempts.last, try newest.state == .broadcast || waitsForApproval(entry, newest, now)
      else { continue }
      let status = entry.batch.campaign.flatMap { campaigns[$0]?.status }
      #if ALMONER_MUTANTS
        if status == .canceled, Mutant.cancelAbandons.isActive, forgeDeath(of: id, isCanceled: true) { continue }
      #endif
      if status == .canceled, !entry.batch.hasVoid {
        add(.void, to: entry, over: newest)
      } else if status != .paused, let sentAt = newest.sentAt, try isApproved(entry.batch, newest.kind, now),
        now.milliseconds - max(sentAt.milliseconds, newest.intendedAt.milliseconds) > settings.bumpMilliseconds
      {
        add(newest.kind == .void ? .void : purpose(of: entry), to: entry, over: newest)
      }
    }
  }

  /// What was intended and never signed gives its slot back when a verdict forbids it, or when its campaign is not
  /// running and nobody screens it any more.
  private func voidBarred(_ campaigns: [CampaignID: Campaign]) {
    for (id, isForbidden) in barred.sorted(by: { $0.key < $1.key }) {
      guard let entry = live[id], !entry.judged, !entry.batch.hasVoid, let newest = entry.batch.attempts.last,
        entry.batch.attempts.allSatisfy({ $0.state == .intended })
      else { continue }
      let isRunning = entry.batch.campaign.flatMap { campaigns[$0]?.status } == .running
      if isForbidden || !isRunning { add(.void, to: entry, over: newest) }
    }
  }

  private func purpose(of entry: Live) -> Purpose? {
    if entry.batch.campaign != nil { return .pay(asset: entry.batch.asset, payees: entry.payees) }
    guard let first = entry.batch.attempts.first else { return nil }
    return try? rail.codec.inspect(first.unsigned.bytes, account: account).purpose
  }

  private func add(_ purpose: Purpose?, to entry: Live, over newest: Attempt) {
    guard let purpose else { return }
    do {
      var fee = try rail.bumped(newest.fee)
      if purpose.kind != newest.kind {
        let own = try rail.fee(for: purpose, account: account)
        fee = FeeTerms(limit: own.limit, price: max(own.price, fee.price), tip: max(own.tip, fee.tip))
      }
      guard try fee.most <= settings.mostFee else { return }
      let request = TransactionRequest(account: account, slot: entry.batch.slot, purpose: purpose, fee: fee)
      let draft = try composer.draft(AttemptID(number()), request)
      writes.append(
        .addAttempt(AddedAttempt(batch: entry.batch.id, campaign: entry.batch.campaign, attempt: draft)))
      var next = live[entry.batch.id]
      next?.batch.attempts.append(attempt(draft, at: clock.now()))
      planned[entry.batch.id] = next
    } catch {
      observer?.observe(.alarm(EngineError(any: error)))
    }
  }

  // MARK: New slots

  private var room: Int {
    min(settings.mostLive - live.count - newPlans, settings.mostPerCommit - newPlans)
  }
  private var newPlans: Int { planned.keys.count { live[$0] == nil } }

  private func fillGaps(_ now: Timestamp) throws {
    for slot in gaps {
      try planService(.void, asset: AssetID(chain: chain.description, token: nil), slot: slot, now)
    }
    gaps = []
  }

  private func planErrand(_ now: Timestamp) throws {
    guard let purpose = errand?.purpose, errand?.batch == nil else { return }
    isDry = false
    let native = AssetID(chain: chain.description, token: nil)
    errand?.batch = try planService(purpose, asset: native, slot: nextSlot, now)
    errand?.slot = nextSlot
    nextSlot += 1
  }

  @discardableResult
  private func planService(_ purpose: Purpose, asset: AssetID, slot: UInt64, _ now: Timestamp) throws -> BatchID {
    let fee = try rail.fee(for: purpose, account: account)
    let intent = try composer.service(
      BatchID(number()), attempt: AttemptID(number()), purpose: purpose, asset: asset, account: account, slot: slot,
      fee: fee)
    try signer.policy.check(TransactionRequest(account: account, slot: slot, purpose: purpose, fee: fee))
    take(intent, payees: [], now)
    return intent.batch
  }

  /// A reverted batch comes back as two, on two new slots, until the guilty payee stands alone.
  private func planHalves(
    _ campaigns: [CampaignID: Campaign], _ purse: inout Purse, _ now: Timestamp
  ) throws {
    guard let lane = held?.lane, room > 0 else { return }
    for dead in try store.halving(lane, limit: max(1, room)) {
      guard let id = dead.campaign, let campaign = campaigns[id], campaign.status != .canceled else { continue }
      isDry = false
      guard campaign.status == .running, isOpen(campaign, now) == .open, try isApproved(dead, .pay, now) else {
        continue
      }
      let payees = try store.queuedPayees(under: dead.id)
      guard !payees.isEmpty else { continue }
      try excusing(id) { try planBothHalves(payees, of: campaign, dead.id, &purse, now) }
    }
  }

  private func planBothHalves(
    _ payees: [Payee], of campaign: Campaign, _ dead: BatchID, _ purse: inout Purse, _ now: Timestamp
  ) throws {
    let middle = (payees.count + 1) / 2
    let halves = [Array(payees[..<middle]), Array(payees[middle...])].filter { !$0.isEmpty }
    let intents = try halves.enumerated().map { place, half in
      try intent(half, of: campaign, slot: nextSlot + UInt64(place), halfOf: dead)
    }
    try checkFunds(intents, &purse)
    for (intent, half) in zip(intents, halves) { take(intent, payees: half, now) }
    nextSlot += UInt64(intents.count)
  }

  private func planQueues(
    _ campaigns: [CampaignID: Campaign], _ purse: inout Purse, _ now: Timestamp
  ) throws {
    var eligible: [CampaignID: Int] = [:]
    var after: [CampaignID: PayoutID] = [:]
    var canaries: [CampaignID: Int] = [:]
    var fullPages: [CampaignID: Int] = [:]
    for (id, campaign) in campaigns.sorted(by: { $0.key < $1.key }) where only?.contains(id) ?? true {
      try excusing(id) {
        if try mayPlan(campaign, now) { eligible[id] = campaign.priority }
      }
      if campaign.canary > 0 { canaries[id] = campaign.canary }
    }
    let lanes = try eligible.isEmpty ? [] : Lane.worked(chain, in: store.lanes(), at: now)
    while room > 0, let id = queue.next(eligible), let campaign = campaigns[id] {
      let most = min(campaign.maxBatch, rail.limits(campaign.asset).mostPayees)
      let limit = min(most, canaries[id] ?? most)
      let payees = try nextPayees(campaign, after: after[id] ?? rateCursor[id], limit: limit, lanes, now)
      guard let last = payees.last else {
        eligible[id] = nil
        // Those before the cursor did not fit when they were looked at: the next turn begins with them.
        if rateCursor.removeValue(forKey: id) != nil { isDry = false }
        continue
      }
      isDry = false
      var isPlanned = false
      var fitting = Admission()
      try excusing(id) {
        guard try isReady(campaign, now) else { return }
        let before = ratePlan
        do {
          fitting = try admission(payees, campaign, now)
          guard !fitting.payees.isEmpty else { return }
          let intent = try intent(
            fitting.payees, of: campaign, slot: nextSlot, halfOf: nil, rates: fitting.rates)
          try checkFunds([intent], &purse)
          take(intent, payees: fitting.payees, now)
        } catch {
          ratePlan = before
          throw error
        }
        nextSlot += 1
        isPlanned = true
      }
      if let full = fitting.full {
        waiting[id] = limitReached(full)
        if !fitting.isFullForAll { rateCursor[id] = last.payout }
      }
      if !isPlanned, fitting.full != nil, !fitting.isFullForAll {
        after[id] = last.payout
        fullPages[id, default: 0] += 1
        if fullPages[id, default: 0] < LaneWorker.mostFullPages { continue }
      }
      guard isPlanned else {
        eligible[id] = nil
        continue
      }
      after[id] = last.payout
      queue.served(id, eligible)
      if let left = canaries[id] {
        canaries[id] = left - fitting.payees.count
        if left <= fitting.payees.count { eligible[id] = nil }
      }
      // A sync campaign waits for its one batch.
      if campaign.mode == .sync || fitting.isFullForAll { eligible[id] = nil }
    }
  }

  /// The next payouts for this lane. Empty when nothing is left for it, at least for now.
  private func nextPayees(
    _ campaign: Campaign, after: PayoutID?, limit: Int, _ lanes: [LaneID], _ now: Timestamp
  ) throws -> [Payee] {
    guard let lane = held?.lane, let share = QueueShare(of: lane, among: lanes, stripe: campaign.maxBatch) else {
      return try store.queued(campaign.id, after: after, limit: limit)
    }
    // One batch at a time goes out: the lanes take turns by who has waited, and the store refuses the second.
    let isAlone = campaign.mode == .sync || campaign.canary > 0
    if !isAlone || share.place == 0 {
      let payees = try owned(
        share, campaign.id, after: later(after, isAlone ? nil : sharedUpTo[campaign.id]), isAlone: isAlone, limit: limit
      )
      if let last = payees.last {
        sharedUpTo[campaign.id] = last.payout
        dryShareSince[campaign.id] = nil
        return payees
      }
    }
    // What is left belongs to lanes that may be out of funds or stuck: after a while it is anybody's.
    let rest = try store.queued(campaign.id, after: after, limit: limit)
    guard !rest.isEmpty else { return [] }
    let since = dryShareSince[campaign.id] ?? now
    dryShareSince[campaign.id] = since
    isDry = false
    guard now.milliseconds - since.milliseconds >= settings.stealMilliseconds else { return [] }
    sharedUpTo[campaign.id] = nil
    return rest
  }

  private func owned(
    _ share: QueueShare, _ campaign: CampaignID, after: PayoutID?, isAlone: Bool, limit: Int
  ) throws -> [Payee] {
    var after = after
    while true {
      let page = try store.queued(campaign, after: after, limit: limit)
      guard let first = page.first?.payout, !isAlone else { return page }
      if share.owns(first.ordinal) {
        let end = share.end(of: first.ordinal)
        return Array(page.prefix { $0.payout.ordinal <= end })
      }
      guard let next = share.next(after: first.ordinal) else { return [] }
      after = PayoutID(campaign: campaign, ordinal: next - 1)
    }
  }

  private func later(_ a: PayoutID?, _ b: PayoutID?) -> PayoutID? {
    guard let a, let b else { return a ?? b }
    return max(a, b)
  }

  private func intent(
    _ payees: [Payee], of campaign: Campaign, slot: UInt64, halfOf: BatchID?, rates: IntentRates = .none
  ) throws -> Intent {
    let purpose = Purpose.pay(asset: campaign.asset, payees: payees)
    let fee = try rail.fee(for: purpose, account: account)
    guard try fee.most <= settings.mostFee else {
      throw RailError(
        .feeTooHigh, "a batch of \(payees.count) may cost \(try fee.most), the cap is \(settings.mostFee)",
        hint: "wait for lower prices, lower --max-batch, or raise AM_MAX_FEE")
    }
    // The signer would refuse it for ever once it is intended, so its rules are asked before.
    try signer.policy.check(TransactionRequest(account: account, slot: slot, purpose: purpose, fee: fee))
    return try composer.intent(
      BatchID(number()), attempt: AttemptID(number()), campaign: campaign.id, asset: campaign.asset, payees: payees,
      account: account, slot: slot, fee: fee, halfOf: halfOf, rates: rates)
  }

  private func take(_ intent: Intent, payees: [Payee], _ now: Timestamp) {
    guard let lane = held?.lane else { return }
    writes.append(.intend(intent))
    counts.intendedBatches += 1
    counts.intendedPayouts += intent.count
    planned[intent.batch] = Live(
      batch: Batch(
        id: intent.batch, campaign: intent.campaign, lane: lane, slot: intent.slot, asset: intent.asset,
        count: intent.count, total: intent.total, root: intent.root, state: .live, unknown: nil, createdAt: now,
        attempts: [attempt(intent.attempt, at: now)]),
      payees: payees, sendAt: now)
  }

  private func attempt(_ draft: AttemptDraft, at now: Timestamp) -> Attempt {
    Attempt(
      id: draft.id, kind: draft.kind, state: .intended, unsigned: draft.unsigned, payloadDigest: draft.payloadDigest,
      fee: draft.fee, fence: held?.fence ?? 0, intendedAt: now, signed: nil, sentAt: nil)
  }

  private func number() -> Int64 { Lane.number(held?.lane ?? LaneID(0), sequence: nextNumber()) }

  // MARK: Gates

  /// Whether the campaign may get a batch at all now; ends campaigns that have nothing left.
  private func mayPlan(_ campaign: Campaign, _ now: Timestamp) throws -> Bool {
    waiting[campaign.id] = nil
    guard campaign.status == .running else {
      if campaign.status == .canceled, try store.tally(campaign.id)[.queued].count > 0 {
        try failChunk(campaign, .canceled)
      }
      return false
    }
    let tally = try store.tally(campaign.id)
    // What is intended waits for a verdict, whatever else the campaign waits for.
    if barred.keys.contains(where: { live[$0]?.batch.campaign == campaign.id }),
      try !isScreened(campaign, tally, now)
    {
      return false
    }
    if tally[.queued].count == 0 {
      if tally[.submitted].count == 0 { end(campaign, tally) }
      return false
    }
    if campaign.mode == .shadow { return false }
    if let problem = try approvalProblem(campaign.id, now) {
      isDry = false
      waiting[campaign.id] = problem
      return false
    }
    guard try isScreened(campaign, tally, now) else { return false }
    switch isOpen(campaign, now) {
    case .open: break
    case .over:
      try failChunk(campaign, .expired)
      return false
    case .notYet, .closedForToday:
      isDry = false
      waiting[campaign.id] = EngineError(
        code: EngineError.Code.windowClosed.rawValue, message: "the window of \(campaign.name) is closed",
        hint: "it opens by itself; see airdrop campaigns show", isPassing: true)
      return false
    }
    if campaign.canary > 0, tally[.queued].count < tally.count {
      return try judgeCanary(campaign, tally)
    }
    // Final is final: a payout that was credited another sum waits for people, and holds nobody back.
    if campaign.mode == .sync, try tally[.submitted].count > 0 && store.liveBatchCount(campaign.id) > 0 {
      isDry = false
      return false
    }
    // Halves of an earlier batch go out in this very turn: the store would refuse another batch beside them.
    if campaign.mode == .sync || campaign.canary > 0,
      planned.values.contains(where: { $0.batch.campaign == campaign.id })
    {
      isDry = false
      return false
    }
    return true
  }

  /// Nothing is planned before every payout has a verdict that counts now. Those that are denied fail.
  private func isScreened(_ campaign: Campaign, _ tally: Tally, _ now: Timestamp) throws -> Bool {
    switch try screener.step(campaign, actor: actor, at: now) {
    case .noPolicy: return true
    case .working:
      isDry = false
      didWork = true
      return false
    case .current(let screening):
      guard screening.count(.deny) > 0 else { return true }
      // A denied payout is no canary: it fails when the canary is over, or when nobody can be one.
      if campaign.canary > 0,
        try tally[.submitted].count + screening.count(.review) + screening.count(.held) > 0
          || !store.queued(campaign.id, after: nil, limit: 1).isEmpty
      {
        return true
      }
      guard let failed = try FailedQueued.denied(campaign, store: store) else { return true }
      isDry = false
      writes.append(.failQueued(failed))
      counts.failedPayouts += failed.count
      return false
    }
  }

  private func isOpen(_ campaign: Campaign, _ now: Timestamp) -> Window.Opening {
    let minute = campaign.window.daily.flatMap { civil.minuteOfDay(now, zone: $0.zone) }
    return campaign.window.opening(at: now, localMinute: minute)
  }

  private func end(_ campaign: Campaign, _ tally: Tally) {
    let nothingPaid = tally[.confirmed].count == 0 && tally[.compensated].count == 0 && tally.count > 0
    let event: CampaignEvent = nothingPaid ? .fail : .finish
    guard tally.count > 0, let to = try? campaign.status.applying(event) else { return }
    writes.append(
      .changeCampaign(
        CampaignChange(
          campaign: campaign.id, from: campaign.status, to: to, event: to == .failed ? "failed" : "completed",
          reason: nil, planning: nil)))
  }

  /// Fails queued payouts a few thousand at a time, so that no commit grows with the campaign.
  private func failChunk(_ campaign: Campaign, _ reason: FailureReason) throws {
    if let failed = try FailedQueued.next(campaign, reason, store: store) {
      isDry = false
      writes.append(.failQueued(failed))
      counts.failedPayouts += failed.count
    }
  }

  /// Whether chain and account are ready for the campaign's asset: right chain, right contract, allowance in place.
  private func isReady(_ campaign: Campaign, _ now: Timestamp) throws -> Bool {
    let asset = campaign.asset
    if !preflighted.contains(asset) {
      try rail.preflight(asset)
      preflighted.insert(asset)
    }
    let open = try store.tally(campaign.id)
    let needed = try open[.queued].units.adding(open[.submitted].units)
    if let ready = readySetups[asset], ready >= needed { return true }
    if live.values.contains(where: { $0.batch.campaign == nil && $0.batch.asset == asset })
      || planned.values.contains(where: { $0.batch.campaign == nil && $0.batch.asset == asset })
    {
      return false
    }
    guard let setup = try rail.setup(asset, account: account, total: needed) else {
      readySetups[asset] = needed
      return true
    }
    try planService(setup, asset: asset, slot: nextSlot, now)
    nextSlot += 1
    return false
  }

  /// The canary is over when its payouts are final: the rest goes on, or the campaign stops and says why.
  private func judgeCanary(_ campaign: Campaign, _ tally: Tally) throws -> Bool {
    isDry = false
    guard tally[.submitted].count == 0 || tally.unknown > 0 else { return false }
    let problem = try CanaryCheck.problem(campaign, tally, store: store, mostFee: settings.mostFee)
    let planning = CampaignChange.Planning(
      mode: campaign.mode, priority: campaign.priority, window: campaign.window, maxBatch: campaign.maxBatch,
      canary: problem == nil ? 0 : campaign.canary)
    writes.append(
      .changeCampaign(
        CampaignChange(
          campaign: campaign.id, from: campaign.status, to: problem == nil ? .running : .paused,
          event: problem == nil ? "canary_passed" : "canary_failed", reason: problem, planning: planning)))
    return false
  }
}
