import Chains
import Money
package import Payouts

extension FailedQueued {
  /// Most payouts that one commit fails.
  package static let chunk = 5_000

  /// The next queued payouts of the campaign to fail, or nil when none is left.
  package static func next(
    _ campaign: Campaign, _ reason: FailureReason, store: any PayoutStore
  ) throws -> FailedQueued? {
    let payees = try store.allQueued(campaign.id, after: nil, limit: chunk)
    guard !payees.isEmpty else { return nil }
    var units = UInt256.zero
    for payee in payees { units = try units.adding(payee.units) }
    return FailedQueued(
      campaign: campaign.id, asset: campaign.asset, reason: reason, runs: PayoutRun.of(payees.map(\.payout)),
      count: payees.count, units: units)
  }
}
