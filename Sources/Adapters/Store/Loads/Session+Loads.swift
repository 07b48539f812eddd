import Airdrop
import Chains
import Codecs
import Engine
import Money
import PostgreSQL

extension Session {
  /// Locks a campaign against other loads and orders; false when there is none.
  func lockCampaign(_ campaign: CampaignID) throws(StoreError) -> Bool {
    try run("SELECT 1 FROM campaigns WHERE no = $1 FOR NO KEY UPDATE", campaign).count == 1
  }

  func loadRow(_ number: Int64) throws(StoreError) -> LoadRow? {
    try first(
      """
      SELECT no, campaign_no, content_hash, settings, state, first_ordinal, next_ordinal, units, row_count, rejected,
        duplicates, key_count, keys_placed FROM loads WHERE no = $1 FOR NO KEY UPDATE
      """, number, read: LoadRow.read)
  }

  func loadRow(_ campaign: CampaignID, contentHash: Hash32) throws(StoreError) -> LoadRow? {
    try first(
      """
      SELECT no, campaign_no, content_hash, settings, state, first_ordinal, next_ordinal, units, row_count, rejected,
        duplicates, key_count, keys_placed FROM loads WHERE campaign_no = $1 AND content_hash = $2
      """, campaign, contentHash, read: LoadRow.read)
  }

  func unfinishedLoad(_ campaign: CampaignID) throws(StoreError) -> LoadRow? {
    try first(
      """
      SELECT no, campaign_no, content_hash, settings, state, first_ordinal, next_ordinal, units, row_count, rejected,
        duplicates, key_count, keys_placed FROM loads WHERE campaign_no = $1 AND state = 'loading' FOR NO KEY UPDATE
      """, campaign, read: LoadRow.read)
  }

  /// The row of a load that nobody else has moved on since.
  func unfinished(_ load: Load) throws(StoreError) -> LoadRow {
    guard let row = try loadRow(load.number), row.load == load, row.isUnfinished else {
      throw .stale("load \(load.number) was moved on or removed by somebody else")
    }
    return row
  }

  func insertLoad(
    _ campaign: CampaignID, contentHash: Hash32, settings: String
  ) throws(StoreError) -> Load? {
    try first(
      """
      INSERT INTO loads(campaign_no, content_hash, settings, state, first_ordinal, next_ordinal, units)
      SELECT no, $2, $3, 'loading', ready_ordinal, ready_ordinal, 0 FROM campaigns WHERE no = $1
      RETURNING no, campaign_no, content_hash, settings, state, first_ordinal, next_ordinal, units, row_count,
        rejected, duplicates, key_count, keys_placed
      """, campaign, contentHash, settings, read: LoadRow.read)?.load
  }

  /// Removes up to `limit` rows from the end of an unfinished load, and the load itself with its last row.
  /// Returns whether it is gone.
  func removeEnd(of load: LoadRow, limit: Int64, digest: (String) -> [UInt8]) throws(StoreError) -> Bool {
    let start = Int64(load.firstOrdinal)
    let from = max(start, Int64(load.nextOrdinal) - limit)
    let first = load.campaign.raw << 32 + from
    let last = load.campaign.raw << 32 + Int64(load.nextOrdinal) - 1
    let keys = try all(
      "SELECT payout_key FROM recipients WHERE id BETWEEN $1 AND $2 AND payout_key IS NOT NULL", first, last
    ) { row throws(StoreError) in try row.text(0) }
    var named = Arguments(first, last)
    named.add(array: load.keysPlaced > 0 ? keys.map(digest) : [])
    let answers = try run([
      Request(
        "DELETE FROM payout_keys k USING unnest($3::bytea[]) u(key) WHERE k.key = u.key AND k.id BETWEEN $1 AND $2",
        named),
      Request("SELECT coalesce(sum(units), 0) FROM recipients WHERE id BETWEEN $1 AND $2", Arguments(first, last)),
      Request("DELETE FROM payouts WHERE id BETWEEN $1 AND $2", Arguments(first, last)),
      // With what a chunk has left past the end when it failed half-way.
      Request(
        "DELETE FROM recipients WHERE id BETWEEN $1 AND $2", Arguments(first, load.campaign.raw << 32 | 0xffff_ffff)),
    ])
    let rest = try answers[1].first { row throws(StoreError) in try row.units(0) }
    if from == start {
      try run("DELETE FROM loads WHERE no = $1", load.number)
      return true
    }
    try run(
      """
      UPDATE loads SET next_ordinal = $2, units = units - $3, key_count = key_count - $4,
        keys_placed = keys_placed - $5 WHERE no = $1
      """, load.number, from, rest ?? .zero, keys.count, answers[0].affected)
    return false
  }

