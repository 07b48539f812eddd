import Chains
package import Codecs
package import Money

/// What an approver signs: everything that the yes is bound to, as bytes of ours, so that whoever trusts nobody can
/// verify it later from the statement and the approver's public key alone.
package struct ApprovalStatement: Hashable, Sendable {
  package let content: ApprovalContent
  package let initiators: [String]
  package let rule: ApprovalRule
  package let expiresAt: Timestamp
  package let nonce: Hash32
  package let approver: PersonName
  package let approvedAt: Timestamp

  package init(_ request: ApprovalRequest, approver: PersonName, approvedAt: Timestamp) {
    self.init(
      content: request.content, initiators: request.initiators, rule: request.rule, expiresAt: request.expiresAt,
      nonce: request.nonce, approver: approver, approvedAt: approvedAt)
  }

  init(
    content: ApprovalContent, initiators: [String], rule: ApprovalRule, expiresAt: Timestamp, nonce: Hash32,
    approver: PersonName, approvedAt: Timestamp
  ) {
    self.content = content
    self.initiators = initiators
    self.rule = rule
    self.expiresAt = expiresAt
    self.nonce = nonce
    self.approver = approver
    self.approvedAt = approvedAt
  }

  /// The record `almoner/approval/1`.
  package var bytes: [UInt8] {
    var writer = CanonicalBytes.Writer(tag: "almoner/approval/1")
    writer.append(content.campaign)
    writer.append(content.chain.description)
    writer.append(content.asset.description)
    writer.append(content.root)
    writer.append(content.count)
    writer.append(content.total)
    writer.append(content.feeCap)
    writer.appendCount(content.lanes.count)
    for lane in content.lanes { writer.append(lane.bytes) }
    writer.appendCount(initiators.count)
    for initiator in initiators { writer.append(initiator) }
    writer.append(UInt32(clamping: rule.needed))
    writer.append(UInt32(clamping: rule.eligible))
    writer.append(expiresAt.milliseconds)
    writer.append(approver.raw)
    writer.append(approvedAt.milliseconds)
    writer.append(nonce)
    return writer.bytes
  }
}

/// Verifies Ed25519 signatures (RFC 8032); implemented where a library may be called.
package protocol ApprovalSignatures: Sendable {
  /// False for anything that is not a valid signature, whatever is wrong with it.
  func isValid(signature: [UInt8], over bytes: [UInt8], publicKey: [UInt8]) -> Bool
}
