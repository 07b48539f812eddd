package import Codecs
package import Money

/// What somebody signs who proposes or confirms, as bytes of ours: whoever trusts nobody verifies it from these and the
/// person's public key.
package struct ProposalStatement: Hashable, Sendable {
  package enum Side: UInt8, Sendable { case proposes = 0, confirms = 1 }

  package let side: Side
  /// Of the act.
  package let digest: Hash32
  package let initiator: String
  /// The actor who signs.
  package let signer: String
  package let signedAt: Timestamp
  package let expiresAt: Timestamp

  package init(
    _ side: Side, digest: Hash32, initiator: String, signer: String, signedAt: Timestamp, expiresAt: Timestamp
  ) {
    self.side = side
    self.digest = digest
    self.initiator = initiator
    self.signer = signer
    self.signedAt = signedAt
    self.expiresAt = expiresAt
  }

  /// What the initiator of this proposal signed.
  package init(_ proposal: Proposal) {
    self.init(
      .proposes, digest: proposal.digest, initiator: proposal.initiator, signer: proposal.initiator,
      signedAt: proposal.createdAt, expiresAt: proposal.expiresAt)
  }

  /// What whoever gave this answer signed.
  package init(_ answer: ProposalAnswer) {
    self.init(
      .confirms, digest: answer.digest, initiator: answer.initiator, signer: answer.by, signedAt: answer.at,
      expiresAt: answer.expiresAt)
  }

  /// The record `almoner/proposal/1`.
  package var bytes: [UInt8] {
    var writer = CanonicalBytes.Writer(tag: "almoner/proposal/1")
    writer.append(side.rawValue)
    writer.append(digest)
    writer.append(initiator)
    writer.append(signer)
    writer.append(signedAt.milliseconds)
    writer.append(expiresAt.milliseconds)
    return writer.bytes
  }
}
