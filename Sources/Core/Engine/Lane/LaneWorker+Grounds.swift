import Chains
import Codecs
import Money
import Payouts
import Policy
import Signing

/// The tree over a campaign's payees, kept while its approved root stays the same.
struct ApprovedTree {
  let root: Hash32
  let tree: ContentTree
}

// What a signer apart is shown: the approval, and the proof that every payee stands in it.
extension LaneWorker {
  /// Nil for what pays nobody, for a signer that does not ask, and where nobody was asked: that signer refuses then.
  func grounds(_ batch: Batch, _ kind: AttemptKind) throws -> SigningGrounds? {
    guard signer.wantsGrounds, kind == .pay, let campaign = batch.campaign, let payees = live[batch.id]?.payees,
      let found = try store.approvalCase(of: campaign)
    else { return nil }
    let tree = try approvedTree(campaign, asset: batch.asset, root: found.request.content.root)
    let store = store
    let proof = try tree.proof(payees.map { UInt64($0.payout.ordinal) }) { range in
      let before = range.lowerBound == 0 ? nil : PayoutID(campaign: campaign, ordinal: UInt32(range.lowerBound - 1))
      return try store.payouts(campaign, status: nil, after: before, limit: range.count).map(\.payee)
    }
    return SigningGrounds(approval: SignedApproval(found), payouts: payees.map(\.payout), proof: proof)
  }

  private func approvedTree(_ campaign: CampaignID, asset: AssetID, root: Hash32) throws -> ContentTree {
    if let known = approvedTrees[campaign], known.root == root { return known.tree }
    var tree = ContentTree(asset)
    var after: PayoutID?
    repeat {
      let page = try store.payouts(campaign, status: nil, after: after, limit: 5_000)
      for view in page {
        // Places are ordinals: a payee is found again without a table of all of them.
        guard view.payout.ordinal == tree.count else {
          throw EngineError(
            code: EngineError.Code.unexpected.rawValue, message: "the recipients of a campaign are not in a row",
            hint: nil, isPassing: false)
        }
        try tree.add(view.payee)
      }
      after = page.count == 5_000 ? page.last?.payout : nil
    } while after != nil
    approvedTrees[campaign] = ApprovedTree(root: root, tree: tree)
    return tree
  }
}

extension PayoutView {
  fileprivate var payee: Payee { Payee(payout: payout, address: address, units: units) }
}
