import Chains
import Engine
import Policy

extension WatchedStore {
  func nextProposal() throws(StoreError) -> Int64 {
    try look { () throws(StoreError) in try inner.nextProposal() }
  }

  func proposalCase(_ number: Int64) throws(StoreError) -> ProposalCase? {
    try look { () throws(StoreError) in try inner.proposalCase(number) }
  }

  func newestProposal(_ kind: ProposalKind, _ subject: String) throws(StoreError) -> ProposalCase? {
    try look { () throws(StoreError) in try inner.newestProposal(kind, subject) }
  }

  func proposals(before: Int64?, limit: Int) throws(StoreError) -> [ProposalCase] {
    try look { () throws(StoreError) in try inner.proposals(before: before, limit: limit) }
  }

  func bookVersion() throws(StoreError) -> Int64 {
    try look { () throws(StoreError) in try inner.bookVersion() }
  }

  func bookChanges(
    _ chain: ChainID, _ addresses: [Address]
  ) throws(StoreError) -> [Address: BookChange] {
    try look { () throws(StoreError) in try inner.bookChanges(chain, addresses) }
  }

  func bookEntries(_ chain: ChainID, after: Address?, limit: Int) throws(StoreError) -> [BookChange] {
    try look { () throws(StoreError) in try inner.bookEntries(chain, after: after, limit: limit) }
  }
}
