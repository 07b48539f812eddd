import Chains
import Engine
import Money
import Payouts
import PostgreSQL

extension Session {
  func nextCampaignID() throws(StoreError) -> CampaignID {
    try first("SELECT coalesce(max(no), 0) + 1 FROM campaigns") { row throws(StoreError) in try row.id(0) }
      ?? CampaignID(1)
  }

  func campaign(_ id: CampaignID) throws(StoreError) -> Campaign? {
    try first(
      """
      SELECT no, uuid, name, chain, token_contract, status, reason, mode, priority, start_at, end_at, daily_from,
        daily_to, daily_zone, max_batch, canary, created_by, created_at, ready_ordinal
      FROM campaigns WHERE no = $1
      """, id, read: Campaign.read)
  }

  func campaign(named name: String) throws(StoreError) -> Campaign? {
    try first(
      """
      SELECT no, uuid, name, chain, token_contract, status, reason, mode, priority, start_at, end_at, daily_from,
        daily_to, daily_zone, max_batch, canary, created_by, created_at, ready_ordinal
      FROM campaigns WHERE name = $1
      """, name, read: Campaign.read)
  }

  func campaign(uuid: String) throws(StoreError) -> Campaign? {
    try first(
      """
      SELECT no, uuid, name, chain, token_contract, status, reason, mode, priority, start_at, end_at, daily_from,
        daily_to, daily_zone, max_batch, canary, created_by, created_at, ready_ordinal
      FROM campaigns WHERE uuid = $1
      """, uuid, read: Campaign.read)
  }

  func campaigns(after: CampaignID?, limit: Int) throws(StoreError) -> [Campaign] {
    try all(
      """
      SELECT no, uuid, name, chain, token_contract, status, reason, mode, priority, start_at, end_at, daily_from,
        daily_to, daily_zone, max_batch, canary, created_by, created_at, ready_ordinal
      FROM campaigns WHERE no > $1 ORDER BY no LIMIT $2
      """, after?.raw ?? 0, limit, read: Campaign.read)
  }

  func tally(_ campaign: CampaignID) throws(StoreError) -> Tally {
    Tally(
      try all(
        "SELECT status, count, units, unknown FROM campaign_tally WHERE campaign_no = $1 AND count > 0", campaign,
        read: TallyRow.read))
  }

  func approval(_ campaign: CampaignID) throws(StoreError) -> Approval? {
    try first(
      """
      SELECT root, count, total, fee_cap, approved_by, expires_at FROM approvals
      WHERE campaign_no = $1 AND request_no IS NULL
      ORDER BY no DESC LIMIT 1
      """, campaign
    ) { row throws(StoreError) in try Approval.read(row, campaign) }
  }
}

// Statements of a commit; its writer sends them together and compares the number of rows.
extension Request {
  static func insert(_ campaign: Campaign) -> Request {
    let window = campaign.window
    return Request(
      """
      INSERT INTO campaigns(no, uuid, name, chain, token_contract, status, reason, mode, priority, start_at, end_at,
        daily_from, daily_to, daily_zone, max_batch, canary, created_by, created_at, ready_ordinal)
      VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
      """,
      Arguments(
        campaign.id, campaign.uuid, campaign.name, campaign.chain.description, campaign.asset.token,
        campaign.status.rawValue, campaign.reason, campaign.mode.rawValue, campaign.priority, window.start, window.end,
        window.daily?.fromMinute, window.daily?.toMinute, window.daily?.zone, campaign.maxBatch, campaign.canary,
        campaign.createdBy, campaign.createdAt, campaign.readyOrdinal))
  }

  /// What may change of a campaign.
  static func update(_ campaign: Campaign) -> Request {
    let window = campaign.window
    return Request(
      """
      UPDATE campaigns SET status = $2, reason = $3, mode = $4, priority = $5, start_at = $6, end_at = $7,
        daily_from = $8, daily_to = $9, daily_zone = $10, max_batch = $11, canary = $12, ready_ordinal = $13
      WHERE no = $1
      """,
      Arguments(
        campaign.id, campaign.status.rawValue, campaign.reason, campaign.mode.rawValue, campaign.priority,
        window.start, window.end, window.daily?.fromMinute, window.daily?.toMinute, window.daily?.zone,
        campaign.maxBatch, campaign.canary, campaign.readyOrdinal))
  }

  static func insert(_ approval: Approval, at: Timestamp) -> Request {
    Request(
      """
      INSERT INTO approvals(campaign_no, root, count, total, fee_cap, approved_by, expires_at, at)
      VALUES($1, $2, $3, $4, $5, $6, $7, $8)
      """,
      Arguments(
        approval.campaign, approval.root, approval.count, approval.total, approval.feeCap, approval.approvedBy,
        approval.expiresAt, at))
  }
}
