import Airdrop
import Chains
import Codecs
import Engine
import Money
import SQLite

extension Database {
  func loadRow(_ number: Int64) throws(StoreError) -> LoadRow? {
    try first(
      """
      SELECT no, campaign_no, content_hash, settings, state, first_ordinal, next_ordinal, units, row_count, rejected,
        duplicates, key_count, keys_placed FROM loads WHERE no = ?
      """, number, read: LoadRow.read)
  }

  func loadRow(_ campaign: CampaignID, contentHash: Hash32) throws(StoreError) -> LoadRow? {
    try first(
      """
      SELECT no, campaign_no, content_hash, settings, state, first_ordinal, next_ordinal, units, row_count, rejected,
        duplicates, key_count, keys_placed FROM loads WHERE campaign_no = ? AND content_hash = ?
      """, campaign, contentHash, read: LoadRow.read)
  }

  func unfinishedLoad(_ campaign: CampaignID) throws(StoreError) -> LoadRow? {
    try first(
      """
      SELECT no, campaign_no, content_hash, settings, state, first_ordinal, next_ordinal, units, row_count, rejected,
        duplicates, key_count, keys_placed FROM loads WHERE campaign_no = ? AND state = 'loading'
      """, campaign, read: LoadRow.read)
  }

  /// The row of a load that nobody else has moved on since.
  func unfinished(_ load: Load) throws(StoreError) -> LoadRow {
    guard let row = try loadRow(load.number), row.load == load, row.isUnfinished else {
      throw .stale("load \(load.number) was moved on or removed by somebody else")
    }
    return row
  }

  func insertLoad(_ campaign: CampaignID, contentHash: Hash32, settings: String) throws(StoreError) {
    try run(
      """
      INSERT INTO loads(campaign_no, content_hash, settings, state, first_ordinal, next_ordinal, units)
      SELECT no, ?2, ?3, 'loading', ready_ordinal, ready_ordinal, zeroblob(32) FROM campaigns WHERE no = ?1
      """, campaign, contentHash, settings)
  }

  /// Its rows become visible.
  func finish(_ order: Order) throws(StoreError) {
    try run(
      "UPDATE loads SET state = 'loaded', row_count = ?, rejected = ?, duplicates = ? WHERE no = ?",
      order.summary.rows, order.summary.rejected, order.summary.duplicates, order.load)
    try run("UPDATE campaigns SET ready_ordinal = ? WHERE no = ?", order.readyOrdinal, order.campaign)
  }

  /// Removes up to `limit` rows from the end of an unfinished load, and the load itself with its last row.
  /// Returns whether it is gone.
  func removeEnd(of load: LoadRow, limit: Int64, digest: (String) -> [UInt8]) throws(StoreError) -> Bool {
    let start = Int64(load.firstOrdinal)
    let from = max(start, Int64(load.nextOrdinal) - limit)
    let first = load.campaign.raw << 32 + from
    let last = load.campaign.raw << 32 + Int64(load.nextOrdinal) - 1
    let keyed = try removeKeys(first, last, isPlaced: load.keysPlaced > 0, digest: digest)
    let rest = try self.first("SELECT u256_sum(units) FROM recipients WHERE id BETWEEN ? AND ?", first, last) {
      row throws(StoreError) in try row.units(0)
    }
    try run("DELETE FROM payouts WHERE id BETWEEN ? AND ?", first, last)
    try run("DELETE FROM recipients WHERE id BETWEEN ? AND ?", first, last)
    if from == start {
      try run("DELETE FROM loads WHERE no = ?", load.number)
      return true
    }
    try run(
      """
      UPDATE loads SET next_ordinal = ?, units = u256_sub(units, ?), key_count = key_count - ?,
        keys_placed = keys_placed - ? WHERE no = ?
      """, from, rest ?? .zero, keyed.count, keyed.placed, load.number)
    return false
  }

  /// Takes the keys from these payouts. Returns how many of the rows have one, and how many were placed.
  private func removeKeys(
    _ first: Int64, _ last: Int64, isPlaced: Bool, digest: (String) -> [UInt8]
  ) throws(StoreError) -> (count: Int, placed: Int64) {
    let keys = try all(
      "SELECT payout_key FROM recipients WHERE id BETWEEN ? AND ? AND payout_key IS NOT NULL", first, last
    ) { row throws(StoreError) in try row.text(0) }
    var placed: Int64 = 0
    // Most loads that are given up broke off before their first key was placed.
    if isPlaced {
      for key in keys {
        placed += try run("DELETE FROM payout_keys WHERE key = ? AND id BETWEEN ? AND ?", digest(key), first, last)
      }
    }
    return (keys.count, placed)
  }

  // MARK: Rows

  /// Inserts the rows of a chunk from the load's next ordinal on, as queued payouts.
  func insert(_ chunk: LoadChunk, into load: LoadRow) throws(StoreError) {
    let first = load.campaign.raw << 32 + Int64(load.nextOrdinal)
    do throws(SQLiteError) {
      try insert(chunk, first: first, load: load)
    } catch {
      throw error.isConstraint && error.code == .constraintUnique
        ? StoreError(.conflict, "a recipient stands in campaign \(load.campaign) already") : StoreError(error)
    }
    let stand = try self.first(
      "SELECT count(*) FROM recipients WHERE id BETWEEN ? AND ?", first, first + Int64(chunk.count) - 1
    ) { row throws(StoreError) in try row.int64(0) }
    guard stand == Int64(chunk.count) else {
      throw StoreError(.badRow, "not every payout of the chunk has its recipient")
    }
    try run(
      """
      UPDATE loads SET next_ordinal = next_ordinal + ?, units = u256_add(units, ?), key_count = key_count + ?
      WHERE no = ?
      """, chunk.count, try chunk.sum(), chunk.keyCount, load.number)
  }

