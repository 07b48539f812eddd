import Chains
import Money
import Payouts
import Policy

// What must hold before a campaign gets another batch: status, screening, approval, window, canary, setup.
extension LaneWorker {
  /// Whether the campaign may get a batch at all now; ends campaigns that have nothing left.
  func mayPlan(_ campaign: Campaign, _ now: Timestamp) throws -> Bool {
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

  func isOpen(_ campaign: Campaign, _ now: Timestamp) -> Window.Opening {
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
  func isReady(_ campaign: Campaign, _ now: Timestamp) throws -> Bool {
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
