package import Codecs
package import Money

/// An approval as it is carried to somebody who trusts nobody: what was signed, and the signatures.
package struct SignedApproval: Hashable, Sendable {
  package struct Vote: Hashable, Sendable {
    package let approver: PersonName
    package let approvedAt: Timestamp
    /// Ed25519 over `ApprovalStatement.bytes`. With which key, the reader knows by itself.
    package let signature: [UInt8]

    package init(approver: PersonName, approvedAt: Timestamp, signature: [UInt8]) {
      self.approver = approver
      self.approvedAt = approvedAt
      self.signature = signature
    }
  }
  package let content: ApprovalContent
  /// Ascending.
  package let initiators: [String]
  package let rule: ApprovalRule
  package let expiresAt: Timestamp
  package let nonce: Hash32
  package let votes: [Vote]

  package init(
    content: ApprovalContent, initiators: [String], rule: ApprovalRule, expiresAt: Timestamp, nonce: Hash32,
    votes: [Vote]
  ) {
    self.content = content
    self.initiators = initiators.sorted()
    self.rule = rule
    self.expiresAt = expiresAt
    self.nonce = nonce
    self.votes = votes
  }

  package init(_ found: ApprovalCase) {
    let request = found.request
    self.init(
      content: request.content, initiators: request.initiators, rule: request.rule, expiresAt: request.expiresAt,
      nonce: request.nonce,
      votes: found.votes.map {
        Vote(approver: $0.approver, approvedAt: $0.approvedAt, signature: $0.signature)
      })
  }

  /// Those of `keys` whose yes counts: distinct people and keys, no initiator, not after the end, validly signed.
  /// Whatever else stands among the votes counts for nothing.
  package func approvers(
    _ keys: [PersonName: [UInt8]], signatures: any ApprovalSignatures
  ) -> Set<PersonName> {
    var counted: Set<PersonName> = []
    var used: Set<[UInt8]> = []
    for vote in votes {
      guard let key = keys[vote.approver], !counted.contains(vote.approver), !used.contains(key),
        !initiators.contains(vote.approver.actor), vote.approvedAt < expiresAt,
        signatures.isValid(signature: vote.signature, over: statement(of: vote).bytes, publicKey: key)
      else { continue }
      counted.insert(vote.approver)
      used.insert(key)
    }
    return counted
  }

  private func statement(of vote: Vote) -> ApprovalStatement {
    ApprovalStatement(
      content: content, initiators: initiators, rule: rule, expiresAt: expiresAt, nonce: nonce,
      approver: vote.approver, approvedAt: vote.approvedAt)
  }
}
