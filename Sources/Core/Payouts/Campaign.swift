package import Chains
package import Money

/// How a campaign is sent.
package enum CampaignMode: String, CaseIterable, Sendable {
  /// One batch at a time; the next waits until it is final.
  case sync
  case asyncBatch = "async-batch"
  /// The first few, then the rest once those are final and the checks pass.
  case canary
  /// Everything but signing and sending.
  case shadow
}

/// When a campaign may send.
package struct Window: Hashable, Sendable {
  package let start: Timestamp?
  package let end: Timestamp?
  /// Minutes of the day, local to `zone`; may cross midnight.
  package struct Daily: Hashable, Sendable {
    package let fromMinute: Int
    package let toMinute: Int
    /// IANA name, `Europe/Berlin`.
    package let zone: String
    package init(fromMinute: Int, toMinute: Int, zone: String) {
      self.fromMinute = fromMinute
      self.toMinute = toMinute
      self.zone = zone
    }
    /// Whether a local minute of the day (0 to 1439) is inside: the first minute is, the last is not.
    package func contains(_ minute: Int) -> Bool {
      fromMinute <= toMinute
        ? minute >= fromMinute && minute < toMinute : minute >= fromMinute || minute < toMinute
    }
  }
  package let daily: Daily?

  package init(start: Timestamp?, end: Timestamp?, daily: Daily?) {
    self.start = start
    self.end = end
    self.daily = daily
  }

  package static let always = Window(start: nil, end: nil, daily: nil)

  package enum Opening: Hashable, Sendable { case open, notYet, closedForToday, over }

  /// Whether the campaign may sign at `now`; `localMinute` is the minute of the day in the daily window's zone.
  package func opening(at now: Timestamp, localMinute: Int?) -> Opening {
    if let end, now >= end { return .over }
    if let start, now < start { return .notYet }
    if let daily, let localMinute, !daily.contains(localMinute) { return .closedForToday }
    return .open
  }
}

/// One distribution of one asset on one chain.
package struct Campaign: Hashable, Sendable {
  package let id: CampaignID
  /// The public id, lower-case text of a UUID.
  package let uuid: String
  package let name: String
  package let chain: ChainID
  package let asset: AssetID
  package let status: CampaignStatus
  /// Why it is paused, canceled or failed.
  package let reason: String?
  package let mode: CampaignMode
  /// 1 (last) to 9 (first): shares of batches, never a right to starve others.
  package let priority: Int
  package let window: Window
  /// Most payees per batch.
  package let maxBatch: Int
  /// Canary recipients still to be judged; 0 when there is no canary or it has passed.
  package let canary: Int
  package let createdBy: String
  package let createdAt: Timestamp
  /// Ordinals below this one belong to finished loads: what planning may see.
  package let readyOrdinal: UInt32

  package init(
    id: CampaignID, uuid: String, name: String, chain: ChainID, asset: AssetID, status: CampaignStatus,
    reason: String?, mode: CampaignMode, priority: Int, window: Window, maxBatch: Int, canary: Int,
    createdBy: String, createdAt: Timestamp, readyOrdinal: UInt32
  ) {
    self.id = id
    self.uuid = uuid
    self.name = name
    self.chain = chain
    self.asset = asset
    self.status = status
    self.reason = reason
    self.mode = mode
    self.priority = priority
    self.window = window
    self.maxBatch = maxBatch
    self.canary = canary
    self.createdBy = createdBy
    self.createdAt = createdAt
    self.readyOrdinal = readyOrdinal
  }

  /// The public id of a payout whose file gave none: stable, since ordinals are.
  package func payoutKey(_ payout: PayoutID) -> String { "\(uuid)-\(payout.ordinal)" }
}
