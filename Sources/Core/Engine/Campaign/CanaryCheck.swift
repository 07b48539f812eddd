import Chains
package import Money
package import Payouts

/// Whether the first few payouts went as promised. Source: spec A-4, "canary".
package enum CanaryCheck {
  /// The sentence that stops the campaign, or nil when the rest may go on.
  package static func problem(
    _ campaign: Campaign, _ tally: Tally, store: any PayoutStore, mostFee: UInt256
  ) throws -> String? {
    if tally.unknown > 0 { return "canary_unknown: a canary recipient was credited another sum, or nothing is known" }
    if tally[.failed].count > 0 { return "canary_failed: \(tally[.failed].count) canary payouts failed" }
    if tally[.confirmed].count == 0 { return "canary_unpaid: no canary payout was confirmed" }
    for view in try store.batches(campaign.id, after: nil, limit: 100) {
      guard let fee = view.feePaid else { continue }
      let promised = try view.batch.attempts.map { try $0.fee.most }.max() ?? .zero
      if fee > promised || fee > mostFee {
        return "canary_fee: batch \(view.batch.id) cost \(fee) of at most \(promised)"
      }
      if view.batch.attempts.contains(where: { $0.kind == .void }) { return "canary_voided: batch \(view.batch.id)" }
    }
    return nil
  }
}
