import Engine
import Money
import Payouts
import PostgreSQL

extension TallyChange {
  /// Makes the rows that are missing, then adds and takes in the server: nothing is read, so nothing waits. Nil for a
  /// change of nothing.
  var statements: (missing: Request, change: Expected)? {
    var rows: [(campaign: CampaignID, status: PayoutStatus, part: Part, unknown: Int64)] = []
    for campaign in Set(parts.keys).union(unknown.keys).sorted() {
      var known = parts[campaign] ?? [:]
      let doubt = unknown[campaign] ?? 0
      if doubt != 0, known[.submitted] == nil { known[.submitted] = Part() }
      // In one order everywhere: two commits that lock the same rows never wait for each other in a circle.
      for (status, part) in known.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
        rows.append((campaign, status, part, status == .submitted ? doubt : 0))
      }
    }
    guard !rows.isEmpty else { return nil }
    var made = Arguments()
    made.add(array: rows.map(\.campaign))
    made.add(array: rows.map(\.status.rawValue))
    var changed = made
    changed.add(array: rows.map { $0.part.countIn - $0.part.countOut })
    changed.add(array: rows.map(\.part.unitsIn))
    changed.add(array: rows.map(\.part.unitsOut))
    changed.add(array: rows.map(\.unknown))
    return (
      missing: Request(
        """
        INSERT INTO campaign_tally(campaign_no, status, count, units)
        SELECT u.c, u.s, 0, 0 FROM unnest($1::int8[], $2::text[]) u(c, s)
        WHERE NOT EXISTS(SELECT 1 FROM campaign_tally t WHERE t.campaign_no = u.c AND t.status = u.s)
        """, made),
      change: Expected(
        Request(
          """
          UPDATE campaign_tally t SET count = t.count + u.n, units = t.units + u.i - u.o, unknown = t.unknown + u.d
          FROM unnest($1::int8[], $2::text[], $3::int8[], $4::numeric[], $5::numeric[], $6::int8[]) u(c, s, n, i, o, d)
          WHERE t.campaign_no = u.c AND t.status = u.s
          """, changed), rows: rows.count, "tallies were written")
    )
  }
}
