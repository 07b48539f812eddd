import Airdrop
import Codecs
import Engine
import Money
import PostgreSQL

// Rows go in by COPY, in the order of their addresses, so that every index grows at its right edge.
extension Session {
  /// Inserts the rows of a chunk from the load's next ordinal on, as queued payouts, and returns the load moved on.
  func insert(_ chunk: LoadChunk, into load: LoadRow) throws(StoreError) -> Load {
    let first = load.campaign.raw << 32 + Int64(load.nextOrdinal)
    let last = first + Int64(chunk.count) - 1
    let units = try chunk.total(adding: load.units)
    do throws(PostgreSQLError) {
      try copy(chunk, first: first, load: load)
    } catch {
      throw error.code == .constraintUnique
        ? StoreError(.conflict, "a recipient stands in campaign \(load.campaign) already") : StoreError(error)
    }
    let answers = try run([
      Request(
        """
        INSERT INTO payouts(id, campaign_no, status) SELECT id, $3, 'queued' FROM generate_series($1, $2) id
        """, Arguments(first, last, load.campaign)),
      Request(
        """
        UPDATE loads SET next_ordinal = next_ordinal + $2, units = $3, key_count = key_count + $4 WHERE no = $1
        RETURNING no, campaign_no, content_hash, settings, state, first_ordinal, next_ordinal, units, row_count,
          rejected, duplicates, key_count, keys_placed
        """, Arguments(load.number, chunk.count, units, chunk.keyCount)),
    ])
    guard answers[0].affected == Int64(chunk.count), let moved = try answers[1].first(LoadRow.read)?.load else {
      throw .stale("load \(load.number) is gone")
    }
    return moved
  }

  private func copy(_ chunk: LoadChunk, first: Int64, load: LoadRow) throws(PostgreSQLError) {
    var copy = try connection.copyIn(
      """
      COPY recipients(id, campaign_no, address, units, payout_key, row_no, load_no, metadata)
      FROM STDIN (FORMAT binary)
      """)
    let (addresses, units) = (chunk.addresses, chunk.units)
    let width = chunk.addressLength
    for row in 0..<chunk.count {
      copy.beginRow(columns: 8)
      copy.append(first + Int64(row))
      copy.append(load.campaign.raw)
      copy.append(bytes: addresses[row * width..<(row + 1) * width])
      copy.append(numeric: UInt256(bigEndian: units[row * 32..<(row + 1) * 32])?.limbs ?? (0, 0, 0, 0))
      let key = chunk.payoutKeys[row]
      if key.isEmpty { copy.appendNull() } else { copy.append(bytes: key) }
      copy.append(chunk.rowNumbers[row])
      copy.append(load.number)
      let metadata = chunk.metadata[row]
      copy.append(json: metadata.isEmpty ? Session.noMetadata : Array(metadata))
      try copy.endRow()
    }
    _ = try copy.finish()
  }

  private static let noMetadata = Array("{}".utf8)

  /// Gives keys to payouts of a load; those that have theirs already are stepped over. They come by digest, so that all
  /// calls together are one sweep over the table.
  func place(_ keys: LoadKeys, of load: LoadRow) throws(StoreError) {
    let width = LoadKeys.digestLength
    var values = Arguments(load.campaign.raw << 32)
    values.add(array: (0..<keys.count).map { Array(keys.digests[$0 * width..<($0 + 1) * width]) })
    values.add(array: keys.ordinals)
    let answers = try run([
      Request(
        """
        INSERT INTO payout_keys(key, id) SELECT u.k, $1 + u.o FROM unnest($2::bytea[], $3::int8[]) u(k, o)
        ON CONFLICT(key) DO NOTHING
        """, values),
      Request(
        """
        SELECT count(*) FROM unnest($2::bytea[], $3::int8[]) u(k, o)
          JOIN payout_keys p ON p.key = u.k AND p.id = $1 + u.o
        """, values),
    ])
    guard try answers[1].first({ row throws(StoreError) in try row.int64(0) }) == Int64(keys.count) else {
      throw StoreError(
        .conflict, "a payout id of load \(load.number) was taken by another load meanwhile",
        hint: "when that load is finished, load the file again: its row is then rejected by name")
    }
    try run("UPDATE loads SET keys_placed = keys_placed + $2 WHERE no = $1", load.number, answers[0].affected)
  }
}

extension LoadChunk {
  /// The sum of its amounts, on top of another. Throws `store.bad_row` past 2^256 - 1.
  fileprivate func total(adding before: UInt256) throws(StoreError) -> UInt256 {
    let units = units
    var sum = before
    for row in 0..<count {
      guard let one = UInt256(bigEndian: units[row * 32..<(row + 1) * 32]) else {
        throw StoreError(.badRow, "an amount is not 32 bytes")
      }
      sum = try TallyChange.sum(sum, one)
    }
    return sum
  }
}
