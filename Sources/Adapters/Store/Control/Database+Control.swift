import Chains
import Codecs
import Engine
import Money
import Policy

extension Database {
  func nextProposal() throws(StoreError) -> Int64 {
    try first("SELECT coalesce(max(no), 0) + 1 FROM proposals") { row throws(StoreError) in try row.int64(0) } ?? 1
  }

  func proposalCase(_ number: Int64) throws(StoreError) -> ProposalCase? {
    try first(
      """
      SELECT p.no, p.kind, p.subject, p.content, p.digest, p.initiator, p.created_at, p.expires_at, p.public_key,
        p.signature, NOT EXISTS(SELECT 1 FROM proposals n WHERE n.kind = p.kind AND n.subject = p.subject AND n.no > p.no),
        a.word, a.answered_by, a.reason, a.at, a.public_key, a.signature
      FROM proposals p LEFT JOIN proposal_answers a ON a.proposal_no = p.no WHERE p.no = ?
      """, number, read: ProposalCase.read)
  }

  func newestProposal(_ kind: ProposalKind, _ subject: String) throws(StoreError) -> Int64? {
    try first("SELECT max(no) FROM proposals WHERE kind = ? AND subject = ?", kind.rawValue, subject) {
      row throws(StoreError) in try row.optionalInt64(0)
    }.flatMap { $0 }
  }

  func proposals(before: Int64?, limit: Int) throws(StoreError) -> [ProposalCase] {
    try all(
      """
      SELECT p.no, p.kind, p.subject, p.content, p.digest, p.initiator, p.created_at, p.expires_at, p.public_key,
        p.signature, NOT EXISTS(SELECT 1 FROM proposals n WHERE n.kind = p.kind AND n.subject = p.subject AND n.no > p.no),
        a.word, a.answered_by, a.reason, a.at, a.public_key, a.signature
      FROM proposals p LEFT JOIN proposal_answers a ON a.proposal_no = p.no WHERE p.no < ? ORDER BY p.no DESC LIMIT ?
      """, before ?? Int64.max, limit, read: ProposalCase.read)
  }

  // MARK: Address book

  func bookVersion() throws(StoreError) -> Int64 {
    try first("SELECT coalesce(max(no), 0) FROM address_book") { row throws(StoreError) in try row.int64(0) } ?? 0
  }

  func bookChanges(_ chain: ChainID, _ addresses: [Address]) throws(StoreError) -> [Address: BookChange] {
    var found: [Address: BookChange] = [:]
    for address in addresses {
      found[address] = try first(
        """
        SELECT chain, address, label, usable_at, changed_by, at FROM address_book
        WHERE chain = ? AND address = ? ORDER BY no DESC LIMIT 1
        """, chain.description, address, read: BookChange.read)
    }
    return found
  }

  func bookEntries(_ chain: ChainID, after: Address?, limit: Int) throws(StoreError) -> [BookChange] {
    try all(
      """
      SELECT chain, address, label, usable_at, changed_by, at FROM address_book b
      WHERE chain = ?1 AND address > ?2 AND usable_at IS NOT NULL
        AND no = (SELECT max(no) FROM address_book n WHERE n.chain = b.chain AND n.address = b.address)
      ORDER BY address LIMIT ?3
      """, chain.description, after ?? Address([]), limit, read: BookChange.read)
  }
}

extension CommitWriter {
  /// Proposals, answers and the address book.
  func applyControl(_ write: PeopleWrite) throws(StoreError) {
    switch write {
    case .propose(let proposal):
      try proposal.check(next: database.nextProposal())
      try insert(proposal)
    case .answer(let answer):
      try answer.check(database.proposalCase(answer.proposal))
      try insert(answer)
    case .book(let change):
      try database.run(
        "INSERT INTO address_book(chain, address, label, usable_at, changed_by, at) VALUES(?, ?, ?, ?, ?, ?)",
        change.chain.description, change.address, change.label, change.usableAt, change.by, change.at)
    case .person, .session, .ask, .vote, .reject: break
    }
  }

  private func insert(_ proposal: Proposal) throws(StoreError) {
    try database.run(
      """
      INSERT INTO proposals(no, kind, subject, content, digest, initiator, created_at, expires_at, public_key, signature)
      VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, proposal.number, proposal.kind.rawValue, proposal.subject, proposal.content, proposal.digest,
      proposal.initiator, proposal.createdAt, proposal.expiresAt, proposal.signature?.publicKey,
      proposal.signature?.signature)
  }

  private func insert(_ answer: ProposalAnswer) throws(StoreError) {
    try database.run(
      """
      INSERT INTO proposal_answers(proposal_no, word, digest, initiator, expires_at, answered_by, reason, at, public_key,
        signature) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, answer.proposal, answer.word.rawValue, answer.digest, answer.initiator, answer.expiresAt, answer.by,
      answer.reason, answer.at, answer.signature?.publicKey, answer.signature?.signature)
  }
}