  private func insert(_ chunk: LoadChunk, first: Int64, load: LoadRow) throws(SQLiteError) {
    let rows = try LentRows(
      count: chunk.count, .blobs(chunk.addresses, width: chunk.addressLength), .blobs(chunk.units, width: 32),
      .integers(chunk.rowNumbers), .textsOrNull(chunk.payoutKeys.bytes, ends: chunk.payoutKeys.ends),
      .texts(chunk.metadata.bytes, ends: chunk.metadata.ends))
    // A quarter of the insertion would be looking up parents. They are known: all rows name the load that was read in this
    // transaction, and each payout the recipient of its number, which the caller counts.
    try connection.withoutForeignKeys { () throws(SQLiteError) in
      let recipients = try connection.cached(
        """
        INSERT INTO recipients(campaign_no, load_no, id, address, units, row_no, payout_key, metadata)
        SELECT ?1, ?2, ?3 + rowid, c0, c1, c2, c3, c4 FROM lent_rows
        """)
      try recipients.statement.bind(1, load.campaign.raw)
      try recipients.statement.bind(2, load.number)
      try recipients.statement.bind(3, first)
      try connection.run(recipients, over: rows)
      let payouts = try connection.cached(
        "INSERT INTO payouts(id, campaign_no, status) SELECT ?2 + rowid, ?1, 'queued' FROM lent_rows")
      try payouts.statement.bind(1, load.campaign.raw)
      try payouts.statement.bind(2, first)
      try connection.run(payouts, over: rows)
    }
  }

  /// Gives keys to payouts of a load; those that have theirs already are stepped over.
  func place(_ keys: LoadKeys, of load: LoadRow) throws(StoreError) {
    let placed: Int64
    do throws(SQLiteError) {
      placed = try place(keys, base: load.campaign.raw << 32)
    } catch {
      throw error.code == .constraintPrimaryKey
        ? StoreError(
          .conflict, "a payout id of load \(load.number) was taken by another load meanwhile",
          hint: "when that load is finished, load the file again: its row is then rejected by name") : StoreError(error)
    }
    try run("UPDATE loads SET keys_placed = keys_placed + ? WHERE no = ?", placed, load.number)
  }

  /// Returns how many were not there.
  private func place(_ keys: LoadKeys, base: Int64) throws(SQLiteError) -> Int64 {
    let rows = try LentRows(
      count: keys.count, .blobs(keys.digests, width: LoadKeys.digestLength), .integers(keys.ordinals))
    let free = try connection.cached(
      "INSERT INTO payout_keys(key, id) SELECT c0, ? + c1 FROM lent_rows WHERE true ON CONFLICT(key) DO NOTHING")
    try free.statement.bind(1, base)
    try connection.run(free, over: rows)
    let placed = connection.changes
    if placed < Int64(keys.count) {
      // Those that stand must be this load's own; one that is not is refused by the table.
      let others = try connection.cached(
        """
        INSERT INTO payout_keys(key, id) SELECT c0, ?1 + c1 FROM lent_rows
        WHERE NOT EXISTS(SELECT 1 FROM payout_keys WHERE key = c0 AND id = ?1 + c1)
        """)
      try others.statement.bind(1, base)
      try connection.run(others, over: rows)
    }
    return placed
  }

  /// Whether any key of a caller's stands.
  func hasKeys() throws(StoreError) -> Bool {
    try first("SELECT EXISTS(SELECT 1 FROM payout_keys)") { row throws(StoreError) in try row.bool(0) } ?? false
  }

  /// The payout of a caller's key, in finished loads or not; texts are compared, since a digest is only a place.
  func payoutID(key: String, digest: [UInt8]) throws(StoreError) -> (id: PayoutID, isReady: Bool)? {
    try first(
      """
      SELECT k.id, k.id & 4294967295 < c.ready_ordinal
      FROM payout_keys k CROSS JOIN recipients r ON r.id = k.id CROSS JOIN campaigns c ON c.no = r.campaign_no
      WHERE k.key = ? AND r.payout_key = ?
      """, digest, key
    ) { row throws(StoreError) in (id: try row.id(0), isReady: try row.bool(1)) }
  }

  func addresses(
    _ campaign: CampaignID, addressLength: Int, after address: [UInt8]?, limit: Int
  ) throws(StoreError) -> [UInt8] {
    let rows = try all(
      """
      SELECT address FROM recipients WHERE campaign_no = ?1 AND address > ?2
        AND id < (?1 << 32) + (SELECT ready_ordinal FROM campaigns WHERE no = ?1)
      ORDER BY address LIMIT ?3
      """, campaign, address ?? [], limit
    ) { row throws(StoreError) in try row.bytes(0) }
    var joined: [UInt8] = []
    joined.reserveCapacity(rows.count * addressLength)
    for row in rows {
      guard row.count == addressLength else {
        throw StoreError(.badRow, "campaign \(campaign) holds addresses of \(row.count) bytes, not \(addressLength)")
      }
      joined += row
    }
    return joined
  }
}

extension LoadChunk {
  /// Sum of the amounts.
  fileprivate func sum() throws(StoreError) -> UInt256 {
    var sum = UInt256.zero
    for row in 0..<count {
      guard let amount = UInt256(bigEndian: units[(row * 32)..<(row * 32 + 32)]) else {
        throw StoreError(.badRow, "an amount is not 32 bytes")
      }
      let (next, overflow) = sum.addingReportingOverflow(amount)
      guard !overflow else { throw StoreError(.badRow, "the sum of the load does not fit in 256 bits") }
      sum = next
    }
    return sum
  }
}
