package import Codecs
package import Money

/// A person's wish for an act that another person must confirm. It never changes; what became of it is a
/// `ProposalAnswer` beside it.
package struct Proposal: Hashable, Sendable {
  /// 1, 2, 3, ...
  package let number: Int64
  package let kind: ProposalKind
  package let subject: String
  /// Canonical JSON: what would happen.
  package let content: String
  /// Of kind, subject and content.
  package let digest: Hash32
  /// The actor who wishes it: `person:anna`.
  package let initiator: String
  package let createdAt: Timestamp
  /// It may be confirmed before this moment.
  package let expiresAt: Timestamp
  /// The initiator's, over `ProposalStatement.bytes`; nil where the kind asks for none.
  package let signature: PersonSignature?

  package init(
    number: Int64, _ act: ProposedAct, initiator: String, createdAt: Timestamp, expiresAt: Timestamp,
    signature: PersonSignature?
  ) {
    self.init(
      number: number, kind: act.kind, subject: act.subject, content: act.content, digest: act.digest,
      initiator: initiator, createdAt: createdAt, expiresAt: expiresAt, signature: signature)
  }

  /// As it stands in a row; whether the digest is that of the content is for `isWhole` to say.
  package init(
    number: Int64, kind: ProposalKind, subject: String, content: String, digest: Hash32, initiator: String,
    createdAt: Timestamp, expiresAt: Timestamp, signature: PersonSignature?
  ) {
    self.number = number
    self.kind = kind
    self.subject = subject
    self.content = content
    self.digest = digest
    self.initiator = initiator
    self.createdAt = createdAt
    self.expiresAt = expiresAt
    self.signature = signature
  }

  /// Whether the digest is that of what the row says.
  package var isWhole: Bool { digest == ProposedAct.digest(kind, subject, content) }
}

/// An Ed25519 signature and the key that made it.
package struct PersonSignature: Hashable, Sendable {
  /// 32 bytes.
  package let publicKey: [UInt8]
  /// 64 bytes.
  package let signature: [UInt8]

  package init(publicKey: [UInt8], signature: [UInt8]) {
    self.publicKey = publicKey
    self.signature = signature
  }
}

/// The one answer to a proposal.
package struct ProposalAnswer: Hashable, Sendable {
  package enum Word: String, CaseIterable, Sendable { case confirmed, rejected }

  package let proposal: Int64
  package let word: Word
  /// Of the proposal, as the person saw it.
  package let digest: Hash32
  package let initiator: String
  package let expiresAt: Timestamp
  /// An actor: `person:bert`.
  package let by: String
  /// Why not; empty for a yes.
  package let reason: String
  package let at: Timestamp
  package let signature: PersonSignature?

  package init(
    _ word: Word, to proposal: Proposal, by: String, reason: String = "", at: Timestamp,
    signature: PersonSignature? = nil
  ) {
    self.init(
      proposal: proposal.number, word: word, digest: proposal.digest, initiator: proposal.initiator,
      expiresAt: proposal.expiresAt, by: by, reason: reason, at: at, signature: signature)
  }

  package init(
    proposal: Int64, word: Word, digest: Hash32, initiator: String, expiresAt: Timestamp, by: String, reason: String,
    at: Timestamp, signature: PersonSignature?
  ) {
    self.proposal = proposal
    self.word = word
    self.digest = digest
    self.initiator = initiator
    self.expiresAt = expiresAt
    self.by = by
    self.reason = reason
    self.at = at
    self.signature = signature
  }
}

/// A proposal with what decides about it.
package struct ProposalCase: Hashable, Sendable {
  package enum State: String, CaseIterable, Sendable {
    case open, confirmed, rejected, expired
    /// Another act of this kind on the same subject was proposed since.
    case void
  }

  package let proposal: Proposal
  package let answer: ProposalAnswer?
  /// Whether it is the newest of its kind on its subject.
  package let isNewest: Bool

  package init(proposal: Proposal, answer: ProposalAnswer?, isNewest: Bool) {
    self.proposal = proposal
    self.answer = answer
    self.isNewest = isNewest
  }

  /// What was answered stays answered; what was not is over by its time, or by another proposal.
  package func state(at now: Timestamp) -> State {
    if let answer { return answer.word == .confirmed ? .confirmed : .rejected }
    guard isNewest else { return .void }
    return now < proposal.expiresAt ? .open : .expired
  }
}
