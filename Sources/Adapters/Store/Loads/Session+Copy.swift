import Airdrop
import Codecs
import Engine
import Money
import Payouts
import PostgreSQL

// Rows go in by COPY, in the order of their addresses, so that every index grows at its right edge.
extension Session {
  /// Lets this transaction's COMMIT answer before its log is on the disk. Nobody sees a load before the commit that
  /// orders it, which flushes everything before it too; a crash until then takes back the last chunks, whole, and the
  /// next try goes on from what the tables hold (PostgreSQL manual, "Asynchronous Commit").
  func leaveFlushToOrder() throws(StoreError) { try run("SET LOCAL synchronous_commit TO off") }

  /// Inserts the rows of a chunk from the load's next ordinal on, as queued payouts, and returns the load moved on.
  ///
  /// Recipients go over the session `beside` this one, payouts over this one, at the same time. The recipients are
  /// committed first: if the rest fails, they stand past the load's end where nobody looks, and whoever goes on with the
  /// load, or removes it, clears them away.
  func insert(_ chunk: LoadChunk, into load: LoadRow, beside side: Session) throws(StoreError) -> Load {
    let first = load.campaign.raw << 32 + Int64(load.nextOrdinal)
    let units = try chunk.total(adding: load.units)
    do throws(StoreError) {
      try side.write { () throws(StoreError) in
        try side.leaveFlushToOrder()
        try side.run("DELETE FROM recipients WHERE id BETWEEN $1 AND $2", first, load.campaign.raw << 32 | 0xffff_ffff)
        do throws(PostgreSQLError) {
          try copy(chunk, first: first, load: load, beside: side)
        } catch {
          if error.code == .badValue, let row = chunk.rowWithNUL {
            throw StoreError(
              .badRow, "row \(row) holds the character NUL, which PostgreSQL cannot keep",
              hint: "take it out of the file")
          }
          throw error.code == .constraintUnique
            ? StoreError(.conflict, "a recipient stands in campaign \(load.campaign) already") : StoreError(error)
        }
      }
    } catch {
      // Whatever became of the recipients, this transaction has not counted them.
      throw error.code == .commitUnknown ? StoreError(.unavailable, error.message, hint: error.hint) : error
    }
    let moved = try self.first(
      """
      UPDATE loads SET next_ordinal = next_ordinal + $2, units = $3, key_count = key_count + $4 WHERE no = $1
      RETURNING no, campaign_no, content_hash, settings, state, first_ordinal, next_ordinal, units, row_count, rejected,
        duplicates, key_count, keys_placed
      """, load.number, chunk.count, units, chunk.keyCount, read: LoadRow.read)
    guard let moved else { throw .stale("load \(load.number) is gone") }
    return moved.load
  }

  private func copy(_ chunk: LoadChunk, first: Int64, load: LoadRow, beside side: Session) throws(PostgreSQLError) {
    var recipients = try side.connection.copyIn(
      """
      COPY recipients(id, campaign_no, address, units, payout_key, row_no, load_no, metadata)
      FROM STDIN (FORMAT binary)
      """)
    var payouts = try connection.copyIn("COPY payouts(id, campaign_no, status) FROM STDIN (FORMAT binary)")
    let queued = Array(PayoutStatus.queued.rawValue.utf8)[...]
    let (addresses, units) = (chunk.addresses, chunk.units)
    let width = chunk.addressLength
    for row in 0..<chunk.count {
      recipients.beginRow(columns: 8)
      recipients.append(first + Int64(row))
      recipients.append(load.campaign.raw)
      recipients.append(bytes: addresses[row * width..<(row + 1) * width])
      recipients.append(numeric: UInt256(bigEndian: units[row * 32..<(row + 1) * 32])?.limbs ?? (0, 0, 0, 0))
      let key = chunk.payoutKeys[row]
      if key.isEmpty { recipients.appendNull() } else { recipients.append(bytes: key) }
      recipients.append(chunk.rowNumbers[row])
      recipients.append(load.number)
      let metadata = chunk.metadata[row]
      recipients.append(json: metadata.isEmpty ? Session.noMetadata : metadata)
      try recipients.endRow()

      payouts.beginRow(columns: 3)
      payouts.append(first + Int64(row))
      payouts.append(load.campaign.raw)
      payouts.append(bytes: queued)
      try payouts.endRow()
    }
    _ = try payouts.finish()
    _ = try recipients.finish()
  }

  private static let noMetadata = Array("{}".utf8)[...]

  /// Gives keys to payouts of a load; those that have theirs already are stepped over. They come by digest, so that all
  /// calls together are one sweep over the table.
  func place(_ keys: LoadKeys, of load: LoadRow) throws(StoreError) {
    // A try that goes on after another one meets its keys, and only then are they asked for one by one.
    try run("SAVEPOINT before_keys")
    do throws(PostgreSQLError) {
      try copy(keys, of: load)
    } catch {
      guard error.code == .constraintUnique else { throw StoreError(error) }
      try run("ROLLBACK TO SAVEPOINT before_keys")
      return try placeMissing(keys, of: load)
    }
    try placed(Int64(keys.count), of: load)
  }

  private func copy(_ keys: LoadKeys, of load: LoadRow) throws(PostgreSQLError) {
    let width = LoadKeys.digestLength
    let first = load.campaign.raw << 32
    let (digests, ordinals) = (keys.digests, keys.ordinals)
    var copy = try connection.copyIn("COPY payout_keys(key, id) FROM STDIN (FORMAT binary)")
    for place in 0..<keys.count {
      copy.beginRow(columns: 2)
      copy.append(bytes: digests[place * width..<(place + 1) * width])
      copy.append(first + ordinals[place])
      try copy.endRow()
    }
    _ = try copy.finish()
  }

  private func placeMissing(_ keys: LoadKeys, of load: LoadRow) throws(StoreError) {
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
    try placed(answers[0].affected, of: load)
  }

  private func placed(_ count: Int64, of load: LoadRow) throws(StoreError) {
    try run("UPDATE loads SET keys_placed = keys_placed + $2 WHERE no = $1", load.number, count)
  }
}

extension LoadChunk {
  /// The row of the source whose metadata or key holds a NUL.
  fileprivate var rowWithNUL: Int64? {
    let place = (0..<count).first { place in
      String(decoding: metadata[place], as: UTF8.self).contains("\\u0000") || payoutKeys[place].contains(0)
    }
    return place.map { rowNumbers[$0] }
  }

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
