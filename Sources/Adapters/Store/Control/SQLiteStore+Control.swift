package import Chains
package import Engine
package import Policy

extension SQLiteStore {
  package func nextProposal() throws(StoreError) -> Int64 {
    try read { database throws(StoreError) in try database.nextProposal() }
  }

  package func proposalCase(_ number: Int64) throws(StoreError) -> ProposalCase? {
    try read { database throws(StoreError) in try database.proposalCase(number) }
  }

  package func newestProposal(_ kind: ProposalKind, _ subject: String) throws(StoreError) -> ProposalCase? {
    try read { database throws(StoreError) in
      try database.newestProposal(kind, subject).flatMap { number throws(StoreError) in
        try database.proposalCase(number)
      }
    }
  }

  package func proposals(before: Int64?, limit: Int) throws(StoreError) -> [ProposalCase] {
    try read { database throws(StoreError) in try database.proposals(before: before, limit: limit) }
  }

  package func bookVersion() throws(StoreError) -> Int64 {
    try read { database throws(StoreError) in try database.bookVersion() }
  }

  package func bookChanges(
    _ chain: ChainID, _ addresses: [Address]
  ) throws(StoreError) -> [Address: BookChange] {
    try read { database throws(StoreError) in try database.bookChanges(chain, addresses) }
  }

  package func bookEntries(_ chain: ChainID, after: Address?, limit: Int) throws(StoreError) -> [BookChange] {
    try read { database throws(StoreError) in try database.bookEntries(chain, after: after, limit: limit) }
  }
}
