import Engine
import Money
import Payouts

/// What a campaign's tally says of one state.
struct TallyRow {
  let status: PayoutStatus
  let part: Tally.Part
  let unknown: Int64

  /// status, count, units, unknown.
  static func read(_ row: some Row) throws(StoreError) -> TallyRow {
    TallyRow(
      status: try row.word(0), part: Tally.Part(count: try row.int64(1), units: try row.units(2)),
      unknown: try row.int64(3))
  }
}

extension Tally {
  init(_ rows: [TallyRow]) {
    self.init()
    for row in rows {
      parts[row.status] = row.part
      unknown += row.unknown
    }
  }
}
