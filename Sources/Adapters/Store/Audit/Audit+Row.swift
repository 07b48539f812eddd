import Audit
import Codecs
import Engine
import Money

extension AuditRecord {
  /// chain, seq, at, actor, action, entity, entity_id, details, root, hash.
  static func read(_ row: some Row) throws(StoreError) -> AuditRecord {
    AuditRecord(
      chain: try row.int64(0), sequence: try row.int64(1), at: try row.int64(2),
      draft: AuditDraft(
        actor: try row.text(3), action: try row.text(4), entity: try row.text(5), entityID: try row.text(6),
        details: try row.text(7), root: try row.optionalHash(8)), hash: try row.hash(9))
  }
}

extension AuditHead {
  /// Three columns: chain, seq, hash.
  static func read(_ row: some Row, from column: Int) throws(StoreError) -> AuditHead {
    AuditHead(chain: try row.int64(column), sequence: try row.int64(column + 1), hash: try row.hash(column + 2))
  }
}

extension Checkpoint {
  /// no, at, previous, public_key, signature; the heads come from a table of their own.
  static func read(_ row: some Row, _ heads: [Int64: [AuditHead]]) throws(StoreError) -> Checkpoint {
    let number = try row.int64(0)
    return Checkpoint(
      number: number, at: try row.int64(1), heads: heads[number] ?? [], previous: try row.hash(2),
      publicKey: try row.bytes(3), signature: try row.bytes(4))
  }

  /// Throws `store.conflict` unless the checkpoint is the next one; false when it stands already.
  func follows(_ known: [Checkpoint]) throws(StoreError) -> Bool {
    if known.contains(self) { return false }
    guard number == (known.last?.number ?? 0) + 1 else {
      throw StoreError(.conflict, "checkpoint \(number) does not follow \(known.last?.number ?? 0)")
    }
    return true
  }
}
