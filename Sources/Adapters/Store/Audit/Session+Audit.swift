import Audit
import Codecs
import Engine
import Money
import PostgreSQL

extension Session {
  func auditRecords(after: AuditHead?, limit: Int) throws(StoreError) -> [AuditRecord] {
    try all(
      """
      SELECT chain, seq, at, actor, action, entity, entity_id, details, root, hash FROM audit_log
      WHERE (chain, seq) > ($1, $2) ORDER BY chain, seq LIMIT $3
      """, after?.chain ?? -1, after?.sequence ?? 0, limit, read: AuditRecord.read)
  }

  /// The last record of each chain; hops from chain to chain instead of reading the log.
  func heads() throws(StoreError) -> [AuditHead] {
    try all(
      """
      WITH RECURSIVE chains(chain) AS (
        (SELECT chain FROM audit_log ORDER BY chain LIMIT 1)
        UNION ALL
        SELECT (SELECT a.chain FROM audit_log a WHERE a.chain > c.chain ORDER BY a.chain LIMIT 1)
        FROM chains c WHERE c.chain IS NOT NULL)
      SELECT h.chain, h.seq, h.hash FROM chains c CROSS JOIN LATERAL (
        SELECT chain, seq, hash FROM audit_log a WHERE a.chain = c.chain ORDER BY seq DESC LIMIT 1) h
      ORDER BY h.chain
      """
    ) { row throws(StoreError) in try AuditHead.read(row, from: 0) }
  }

  // MARK: Checkpoints

  func checkpoints() throws(StoreError) -> [Checkpoint] {
    let answers = try run([
      Request("SELECT checkpoint_no, chain, seq, hash FROM checkpoint_heads ORDER BY checkpoint_no, place"),
      Request("SELECT no, at, previous, public_key, signature FROM checkpoints ORDER BY no"),
    ])
    let heads = try answers[0].all { row throws(StoreError) in
      (number: try row.int64(0), head: try AuditHead.read(row, from: 1))
    }
    let byNumber = Dictionary(grouping: heads, by: \.number).mapValues { $0.map(\.head) }
    return try answers[1].all { row throws(StoreError) in try Checkpoint.read(row, byNumber) }
  }

  func insert(_ checkpoint: Checkpoint) throws(StoreError) {
    guard try checkpoint.follows(checkpoints()) else { return }
    var heads = Arguments(checkpoint.number)
    heads.add(array: checkpoint.heads.map(\.chain))
    heads.add(array: checkpoint.heads.map(\.sequence))
    heads.add(array: checkpoint.heads.map(\.hash))
    try run([
      Request(
        "INSERT INTO checkpoints(no, at, previous, public_key, signature) VALUES($1, $2, $3, $4, $5)",
        Arguments(
          checkpoint.number, checkpoint.at, checkpoint.previous, checkpoint.publicKey, checkpoint.signature)),
      Request(
        """
        INSERT INTO checkpoint_heads(checkpoint_no, place, chain, seq, hash)
        SELECT $1, u.n - 1, u.c, u.s, u.h
        FROM unnest($2::int8[], $3::int8[], $4::bytea[]) WITH ORDINALITY u(c, s, h, n)
        """, heads),
    ])
  }
}

extension Request {
  /// The last record of a chain.
  static func head(_ chain: Int64) -> Request {
    Request("SELECT chain, seq, hash FROM audit_log WHERE chain = $1 ORDER BY seq DESC LIMIT 1", Arguments(chain))
  }

  /// The records of one commit, in order: one chain, time and actor.
  ///
  /// `unnest` stands in the list of columns and not in FROM, where the server would put each array aside in a table of
  /// its own before it reads the first row (a quarter of the statement's time).
  static func insert(_ records: [AuditRecord]) -> Request {
    Request(
      """
      INSERT INTO audit_log(chain, seq, at, actor, action, entity, entity_id, details, root, hash)
      SELECT $1::int8, generate_series($2::int8, $3::int8), $4::int8, $5::text, unnest($6::text[]), unnest($7::text[]),
        unnest($8::text[]), unnest($9::text[]), unnest($10::bytea[]), unnest($11::bytea[])
      """
    ) {
      var values = Arguments()
      guard let first = records.first, let last = records.last else { return values }
      values.reserve(records.count * 300)
      values.add(first.chain)
      values.add(first.sequence)
      values.add(last.sequence)
      values.add(first.at)
      values.add(first.draft.actor)
      values.add(arrayOf: .text) { texts in for record in records { texts.append(record.draft.action) } }
      values.add(arrayOf: .text) { texts in for record in records { texts.append(record.draft.entity) } }
      values.add(arrayOf: .text) { texts in for record in records { texts.append(record.draft.entityID) } }
      values.add(arrayOf: .text) { texts in for record in records { texts.append(record.draft.details) } }
      values.add(arrayOf: .bytea) { roots in
        for record in records {
          if let root = record.draft.root { roots.append(root.words) } else { roots.appendNull() }
        }
      }
      values.add(arrayOf: .bytea) { hashes in for record in records { hashes.append(record.hash.words) } }
      return values
    }
  }
}
