import Chains
import Money
package import Payouts
import Policy

extension FailedQueued {
  /// Most payouts that one commit fails.
  package static let chunk = 5_000

  /// The next queued payouts of the campaign to fail, or nil when none is left.
  package static func next(
    _ campaign: Campaign, _ reason: FailureReason, store: any PayoutStore
  ) throws -> FailedQueued? {
    let payees = try store.allQueued(campaign.id, after: nil, limit: chunk)
    return try of(payees.map { ($0.payout, $0.units) }, campaign, reason)
  }

  /// The next queued payouts that the policy denies.
  package static func denied(_ campaign: Campaign, store: any PayoutStore) throws -> FailedQueued? {
    let denied = try store.heldPayouts(campaign.id, .deny, isWaiting: true, after: nil, limit: chunk)
    return try of(denied.map { ($0.payout, $0.units) }, campaign, .denied)
  }

  private static func of(
    _ payouts: [(id: PayoutID, units: UInt256)], _ campaign: Campaign, _ reason: FailureReason
  ) throws -> FailedQueued? {
    guard !payouts.isEmpty else { return nil }
    var units = UInt256.zero
    for payout in payouts { units = try units.adding(payout.units) }
    return FailedQueued(
      campaign: campaign.id, asset: campaign.asset, reason: reason, runs: PayoutRun.of(payouts.map(\.id)),
      count: payouts.count, units: units)
  }
}
