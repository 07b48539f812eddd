package import Audit
package import Codecs
package import Money

/// What a full look at the audit trail found.
package struct AuditReport: Hashable, Sendable {
  package let records: Int64
  package let heads: [AuditHead]
  package let checkpoints: Int
  /// Records after the last checkpoint: chained, not yet signed.
  package let unsealed: Int64
  package let findings: [AuditFinding]
  package var isWhole: Bool { findings.isEmpty }
}

/// Seals and verifies the audit trail of a store.
package struct AuditService<Hashing: SHA256Hashing>: Sendable {
  private let store: any PayoutStore
  private let witness: (any CheckpointWitness)?
  private let sha256: Hashing

  package init(store: any PayoutStore, witness: (any CheckpointWitness)?, sha256: Hashing) {
    self.store = store
    self.witness = witness
    self.sha256 = sha256
  }

  /// Signs the heads as they are, unless nothing was added since the last checkpoint. Nil without a witness.
  package func seal(at: Timestamp) throws -> Checkpoint? {
    guard let witness else { return nil }
    let heads = try store.auditHeads()
    let noted = try witness.checkpoints()
    try copyMissing(noted)
    if let last = noted.last, last.heads.sorted() == heads.sorted() { return last }
    let checkpoint = try witness.sign(at: at.milliseconds, heads: heads)
    try store.addCheckpoint(checkpoint)
    return checkpoint
  }

  /// Reads every record from genesis, and every checkpoint of store and witness.
  package func verify() throws -> AuditReport {
    let stored = try store.checkpoints()
    var findings: [AuditFinding] = []
    var trusted: [Checkpoint] = []
    if let witness {
      let noted = try witness.checkpoints()
      let byNumber = Dictionary(stored.map { ($0.number, $0) }, uniquingKeysWith: { first, _ in first })
      var previous = Hash32.zero
      for checkpoint in noted {
        guard witness.verify(checkpoint), checkpoint.previous == previous else {
          findings.append(.forgedCheckpoint(number: checkpoint.number))
          continue
        }
        previous = checkpoint.link(with: sha256)
        trusted.append(checkpoint)
        if byNumber[checkpoint.number] != checkpoint { findings.append(.missingCheckpoint(number: checkpoint.number)) }
      }
      let known = Set(noted.map(\.number))
      for checkpoint in stored where !known.contains(checkpoint.number) {
        findings.append(.forgedCheckpoint(number: checkpoint.number))
      }
    } else {
      trusted = stored
    }
    var verifier = AuditVerifier(sha256: sha256, checkpoints: trusted)
    var after: AuditHead?
    while true {
      let page = try store.auditRecords(after: after, limit: 2_000)
      for record in page { verifier.take(record) }
      guard let last = page.last, page.count == 2_000 else { break }
      after = last.head
    }
    verifier.finish()
    let sealed = trusted.last?.heads.reduce(into: Int64(0)) { $0 += $1.sequence } ?? 0
    return AuditReport(
      records: verifier.records, heads: verifier.heads, checkpoints: trusted.count,
      unsealed: max(0, verifier.records - sealed), findings: findings + verifier.findings)
  }

  /// A crash between the witness's note and the store's row leaves the row to be added.
  private func copyMissing(_ noted: [Checkpoint]) throws {
    let stored = Set(try store.checkpoints().map(\.number))
    for checkpoint in noted where !stored.contains(checkpoint.number) { try store.addCheckpoint(checkpoint) }
  }
}
