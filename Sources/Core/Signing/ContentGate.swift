package import Chains
import Codecs
package import Money
package import Payouts
package import Policy

/// What a request brings so that a signer need not believe who asks: the approval, and that every payee stands in it.
package struct SigningGrounds: Hashable, Sendable {
  package let approval: SignedApproval
  /// Payout number of each payee, in the order of the bytes: bytes do not hold them, and the content root does.
  package let payouts: [PayoutID]
  package let proof: ContentProof

  package init(approval: SignedApproval, payouts: [PayoutID], proof: ContentProof) {
    self.approval = approval
    self.payouts = payouts
    self.proof = proof
  }
}

/// Checks what is paid against what people signed, with the signer's own list of people and its own clock.
/// Source: PROTOCOL.md 2.5.
package struct ContentGate: Sendable {
  /// How many people must have approved, whatever rule the engine has.
  package let needed: Int
  /// Public keys of the people who may approve: the signer's own list.
  package let approvers: [PersonName: [UInt8]]
  private let signatures: any ApprovalSignatures
  private let now: @Sendable () -> Timestamp

  package init(
    needed: Int, approvers: [PersonName: [UInt8]], signatures: any ApprovalSignatures,
    now: @escaping @Sendable () -> Timestamp
  ) {
    self.needed = needed
    self.approvers = approvers
    self.signatures = signatures
    self.now = now
  }

  /// Throws `signing.not_approved` or `signing.not_in_approval` unless the decoded payment may be made now; what it
  /// claims otherwise.
  package func check(
    _ request: TransactionRequest, asset: AssetID, payees: [Payee], chain: ChainID, _ grounds: SigningGrounds?
  ) throws(SigningError) -> PayoutClaim {
    guard let grounds else {
      throw SigningError(
        .notApproved, "slot \(request.slot) pays somebody, and no approval came with it",
        hint: "this signer signs approved payees only: set AM_APPROVALS at the engine")
    }
    let content = grounds.approval.content
    try checkPeople(grounds.approval)
    guard content.chain == chain, content.asset == asset else {
      throw ContentGate.foreign("the approval is for \(content.asset), the bytes pay \(asset)")
    }
    guard content.lanes.contains(request.account) else {
      throw ContentGate.foreign("the account that pays is none of the approved ones")
    }
    guard let fee = try? request.fee.most, fee <= content.feeCap else {
      throw ContentGate.foreign("the fee of slot \(request.slot) is above the approved \(content.feeCap)")
    }
    guard grounds.payouts.count == payees.count else {
      throw ContentGate.foreign("\(grounds.payouts.count) payout numbers came for \(payees.count) payees")
    }
    let named = zip(grounds.payouts, payees).map { Payee(payout: $0, address: $1.address, units: $1.units) }
    do {
      try grounds.proof.check(
        named, asset: asset, count: content.count, total: content.total, root: content.root)
    } catch {
      throw ContentGate.foreign("a payee or amount of slot \(request.slot) does not stand in the approved root")
    }
    return PayoutClaim(campaign: content.campaign, runs: PayoutRun.of(grounds.payouts.sorted()))
  }

  private func checkPeople(_ approval: SignedApproval) throws(SigningError) {
    let moment = now()
    guard moment < approval.expiresAt else {
      throw SigningError(
        .notApproved, "the time of the approval is over", hint: "ask anew: almoner approvals ask --campaign NAME")
    }
    let wanted = max(needed, approval.rule.needed)
    let given = approval.approvers(approvers, signatures: signatures)
    guard given.count >= wanted else {
      throw SigningError(
        .notApproved, "\(given.count) of \(wanted) approvals are valid for this signer",
        hint: "does its list of approvers hold their keys? Initiators do not count")
    }
  }

  private static func foreign(_ why: String) -> SigningError { SigningError(.notInApproval, why) }
}

/// Tells whether what was permitted on a slot can never pay any more, by what the signer itself can see.
package protocol DeathWitness: Sendable {
  /// The proof, in words for the log; nil while there is none. `records` is everything permitted on the slot.
  func evidence(ofDeath place: SlotPlace, _ records: [SlotRecord]) -> String?
}

/// For a signer without nodes of its own: nothing is ever known to be dead.
package struct NoDeathWitness: DeathWitness {
  package init() {}
  package func evidence(ofDeath place: SlotPlace, _ records: [SlotRecord]) -> String? { nil }
}
