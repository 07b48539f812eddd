import Chains
import Codecs
import Engine
import Money
import PostgreSQL

extension Session {
  func indexCheckpoint(_ name: String) throws(StoreError) -> IndexCheckpoint? {
    try first("SELECT block_number, block_hash FROM index_checkpoints WHERE name = $1", name) {
      row throws(StoreError) in IndexCheckpoint(block: try row.uint64(0), hash: try row.hash(1))
    }
  }

  func index(
    _ name: String, _ transfers: [ChainTransfer], checkpoint: IndexCheckpoint, rollBackTo: UInt64?
  ) throws(StoreError) {
    if let rollBackTo {
      try run("DELETE FROM indexed_transfers WHERE name = $1 AND block_number > $2", name, rollBackTo)
    }
    try insert(transfers, name)
    try run(
      """
      INSERT INTO index_checkpoints(name, block_number, block_hash) VALUES($1, $2, $3)
      ON CONFLICT(name) DO UPDATE SET block_number = EXCLUDED.block_number, block_hash = EXCLUDED.block_hash
      """, name, checkpoint.block, checkpoint.hash)
  }

  private func insert(_ transfers: [ChainTransfer], _ name: String) throws(StoreError) {
    guard !transfers.isEmpty else { return }
    var values = Arguments(name)
    values.add(array: transfers.map(\.blockNumber))
    values.add(array: transfers.map(\.index))
    values.add(array: transfers.map(\.transaction))
    values.add(array: transfers.map(\.asset))
    values.add(array: transfers.map(\.blockHash))
    values.add(array: transfers.map(\.from))
    values.add(array: transfers.map(\.to))
    values.add(array: transfers.map(\.units))
    let answers = try run([
      Request(
        """
        INSERT INTO indexed_transfers(name, block_number, place, tx_hash, asset, block_hash, sender, recipient, units)
        SELECT $1, u.* FROM unnest($2::int8[], $3::int8[], $4::bytea[], $5::text[], $6::bytea[], $7::bytea[],
          $8::bytea[], $9::numeric[]) u ON CONFLICT DO NOTHING
        """, values),
      // What stands already must be the same.
      Request(
        """
        SELECT u.block FROM unnest($2::int8[], $3::int8[], $4::bytea[], $5::text[], $6::bytea[], $7::bytea[],
            $8::bytea[], $9::numeric[]) u(block, place, hash, asset, block_hash, sender, recipient, units)
          JOIN indexed_transfers t ON t.name = $1 AND t.block_number = u.block AND t.place = u.place
            AND t.tx_hash = u.hash
        WHERE (t.asset, t.block_hash, t.sender, t.recipient, t.units)
          <> (u.asset, u.block_hash, u.sender, u.recipient, u.units) LIMIT 1
        """, values),
    ])
    if let block = try answers[1].first({ row throws(StoreError) in try row.int64(0) }) {
      throw StoreError(
        .conflict, "block \(block) was indexed with other content",
        hint: "a reorganisation past finality: index again from an earlier block")
    }
  }

  func indexedTransfers(
    _ name: String, after: (block: UInt64, index: UInt64, transaction: Hash32)?, limit: Int
  ) throws(StoreError) -> [ChainTransfer] {
    guard let after else {
      return try all(
        """
        SELECT asset, tx_hash, place, block_number, block_hash, sender, recipient, units FROM indexed_transfers
        WHERE name = $1 ORDER BY block_number, place, tx_hash LIMIT $2
        """, name, limit, read: ChainTransfer.read)
    }
    return try all(
      """
      SELECT asset, tx_hash, place, block_number, block_hash, sender, recipient, units FROM indexed_transfers
      WHERE name = $1 AND (block_number, place, tx_hash) > ($2, $3, $4) ORDER BY block_number, place, tx_hash LIMIT $5
      """, name, after.block, after.index, after.transaction, limit, read: ChainTransfer.read)
  }
}
