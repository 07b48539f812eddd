import Chains
import Codecs
import Engine
import Money

extension Database {
  func indexCheckpoint(_ name: String) throws(StoreError) -> IndexCheckpoint? {
    try first("SELECT block_number, block_hash FROM index_checkpoints WHERE name = ?", name) {
      row throws(StoreError) in IndexCheckpoint(block: try row.uint64(0), hash: try row.hash(1))
    }
  }

  func index(
    _ name: String, _ transfers: [ChainTransfer], checkpoint: IndexCheckpoint, rollBackTo: UInt64?
  ) throws(StoreError) {
    if let rollBackTo {
      try run("DELETE FROM indexed_transfers WHERE name = ? AND block_number > ?", name, rollBackTo)
    }
    for transfer in transfers { try insert(transfer, name) }
    try run(
      """
      INSERT INTO index_checkpoints(name, block_number, block_hash) VALUES(?1, ?2, ?3)
      ON CONFLICT(name) DO UPDATE SET block_number = ?2, block_hash = ?3
      """, name, checkpoint.block, checkpoint.hash)
  }

  private func insert(_ transfer: ChainTransfer, _ name: String) throws(StoreError) {
    let inserted = try run(
      """
      INSERT INTO indexed_transfers(name, block_number, place, tx_hash, asset, block_hash, sender, recipient, units)
      VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
      """, name, transfer.blockNumber, transfer.index, transfer.transaction, transfer.asset, transfer.blockHash,
      transfer.from, transfer.to, transfer.units)
    if inserted == 1 { return }
    let known = try first(
      """
      SELECT asset, tx_hash, place, block_number, block_hash, sender, recipient, units FROM indexed_transfers
      WHERE name = ? AND block_number = ? AND place = ? AND tx_hash = ?
      """, name, transfer.blockNumber, transfer.index, transfer.transaction, read: ChainTransfer.read)
    guard known == transfer else {
      throw StoreError(
        .conflict, "block \(transfer.blockNumber) was indexed with other content",
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
        WHERE name = ? ORDER BY block_number, place, tx_hash LIMIT ?
        """, name, limit, read: ChainTransfer.read)
    }
    return try all(
      """
      SELECT asset, tx_hash, place, block_number, block_hash, sender, recipient, units FROM indexed_transfers
      WHERE name = ? AND (block_number, place, tx_hash) > (?, ?, ?) ORDER BY block_number, place, tx_hash LIMIT ?
      """, name, after.block, after.index, after.transaction, limit, read: ChainTransfer.read)
  }
}
