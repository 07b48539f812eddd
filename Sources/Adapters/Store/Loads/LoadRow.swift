import Airdrop
import Codecs
import Engine
import Money

/// A load as its row says it.
struct LoadRow {
  let number: Int64
  let campaign: CampaignID
  let contentHash: Hash32
  let settings: String
  let isUnfinished: Bool
  let firstOrdinal: UInt32
  let nextOrdinal: UInt32
  /// Sum of the rows that stand.
  let units: UInt256
  let rows: Int64?
  let rejected: Int64?
  let duplicates: Int64?
  /// Rows with a caller's key, and how many of these keys are placed.
  let keyCount: Int64
  let keysPlaced: Int64

  static func read(_ row: some Row) throws(StoreError) -> LoadRow {
    let state: Load.State = try row.word(4)
    return LoadRow(
      number: try row.int64(0), campaign: try row.id(1), contentHash: try row.hash(2), settings: try row.text(3),
      isUnfinished: state == .loading, firstOrdinal: try row.uint32(5), nextOrdinal: try row.uint32(6),
      units: try row.units(7), rows: try row.optionalInt64(8), rejected: try row.optionalInt64(9),
      duplicates: try row.optionalInt64(10), keyCount: try row.int64(11), keysPlaced: try row.int64(12))
  }

  var load: Load {
    var summary: LoadSummary?
    if let rows, let rejected, let duplicates {
      summary = LoadSummary(
        rows: rows, accepted: Int64(nextOrdinal) - Int64(firstOrdinal), rejected: rejected, duplicates: duplicates,
        total: units)
    }
    return Load(
      number: number, campaign: campaign, contentHash: contentHash, settings: settings,
      state: isUnfinished ? .loading : .loaded, firstOrdinal: firstOrdinal, nextOrdinal: nextOrdinal, summary: summary)
  }
}
