import Engine
import Money
import Payouts
import Store

// Where things are, by the store's own word. No fault happens while the simulator looks.
extension World {
  /// Whether no payout waits for anything but two people.
  var isDone: Bool {
    guard let store = current.store else { return false }
    return watch.quietly {
      guard let campaigns = try? store.campaigns(after: nil, limit: 100), let lanes = try? store.lanes(),
        campaigns.count == plan.distributions.count, lanes.allSatisfy({ $0.mode == .open })
      else { return false }
      for lane in lanes { guard let live = try? store.liveBatches(lane.id), live.isEmpty else { return false } }
      for campaign in campaigns {
        guard let tally = try? store.tally(campaign.id), tally[.queued].count == 0,
          tally[.submitted].count == tally.unknown, campaign.status != .paused, campaign.status != .pending,
          campaign.status != .running || tally.unknown > 0
        else { return false }
      }
      return true
    }
  }

  /// Where things are, for a run that does not end.
  var standing: String {
    guard let store = current.store, let campaigns = try? store.campaigns(after: nil, limit: 100) else {
      return ""
    }
    let parts = campaigns.map { campaign -> String in
      let tally = (try? store.tally(campaign.id)) ?? Tally()
      return
        "campaign \(campaign.id) \(campaign.status.rawValue) queued \(tally[.queued].count) submitted \(tally[.submitted].count) unknown \(tally.unknown)"
    }
    let lanes = ((try? store.lanes()) ?? []).map {
      "lane \($0.id) \($0.mode.rawValue) \($0.modeReason ?? "") live \(((try? store.liveBatches($0.id)) ?? []).map { "\($0.id)@\($0.slot)" })"
    }
    return (parts + lanes).joined(separator: ", ")
  }
}
