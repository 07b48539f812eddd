package import Codecs
package import Money
package import Payouts
package import Policy

/// A policy that was activated. The newest one is in force; every one is kept.
package struct StoredPolicy: Hashable, Sendable {
  /// 1, 2, 3, ...
  package let number: Int64
  package let digest: Hash32
  package let name: String
  /// Canonical JSON text: parsing it gives the digest.
  package let document: String
  package let proposedBy: String
  package let activatedBy: String
  package let at: Timestamp
  package init(
    number: Int64, digest: Hash32, name: String, document: String, proposedBy: String, activatedBy: String,
    at: Timestamp
  ) {
    self.number = number
    self.digest = digest
    self.name = name
    self.document = document
    self.proposedBy = proposedBy
    self.activatedBy = activatedBy
    self.at = at
  }
}

/// One walk over the payouts of a campaign. A single row, however many were allowed; who was not is in `HeldPayout`s.
package struct CampaignScreening: Hashable, Sendable {
  package let campaign: CampaignID
  /// The policy it was done by, and the versions of the outside lists that were asked; empty for none.
  package let policy: Hash32
  package let lists: String
  package let startedAt: Timestamp
  /// Verdicts count before this time.
  package let validUntil: Timestamp
  /// Ordinals below this one are screened.
  package let upTo: UInt32
  /// Where the walk ends: what was loaded when it began.
  package let end: UInt32
  /// How many verdicts each rule gave, by `allow otherwise`: word and rule.
  package let counts: [String: Int64]

  package init(
    campaign: CampaignID, policy: Hash32, lists: String, startedAt: Timestamp, validUntil: Timestamp, upTo: UInt32,
    end: UInt32, counts: [String: Int64]
  ) {
    self.campaign = campaign
    self.policy = policy
    self.lists = lists
    self.startedAt = startedAt
    self.validUntil = validUntil
    self.upTo = upTo
    self.end = end
    self.counts = counts
  }

  /// Whether its verdicts count at `now`, by the policy in force. A walk that began later than now tells of a clock that
  /// went back: what it says has no known age.
  package func isValid(under active: Hash32, at now: Timestamp) -> Bool {
    policy == active && startedAt <= now && now < validUntil
  }

  /// Whether these payouts are screened, and what it said counts.
  package func counts(for runs: [PayoutRun], under active: Hash32, at now: Timestamp) -> Bool {
    isValid(under: active, at: now) && runs.allSatisfy { $0.last.ordinal < upTo }
  }

  package func count(_ kind: VerdictKind) -> Int64 {
    counts.reduce(0) { $1.key.hasPrefix(kind.rawValue + " ") ? $0 + $1.value : $0 }
  }
}

/// A payout whose verdict is anything but `allow`.
package struct HeldPayout: Hashable, Sendable {
  package let payout: PayoutID
  package let units: UInt256
  package let verdict: ScreeningVerdict
  /// The policy that decided.
  package let policy: Hash32
  package let at: Timestamp
  /// Who cleared or refused it, and why; nil while nobody has.
  package let decidedBy: String?
  package let decision: String?
  package init(
    payout: PayoutID, units: UInt256, verdict: ScreeningVerdict, policy: Hash32, at: Timestamp, decidedBy: String?,
    decision: String?
  ) {
    self.payout = payout
    self.units = units
    self.verdict = verdict
    self.policy = policy
    self.at = at
    self.decidedBy = decidedBy
    self.decision = decision
  }
}

/// Whether anything may be signed at all: the last word of an operator.
package struct SafetyState: Hashable, Sendable {
  package let isStopped: Bool
  package let reason: String
  package let changedBy: String
  package let at: Timestamp
  package init(isStopped: Bool, reason: String, changedBy: String, at: Timestamp) {
    self.isStopped = isStopped
    self.reason = reason
    self.changedBy = changedBy
    self.at = at
  }
}

/// Screening's part of the store.
package protocol ScreeningStore: Sendable {
  /// Whether signing is stopped; nil when nobody ever stopped it.
  func safety() throws(StoreError) -> SafetyState?
  /// The policy in force; nil when none was ever activated, and everything is allowed.
  func activePolicy() throws(StoreError) -> StoredPolicy?
  /// Newest first.
  func policies(limit: Int) throws(StoreError) -> [StoredPolicy]
  func screening(_ campaign: CampaignID) throws(StoreError) -> CampaignScreening?
  /// Payouts of finished loads from this ordinal on that may still be signed for: queued ones, those under dead batches
  /// too, and those of live batches; ascending.
  func screenable(_ campaign: CampaignID, from: UInt32, limit: Int) throws(StoreError) -> [ScreeningSubject]
  /// Payouts whose verdict is this, or any that is kept; `isWaiting`: queued ones alone. Ascending.
  func heldPayouts(
    _ campaign: CampaignID, _ kind: VerdictKind?, isWaiting: Bool, after: PayoutID?, limit: Int
  ) throws(StoreError) -> [HeldPayout]
  func heldPayout(_ payout: PayoutID) throws(StoreError) -> HeldPayout?
  /// The fingerprints that people have cleared.
  func clearedFingerprints() throws(StoreError) -> Set<Hash32>
  /// Of these batches, those that may not be signed at `now`: true for one that holds a payout whose verdict forbids it,
  /// false for one whose campaign's screening is out of date. Empty when no policy is in force.
  func barred(_ batches: [BatchID], at now: Timestamp) throws(StoreError) -> [BatchID: Bool]
}

extension ScreeningSubject {
  /// A page of two ascending lists, both complete up to the end of `queued` when that is full.
  package static func page(
    queued: [ScreeningSubject], live: [ScreeningSubject], limit: Int
  ) -> [ScreeningSubject] {
    let end = queued.count == limit ? queued.last?.payout : nil
    let early = live.filter { subject in end.map { subject.payout <= $0 } ?? true }
    return early.isEmpty ? queued : Array((queued + early).sorted { $0.payout < $1.payout }.prefix(limit))
  }
}

extension CampaignScreening {
  /// The counts as stores keep them: a JSON object of whole numbers.
  package var countsText: String {
    var object = JSONObject()
    for (key, count) in counts.sorted(by: { $0.key < $1.key }) { _ = object.append(key, .integer(count)) }
    return JSON.object(object).text
  }

  /// Nil for a text that `countsText` never gave.
  package static func counts(_ text: String) -> [String: Int64]? {
    guard let object = (try? JSON.parse(text))?.object else { return nil }
    var counts: [String: Int64] = [:]
    for member in object.members {
      guard let count = member.value.uint64, let signed = Int64(exactly: count) else { return nil }
      counts[member.key] = signed
    }
    return counts
  }
}
