import Chains
import Engine
import Ledger
import Money
import Payouts

extension MemoryState {
  func liveBatchCount(_ campaign: CampaignID) -> Int {
    live.keys.count { batches[$0]?.batch.campaign == campaign }
  }

  var nextCampaignID: CampaignID { CampaignID((campaigns.keys.map(\.raw).max() ?? 0) + 1) }

  /// Payouts of finished loads after a number, ascending.
  func ready(_ campaign: CampaignID, after: PayoutID?) -> some Sequence<PayoutID> {
    let end = PayoutID(campaign: campaign, ordinal: readyOrdinal(campaign)).raw
    let start = max(PayoutID(campaign: campaign, ordinal: 0).raw, after.map { $0.raw + 1 } ?? 0)
    return (min(start, end)..<end).lazy.map { PayoutID($0) }
  }

  func queued(
    _ campaign: CampaignID, after: PayoutID?, limit: Int, _ isWanted: (PayoutID, PayoutRow) -> Bool
  ) -> [Payee] {
    var payees: [Payee] = []
    for payout in ready(campaign, after: after) where payees.count < limit {
      guard let row = row(payout), row.status == .queued, isWanted(payout, row) else { continue }
      payees.append(Payee(payout: payout, address: row.address, units: row.units))
    }
    return payees
  }

  /// The sentences that are not true of the whole store.
  var brokenInvariants: [String] {
    var broken = ledgerProblems + batchProblems
    for campaign in campaigns.values.sorted(by: { $0.id < $1.id }) {
      let tally = tallies[campaign.id] ?? Tally()
      broken += Invariants.broken(campaign, balances.filter { $0.key.owner == "campaign/\(campaign.id)" }, tally)
      if tally != counted(campaign) {
        broken.append("campaign \(campaign.id): not true that the tally is what the rows count")
      }
    }
    return broken
  }

  private var ledgerProblems: [String] {
    var pending: [Account: Balance] = [:]
    for hold in holds.values {
      pending[hold.debit, default: Balance()].pendingDebit = sum(pending[hold.debit]?.pendingDebit, hold.remaining)
      pending[hold.credit, default: Balance()].pendingCredit = sum(pending[hold.credit]?.pendingCredit, hold.remaining)
    }
    var broken: [String] = []
    var totals: [AssetID: Balance] = [:]
    for (account, balance) in balances {
      let held = pending[account] ?? Balance()
      if held.pendingDebit != balance.pendingDebit || held.pendingCredit != balance.pendingCredit {
        broken.append("account \(account): not true that its holds are what is pending")
      }
      var total = totals[account.asset] ?? Balance()
      total.postedDebit = sum(total.postedDebit, balance.postedDebit)
      total.postedCredit = sum(total.postedCredit, balance.postedCredit)
      total.pendingDebit = sum(total.pendingDebit, balance.pendingDebit)
      total.pendingCredit = sum(total.pendingCredit, balance.pendingCredit)
      totals[account.asset] = total
    }
    for (asset, total) in totals
    where total.postedDebit != total.postedCredit || total.pendingDebit != total.pendingCredit {
      broken.append("asset \(asset): not true that debits and credits are equal")
    }
    return broken.sorted()
  }

  /// Wraps past 2^256: both sides of a comparison wrap alike.
  private func sum(_ a: UInt256?, _ b: UInt256) -> UInt256 { (a ?? .zero).addingReportingOverflow(b).partialValue }

  private var batchProblems: [String] {
    var broken: [String] = []
    for row in batches.values where row.batch.state == .live || live[row.batch.id] != nil {
      let members = MemoryState.members(row.runs).count { payout in
        self.row(payout).map { $0.status == .submitted && $0.batch == row.batch.id } ?? false
      }
      if members != row.batch.count {
        broken.append("batch \(row.batch.id): not true that all its payouts are submitted under it")
      }
    }
    return broken.sorted()
  }

  private func counted(_ campaign: Campaign) -> Tally {
    var tally = Tally()
    for payout in ready(campaign.id, after: nil) {
      guard let row = row(payout) else { continue }
      tally.set(row.status, count: tally[row.status].count + 1, units: sum(tally[row.status].units, row.units))
      if row.status == .submitted, case .unknown = view(payout)?.fate { tally.unknown += 1 }
    }
    return tally
  }
}
