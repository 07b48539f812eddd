package import Chains
import Codecs
import Ledger
package import Money
package import Payouts

/// The three sides of a campaign side by side.
package struct ReconcileReport: Hashable, Sendable {
  package let campaign: CampaignID
  package let fromBlock: UInt64
  package let throughBlock: UInt64
  /// Rows of the file that stand in the campaign, and their sum.
  package let ordered: Tally.Part
  /// What the ledger says was paid.
  package let ledgerPaid: UInt256
  /// Payouts that the tables call confirmed.
  package let confirmed: Tally.Part
  /// Transfers on the chain that belong to a confirmed payout of the campaign.
  package let onChain: Tally.Part
  package let mismatches: [Mismatch.Kind: Int]

  /// Every confirmed payout is on the chain once, nothing else of ours is, and the ledger says the same.
  package var isClean: Bool { mismatches.isEmpty }
}

/// Matches final transfers of the chain with payouts and ledger, and explains every row that does not fit.
///
/// Flat in memory but for one number per final batch and the transfers of one block. Reads the chain by quorum from a
/// checkpoint on.
package struct Reconciler {
  private let store: any PayoutStore
  private let rail: any Rail
  private let clock: any EngineClock
  private let actor: String

  package init(store: any PayoutStore, rail: any Rail, clock: any EngineClock, actor: String) {
    self.store = store
    self.rail = rail
    self.clock = clock
    self.actor = actor
  }

  /// Indexes final blocks up to the newest, then compares. `report` is called for every mismatch, in order of finding.
  ///
  /// Throws `rail.finality_violated` when a block that was read as final is another one now: the trail has a record of
  /// it by then, and the next run reads the new blocks and lists what they lack. Throws `rail.no_quorum` while nodes
  /// have not come as far as the store's own evidence.
  package func run(
    _ campaign: Campaign, fromBlock: UInt64, report: (Mismatch) throws -> Void
  ) throws -> ReconcileReport {
    let index = TransferIndex(campaign.asset, store: store, rail: rail, clock: clock, actor: actor)
    let through = try index.follow(from: fromBlock)
    var pass = ReconcilePass(store: store, campaign: campaign, fromBlock: fromBlock)
    try pass.readEvidence(through: through)
    try pass.walk(index.name, report)
    try pass.compareBatches(report)
    try pass.compareRows(report)
    let tally = try store.tally(campaign.id)
    let paid = try store.balances(owner: "campaign/\(campaign.id)")[Account(campaign.id, .paid, campaign.asset)]
    let result = ReconcileReport(
      campaign: campaign.id, fromBlock: fromBlock, throughBlock: through, ordered: try pass.ordered(tally),
      ledgerPaid: paid?.postedCredit ?? .zero, confirmed: tally[.confirmed], onChain: pass.onChain,
      mismatches: pass.mismatches)
    try note(result)
    return result
  }

  private func note(_ result: ReconcileReport) throws {
    let note = Note(
      action: "reconcile.completed", entity: "campaign", entityID: result.campaign.description,
      details: [
        "from_block": .integer(result.fromBlock), "through_block": .integer(result.throughBlock),
        "ordered": .string(result.ordered.units.description), "ledger_paid": .string(result.ledgerPaid.description),
        "on_chain": .string(result.onChain.units.description), "clean": .bool(result.isClean),
        "mismatches": .object(counts(result.mismatches)),
      ], isPublic: true)
    try store.commit(Commit(guardedBy: nil, actor: actor, at: clock.now(), writes: [.note(note)]))
  }

  private func counts(_ mismatches: [Mismatch.Kind: Int]) -> JSONObject {
    var object = JSONObject()
    for kind in Mismatch.Kind.allCases {
      if let count = mismatches[kind] { _ = object.append(kind.rawValue, .integer(count)) }
    }
    return object
  }
}
