package import Codecs

/// What a look at an audit chain found wrong. Each names the first record that cannot be trusted.
package enum AuditFinding: Hashable, Sendable {
  /// The record's fields do not give its hash, or it does not follow the record before it.
  case broken(chain: Int64, sequence: Int64)
  /// Numbers are missing before this record.
  case gap(chain: Int64, expected: Int64, found: Int64)
  /// A signed checkpoint names another hash at this record: everything up to it was rewritten since.
  case rewritten(chain: Int64, sequence: Int64)
  /// A signed checkpoint names a record that is not there any more.
  case truncated(chain: Int64, sequence: Int64)
  /// A checkpoint's signature does not fit the key.
  case forgedCheckpoint(number: Int64)
  /// A checkpoint that the witness holds is missing or other in the store.
  case missingCheckpoint(number: Int64)

  /// Stable across releases: docs/errors.md.
  package enum Code: String, CaseIterable, Sendable {
    /// A record's fields do not give its hash, or it does not follow the record before it.
    case broken = "audit.broken"
    /// Records are missing.
    case gap = "audit.gap"
    /// A signed checkpoint names another hash at this record.
    case rewritten = "audit.rewritten"
    /// A signed checkpoint names a record that is not there any more.
    case truncated = "audit.truncated"
    /// A checkpoint was not signed by this key, or does not follow the one before it.
    case forgedCheckpoint = "audit.forged_checkpoint"
    /// A checkpoint that the key's folder knows is missing or other in the store.
    case missingCheckpoint = "audit.missing_checkpoint"
  }

  package var code: Code {
    switch self {
    case .broken: .broken
    case .gap: .gap
    case .rewritten: .rewritten
    case .truncated: .truncated
    case .forgedCheckpoint: .forgedCheckpoint
    case .missingCheckpoint: .missingCheckpoint
    }
  }
}

/// Walks chains record by record and ties them to signed checkpoints. Feed records in (chain, sequence) order.
package struct AuditVerifier<Hashing: SHA256Hashing>: Sendable {
  private let sha256: Hashing
  /// chain -> sequence -> hash, from checkpoints whose signature was checked.
  private var pinned: [Int64: [Int64: Hash32]] = [:]
  private var head: AuditHead?
  package private(set) var heads: [AuditHead] = []
  package private(set) var findings: [AuditFinding] = []
  package private(set) var records: Int64 = 0

  package init(sha256: Hashing, checkpoints: [Checkpoint]) {
    self.sha256 = sha256
    for checkpoint in checkpoints {
      for head in checkpoint.heads where head.sequence > 0 {
        pinned[head.chain, default: [:]][head.sequence] = head.hash
      }
    }
  }

  package mutating func take(_ record: AuditRecord) {
    records += 1
    var before = head ?? .empty(record.chain)
    if before.chain != record.chain {
      finishChain()
      before = .empty(record.chain)
    }
    if record.sequence != before.sequence + 1 {
      findings.append(.gap(chain: record.chain, expected: before.sequence + 1, found: record.sequence))
    } else if before.next(record.draft, at: record.at, with: sha256).hash != record.hash {
      findings.append(.broken(chain: record.chain, sequence: record.sequence))
    }
    if let pin = pinned[record.chain]?.removeValue(forKey: record.sequence), pin != record.hash {
      findings.append(.rewritten(chain: record.chain, sequence: record.sequence))
    }
    head = record.head
  }

  /// Ends the walk: what checkpoints named and nobody brought is missing.
  package mutating func finish() {
    finishChain()
    for (chain, sequences) in pinned.sorted(by: { $0.key < $1.key }) {
      if let first = sequences.keys.min() { findings.append(.truncated(chain: chain, sequence: first)) }
    }
    pinned = [:]
  }

  private mutating func finishChain() {
    if let head { heads.append(head) }
    head = nil
  }
}
