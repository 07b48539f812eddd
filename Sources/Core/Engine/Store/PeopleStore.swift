package import Chains
package import Codecs
package import Money
package import Policy

/// Where persons, sessions and approvals live. Written by `Commit` alone, so that each change has its audit record.
package protocol PeopleStore: Sendable {
  /// Everybody who was ever enrolled, by name.
  func people() throws(StoreError) -> [Person]
  func person(_ name: PersonName) throws(StoreError) -> Person?
  func session(_ tokenHash: Hash32) throws(StoreError) -> Session?
  /// The number for a new request; `ask` takes it.
  func nextApprovalRequest() throws(StoreError) -> Int64
  /// The newest request of the campaign with its votes and voters: an older one counts for nothing.
  func approvalCase(of campaign: CampaignID) throws(StoreError) -> ApprovalCase?
  func approvalCase(_ request: Int64) throws(StoreError) -> ApprovalCase?
  /// By number, descending, below `before`.
  func approvalRequests(before: Int64?, limit: Int) throws(StoreError) -> [ApprovalRequest]

  /// The number for a new proposal; `propose` takes it.
  func nextProposal() throws(StoreError) -> Int64
  func proposalCase(_ number: Int64) throws(StoreError) -> ProposalCase?
  /// The newest proposal of this kind on this subject: an older one counts for nothing.
  func newestProposal(_ kind: ProposalKind, _ subject: String) throws(StoreError) -> ProposalCase?
  /// By number, descending, below `before`.
  func proposals(before: Int64?, limit: Int) throws(StoreError) -> [ProposalCase]

  /// How many changes the address book has ever taken.
  func bookVersion() throws(StoreError) -> Int64
  /// The newest change of each of these addresses that the book has ever held, removals too.
  func bookChanges(_ chain: ChainID, _ addresses: [Address]) throws(StoreError) -> [Address: BookChange]
  /// The newest change of each address of the chain that is not removed, by address, after `after`.
  func bookEntries(_ chain: ChainID, after: Address?, limit: Int) throws(StoreError) -> [BookChange]
}
