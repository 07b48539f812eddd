import Engine
import Money
import Payouts

/// What a commit adds to and takes from a campaign's tally, before it is written in one go.
struct TallyChange {
  struct Part {
    var countIn: Int64 = 0
    var countOut: Int64 = 0
    var unitsIn = UInt256.zero
    var unitsOut = UInt256.zero
  }
  private(set) var parts: [CampaignID: [PayoutStatus: Part]] = [:]
  private(set) var unknown: [CampaignID: Int64] = [:]

  mutating func enter(
    _ campaign: CampaignID, _ status: PayoutStatus, count: Int64, units: UInt256
  ) throws(StoreError) {
    var part = parts[campaign]?[status] ?? Part()
    part.countIn += count
    part.unitsIn = try TallyChange.sum(part.unitsIn, units)
    parts[campaign, default: [:]][status] = part
  }

  mutating func leave(
    _ campaign: CampaignID, _ status: PayoutStatus, count: Int64, units: UInt256
  ) throws(StoreError) {
    var part = parts[campaign]?[status] ?? Part()
    part.countOut += count
    part.unitsOut = try TallyChange.sum(part.unitsOut, units)
    parts[campaign, default: [:]][status] = part
  }

  mutating func doubt(_ campaign: CampaignID, _ count: Int64) { unknown[campaign, default: 0] += count }

  static func sum(_ a: UInt256, _ b: UInt256) throws(StoreError) -> UInt256 {
    let (sum, over) = a.addingReportingOverflow(b)
    guard !over else { throw StoreError(.badRow, "a tally does not fit in 256 bits") }
    return sum
  }

  static func difference(_ a: UInt256, _ b: UInt256) throws(StoreError) -> UInt256 {
    let (rest, below) = a.subtractingReportingOverflow(b)
    guard !below else { throw StoreError(.badRow, "a tally falls below zero") }
    return rest
  }
}

extension Database {
  func tally(_ campaign: CampaignID) throws(StoreError) -> Tally {
    var tally = Tally()
    let rows = try all(
      "SELECT status, count, units, unknown FROM campaign_tally WHERE campaign_no = ? AND count > 0", campaign
    ) { row throws(StoreError) -> (status: PayoutStatus, part: Tally.Part, unknown: Int64) in
      (try row.word(0), Tally.Part(count: try row.int64(1), units: try row.units(2)), try row.int64(3))
    }
    for row in rows {
      tally.parts[row.status] = row.part
      tally.unknown += row.unknown
    }
    return tally
  }

  func apply(_ change: TallyChange) throws(StoreError) {
    for campaign in Set(change.parts.keys).union(change.unknown.keys).sorted() {
      var parts = change.parts[campaign] ?? [:]
      let unknown = change.unknown[campaign] ?? 0
      if unknown != 0, parts[.submitted] == nil { parts[.submitted] = TallyChange.Part() }
      for (status, part) in parts.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
        let known = try first(
          "SELECT count, units, unknown FROM campaign_tally WHERE campaign_no = ? AND status = ?", campaign,
          status.rawValue
        ) { row throws(StoreError) in
          (count: try row.int64(0), units: try row.units(1), unknown: try row.int64(2))
        }
        let before = known ?? (0, .zero, 0)
        let units = try TallyChange.difference(TallyChange.sum(before.units, part.unitsIn), part.unitsOut)
        try run(
          """
          INSERT INTO campaign_tally(campaign_no, status, count, units, unknown) VALUES(?1, ?2, ?3, ?4, ?5)
          ON CONFLICT(campaign_no, status) DO UPDATE SET count = ?3, units = ?4, unknown = ?5
          """, campaign, status.rawValue, before.count + part.countIn - part.countOut, units,
          before.unknown + (status == .submitted ? unknown : 0))
      }
    }
  }
}
