import Audit
import Codecs
import OpenSSL
import Testing

private struct Hasher: SHA256Hashing {
  func sha256(_ bytes: [UInt8]) -> Hash32 { (try? SHA256.hash(bytes)).map { Hash32(words: $0.words) } ?? .zero }
}

@Suite("Audit chain")
struct AuditChainTests {
  static func chain(_ count: Int, chain: Int64 = 1, from first: Int = 0) -> [AuditRecord] {
    var head = AuditHead.empty(chain)
    return (first..<first + count).map { number in
      let draft = AuditDraft(
        actor: "operator:local", action: "payout.submitted", entity: "batch", entityID: "\(number)", details: "{}",
        root: nil)
      let record = head.next(draft, at: Int64(number), with: Hasher())
      head = record.head
      return record
    }
  }

  static func findings(_ records: [AuditRecord], _ checkpoints: [Checkpoint] = []) -> [AuditFinding] {
    var verifier = AuditVerifier(sha256: Hasher(), checkpoints: checkpoints)
    for record in records { verifier.take(record) }
    verifier.finish()
    return verifier.findings
  }

  static func sealed(_ heads: [AuditHead]) -> Checkpoint {
    Checkpoint(number: 1, at: 0, heads: heads, previous: .zero, publicKey: [], signature: [])
  }

  @Test func `a chain as written has no findings`() {
    #expect(Self.findings(Self.chain(50) + Self.chain(20, chain: 2)).isEmpty)
  }

  @Test func `any changed field of any record is found where it stands`() {
    let records = Self.chain(5)
    for index in records.indices {
      let record = records[index]
      let draft = record.draft
      let variants = [
        AuditDraft(
          actor: "x", action: draft.action, entity: draft.entity, entityID: draft.entityID, details: draft.details,
          root: draft.root),
        AuditDraft(
          actor: draft.actor, action: "x", entity: draft.entity, entityID: draft.entityID, details: draft.details,
          root: draft.root),
        AuditDraft(
          actor: draft.actor, action: draft.action, entity: "x", entityID: draft.entityID, details: draft.details,
          root: draft.root),
        AuditDraft(
          actor: draft.actor, action: draft.action, entity: draft.entity, entityID: "x", details: draft.details,
          root: draft.root),
        AuditDraft(
          actor: draft.actor, action: draft.action, entity: draft.entity, entityID: draft.entityID, details: "[]",
          root: draft.root),
        AuditDraft(
          actor: draft.actor, action: draft.action, entity: draft.entity, entityID: draft.entityID,
          details: draft.details, root: Hash32(words: (1, 0, 0, 0))),
      ]
      for variant in variants {
        var edited = records
        edited[index] = AuditRecord(
          chain: 1, sequence: record.sequence, at: record.at, draft: variant, hash: record.hash)
        #expect(Self.findings(edited).first == .broken(chain: 1, sequence: record.sequence))
      }
      var edited = records
      edited[index] = AuditRecord(
        chain: 1, sequence: record.sequence, at: record.at + 1, draft: draft, hash: record.hash)
      #expect(Self.findings(edited).first == .broken(chain: 1, sequence: record.sequence))
    }
  }

  @Test func `a removed or re-ordered record is found`() {
    var missing = Self.chain(5)
    missing.remove(at: 2)
    #expect(Self.findings(missing).first == .gap(chain: 1, expected: 3, found: 4))
    var swapped = Self.chain(5)
    swapped.swapAt(1, 2)
    #expect(!Self.findings(swapped).isEmpty)
  }

  @Test func `rewriting everything from a record on, hashes included, is found by the checkpoint after it`() {
    let records = Self.chain(10)
    let checkpoint = Self.sealed([records[7].head])
    #expect(Self.findings(records, [checkpoint]).isEmpty)
    var head = records[3].head
    var forged = Array(records.prefix(4))
    for number in 4..<10 {
      let draft = AuditDraft(actor: "x", action: "x", entity: "x", entityID: "\(number)", details: "{}", root: nil)
      let record = head.next(draft, at: Int64(number), with: Hasher())
      forged.append(record)
      head = record.head
    }
    #expect(Self.findings(forged).isEmpty, "without the checkpoint the forgery is consistent")
    #expect(Self.findings(forged, [checkpoint]) == [.rewritten(chain: 1, sequence: 8)])
  }

  @Test func `cutting the end off behind a checkpoint is found`() {
    let records = Self.chain(10)
    let checkpoint = Self.sealed([records[9].head])
    #expect(Self.findings(Array(records.prefix(8)), [checkpoint]) == [.truncated(chain: 1, sequence: 10)])
    #expect(Self.findings([], [checkpoint]) == [.truncated(chain: 1, sequence: 10)])
  }
}
