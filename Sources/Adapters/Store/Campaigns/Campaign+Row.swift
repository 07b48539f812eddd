import Chains
import Engine
import Money
import Payouts

extension Campaign {
  /// A row in the order of the queries of both engines.
  static func read(_ row: some Row) throws(StoreError) -> Campaign {
    let chain = try row.chain(3)
    let zone = try row.optionalText(13)
    let daily: Window.Daily? =
      if let zone { Window.Daily(fromMinute: try row.int(11), toMinute: try row.int(12), zone: zone) } else { nil }
    return Campaign(
      id: try row.id(0), uuid: try row.text(1), name: try row.text(2), chain: chain,
      asset: AssetID(chain: chain.description, token: try row.optionalText(4)), status: try row.word(5),
      reason: try row.optionalText(6), mode: try row.word(7), priority: try row.int(8),
      window: Window(start: try row.optionalTime(9), end: try row.optionalTime(10), daily: daily),
      maxBatch: try row.int(14), canary: try row.int(15), createdBy: try row.text(16), createdAt: try row.time(17),
      readyOrdinal: try row.uint32(18))
  }
}

extension Approval {
  /// root, count, total, fee_cap, approved_by, expires_at.
  static func read(_ row: some Row, _ campaign: CampaignID) throws(StoreError) -> Approval {
    Approval(
      campaign: campaign, root: try row.hash(0), count: try row.uint64(1), total: try row.units(2),
      feeCap: try row.units(3), approvedBy: try row.text(4), expiresAt: try row.optionalTime(5))
  }
}
