package import Chains
import Codecs
package import Money
package import Payouts
package import Policy
package import Signing

/// What an operator may do with campaigns. Every call is idempotent: the same request again changes nothing.
package struct CampaignService: Sendable {
  private let store: any PayoutStore
  private let clock: any EngineClock
  private let actor: String
  private let gate: ApprovalGate?

  /// `actor`: `operator:NAME` or `person:NAME`. With a `gate` nothing starts that not enough people approved.
  package init(store: any PayoutStore, clock: any EngineClock, actor: String, gate: ApprovalGate? = nil) {
    self.store = store
    self.clock = clock
    self.actor = actor
    self.gate = gate
  }

  /// Creates a pending campaign. The same name with the same asset returns the one that stands.
  ///
  /// Throws `campaign.bad_name`, `campaign.name_taken` when the name stands for another asset, and store errors.
  package func create(name: String, uuid: String, asset: AssetID, chain: ChainID) throws -> Campaign {
    let bytes = Array(name.utf8)
    guard (1...100).contains(bytes.count), bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
      throw CampaignError(
        .badName, "a campaign's name is 1 to 100 printable ASCII characters without spaces",
        hint: "for example Q4-Rewards")
    }
    if let known = try store.campaign(named: name) {
      guard known.asset == asset else {
        throw CampaignError(
          .nameTaken, "\(name) exists and pays \(known.asset)", hint: "choose another name, or the same token")
      }
      return known
    }
    let now = clock.now()
    let campaign = Campaign(
      id: try store.nextCampaignID(), uuid: uuid, name: name, chain: chain, asset: asset, status: .pending,
      reason: nil, mode: .asyncBatch, priority: 5, window: .always, maxBatch: 200, canary: 0, createdBy: actor,
      createdAt: now, readyOrdinal: 0)
    try store.commit(Commit(guardedBy: nil, actor: actor, at: now, writes: [.createCampaign(campaign)]))
    return campaign
  }

  /// The campaign of this name. Throws `campaign.not_found`.
  package func campaign(named name: String) throws -> Campaign {
    guard let campaign = try store.campaign(named: name) else {
      throw CampaignError(
        .notFound, "there is no campaign named \(name)", hint: "see them with: airdrop campaigns list")
    }
    return campaign
  }

  /// Approves what stands to be paid, by its content root: payees, amounts, count and total. In embedded mode one
  /// local operator does this, and every report says so. The same content again is not approved twice.
  ///
  /// Throws `campaign.empty` without payouts.
  package func approve(_ campaign: Campaign, feeCap: UInt256) throws -> Approval {
    let root = try contentRoot(campaign)
    guard root.count > 0 else {
      throw CampaignError(
        .empty, "\(campaign.name) has no recipients", hint: "load some with: airdrop recipients ingest")
    }
    if let known = try store.approval(campaign.id), known.root == root.hash, known.feeCap == feeCap { return known }
    let approval = Approval(
      campaign: campaign.id, root: root.hash, count: root.count, total: root.total, feeCap: feeCap, approvedBy: actor,
      expiresAt: nil)
    try store.commit(Commit(guardedBy: nil, actor: actor, at: clock.now(), writes: [.approve(approval)]))
    return approval
  }

  /// The root over every payout of the campaign, whatever its state, read as a stream.
  package func contentRoot(_ campaign: Campaign) throws -> ContentRoot {
    var root = ContentRoot(campaign.asset)
    var after: PayoutID?
    while true {
      let page = try store.payouts(campaign.id, status: nil, after: after, limit: 5_000)
      for view in page { try root.add(Payee(payout: view.payout, address: view.address, units: view.units)) }
      guard let last = page.last, page.count == 5_000 else { return root }
      after = last.payout
    }
  }

  /// Starts, or starts again with new planning settings. Throws `campaign.not_approved` unless what stands is approved,
  /// and with a gate what `ApprovalGate.check` throws; `feeCap` is the most that one transaction may cost.
  package func start(
    _ campaign: Campaign, planning: CampaignChange.Planning, feeCap: UInt256 = .zero
  ) throws -> Campaign {
    let root = try contentRoot(campaign)
    if let gate {
      let found = try store.approvalCase(of: campaign.id)
      let standing = Standing(count: root.count, total: root.total)
      try gate.check(found, standing, feeCap: feeCap, lane: nil, at: clock.now())
      guard found?.request.content.root == root.hash else { throw CampaignService.notApproved(campaign) }
    } else {
      guard let approval = try store.approval(campaign.id), root.hash == approval.root else {
        throw CampaignService.notApproved(campaign)
      }
    }
    return try change(campaign, .start, word: "started", reason: nil, planning: planning)
  }

  private static func notApproved(_ campaign: Campaign) -> CampaignError {
    CampaignError(
      .notApproved, "what stands in \(campaign.name) is not what was approved",
      hint: "approve it again: airdrop run shows the plan and asks")
  }

  package func pause(_ campaign: Campaign, reason: String?) throws -> Campaign {
    try change(campaign, .pause, word: "paused", reason: reason, planning: nil)
  }

  package func resume(_ campaign: Campaign) throws -> Campaign {
    try change(campaign, .resume, word: "resumed", reason: nil, planning: nil)
  }

  /// Cancels: queued payouts fail at once, live batches get a void transaction by the lane's worker, and whatever
  /// becomes final decides. An interrupted cancel is finished by calling it again, or by the worker.
  ///
  /// After a restore a payout may be queued here and on its way on the chain, which the signer's `log` knows: then
  /// nothing fails until the lanes are open again, and the worker finishes the cancel.
  package func cancel(_ campaign: Campaign, reason: String?, log: any SigningWitness) throws -> Campaign {
    let canceled = try change(campaign, .cancel, word: "canceled", reason: reason, planning: nil)
    guard try store.lanes().allSatisfy({ $0.chain != campaign.chain || $0.mode != .draining }),
      try RestoreDoubt.all(campaign.chain, store: store, log: log).isEmpty
    else { return canceled }
    while let failed = try FailedQueued.next(canceled, .canceled, store: store) {
      try store.commit(Commit(guardedBy: nil, actor: actor, at: clock.now(), writes: [.failQueued(failed)]))
    }
    return canceled
  }

  /// Gives value of a failed or confirmed payout back in the ledger, with a reason code. Never a new attempt.
  ///
  /// Throws `payout.not_found`, `payout.bad_reason`, `payout.illegal_transition`. Again with the same reason: nothing.
  package func compensate(payoutKey: String, reason: String) throws -> PayoutView {
    let code = Array(reason.utf8)
    guard (2...40).contains(code.count),
      code.allSatisfy({ ($0 >= 0x41 && $0 <= 0x5a) || ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x5f })
    else {
      throw PayoutError(
        .badReason, "a reason code is 2 to 40 of A-Z, 0-9 and _", hint: "for example --reason PAID_BY_HAND")
    }
    guard let view = try store.payout(key: payoutKey) else {
      throw PayoutError(.notFound, "there is no payout \(payoutKey)", hint: "see them with: airdrop payouts list")
    }
    if view.status == .compensated {
      guard view.errorCode == reason else {
        throw PayoutError(.keyReused, "\(payoutKey) was compensated for \(view.errorCode ?? "another reason")")
      }
      return view
    }
    let before: PayoutState = view.status == .confirmed ? .confirmed : .failed(.reverted)
    guard view.status == .confirmed || view.status == .failed, let campaign = try store.campaign(view.campaign) else {
      throw PayoutError(
        .illegalTransition, "a \(view.status.rawValue) payout cannot be compensated",
        hint: "only failed and confirmed payouts can; a submitted one waits for evidence")
    }
    _ = try before.applying(.compensated)
    let compensation = Compensation(
      campaign: view.campaign, asset: campaign.asset, payout: view.payout, units: view.units, from: view.status,
      reason: reason)
    try store.commit(Commit(guardedBy: nil, actor: actor, at: clock.now(), writes: [.compensate(compensation)]))
    return try store.payout(view.payout) ?? view
  }

  private func change(
    _ campaign: Campaign, _ event: CampaignEvent, word: String, reason: String?, planning: CampaignChange.Planning?
  ) throws -> Campaign {
    let to = try campaign.status.applying(event)
    if to == campaign.status && planning == nil { return campaign }
    let change = CampaignChange(
      campaign: campaign.id, from: campaign.status, to: to, event: word, reason: reason, planning: planning)
    try store.commit(Commit(guardedBy: nil, actor: actor, at: clock.now(), writes: [.changeCampaign(change)]))
    return try store.campaign(campaign.id) ?? campaign
  }
}
