package import Chains
package import Money

/// One call for signatures, as the signer's own log keeps it.
package struct KeyUse: Hashable, Sendable {
  package let at: Timestamp
  package let peer: String
  package let chain: ChainID
  package let account: Address
  package let count: Int
  package let firstSlot: UInt64
  package let lastSlot: UInt64
  /// Public ids of the campaigns whose approvals came with it.
  package let campaigns: [String]
  /// The code of the refusal; nil when all was signed.
  package let refusal: String?

  package init(
    at: Timestamp, peer: String, chain: ChainID, account: Address, count: Int, firstSlot: UInt64, lastSlot: UInt64,
    campaigns: [String], refusal: String?
  ) {
    self.at = at
    self.peer = peer
    self.chain = chain
    self.account = account
    self.count = count
    self.firstSlot = firstSlot
    self.lastSlot = lastSlot
    self.campaigns = campaigns
    self.refusal = refusal
  }
}
