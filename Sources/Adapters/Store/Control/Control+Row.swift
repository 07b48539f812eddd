import Chains
import Engine
import Money
import Policy

// How proposals, answers and the address book lie in rows, the same in both engines.

extension Proposal {
  /// no, kind, subject, content, digest, initiator, created_at, expires_at, public_key, signature.
  static func read(_ row: some Row) throws(StoreError) -> Proposal {
    Proposal(
      number: try row.int64(0), kind: try row.word(1), subject: try row.text(2), content: try row.text(3),
      digest: try row.hash(4), initiator: try row.text(5), createdAt: try row.time(6), expiresAt: try row.time(7),
      signature: try PersonSignature.read(row, 8))
  }
}

extension PersonSignature {
  static func read(_ row: some Row, _ column: Int) throws(StoreError) -> PersonSignature? {
    guard let key = try row.optionalBytes(column), let signature = try row.optionalBytes(column + 1) else { return nil }
    return PersonSignature(publicKey: key, signature: signature)
  }
}

extension ProposalCase {
  /// The proposal's ten columns, whether it is the newest, then word, answered_by, reason, at, public_key, signature of
  /// the answer; its other columns are the proposal's, as the schema says.
  static func read(_ row: some Row) throws(StoreError) -> ProposalCase {
    let proposal = try Proposal.read(row)
    var answer: ProposalAnswer?
    if let word: ProposalAnswer.Word = try row.optionalWord(11) {
      answer = ProposalAnswer(
        word, to: proposal, by: try row.text(12), reason: try row.text(13), at: try row.time(14),
        signature: try PersonSignature.read(row, 15))
    }
    return ProposalCase(proposal: proposal, answer: answer, isNewest: try row.bool(10))
  }
}

extension BookChange {
  /// chain, address, label, usable_at, changed_by, at.
  static func read(_ row: some Row) throws(StoreError) -> BookChange {
    BookChange(
      chain: try row.chain(0), address: try row.address(1), label: try row.text(2), usableAt: try row.optionalTime(3),
      by: try row.text(4), at: try row.time(5))
  }
}
