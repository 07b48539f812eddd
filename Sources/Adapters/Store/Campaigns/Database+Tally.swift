import Engine
import Money
import Payouts

extension Database {
  func tally(_ campaign: CampaignID) throws(StoreError) -> Tally {
    Tally(
      try all(
        "SELECT status, count, units, unknown FROM campaign_tally WHERE campaign_no = ? AND count > 0", campaign,
        read: TallyRow.read))
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
