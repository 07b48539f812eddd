package import Chains
package import Engine
package import Policy

extension PostgreSQLStore {
  package func nextProposal() throws(StoreError) -> Int64 {
    try read { session throws(StoreError) in try session.nextProposal() }
  }

  package func proposalCase(_ number: Int64) throws(StoreError) -> ProposalCase? {
    try read { session throws(StoreError) in try session.proposalCase(number) }
  }

  package func newestProposal(_ kind: ProposalKind, _ subject: String) throws(StoreError) -> ProposalCase? {
    try read { session throws(StoreError) in
      try session.newestProposal(kind, subject).flatMap { number throws(StoreError) in try session.proposalCase(number)
      }
    }
  }

  package func proposals(before: Int64?, limit: Int) throws(StoreError) -> [ProposalCase] {
    try read { session throws(StoreError) in try session.proposals(before: before, limit: limit) }
  }

  package func bookVersion() throws(StoreError) -> Int64 {
    try read { session throws(StoreError) in try session.bookVersion() }
  }

  package func bookChanges(
    _ chain: ChainID, _ addresses: [Address]
  ) throws(StoreError) -> [Address: BookChange] {
    try read { session throws(StoreError) in try session.bookChanges(chain, addresses) }
  }

  package func bookEntries(_ chain: ChainID, after: Address?, limit: Int) throws(StoreError) -> [BookChange] {
    try read { session throws(StoreError) in try session.bookEntries(chain, after: after, limit: limit) }
  }
}
