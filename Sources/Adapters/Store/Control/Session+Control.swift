import Chains
import Codecs
import Engine
import Money
import Policy
import PostgreSQL

extension Session {
  func nextProposal() throws(StoreError) -> Int64 {
    try first("SELECT coalesce(max(no), 0) + 1 FROM proposals") { row throws(StoreError) in try row.int64(0) } ?? 1
  }

  func proposalCase(_ number: Int64) throws(StoreError) -> ProposalCase? {
    try first(
      """
      SELECT p.no, p.kind, p.subject, p.content, p.digest, p.initiator, p.created_at, p.expires_at, p.public_key,
        p.signature, NOT EXISTS(SELECT 1 FROM proposals n WHERE n.kind = p.kind AND n.subject = p.subject AND n.no > p.no),
        a.word, a.answered_by, a.reason, a.at, a.public_key, a.signature
      FROM proposals p LEFT JOIN proposal_answers a ON a.proposal_no = p.no WHERE p.no = $1
      """, number, read: ProposalCase.read)
  }

  func newestProposal(_ kind: ProposalKind, _ subject: String) throws(StoreError) -> Int64? {
    try first("SELECT max(no) FROM proposals WHERE kind = $1 AND subject = $2", kind.rawValue, subject) {
      row throws(StoreError) in try row.optionalInt64(0)
    }.flatMap { $0 }
  }

  func proposals(before: Int64?, limit: Int) throws(StoreError) -> [ProposalCase] {
    try all(
      """
      SELECT p.no, p.kind, p.subject, p.content, p.digest, p.initiator, p.created_at, p.expires_at, p.public_key,
        p.signature, NOT EXISTS(SELECT 1 FROM proposals n WHERE n.kind = p.kind AND n.subject = p.subject AND n.no > p.no),
        a.word, a.answered_by, a.reason, a.at, a.public_key, a.signature
      FROM proposals p LEFT JOIN proposal_answers a ON a.proposal_no = p.no WHERE p.no < $1 ORDER BY p.no DESC LIMIT $2
      """, before ?? Int64.max, limit, read: ProposalCase.read)
  }

  // MARK: Address book

  func bookVersion() throws(StoreError) -> Int64 {
    try first("SELECT coalesce(max(no), 0) FROM address_book") { row throws(StoreError) in try row.int64(0) } ?? 0
  }

  func bookChanges(_ chain: ChainID, _ addresses: [Address]) throws(StoreError) -> [Address: BookChange] {
    var asked = Arguments(chain.description)
    asked.add(array: addresses)
    let rows = try run([
      Request(
        """
        SELECT b.chain, b.address, b.label, b.usable_at, b.changed_by, b.at
        FROM (SELECT DISTINCT a FROM unnest($2::bytea[]) u(a)) u CROSS JOIN LATERAL (
          SELECT * FROM address_book n WHERE n.chain = $1 AND n.address = u.a ORDER BY no DESC LIMIT 1) b
        """, asked)
    ])
    var found: [Address: BookChange] = [:]
    for change in try rows.first?.all(BookChange.read) ?? [] { found[change.address] = change }
    return found
  }

  func bookEntries(_ chain: ChainID, after: Address?, limit: Int) throws(StoreError) -> [BookChange] {
    try all(
      """
      SELECT chain, address, label, usable_at, changed_by, at FROM address_book b
      WHERE chain = $1 AND address > $2 AND usable_at IS NOT NULL
        AND no = (SELECT max(no) FROM address_book n WHERE n.chain = b.chain AND n.address = b.address)
      ORDER BY address LIMIT $3
      """, chain.description, after ?? Address([]), limit, read: BookChange.read)
  }
}

extension CommitDraft {
  /// Proposals, answers and the address book.
  mutating func applyControl(_ write: PeopleWrite) throws(StoreError) {
    switch write {
    case .propose(let proposal):
      try proposal.check(next: proposal.number)
      addSingle(Expected(.insert(proposal), rows: 1, "proposals have the next number", isState: true))
    case .answer(let answer):
      addSingle(Expected(.insert(answer), rows: 1, "proposals are open for this answer", isState: true))
    case .book(let change):
      addSingle(Expected(.insert(change), rows: 1, "entries were written"))
    case .person, .session, .ask, .vote, .reject: break
    }
  }
}

extension Request {
  fileprivate static func insert(_ proposal: Proposal) -> Request {
    Request(
      """
      INSERT INTO proposals(no, kind, subject, content, digest, initiator, created_at, expires_at, public_key, signature)
      SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10 WHERE $1 = (SELECT coalesce(max(no), 0) + 1 FROM proposals)
      """,
      Arguments(
        proposal.number, proposal.kind.rawValue, proposal.subject, proposal.content, proposal.digest,
        proposal.initiator, proposal.createdAt, proposal.expiresAt, proposal.signature?.publicKey,
        proposal.signature?.signature))
  }

  /// The same conditions as `ProposalAnswer.check`; of two at once the key of the table refuses one.
  fileprivate static func insert(_ answer: ProposalAnswer) -> Request {
    Request(
      """
      INSERT INTO proposal_answers(proposal_no, word, digest, initiator, expires_at, answered_by, reason, at, public_key,
        signature)
      SELECT p.no, $2, p.digest, p.initiator, p.expires_at, $6, $7, $8, $9, $10 FROM proposals p
      WHERE p.no = $1 AND p.digest = $3 AND p.initiator = $4 AND p.expires_at = $5
        AND ($2 = 'rejected' OR (p.initiator <> $6 AND $8 < p.expires_at AND $8 >= p.created_at))
        AND NOT EXISTS(SELECT 1 FROM proposal_answers a WHERE a.proposal_no = p.no)
        AND NOT EXISTS(SELECT 1 FROM proposals n WHERE n.kind = p.kind AND n.subject = p.subject AND n.no > p.no)
      """,
      Arguments(
        answer.proposal, answer.word.rawValue, answer.digest, answer.initiator, answer.expiresAt, answer.by,
        answer.reason, answer.at, answer.signature?.publicKey, answer.signature?.signature))
  }

  fileprivate static func insert(_ change: BookChange) -> Request {
    Request(
      """
      INSERT INTO address_book(no, chain, address, label, usable_at, changed_by, at)
      SELECT coalesce(max(no), 0) + 1, $1, $2, $3, $4, $5, $6 FROM address_book
      """,
      Arguments(
        change.chain.description, change.address, change.label, change.usableAt, change.by, change.at))
  }
}
