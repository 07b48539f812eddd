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
