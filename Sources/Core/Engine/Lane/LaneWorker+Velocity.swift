import Chains
import Codecs
import Money
import Payouts
import Policy

// Limits: who of a page fits, and what a batch counts. What does not fit waits; it is never failed.
extension LaneWorker {
  /// Of a page of payees, those that fit now.
  struct Admission {
    var payees: [Payee] = []
    var rates = IntentRates.none
    /// The limit that somebody did not fit under.
    var full: RateMeter?
    /// Whether the rest of the queue can fit no better.
    var isFullForAll = false
  }

  /// Most pages that a turn reads of one campaign without finding anybody who fits.
  static let mostFullPages = 20

  func admission(_ payees: [Payee], _ campaign: Campaign, _ now: Timestamp) throws -> Admission {
    let all = try turnLimits ?? limitsInForce()
    turnLimits = all
    let limits = all.limits.filter { $0.campaigns?.contains(campaign.name) ?? true }
    guard !limits.isEmpty else {
      return Admission(payees: payees, rates: IntentRates(policy: all.policy, charges: []))
    }
    var admission = Admission()
    let meters = try rateSubjects(payees, campaign, limits).map { subject in limits.map { $0.meter(for: subject) } }
    let unread = Set(meters.joined().map(\.key)).filter { !ratePlan.knows($0) }.sorted()
    let known = try store.rateCounts(unread)
    for key in unread { ratePlan.learn(key, known[key]) }
    var taken: [[RateMeter]] = []
    for (payee, mine) in zip(payees, meters) {
      guard let full = ratePlan.take(mine, at: now.milliseconds) else {
        admission.payees.append(payee)
        taken.append(mine)
        continue
      }
      admission.full = full
      let place = mine.firstIndex(of: full)
      if let place, [.global, .campaign].contains(limits[place].per) {
        admission.isFullForAll = true
        break
      }
    }
    admission.rates = IntentRates(policy: all.policy, charges: .of(taken))
    return admission
  }

  private func limitsInForce() throws -> (policy: Hash32?, limits: [RateLimit]) {
    let policy = try screener.policyInForce()
    return (policy?.digest, [settings.rateLimit].compactMap { $0 } + (policy?.limits ?? []))
  }

  /// The recipients as limits see them, one for each payee.
  private func rateSubjects(
    _ payees: [Payee], _ campaign: Campaign, _ limits: [RateLimit]
  ) throws -> [RateSubject] {
    let rows = try limits.contains(where: \.asksRow) ? rows(of: payees, campaign.id) : [:]
    let asksOrigin = limits.contains { $0.per == .asn || $0.per == .ipCountry }
    return payees.map { payee in
      let columns = rows[payee.payout]?.columns()
      let address = asksOrigin ? columns?["ip"].flatMap { IPAddress($0) } : nil
      return RateSubject(
        address: payee.address, campaign: campaign.name, columns: columns,
        origin: address.map { facts.origins.origin($0) } ?? .unknown)
    }
  }

  private func rows(of payees: [Payee], _ campaign: CampaignID) throws -> [PayoutID: ScreeningSubject] {
    guard let first = payees.first?.payout, let last = payees.last?.payout else { return [:] }
    var rows: [PayoutID: ScreeningSubject] = [:]
    var from = first.ordinal
    while true {
      let page = try store.screenable(campaign, from: from, limit: 1_000)
      for subject in page { rows[subject.payout] = subject }
      guard let end = page.last?.payout, end < last, page.count == 1_000 else { return rows }
      from = end.ordinal + 1
    }
  }

  /// Why the campaign waits.
  func limitReached(_ meter: RateMeter) -> EngineError {
    EngineError(
      code: EngineError.Code.rateLimited.rawValue, message: "the limit \(meter.key) has no room now",
      hint: "payouts wait until there is room; nothing is lost", isPassing: true)
  }
}
