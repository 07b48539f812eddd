import Chains
package import Money
import Payouts
package import Policy

/// What the approval gate said of a campaign; nothing when it may be signed.
struct ApprovalVerdict {
  let problem: EngineError?
}

// The approval gate: asked once a turn for each campaign before anything of it is planned or bumped, and again before
// anything is signed. Source: docs/internals/protocol.md 2.5.
extension LaneWorker {
  /// Why nothing of the campaign may be planned or signed now; nil when it may. Throws what the store throws.
  func approvalProblem(_ campaign: CampaignID, _ now: Timestamp) throws -> EngineError? {
    guard let approvals else { return nil }
    if let known = approvalVerdicts[campaign] { return known.problem }
    let found = try store.approvalCase(of: campaign)
    let standing = try Standing(store.tally(campaign))
    var verdict = ApprovalVerdict(problem: nil)
    do throws(PeopleError) {
      try approvals.check(found, standing, feeCap: settings.mostFee, lane: account, at: now)
    } catch { verdict = ApprovalVerdict(problem: EngineError(error)) }
    approvalVerdicts[campaign] = verdict
    return verdict.problem
  }

  /// Whether an attempt may be signed now. A void pays nobody, and belongs to no approval; neither does a service
  /// transaction.
  func isApproved(_ batch: Batch, _ kind: AttemptKind, _ now: Timestamp) throws -> Bool {
    guard kind == .pay, let campaign = batch.campaign,
      let problem = try approvalProblem(campaign, now) ?? bookProblem(batch.id, now)
    else { return true }
    if waiting[campaign] != problem { observer?.observe(.alarm(problem)) }
    waiting[campaign] = problem
    return false
  }

  /// An intent whose approval ended before it was signed: only a void can free its slot when the campaign is canceled.
  func waitsForApproval(_ entry: Live, _ newest: Attempt, _ now: Timestamp) throws -> Bool {
    try newest.state == .intended && !isApproved(entry.batch, newest.kind, now)
  }
}

extension Standing {
  /// What a tally says of all payouts of a campaign, whatever became of them. Throws `money.overflow`.
  package init(_ tally: Tally) throws(MoneyError) {
    var total = UInt256.zero
    for part in tally.parts.values { total = try total.adding(part.units) }
    self.init(count: UInt64(clamping: tally.count), total: total)
  }
}
