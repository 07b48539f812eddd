import Audit
import Codecs
import Engine
import Money

extension Database {
  func head(_ chain: Int64) throws(StoreError) -> AuditHead {
    try first("SELECT seq, hash FROM audit_log WHERE chain = ? ORDER BY seq DESC LIMIT 1", chain) {
      row throws(StoreError) in AuditHead(chain: chain, sequence: try row.int64(0), hash: try row.hash(1))
    } ?? .empty(chain)
  }

  func insert(_ record: AuditRecord) throws(StoreError) {
    try run(
      """
      INSERT INTO audit_log(chain, seq, at, actor, action, entity, entity_id, details, root, hash)
      VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, record.chain, record.sequence, record.at, record.draft.actor, record.draft.action, record.draft.entity,
      record.draft.entityID, record.draft.details, record.draft.root, record.hash)
  }

  func auditRecords(after: AuditHead?, limit: Int) throws(StoreError) -> [AuditRecord] {
    try all(
      """
      SELECT chain, seq, at, actor, action, entity, entity_id, details, root, hash FROM audit_log
      WHERE (chain, seq) > (?, ?) ORDER BY chain, seq LIMIT ?
      """, after?.chain ?? -1, after?.sequence ?? 0, limit, read: AuditRecord.read)
  }

  /// The last record of each chain; hops from chain to chain instead of reading the log.
  func heads() throws(StoreError) -> [AuditHead] {
    let chains = try all(
      """
      WITH RECURSIVE chains(chain) AS (
        SELECT min(chain) FROM audit_log
        UNION ALL
        SELECT (SELECT min(chain) FROM audit_log WHERE chain > chains.chain) FROM chains WHERE chain IS NOT NULL)
      SELECT chain FROM chains WHERE chain IS NOT NULL
      """
    ) { row throws(StoreError) in try row.int64(0) }
    var heads: [AuditHead] = []
    for chain in chains { heads.append(try head(chain)) }
    return heads
  }

  // MARK: Checkpoints

  func checkpoints() throws(StoreError) -> [Checkpoint] {
    let heads = try all("SELECT checkpoint_no, chain, seq, hash FROM checkpoint_heads ORDER BY checkpoint_no, place") {
      row throws(StoreError) in (number: try row.int64(0), head: try AuditHead.read(row, from: 1))
    }
    let byNumber = Dictionary(grouping: heads, by: \.number).mapValues { $0.map(\.head) }
    return try all("SELECT no, at, previous, public_key, signature FROM checkpoints ORDER BY no") {
      row throws(StoreError) in try Checkpoint.read(row, byNumber)
    }
  }

  func insert(_ checkpoint: Checkpoint) throws(StoreError) {
    guard try checkpoint.follows(checkpoints()) else { return }
    try run(
      "INSERT INTO checkpoints(no, at, previous, public_key, signature) VALUES(?, ?, ?, ?, ?)", checkpoint.number,
      checkpoint.at, checkpoint.previous, checkpoint.publicKey, checkpoint.signature)
    for (place, head) in checkpoint.heads.enumerated() {
      try run(
        "INSERT INTO checkpoint_heads(checkpoint_no, place, chain, seq, hash) VALUES(?, ?, ?, ?, ?)",
        checkpoint.number, place, head.chain, head.sequence, head.hash)
    }
  }
}
