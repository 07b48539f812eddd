extension Migration {
  /// What indexers have seen on the chains, and where they go on.
  static let chainIndex = Migration(
    number: 2,
    reason: "transfers seen on the chains, to compare with the ledger",
    sql: """
      CREATE TABLE index_checkpoints(
        name TEXT PRIMARY KEY,
        block_number INTEGER NOT NULL CHECK(block_number >= 0),
        block_hash BLOB NOT NULL CHECK(length(block_hash) = 32)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE indexed_transfers(
        name TEXT NOT NULL,
        block_number INTEGER NOT NULL CHECK(block_number >= 0),
        place INTEGER NOT NULL CHECK(place >= 0),
        tx_hash BLOB NOT NULL CHECK(length(tx_hash) = 32),
        asset TEXT NOT NULL,
        block_hash BLOB NOT NULL CHECK(length(block_hash) = 32),
        sender BLOB NOT NULL,
        recipient BLOB NOT NULL,
        units BLOB NOT NULL CHECK(length(units) = 32),
        PRIMARY KEY(name, block_number, place, tx_hash)
      ) STRICT, WITHOUT ROWID;
      """,
    before: [], after: [])
}
