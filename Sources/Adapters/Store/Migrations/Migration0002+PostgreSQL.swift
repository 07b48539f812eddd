extension Migration {
  static let chainIndexOnPostgreSQL = Migration(
    number: 2,
    reason: Migration.chainIndex.reason,
    sql: """
      CREATE TABLE index_checkpoints(
        name text PRIMARY KEY,
        block_number bigint NOT NULL CHECK(block_number >= 0),
        block_hash bytea NOT NULL CHECK(octet_length(block_hash) = 32)
      );
      CREATE TABLE indexed_transfers(
        name text NOT NULL,
        block_number bigint NOT NULL CHECK(block_number >= 0),
        place bigint NOT NULL CHECK(place >= 0),
        tx_hash bytea NOT NULL CHECK(octet_length(tx_hash) = 32),
        asset text NOT NULL,
        block_hash bytea NOT NULL CHECK(octet_length(block_hash) = 32),
        sender bytea NOT NULL,
        recipient bytea NOT NULL,
        units numeric(78,0) NOT NULL CHECK(units BETWEEN 0 AND 115792089237316195423570985008687907853269984665640564039457584007913129639935),
        PRIMARY KEY(name, block_number, place, tx_hash)
      );
      """,
    before: [], after: [])
}
