import Chains
import Engine
import Money
import Payouts

extension Database {
  func nextCampaignID() throws(StoreError) -> CampaignID {
    try first("SELECT coalesce(max(no), 0) + 1 FROM campaigns") { row throws(StoreError) in try row.id(0) }
      ?? CampaignID(1)
  }

  func campaign(_ id: CampaignID) throws(StoreError) -> Campaign? {
    try first(
      """
      SELECT no, uuid, name, chain, token_contract, status, reason, mode, priority, start_at, end_at, daily_from,
        daily_to, daily_zone, max_batch, canary, created_by, created_at, ready_ordinal
      FROM campaigns WHERE no = ?
      """, id, read: Campaign.read)
  }

  /// The campaign, which must exist. Throws `store.not_found`.
  func existingCampaign(_ id: CampaignID) throws(StoreError) -> Campaign {
    guard let campaign = try campaign(id) else { throw StoreError(.notFound, "there is no campaign \(id)") }
    return campaign
  }

  func campaign(named name: String) throws(StoreError) -> Campaign? {
    try first(
      """
      SELECT no, uuid, name, chain, token_contract, status, reason, mode, priority, start_at, end_at, daily_from,
        daily_to, daily_zone, max_batch, canary, created_by, created_at, ready_ordinal
      FROM campaigns WHERE name = ?
      """, name, read: Campaign.read)
  }

  func campaign(uuid: String) throws(StoreError) -> Campaign? {
    try first(
      """
      SELECT no, uuid, name, chain, token_contract, status, reason, mode, priority, start_at, end_at, daily_from,
        daily_to, daily_zone, max_batch, canary, created_by, created_at, ready_ordinal
      FROM campaigns WHERE uuid = ?
      """, uuid, read: Campaign.read)
  }

  func campaigns(after: CampaignID?, limit: Int) throws(StoreError) -> [Campaign] {
    try all(
      """
      SELECT no, uuid, name, chain, token_contract, status, reason, mode, priority, start_at, end_at, daily_from,
        daily_to, daily_zone, max_batch, canary, created_by, created_at, ready_ordinal
      FROM campaigns WHERE no > ? ORDER BY no LIMIT ?
      """, after?.raw ?? 0, limit, read: Campaign.read)
  }

  func insert(_ campaign: Campaign) throws(StoreError) {
    try run(
      """
      INSERT INTO campaigns(no, uuid, name, chain, token_contract, status, reason, mode, priority, start_at, end_at,
        daily_from, daily_to, daily_zone, max_batch, canary, created_by, created_at, ready_ordinal)
      VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, campaign.id, campaign.uuid, campaign.name, campaign.chain.description, campaign.asset.token,
      campaign.status.rawValue, campaign.reason, campaign.mode.rawValue, campaign.priority, campaign.window.start,
      campaign.window.end, campaign.window.daily?.fromMinute, campaign.window.daily?.toMinute,
      campaign.window.daily?.zone, campaign.maxBatch, campaign.canary, campaign.createdBy, campaign.createdAt,
      campaign.readyOrdinal)
  }

  func update(_ change: CampaignChange) throws(StoreError) {
    if change.from != change.to {
      try run(
        "UPDATE campaigns SET status = ?, reason = ? WHERE no = ?", change.to.rawValue, change.reason, change.campaign)
    }
    guard let planning = change.planning else { return }
    try run(
      """
      UPDATE campaigns SET mode = ?, priority = ?, start_at = ?, end_at = ?, daily_from = ?, daily_to = ?,
        daily_zone = ?, max_batch = ?, canary = ? WHERE no = ?
      """, planning.mode.rawValue, planning.priority, planning.window.start, planning.window.end,
      planning.window.daily?.fromMinute, planning.window.daily?.toMinute, planning.window.daily?.zone,
      planning.maxBatch, planning.canary, change.campaign)
  }

  // MARK: Approvals

  func approval(_ campaign: CampaignID) throws(StoreError) -> Approval? {
    try first(
      """
      SELECT root, count, total, fee_cap, approved_by, expires_at FROM approvals
      WHERE campaign_no = ? AND request_no IS NULL
      ORDER BY no DESC LIMIT 1
      """, campaign
    ) { row throws(StoreError) in try Approval.read(row, campaign) }
  }

  func insert(_ approval: Approval, at: Timestamp) throws(StoreError) {
    try run(
      """
      INSERT INTO approvals(campaign_no, root, count, total, fee_cap, approved_by, expires_at, at)
      VALUES(?, ?, ?, ?, ?, ?, ?, ?)
      """, approval.campaign, approval.root, approval.count, approval.total, approval.feeCap, approval.approvedBy,
      approval.expiresAt, at)
  }
}
