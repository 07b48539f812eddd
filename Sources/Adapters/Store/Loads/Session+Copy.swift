import Airdrop
import Codecs
import Engine
import Money
import Payouts
import PostgreSQL

// Rows go in by COPY, in the order of their addresses, so that every index grows at its right edge.
extension Session {
  /// Inserts the rows of a chunk from the load's next ordinal on, as queued payouts, and returns the load moved on.
  func insert(_ chunk: LoadChunk, keys: [KeyPlace], into load: LoadRow) throws(StoreError) -> Load {
    let first = load.campaign.raw << 32 + Int64(load.nextOrdinal)
    let units = try chunk.total(adding: load.units)
    do throws(PostgreSQLError) {
      try copy(chunk, first: first, load: load)
      try copyPayouts(first, chunk.count, load.campaign)
      try copy(keys)
    } catch {
      if error.code == .badValue, let row = chunk.rowWithNUL {
        throw StoreError(
          .badRow, "row \(row) holds the character NUL, which PostgreSQL cannot keep", hint: "take it out of the file")
      }
      throw error.code == .constraintUnique
        ? StoreError(.conflict, "a recipient or key stands already: \(error.message)") : StoreError(error)
    }
    let moved = try self.first(
      """
      UPDATE loads SET next_ordinal = next_ordinal + $2, units = $3 WHERE no = $1
      RETURNING no, campaign_no, content_hash, settings, state, first_ordinal, next_ordinal, units, row_count, rejected,
        duplicates
      """, load.number, chunk.count, units, read: LoadRow.read)
    guard let moved else { throw .stale("load \(load.number) is gone") }
    return moved.load
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
      copy.append(chunk.payoutKeys[row])
      copy.append(chunk.rowNumbers[row])
      copy.append(load.number)
      let metadata = chunk.metadata[row]
      copy.append(json: metadata.isEmpty ? Session.noMetadata : metadata)
      try copy.endRow()
    }
    _ = try copy.finish()
  }

  private static let noMetadata = Array("{}".utf8)

  private func copyPayouts(_ first: Int64, _ count: Int, _ campaign: CampaignID) throws(PostgreSQLError) {
    var copy = try connection.copyIn("COPY payouts(id, campaign_no, status) FROM STDIN (FORMAT binary)")
    let queued = Array(PayoutStatus.queued.rawValue.utf8)[...]
    for row in 0..<count {
      copy.beginRow(columns: 3)
      copy.append(first + Int64(row))
      copy.append(campaign.raw)
      copy.append(bytes: queued)
      try copy.endRow()
    }
    _ = try copy.finish()
  }

  /// Keys go in by digest, so that a sorted chunk is one sweep over the table.
  private func copy(_ keys: [KeyPlace]) throws(PostgreSQLError) {
    guard !keys.isEmpty else { return }
    var copy = try connection.copyIn("COPY payout_keys(key, id) FROM STDIN (FORMAT binary)")
    var place: [UInt8] = []
    for key in keys {
      place.removeAll(keepingCapacity: true)
      key.append(to: &place)
      copy.beginRow(columns: 2)
      copy.append(bytes: place[...])
      copy.append(key.id)
      try copy.endRow()
    }
    _ = try copy.finish()
  }
}

extension LoadChunk {
  /// The row of the source whose metadata or key holds a NUL.
  fileprivate var rowWithNUL: Int64? {
    let place = (0..<count).first { place in
      String(decoding: metadata[place], as: UTF8.self).contains("\\u0000")
        || payoutKeys[place]?.utf8.contains(0) == true
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
