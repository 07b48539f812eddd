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
        duplicates FROM loads WHERE no = ?
      """, number, read: LoadRow.read)
  }

  func loadRow(_ campaign: CampaignID, contentHash: Hash32) throws(StoreError) -> LoadRow? {
    try first(
      """
      SELECT no, campaign_no, content_hash, settings, state, first_ordinal, next_ordinal, units, row_count, rejected,
        duplicates FROM loads WHERE campaign_no = ? AND content_hash = ?
      """, campaign, contentHash, read: LoadRow.read)
  }

  func unfinishedLoad(_ campaign: CampaignID) throws(StoreError) -> LoadRow? {
    try first(
      """
      SELECT no, campaign_no, content_hash, settings, state, first_ordinal, next_ordinal, units, row_count, rejected,
        duplicates FROM loads WHERE campaign_no = ? AND state = 'loading'
      """, campaign, read: LoadRow.read)
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
    let keys = try all(
      "SELECT payout_key FROM recipients WHERE id BETWEEN ? AND ? AND payout_key IS NOT NULL", first, last
    ) { row throws(StoreError) in try row.text(0) }
    for key in keys {
      try run("DELETE FROM payout_keys WHERE key = ? AND id BETWEEN ? AND ?", digest(key), first, last)
    }
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
      "UPDATE loads SET next_ordinal = ?, units = u256_sub(units, ?) WHERE no = ?", from, rest ?? .zero, load.number)
    return false
  }

  // MARK: Rows

  /// Inserts the rows of a chunk from the load's next ordinal on, as queued payouts.
  func insert(_ chunk: LoadChunk, into load: LoadRow) throws(StoreError) {
    let first = load.campaign.raw << 32 + Int64(load.nextOrdinal)
    let last = first + Int64(chunk.count) - 1
    do throws(SQLiteError) {
      try insertRecipients(chunk, first: first, load: load)
    } catch {
      throw error.isConstraint && error.code == .constraintUnique
        ? StoreError(.conflict, "a recipient stands in campaign \(load.campaign) already") : StoreError(error)
    }
    try run(
      """
      INSERT INTO payouts(id, campaign_no, status)
      SELECT id, campaign_no, 'queued' FROM recipients WHERE id BETWEEN ? AND ?
      """, first, last)
    try run(
      """
      UPDATE loads SET next_ordinal = next_ordinal + ?,
        units = u256_add(units, (SELECT u256_sum(units) FROM recipients WHERE id BETWEEN ? AND ?)) WHERE no = ?
      """, chunk.count, first, last, load.number)
  }

  private func insertRecipients(_ chunk: LoadChunk, first: Int64, load: LoadRow) throws(SQLiteError) {
    let query = try connection.cached(
      """
      INSERT INTO recipients(campaign_no, load_no, id, address, units, row_no, payout_key, metadata)
      VALUES(?, ?, ?, ?, ?, ?, ?, ?)
      """)
    let (addresses, units) = (chunk.addresses, chunk.units)
    let width = chunk.addressLength
    try query.statement.bind(1, load.campaign.raw)
    try query.statement.bind(2, load.number)
    for row in 0..<chunk.count {
      try query.statement.bind(3, first + Int64(row))
      try query.statement.bind(4, addresses.span.extracting(row * width..<(row + 1) * width))
      try query.statement.bind(5, units.span.extracting(row * 32..<(row + 1) * 32))
      try query.statement.bind(6, chunk.rowNumbers[row])
      try query.statement.bind(7, chunk.payoutKeys[row])
      let metadata = chunk.metadata[row]
      try query.statement.bindText(8, utf8: metadata.span)
      try query.statement.run()
    }
  }

  /// Keys go in by digest, so that a sorted chunk is one sweep over the table.
  func insertKeys(_ keys: [KeyPlace]) throws(StoreError) {
    do throws(SQLiteError) {
      let query = try connection.cached("INSERT INTO payout_keys(key, id) VALUES(?, ?)")
      var place: [UInt8] = []
      for key in keys {
        place.removeAll(keepingCapacity: true)
        key.append(to: &place)
        try query.statement.bind(1, place.span)
        try query.statement.bind(2, key.id)
        try query.statement.run()
      }
    } catch { throw StoreError(error) }
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
