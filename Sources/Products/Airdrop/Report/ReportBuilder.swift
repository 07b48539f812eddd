import Audit
package import Chains
import Codecs
package import Engine
import Ledger
package import Money
package import Payouts
import Policy

/// Reads a store as a stream and makes a report of one campaign. Memory is flat: nothing grows with the payouts.
package struct ReportBuilder {
  private let store: any PayoutStore
  private let addressText: (Address) -> String
  private let payoutPage: Int
  private let batchPage: Int

  /// `addressText` writes an address as its chain does. Pages are rows per read; a batch carries its bytes, so its
  /// pages are shorter.
  package init(
    store: any PayoutStore, addressText: @escaping (Address) -> String, payoutPage: Int = 2_000, batchPage: Int = 100
  ) {
    self.store = store
    self.addressText = addressText
    self.payoutPage = max(1, payoutPage)
    self.batchPage = max(1, batchPage)
  }

  /// The report as of `at`. `verification` is shown when the caller has verified the audit trail.
  ///
  /// Throws store errors, and `money.overflow` when sums of the store leave 256 bits.
  package func build(
    _ campaign: Campaign, at: Timestamp, notices: [String], verification: AuditReport? = nil
  ) throws -> CampaignReport {
    let campaign = try store.campaign(campaign.id) ?? campaign
    let (tally, balances) = try rest(campaign)
    var ordered = Tally.Part()
    for status in PayoutStatus.allCases {
      ordered.count += tally[status].count
      ordered.units = try ordered.units.adding(tally[status].units)
    }
    let trail = try readTrail(campaign)
    let rows = try readPayouts(campaign)
    let batches = try readBatches(campaign)
    let isMoving = try store.tally(campaign.id) != tally
    return CampaignReport(
      campaign: campaign, store: try store.identity(), generatedAt: at, notices: notices, isMoving: isMoving,
      scale: AmountScale(
        decimals: campaign.asset.token == nil ? AmountScale.coinDecimals : trail.decimals,
        isNative: campaign.asset.token == nil),
      tally: tally, ordered: ordered, loads: trail.loads,
      approval: try approvalFigures(campaign, trail.approvedAt, rows.root.hash),
      batches: batches, failures: rows.failures, compensations: rows.compensations,
      ledger: lines(campaign, tally, balances), audit: try auditFigures(verification),
      reconciliation: trail.reconciliation, life: trail.life)
  }

  /// The newest question to several people, or what a single local operator approved.
  private func approvalFigures(
    _ campaign: Campaign, _ approvedAt: Timestamp?, _ root: Hash32
  ) throws -> ApprovalFigures {
    guard let found = try store.approvalCase(of: campaign.id) else {
      return ApprovalFigures(approval: try store.approval(campaign.id), approvedAt: approvedAt, root: root)
    }
    let (content, votes) = (found.request.content, found.votes)
    let isEnough = votes.count >= found.request.rule.needed && found.request.mark == .open
    let approval = Approval(
      campaign: campaign.id, root: content.root, count: content.count, total: content.total, feeCap: content.feeCap,
      approvedBy: votes.map(\.approver.actor).joined(separator: ", "), expiresAt: found.request.expiresAt)
    return ApprovalFigures(
      approval: isEnough ? approval : nil, approvedAt: votes.map(\.approvedAt).max(), root: root,
      approvers: isEnough ? votes.count : 0, rule: found.request.rule)
  }

  /// Tally and balances of one moment: they are read apart, so they are read again while payouts move, a few times.
  private func rest(_ campaign: Campaign) throws -> (Tally, [Account: Balance]) {
    var tally = try store.tally(campaign.id)
    var balances: [Account: Balance] = [:]
    for _ in 0..<5 {
      balances = try store.balances(owner: Account(campaign.id, .reserved, campaign.asset).owner)
      let after = try store.tally(campaign.id)
      if after == tally { break }
      tally = after
    }
    return (tally, balances)
  }

  private func lines(_ campaign: Campaign, _ tally: Tally, _ balances: [Account: Balance]) -> [LedgerLine] {
    func balance(_ role: Account.Role) -> Balance { balances[Account(campaign.id, role, campaign.asset)] ?? Balance() }
    func line(_ role: String, _ status: PayoutStatus, _ units: UInt256?) -> LedgerLine {
      LedgerLine(role: role, status: status, ledger: units, payouts: tally[status].units)
    }
    return [
      line("reserved", .queued, balance(.reserved).available),
      line("in flight", .submitted, balance(.reserved).pendingDebit),
      line("paid", .confirmed, balance(.paid).posted),
      line("released", .failed, balance(.released).posted),
      line("compensated", .compensated, balance(.compensated).posted),
    ]
  }

  private struct Rows {
    var root: ContentRoot
    var failures = ReasonFigures()
    var compensations = ReasonFigures()
  }

  /// Every payout once, in order: the content root, and the reasons of those that were not paid.
  private func readPayouts(_ campaign: Campaign) throws -> Rows {
    var rows = Rows(root: ContentRoot(campaign.asset))
    var after: PayoutID?
    while true {
      let page = try store.payouts(campaign.id, status: nil, after: after, limit: payoutPage)
      for view in page {
        try rows.root.add(Payee(payout: view.payout, address: view.address, units: view.units))
        switch view.status {
        case .failed: try rows.failures.add(view, address: addressText)
        case .compensated: try rows.compensations.add(view, address: addressText)
        case .queued, .submitted, .confirmed: break
        }
      }
      guard let last = page.last, page.count == payoutPage else { return rows }
      after = last.payout
    }
  }

  private func readBatches(_ campaign: Campaign) throws -> BatchFigures {
    var figures = BatchFigures()
    var after: BatchID?
    while true {
      let page = try store.batches(campaign.id, after: after, limit: batchPage)
      for view in page { try figures.add(view) }
      guard let last = page.last, page.count == batchPage else { return figures }
      after = last.batch.id
    }
  }

  /// The operators' chain of the audit trail; lanes write to chains of their own, which come after it.
  private func readTrail(_ campaign: Campaign) throws -> TrailFigures {
    var figures = TrailFigures(campaign.id)
    var after: AuditHead?
    while true {
      let page = try store.auditRecords(after: after, limit: payoutPage)
      for record in page {
        guard record.chain == 0 else { return figures }
        figures.add(record)
      }
      guard let last = page.last, page.count == payoutPage else { return figures }
      after = last.head
    }
  }

  private func auditFigures(_ verification: AuditReport?) throws -> AuditFigures {
    let heads = try store.auditHeads().sorted()
    let newest = try store.checkpoints().max { $0.number < $1.number }
    let records = heads.reduce(into: Int64(0)) { $0 += $1.sequence }
    let sealed = newest?.heads.reduce(into: Int64(0)) { $0 += $1.sequence } ?? 0
    return AuditFigures(
      heads: heads,
      checkpoint: newest.map { .init(number: $0.number, at: Timestamp(milliseconds: $0.at)) }, records: records,
      unsealed: max(0, records - sealed), verification: verification)
  }
}
