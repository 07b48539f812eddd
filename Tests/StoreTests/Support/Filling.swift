import Airdrop
import Audit
import Chains
import Codecs
import Engine
import Money
import Payouts

/// A store with something in every table: batches in every state, payouts in every status, exceptions, proofs.
enum Filling {
  /// Recipients that readers see.
  static let visible = 14

  static func fill(_ bench: Bench) throws {
    let campaign = try bench.createCampaign()
    try bench.load(campaign, 10)
    let approval = Approval(
      campaign: campaign.id, root: .zero, count: 10, total: Bench.worth(0..<10), feeCap: .max, approvedBy: "eve",
      expiresAt: nil)
    try bench.commit(.approve(approval), guarded: false)
    try bench.change(campaign, .running)
    try bench.acquire()
    let final = bench.intent(campaign, [0, 1, 2])
    let reverted = bench.intent(campaign, [3, 4])
    let live = bench.intent(campaign, [5, 6])
    try bench.commit(.intend(final), .intend(reverted), .intend(live))
    for intent in [final, reverted, live] { try bench.sign(intent) }
    try bench.commit(
      .endBatch(
        bench.end(
          final, .credited([.full, .none, .other(.one)]),
          [
            bench.outcome(.confirmed, campaign, [0]), bench.outcome(.failed(.notCredited), campaign, [1]),
            bench.outcome(.partial, campaign, [2]),
          ])),
      .endBatch(bench.end(reverted, .reverted, [bench.outcome(.halved, campaign, [3, 4])])),
      .markUnknown(live.batch, campaign.id, .overdue))
    try bench.commit(
      .compensate(
        Compensation(
          campaign: campaign.id, asset: campaign.asset, payout: PayoutID(campaign: campaign.id, ordinal: 1),
          units: UInt256(2), from: .failed, reason: "BY_HAND")), guarded: false)
    let named = try bench.createCampaign("named")
    try bench.load(named, 4, keys: true)
    let open = try bench.store.begin(named.id, contentHash: Bench.hash(3), settings: "{}")
    _ = try bench.store.insert(Bench.chunk(20..<25), into: open)
    try bench.store.addCheckpoint(
      Checkpoint(
        number: 1, at: 1, heads: try bench.store.auditHeads(), previous: .zero, publicKey: [1], signature: [2]))
  }
}
