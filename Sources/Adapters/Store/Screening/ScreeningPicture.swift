import Codecs
import Engine
import Money
import Payouts
import PostgreSQL

/// What a commit sees of policy and verdicts.
struct ScreeningPicture {
  var active: Hash32?
  var safety: SafetyState?
  var lastNumber: Int64 = 0
  var screenings: [CampaignID: CampaignScreening] = [:]
  /// Of the runs that the commit intends, those with a payout that a verdict forbids.
  var barred: Set<PayoutID> = []
  var held: [PayoutID: HeldPayout] = [:]
  var queued: Set<PayoutID> = []
}

/// What a commit must know of them before it writes: nothing, for most commits.
struct ScreeningQuestions {
  private var campaigns: Set<CampaignID> = []
  private var runs: [PayoutRun] = []
  private var payouts: Set<PayoutID> = []
  private var isAsked = false

  mutating func add(_ write: Write) {
    switch write {
    case .intend(let intent):
      guard !intent.isAdopted else { return }
      if let campaign = intent.campaign { campaigns.insert(campaign) }
      runs += intent.runs
    case .screen(let part): campaigns.insert(part.screening.campaign)
    case .review(let decision): payouts.insert(decision.payout)
    case .activatePolicy, .changeSafety: break
    default: return
    }
    isAsked = true
  }

  var requests: [Request] {
    guard isAsked else { return [] }
    var asked = Arguments()
    asked.add(array: campaigns.sorted())
    var ranges = Arguments()
    ranges.add(array: runs.map(\.first))
    ranges.add(array: runs.map(\.last))
    var named = Arguments()
    named.add(array: payouts.sorted())
    return [
      Request("SELECT digest, no FROM policies ORDER BY no DESC LIMIT 1"),
      Request(
        """
        SELECT s.campaign_no, s.policy, s.lists, s.started_at, s.valid_until, s.up_to, s.ends_at, s.counts
        FROM unnest($1::int8[]) u(no) JOIN screenings s ON s.campaign_no = u.no
        """, asked),
      Request(
        """
        SELECT u.f FROM unnest($1::int8[], $2::int8[]) u(f, l)
        WHERE EXISTS(SELECT 1 FROM verdicts v
          WHERE v.payout_id BETWEEN u.f AND u.l AND v.kind <> 'cleared')
        """, ranges),
      Request(
        """
        SELECT v.payout_id, r.units, v.kind, v.rule, v.reason, v.detail, v.fingerprint, v.policy, v.at, v.decided_by,
          v.decision, p.status = 'queued'
        FROM unnest($1::int8[]) u(id) JOIN verdicts v ON v.payout_id = u.id JOIN recipients r ON r.id = u.id
          JOIN payouts p ON p.id = u.id FOR NO KEY UPDATE OF v
        """, named),
      Request("SELECT stopped, reason, changed_by, at FROM safety ORDER BY no DESC LIMIT 1"),
    ]
  }

  /// The answers to `requests`, in order.
  func picture(_ answers: ArraySlice<Rows>) throws(StoreError) -> ScreeningPicture {
    var picture = ScreeningPicture()
    let answers = Array(answers)
    guard answers.count == 5 else { return picture }
    if let last = try answers[0].first({ row throws(StoreError) in (try row.hash(0), try row.int64(1)) }) {
      (picture.active, picture.lastNumber) = last
    }
    for row in try answers[1].all(CampaignScreening.read) { picture.screenings[row.campaign] = row }
    picture.barred = Set(try answers[2].all { row throws(StoreError) in try row.id(0) })
    for (held, isQueued) in try answers[3].all({ row throws(StoreError) in (try HeldPayout.read(row), try row.bool(11))
    }) {
      picture.held[held.payout] = held
      if isQueued { picture.queued.insert(held.payout) }
    }
    picture.safety = try answers[4].first(SafetyState.read)
    return picture
  }
}