  // MARK: Keys and addresses

  /// Which of these keys stand in finished loads, or name a campaign's payout as the store itself would.
  func takenKeys(_ keys: [String], digest: (String) -> [UInt8]) throws(StoreError) -> Set<String> {
    var named = Arguments()
    named.add(array: keys.map(digest))
    named.add(array: keys)
    let derived = keys.compactMap { key in DerivedKey(key).map { (key: key, uuid: $0.campaign) } }
    var uuids = Arguments()
    uuids.add(array: Set(derived.map(\.uuid)).sorted())
    let answers = try run([
      Request(
        """
        SELECT u.text FROM unnest($1::bytea[], $2::text[]) u(key, text) JOIN payout_keys k ON k.key = u.key
          JOIN recipients r ON r.id = k.id JOIN campaigns c ON c.no = r.campaign_no
        WHERE r.payout_key = u.text AND k.id & 4294967295 < c.ready_ordinal
        """, named),
      Request("SELECT c.uuid FROM unnest($1::text[]) u(uuid) JOIN campaigns c ON c.uuid = u.uuid", uuids),
    ])
    let known = Set(try answers[1].all { row throws(StoreError) in try row.text(0) })
    return Set(try answers[0].all { row throws(StoreError) in try row.text(0) })
      .union(derived.filter { known.contains($0.uuid) }.map(\.key))
  }

  /// Whether any key of a caller's stands.
  func hasKeys() throws(StoreError) -> Bool {
    try first("SELECT EXISTS(SELECT 1 FROM payout_keys)") { row throws(StoreError) in try row.bool(0) } ?? false
  }

  /// The payout of a caller's key, in finished loads; texts are compared, since a digest is only a place.
  func payoutID(key: String, digest: [UInt8]) throws(StoreError) -> PayoutID? {
    try first(
      """
      SELECT k.id FROM payout_keys k JOIN recipients r ON r.id = k.id JOIN campaigns c ON c.no = r.campaign_no
      WHERE k.key = $1 AND r.payout_key = $2 AND k.id & 4294967295 < c.ready_ordinal
      """, digest, key
    ) { row throws(StoreError) in try row.id(0) }
  }

  func addresses(
    _ campaign: CampaignID, addressLength: Int, after address: [UInt8]?, limit: Int
  ) throws(StoreError) -> [UInt8] {
    let rows = try all(
      """
      SELECT address FROM recipients WHERE (campaign_no, address) > ($1, $2) AND campaign_no = $1
        AND id < ($1 << 32) + (SELECT ready_ordinal FROM campaigns WHERE no = $1)
      ORDER BY campaign_no, address LIMIT $3
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

extension Request {
  /// A load's rows become visible; the campaign's row moves with `update`.
  static func finish(_ order: Order) -> Request {
    Request(
      """
      UPDATE loads SET state = 'loaded', row_count = $2, rejected = $3, duplicates = $4
      WHERE no = $1 AND state = 'loading'
      """, Arguments(order.load, order.summary.rows, order.summary.rejected, order.summary.duplicates))
  }
}
