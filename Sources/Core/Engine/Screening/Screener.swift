import Chains
import Codecs
package import Money
package import Payouts
package import Policy

/// Outside lists, asked for many recipients at once.
package protocol SanctionsLists: Sendable {
  /// What names the lists and their versions; another text makes every verdict old. Empty for no lists.
  func version() throws -> String
  /// One answer for each, in order. A list that cannot answer says `unknown`; what it throws makes all of them unknown.
  func answers(_ subjects: [ScreeningSubject]) throws -> [ListAnswer]
}

/// No list is configured: a rule that asks for one waits.
package struct NoSanctionsLists: SanctionsLists {
  package init() {}
  package func version() -> String { "" }
  package func answers(_ subjects: [ScreeningSubject]) -> [ListAnswer] {
    subjects.map { _ in .unknown("no sanctions list is configured") }
  }
}

/// Walks over a campaign's waiting payouts, a part at a time, and stores what the policy in force says of them.
///
/// Not thread-safe: one thread calls it. Several may screen one campaign: the store lets one of them go on.
package final class Screener {
  package enum State: Hashable, Sendable {
    /// No policy was ever activated: everything is allowed.
    case noPolicy
    /// Every payout has a verdict that counts now.
    case current(CampaignScreening)
    /// There is more to do.
    case working
  }

  let store: any PayoutStore
  let facts: FactSources
  let kyc: KYCDesk?
  private let civil: any CivilTime
  private let partCount: Int
  private var known: PolicyDocument?
  private var duplicates: [CampaignID: Counted] = [:]
  /// Walks that have no part stored yet: asking for facts takes many steps.
  private var beginnings: [CampaignID: Beginning] = [:]

  private struct Beginning: Hashable {
    let at: Timestamp
    let policy: Hash32
    let lists: String
  }

  /// What was counted for a walk, and how far.
  private struct Counted {
    var startedAt: Timestamp
    var upTo: UInt32
    var duplicates: Duplicates
  }

  package init(store: any PayoutStore, facts: FactSources, civil: any CivilTime, partCount: Int = 10_000) {
    self.store = store
    self.facts = facts
    self.kyc = facts.kyc.map { KYCDesk($0, store: store) }
    self.civil = civil
    self.partCount = partCount
  }

  /// How the campaign stands, without doing anything.
  package func state(_ campaign: Campaign, at now: Timestamp) throws -> State {
    guard let active = try store.activePolicy() else { return .noPolicy }
    guard let row = try current(campaign, active, now), row.upTo >= campaign.readyOrdinal else { return .working }
    return .current(row)
  }

  /// Does the next part, if there is one. Again and again until it says `current`.
  ///
  /// Throws what the store throws; `policy.bad_text` for a stored policy that this program cannot read.
  package func step(_ campaign: Campaign, actor: String, at now: Timestamp) throws -> State {
    guard let active = try store.activePolicy() else { return .noPolicy }
    let policy = try document(active)
    let row = try current(campaign, active, now)
    if let row, row.upTo >= campaign.readyOrdinal { return .current(row) }
    let asksDuplicates = !policy.attributes.isDisjoint(with: [.sameEmail, .sameIP])
    // Who came later may share a mail address with who was judged before: then all are judged anew.
    let before = asksDuplicates && row?.end != campaign.readyOrdinal ? nil : row
    let startedAt = try before?.startedAt ?? beginning(campaign.id, policy, now)
    let counts = asksDuplicates ? try counted(campaign, startedAt: startedAt) : Duplicates()
    guard let part = try judged(campaign, policy, before, counts, startedAt: startedAt, now) else { return .working }
    beginnings[campaign.id] = nil
    guard try isStored(part, actor: actor, at: now) else { return .working }
    guard part.screening.upTo >= campaign.readyOrdinal else { return .working }
    return .current(part.screening)
  }

  private func beginning(_ campaign: CampaignID, _ policy: PolicyDocument, _ now: Timestamp) throws -> Timestamp {
    let lists = try version(policy)
    let oldest = now.advanced(byMilliseconds: -validity(policy) / 2)
    if let known = beginnings[campaign], known.policy == policy.digest, known.lists == lists, known.at <= now,
      known.at > oldest
    {
      return known.at
    }
    beginnings[campaign] = Beginning(at: now, policy: policy.digest, lists: lists)
    return now
  }

  /// False when somebody else screens the campaign, or the policy is another by now.
  private func isStored(_ part: ScreenedPart, actor: String, at now: Timestamp) throws(StoreError) -> Bool {
    do throws(StoreError) {
      try store.commit(Commit(guardedBy: nil, actor: actor, at: now, writes: [.screen(part)]))
      return true
    } catch {
      guard error.code == .staleState else { throw error }
      return false
    }
  }

  private func current(
    _ campaign: Campaign, _ active: StoredPolicy, _ now: Timestamp
  ) throws -> CampaignScreening? {
    guard let row = try store.screening(campaign.id), row.isValid(under: active.digest, at: now) else { return nil }
    return try row.lists == version(document(active)) ? row : nil
  }

  /// Lists whose version cannot be told are other lists than those of any walk before. The address book is one of them
  /// where a rule asks for it: whoever is removed is judged anew.
  private func version(_ policy: PolicyDocument) throws -> String {
    let book = policy.asksAddressBook ? "book \(try store.bookVersion())" : ""
    let told = [
      try facts.lists.version(), facts.origins.version(), facts.kyc.map { "kyc \($0.provider.name)" } ?? "", book,
    ]
    return told.filter { !$0.isEmpty }.joined(separator: ", ")
  }

  /// The policy in force, read; nil when none was ever activated.
  package func policyInForce() throws -> PolicyDocument? { try store.activePolicy().map(document) }

  private func document(_ stored: StoredPolicy) throws -> PolicyDocument {
    if let known, known.digest == stored.digest { return known }
    let parsed = try PolicyDocument.parse(Array(stored.document.utf8))
    guard parsed.digest == stored.digest else {
      throw PolicyError(.badText, "the stored policy \(stored.digest) was changed", hint: "almoner audit verify")
    }
    known = parsed
    return parsed
  }

  /// Counts everybody who waits, once for a walk.
  private func counted(_ campaign: Campaign, startedAt: Timestamp) throws -> Duplicates {
    if let done = duplicates[campaign.id], done.startedAt == startedAt, done.upTo == campaign.readyOrdinal {
      return done.duplicates
    }
    var counts = Duplicates()
    var from: UInt32 = 0
    while true {
      let page = try store.screenable(campaign.id, from: from, limit: partCount)
      for subject in page { counts.count(subject) }
      guard page.count == partCount, let last = page.last else { break }
      from = last.payout.ordinal + 1
    }
    duplicates[campaign.id] = Counted(startedAt: startedAt, upTo: campaign.readyOrdinal, duplicates: counts)
    return counts
  }

  /// Nil when facts are still asked for.
  private func judged(
    _ campaign: Campaign, _ policy: PolicyDocument, _ before: CampaignScreening?, _ counts: Duplicates,
    startedAt: Timestamp, _ now: Timestamp
  ) throws -> ScreenedPart? {
    let from = before?.upTo ?? 0
    let subjects = try store.screenable(campaign.id, from: from, limit: partCount)
    let validUntil = before?.validUntil ?? startedAt.advanced(byMilliseconds: validity(policy))
    guard let told = try kycFacts(subjects, policy, campaign.id, startedAt: startedAt, until: validUntil, now) else {
      return nil
    }
    let answers = answers(subjects, policy)
    let origins = origins(subjects, policy)
    let used = try used(subjects, policy, campaign, origins, now)
    let ages = try bookAges(subjects, policy, campaign, now)
    let cleared = try store.clearedFingerprints()
    let evaluator = Evaluator(policy, try .of(campaign, [policy], store, civil, at: now))
    var held: [HeldPayout] = []
    var tally = before?.counts ?? [:]
    for (place, subject) in subjects.enumerated() {
      let same = counts.counts(subject)
      let facts = ScreeningFacts(
        sanctions: answers[place], sameEmail: same.email, sameIP: same.ip, kyc: told[place], origin: origins[place],
        used: used[place], bookAge: ages[subject.address])
      let verdict = evaluator.verdict(subject, facts, cleared: cleared)
      tally["\(verdict.kind.rawValue) \(verdict.rule)", default: 0] += 1
      guard verdict.kind != .allow else { continue }
      held.append(
        HeldPayout(
          payout: subject.payout, units: subject.units, verdict: verdict, policy: policy.digest, at: now,
          decidedBy: nil, decision: nil))
    }
    let upTo = subjects.count < partCount ? campaign.readyOrdinal : subjects.last.map { $0.payout.ordinal + 1 }
    let screening = CampaignScreening(
      campaign: campaign.id, policy: policy.digest, lists: try before?.lists ?? version(policy),
      startedAt: startedAt, validUntil: validUntil,
      upTo: upTo ?? campaign.readyOrdinal, end: campaign.readyOrdinal, counts: tally)
    return ScreenedPart(from: from, screening: screening, held: held)
  }

  /// A list that fails, lies about how many it was asked, or is not asked for, has no answers.
  private func answers(_ subjects: [ScreeningSubject], _ policy: PolicyDocument) -> [ListAnswer] {
    guard policy.attributes.contains(.sanctions) else { return subjects.map { _ in .unknown("not asked") } }
    do {
      let answers = try facts.lists.answers(subjects)
      guard answers.count == subjects.count else {
        return subjects.map { _ in .unknown("the list answered for others than were asked") }
      }
      return answers
    } catch {
      let reason = EngineError(any: error)
      return subjects.map { _ in .unknown("\(reason.code): \(reason.message)") }
    }
  }
}
