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
    if let reason = try stopReason() { return stop(campaigns, reason) }
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

  /// Why nothing may be signed: this program is in safe mode, or signing is stopped for the whole store.
  func stopReason() throws(StoreError) -> EngineError? {
    if settings.isSafe {
      return EngineError(
        code: EngineError.Code.signingStopped.rawValue, message: "AM_SAFE_MODE is yes: this program signs nothing",
        hint: "set AM_SAFE_MODE=no and start it again", isPassing: true)
    }
    guard let safety = try store.safety(), safety.isStopped else { return nil }
    return EngineError(
      code: EngineError.Code.signingStopped.rawValue, message: "signing is stopped: \(safety.reason)",
      hint: "almoner safety resume", isPassing: true)
  }

  /// Signing is stopped: nothing new, and what is on its way is watched.
  private func stop(_ campaigns: [CampaignID: Campaign], _ reason: EngineError) {
    isDry = false
    for (id, campaign) in campaigns where campaign.status == .running { waiting[id] = reason }
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
  func planService(_ purpose: Purpose, asset: AssetID, slot: UInt64, _ now: Timestamp) throws -> BatchID {
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
    try checkBook(payees, now)
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
        try checkBook(payees, now)
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
          fitting = Admission()
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

  func attempt(_ draft: AttemptDraft, at now: Timestamp) -> Attempt {
    Attempt(
      id: draft.id, kind: draft.kind, state: .intended, unsigned: draft.unsigned, payloadDigest: draft.payloadDigest,
      fee: draft.fee, fence: held?.fence ?? 0, intendedAt: now, signed: nil, sentAt: nil)
  }

  func number() -> Int64 { Lane.number(held?.lane ?? LaneID(0), sequence: nextNumber()) }

}
