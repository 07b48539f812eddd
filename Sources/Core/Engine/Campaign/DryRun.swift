package import Chains
import Codecs
import Money
package import Payouts

/// The whole path up to the signature: what a live run started now would sign, byte for byte, and nothing is written.
package struct DryRun {
  package struct Planned: Hashable, Sendable {
    package let slot: UInt64
    package let purpose: Purpose
    package let fee: FeeTerms
    package let unsigned: UnsignedTransaction
  }

  private let store: any PayoutStore
  private let rail: any Rail

  package init(store: any PayoutStore, rail: any Rail) {
    self.store = store
    self.rail = rail
  }

  /// Calls `body` for every transaction in order of slot. Batches are those of `LaneWorker` for a campaign alone on
  /// the lane, the canary's first. Throws what the driver throws.
  package func run(_ campaign: Campaign, account: Address, body: (Planned) throws -> Void) throws {
    try rail.preflight(campaign.asset)
    let lane = try store.lanes().first { $0.chain == campaign.chain && $0.account == account }
    var slot = max(lane?.nextSlot ?? 0, try rail.account(account).finalCount)
    let tally = try store.tally(campaign.id)
    let needed = try tally[.queued].units.adding(tally[.submitted].units)
    if tally[.queued].count > 0, let setup = try rail.setup(campaign.asset, account: account, total: needed) {
      try body(try planned(setup, account, slot))
      slot += 1
    }
    let most = min(campaign.maxBatch, rail.limits(campaign.asset).mostPayees)
    var canary = campaign.canary
    var after: PayoutID?
    while true {
      let payees = try store.queued(campaign.id, after: after, limit: canary > 0 ? min(most, canary) : most)
      guard let last = payees.last else { return }
      try body(try planned(.pay(asset: campaign.asset, payees: payees), account, slot))
      slot += 1
      canary -= payees.count
      after = last.payout
    }
  }

  private func planned(_ purpose: Purpose, _ account: Address, _ slot: UInt64) throws -> Planned {
    let fee = try rail.fee(for: purpose, account: account)
    let request = TransactionRequest(account: account, slot: slot, purpose: purpose, fee: fee)
    return Planned(slot: slot, purpose: purpose, fee: fee, unsigned: try rail.codec.prepare(request))
  }
}
