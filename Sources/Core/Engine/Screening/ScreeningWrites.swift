package import Codecs
package import Money
package import Payouts
package import Policy

/// Puts a policy in force.
package struct PolicyActivation: Hashable, Sendable {
  package let document: PolicyDocument
  package let proposedBy: String
  package let activatedBy: String
  package init(document: PolicyDocument, proposedBy: String, activatedBy: String) {
    self.document = document
    self.proposedBy = proposedBy
    self.activatedBy = activatedBy
  }

  package func stored(number: Int64, at: Timestamp) -> StoredPolicy {
    StoredPolicy(
      number: number, digest: document.digest, name: document.name,
      document: String(decoding: document.canonical, as: UTF8.self), proposedBy: proposedBy, activatedBy: activatedBy,
      at: at)
  }
}

/// A part of a walk over a campaign: verdicts of the payouts from `from` up to, not including, `screening.upTo`.
package struct ScreenedPart: Hashable, Sendable {
  /// 0 begins a walk anew, whatever was there before.
  package let from: UInt32
  /// The walk as it is after this part.
  package let screening: CampaignScreening
  /// Those that are not allowed, ascending.
  package let held: [HeldPayout]
  package init(from: UInt32, screening: CampaignScreening, held: [HeldPayout]) {
    self.from = from
    self.screening = screening
    self.held = held
  }
}

/// A person's word on a payout that waits for review.
package struct ReviewDecision: Hashable, Sendable {
  package let payout: PayoutID
  /// What the person saw; nil for a payout that was held.
  package let fingerprint: Hash32?
  /// Clears it for good, or refuses it.
  package let isCleared: Bool
  package let reason: String
  package let decidedBy: String
  package init(payout: PayoutID, fingerprint: Hash32?, isCleared: Bool, reason: String, decidedBy: String) {
    self.payout = payout
    self.fingerprint = fingerprint
    self.isCleared = isCleared
    self.reason = reason
    self.decidedBy = decidedBy
  }
}

/// Stops every new signature, or lets them go on.
package struct SafetyChange: Hashable, Sendable {
  package let isStopped: Bool
  package let reason: String
  package let changedBy: String
  package init(isStopped: Bool, reason: String, changedBy: String) {
    self.isStopped = isStopped
    self.reason = reason
    self.changedBy = changedBy
  }

  package func state(at: Timestamp) -> SafetyState {
    SafetyState(isStopped: isStopped, reason: reason, changedBy: changedBy, at: at)
  }

  /// Throws `store.stale_state` for what is so already.
  package func check(_ now: SafetyState?) throws(StoreError) {
    guard isStopped != (now?.isStopped ?? false) else {
      throw .stale(isStopped ? "signing is stopped already" : "signing is not stopped")
    }
  }
}

// Shared by every store, like the other rules of writes.

extension PolicyActivation {
  /// Throws `store.stale_state` for the policy that is in force already.
  package func check(active: Hash32?) throws(StoreError) {
    guard active != document.digest else { throw .stale("policy \(document.digest) is in force already") }
  }
}

extension ScreenedPart {
  /// Throws `store.stale_state` when another walk went on meanwhile, or the policy is another by now.
  package func check(
    _ campaign: Campaign, active: Hash32?, before: CampaignScreening?
  ) throws(StoreError) {
    guard screening.campaign == campaign.id, screening.policy == active else {
      throw .stale("campaign \(campaign.id) was screened by a policy that is not in force")
    }
    guard from <= screening.upTo, screening.upTo <= screening.end,
      screening.end <= campaign.readyOrdinal
    else {
      throw .stale("campaign \(campaign.id) has no payouts up to \(screening.upTo)")
    }
    if from > 0 {
      guard let before, before.upTo == from, before.policy == screening.policy, before.lists == screening.lists,
        before.startedAt == screening.startedAt, before.validUntil == screening.validUntil
      else { throw .stale("the screening of campaign \(campaign.id) does not go on at \(from)") }
    }
    let ids = held.map(\.payout)
    guard ids.allSatisfy({ $0.campaign == campaign.id && $0.ordinal >= from && $0.ordinal < screening.upTo }),
      zip(ids, ids.dropFirst()).allSatisfy({ $0 < $1 }), held.allSatisfy({ $0.verdict.kind != .allow })
    else { throw .stale("the verdicts of campaign \(campaign.id) are not of its payouts") }
  }

  /// The payouts that it tells of; nil for none.
  package var range: (first: PayoutID, last: PayoutID)? {
    guard from < screening.upTo else { return nil }
    return (
      PayoutID(campaign: screening.campaign, ordinal: from),
      PayoutID(campaign: screening.campaign, ordinal: screening.upTo - 1)
    )
  }
}

extension ReviewDecision {
  /// The row after the decision. Throws `store.stale_state` unless the payout waits for exactly this decision.
  package func applied(to row: HeldPayout?, isQueued: Bool) throws(StoreError) -> HeldPayout {
    guard let row, isQueued, row.verdict.fingerprint == fingerprint,
      row.verdict.kind == .review || (row.verdict.kind == .held && !isCleared)
    else { throw .stale("payout \(payout) does not wait for this decision") }
    let verdict = ScreeningVerdict(
      kind: isCleared ? .cleared : .deny, rule: row.verdict.rule, reason: row.verdict.reason,
      detail: row.verdict.detail, fingerprint: row.verdict.fingerprint)
    return HeldPayout(
      payout: payout, units: row.units, verdict: verdict, policy: row.policy, at: row.at, decidedBy: decidedBy,
      decision: reason)
  }
}

extension Intent {
  /// Throws `store.stale_state` while signing is stopped: nothing is intended that may not be signed.
  package func checkSafety(_ safety: SafetyState?) throws(StoreError) {
    guard isAdopted || safety?.isStopped != true else { throw .stale("signing is stopped: \(safety?.reason ?? "")") }
  }

  /// Throws `store.stale_state` for a payment without a verdict that is `allow` and counts now. `isBarred`: whether one
  /// of the payouts has another verdict.
  package func checkScreening(
    active: Hash32?, _ screening: CampaignScreening?, isBarred: Bool, at now: Timestamp
  ) throws(StoreError) {
    // What is adopted was signed before: screening it is too late, and losing sight of it is worse.
    guard let active, campaign != nil, !isAdopted else { return }
    guard let screening, screening.counts(for: runs, under: active, at: now) else {
      throw .stale("campaign \(campaign?.description ?? "") is not screened by the policy in force")
    }
    guard !isBarred else { throw .stale("a payout of batch \(batch) has no verdict that allows it") }
  }
}
