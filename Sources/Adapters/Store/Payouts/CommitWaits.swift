import Engine
import Money
import Payouts
import PostgreSQL

/// Intents of campaigns that go out a little at a time. Whether it is their turn is decided when the commit has its own
/// turn: until then another lane's commit may come first.
struct CommitWaits {
  private struct Wait {
    let intent: Intent
    let campaign: Campaign
    /// Payouts of the campaign that this commit has taken from the queue before the intent, less those it gave back.
    let started: Int64
    /// Batches that this commit has made for the campaign before the intent.
    let live: Int
  }
  private var waits: [Wait] = []
  private var made: [BatchID] = []

  /// Notes an intent of this campaign. `started`: what the commit's writes before it took from the queue.
  mutating func add(_ intent: Intent, _ campaign: Campaign, started: Int64) {
    guard campaign.canary > 0 || campaign.mode == .sync else { return }
    waits.append(
      Wait(
        intent: intent, campaign: campaign, started: started,
        live: waits.count { $0.campaign.id == campaign.id }))
    made.append(intent.batch)
  }

  /// Nothing, or two statements: payouts under way, and live batches of other commits, by campaign.
  var questions: [Request] {
    guard !waits.isEmpty else { return [] }
    let campaigns = Set(waits.map(\.campaign.id)).sorted()
    var tallied = Arguments()
    tallied.add(array: campaigns)
    var counted = tallied
    counted.add(array: made)
    return [
      Request(
        """
        SELECT t.campaign_no, sum(t.count)::int8 FROM unnest($1::int8[]) u(c) JOIN campaign_tally t ON t.campaign_no = u.c
        WHERE t.status <> 'queued' GROUP BY t.campaign_no
        """, tallied),
      Request(
        """
        SELECT b.campaign_no, count(*)::int8 FROM unnest($1::int8[]) u(c) JOIN batches b ON b.campaign_no = u.c
        WHERE b.state = 'live' AND b.id <> ALL($2::int8[]) GROUP BY b.campaign_no
        """, counted),
    ]
  }

  /// Throws `store.stale_state` when another lane came first. `answers`: those to `questions`.
  func check(_ answers: ArraySlice<Rows>) throws(StoreError) {
    guard let tallied = answers.first, let counted = answers.last, answers.count == questions.count else {
      if waits.isEmpty { return }
      throw StoreError(.badRow, "the turn gave no answer")
    }
    let started = try CommitWaits.byCampaign(tallied)
    let live = try CommitWaits.byCampaign(counted)
    for wait in waits {
      let id = wait.campaign.id
      try wait.intent.checkTurn(
        wait.campaign, started: { () throws(StoreError) in (started[id] ?? 0) + wait.started },
        live: { () throws(StoreError) in Int(live[id] ?? 0) + wait.live })
    }
  }

  private static func byCampaign(_ rows: Rows) throws(StoreError) -> [CampaignID: Int64] {
    var counts: [CampaignID: Int64] = [:]
    for row in try rows.all({ row throws(StoreError) in (id: try row.id(0) as CampaignID, count: try row.int64(1)) }) {
      counts[row.id] = row.count
    }
    return counts
  }
}
