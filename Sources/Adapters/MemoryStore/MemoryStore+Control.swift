package import Chains
import Codecs
package import Engine
import Money
package import Policy

extension MemoryStore {
  package func nextProposal() throws(StoreError) -> Int64 { read { Int64($0.proposals.count) + 1 } }

  package func proposalCase(_ number: Int64) throws(StoreError) -> ProposalCase? { read { $0.proposalCase(number) } }

  package func newestProposal(_ kind: ProposalKind, _ subject: String) throws(StoreError) -> ProposalCase? {
    read { state in state.newestProposal(kind, subject).flatMap { state.proposalCase($0) } }
  }

  package func proposals(before: Int64?, limit: Int) throws(StoreError) -> [ProposalCase] {
    read { state in
      state.proposals.reversed().lazy.filter { $0.number < before ?? .max }.prefix(limit)
        .compactMap { state.proposalCase($0.number) }
    }
  }

  package func bookVersion() throws(StoreError) -> Int64 { read { $0.bookVersion } }

  package func bookChanges(
    _ chain: ChainID, _ addresses: [Address]
  ) throws(StoreError) -> [Address: BookChange] {
    read { state in
      let book = state.book[chain] ?? [:]
      return addresses.reduce(into: [:]) { $0[$1] = book[$1] }
    }
  }

  package func bookEntries(_ chain: ChainID, after: Address?, limit: Int) throws(StoreError) -> [BookChange] {
    read { state in
      let entries = (state.book[chain] ?? [:]).values.filter { !$0.isRemoval }.sorted { $0.address < $1.address }
      return Array(entries.lazy.filter { entry in after.map { $0 < entry.address } ?? true }.prefix(limit))
    }
  }
}

extension MemoryState {
  func newestProposal(_ kind: ProposalKind, _ subject: String) -> Int64? {
    proposals.last { $0.kind == kind && $0.subject == subject }?.number
  }

  func proposalCase(_ number: Int64) -> ProposalCase? {
    guard number >= 1, number <= Int64(proposals.count) else { return nil }
    let proposal = proposals[Int(number) - 1]
    return ProposalCase(
      proposal: proposal, answer: answers[number],
      isNewest: newestProposal(proposal.kind, proposal.subject) == number)
  }
}

extension MemoryTransaction {
  /// Proposals, answers and the address book.
  mutating func applyControl(_ write: PeopleWrite) throws(StoreError) {
    switch write {
    case .propose(let proposal):
      try proposal.check(next: Int64(state.proposals.count) + 1)
      append(\.proposals, proposal)
    case .answer(let answer):
      try answer.check(state.proposalCase(answer.proposal))
      put(\.answers, answer.proposal, answer)
    case .book(let change):
      var book = state.book[change.chain] ?? [:]
      book[change.address] = change
      put(\.book, change.chain, book)
      set(\.bookVersion, state.bookVersion + 1)
    case .person, .session, .ask, .vote, .reject: break
    }
  }
}
