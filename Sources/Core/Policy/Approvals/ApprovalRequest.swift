package import Chains
package import Codecs
package import Money

/// What is approved: who is paid what, from which accounts, at which cost at most. Two requests with equal content are
/// the same question.
package struct ApprovalContent: Hashable, Sendable {
  /// The campaign's public id.
  package let campaign: String
  package let chain: ChainID
  package let asset: AssetID
  /// The content root over payout number, address and amount of every payee (Core/Payouts/ContentRoot.swift).
  package let root: Hash32
  package let count: UInt64
  package let total: UInt256
  /// Most that one transaction may cost, in native units.
  package let feeCap: UInt256
  /// The accounts that may pay, in ascending order.
  package let lanes: [Address]

  package init(
    campaign: String, chain: ChainID, asset: AssetID, root: Hash32, count: UInt64, total: UInt256, feeCap: UInt256,
    lanes: [Address]
  ) {
    self.campaign = campaign
    self.chain = chain
    self.asset = asset
    self.root = root
    self.count = count
    self.total = total
    self.feeCap = feeCap
    self.lanes = Set(lanes).sorted()
  }
}

/// A question to the approvers, and until when it may be answered and used.
package struct ApprovalRequest: Hashable, Sendable {
  /// Whether somebody said no. Approved, expired and void are not stored: they follow from the votes, the time and what
  /// stands.
  package enum Mark: String, CaseIterable, Sendable { case open, rejected }

  package let number: Int64
  package let campaign: CampaignID
  package let content: ApprovalContent
  /// Actors who prepared the campaign or asked: none of them may approve. Ascending, at least one.
  package let initiators: [String]
  package let rule: ApprovalRule
  package let openedAt: Timestamp
  package let expiresAt: Timestamp
  /// Random: no approval of one request fits another.
  package let nonce: Hash32
  package var mark: Mark

  package init(
    number: Int64, campaign: CampaignID, content: ApprovalContent, initiators: Set<String>, rule: ApprovalRule,
    openedAt: Timestamp, expiresAt: Timestamp, nonce: Hash32, mark: Mark = .open
  ) {
    self.number = number
    self.campaign = campaign
    self.content = content
    self.initiators = initiators.sorted()
    self.rule = rule
    self.openedAt = openedAt
    self.expiresAt = expiresAt
    self.nonce = nonce
    self.mark = mark
  }
}

/// One person's signed yes.
package struct ApprovalVote: Hashable, Sendable {
  package let request: Int64
  package let approver: PersonName
  package let approvedAt: Timestamp
  /// Ed25519, 32 bytes.
  package let publicKey: [UInt8]
  /// 64 bytes, over `ApprovalStatement.bytes`.
  package let signature: [UInt8]

  package init(
    request: Int64, approver: PersonName, approvedAt: Timestamp, publicKey: [UInt8], signature: [UInt8]
  ) {
    self.request = request
    self.approver = approver
    self.approvedAt = approvedAt
    self.publicKey = publicKey
    self.signature = signature
  }
}
