package import Codecs

/// What happened, before it has a place in a chain: one per state change, made from the change itself.
package struct AuditDraft: Hashable, Sendable {
  /// Who did it: `operator:local`, `worker:...`, `system`.
  package let actor: String
  /// From the catalogue, `payout.submitted`.
  package let action: String
  /// What it happened to: `campaign`, `batch`, `attempt`, `payout`, `load`, `lane`.
  package let entity: String
  package let entityID: String
  /// Canonical JSON text.
  package let details: String
  /// Root over what the record covers when that is many payouts (a batch); nil when `details` says it all.
  package let root: Hash32?

  package init(actor: String, action: String, entity: String, entityID: String, details: String, root: Hash32?) {
    self.actor = actor
    self.action = action
    self.entity = entity
    self.entityID = entityID
    self.details = details
    self.root = root
  }
}

/// A draft in its place: the hash covers every field and the hash before it.
package struct AuditRecord: Hashable, Sendable {
  /// One chain per writer: 0 for operators, the lane's number for a lane.
  package let chain: Int64
  /// 1, 2, 3, ... without a gap.
  package let sequence: Int64
  /// Milliseconds since 1970.
  package let at: Int64
  package let draft: AuditDraft
  package let hash: Hash32

  package init(chain: Int64, sequence: Int64, at: Int64, draft: AuditDraft, hash: Hash32) {
    self.chain = chain
    self.sequence = sequence
    self.at = at
    self.draft = draft
    self.hash = hash
  }
}

/// The last record of a chain: where the next one is tied to.
package struct AuditHead: Hashable, Sendable, Comparable {
  package let chain: Int64
  /// 0 when the chain is empty.
  package let sequence: Int64
  package let hash: Hash32

  package init(chain: Int64, sequence: Int64, hash: Hash32) {
    self.chain = chain
    self.sequence = sequence
    self.hash = hash
  }

  /// The head of an empty chain.
  package static func empty(_ chain: Int64) -> AuditHead { AuditHead(chain: chain, sequence: 0, hash: .zero) }

  package static func < (a: AuditHead, b: AuditHead) -> Bool { (a.chain, a.sequence) < (b.chain, b.sequence) }

  /// The record that follows this head.
  package func next(_ draft: AuditDraft, at: Int64, with sha256: some SHA256Hashing) -> AuditRecord {
    let hash = sha256.sha256(AuditRecord.bytes(chain: chain, sequence: sequence + 1, at: at, draft, after: self.hash))
    return AuditRecord(chain: chain, sequence: sequence + 1, at: at, draft: draft, hash: hash)
  }
}

extension AuditRecord {
  package var head: AuditHead { AuditHead(chain: chain, sequence: sequence, hash: hash) }

  /// The bytes under the hash, in `docs/reference/audit.md`: every field with its length, the previous hash first.
  static func bytes(chain: Int64, sequence: Int64, at: Int64, _ draft: AuditDraft, after: Hash32) -> [UInt8] {
    let texts =
      draft.actor.utf8.count + draft.action.utf8.count + draft.entity.utf8.count + draft.entityID.utf8.count
      + draft.details.utf8.count
    var writer = CanonicalBytes.Writer(tag: "almoner/audit/1", reserving: texts + 128)
    writer.append(after)
    writer.append(chain)
    writer.append(sequence)
    writer.append(at)
    writer.append(draft.actor)
    writer.append(draft.action)
    writer.append(draft.entity)
    writer.append(draft.entityID)
    writer.append(draft.details)
    writer.append(draft.root ?? .zero)
    return writer.bytes
  }
}
