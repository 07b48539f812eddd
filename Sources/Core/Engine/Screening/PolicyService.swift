import Codecs
package import Money
import Payouts
package import Policy

/// What people do with policies and with what waits for them: each act one commit, with its record.
package struct PolicyService {
  private let store: any PayoutStore
  private let clock: any EngineClock
  private let actor: String

  package init(store: any PayoutStore, clock: any EngineClock, actor: String) {
    self.store = store
    self.clock = clock
    self.actor = actor
  }

  /// Puts a policy in force. Every verdict before it is void: campaigns are screened anew before anything more is sent.
  ///
  /// `proposedBy` is who wrote it. Whether it may be the one who activates is for the caller's rules of people. Throws
  /// `policy.in_force` for the policy that is in force already.
  package func activate(_ document: PolicyDocument, proposedBy: String) throws {
    guard try store.activePolicy()?.digest != document.digest else {
      throw PolicyError(.inForce, "this policy is in force already")
    }
    let activation = PolicyActivation(document: document, proposedBy: proposedBy, activatedBy: actor)
    try commit(.activatePolicy(activation))
  }

  // MARK: By two people

  /// Putting this policy in force in the place of the one that is, as an act of two people. Throws `policy.in_force`.
  package func act(_ document: PolicyDocument) throws -> ProposedAct {
    let active = try store.activePolicy()?.digest
    return try ProposedAct(
      kind: .policyActivation, subject: document.name,
      content: [
        "document": .string(String(decoding: document.canonical, as: UTF8.self)),
        "digest": .string(document.digest.description), "replaces": active.map { .string($0.description) } ?? .null,
      ])
  }

  /// The policy that a proposal would put in force. Throws `policy.bad_text`.
  package func document(of proposal: Proposal) throws -> PolicyDocument {
    guard let text = (try? JSON.parse(proposal.content))?.object?["document"]?.string else {
      throw PolicyError(.badText, "proposal \(proposal.number) holds no policy")
    }
    return try PolicyDocument.parse(Array(text.utf8))
  }

  package func activation(_ document: PolicyDocument, of proposal: Proposal) -> PolicyActivation {
    PolicyActivation(document: document, proposedBy: proposal.initiator, activatedBy: actor)
  }

  /// Lets a payout go that waits for review, and remembers it: the same recipient is not asked for again by the same
  /// rule, until one of them changes. Throws `policy.no_review`, `policy.bad_reason`.
  package func clear(_ payout: PayoutID, reason: String) throws {
    let held = try waiting(payout, reason)
    guard held.verdict.kind == .review else {
      throw PolicyError(
        .noReview, "the verdict is \(held.verdict.kind.rawValue), which nobody can clear",
        hint: "supply the missing fact, or activate a policy that decides otherwise")
    }
    try commit(.review(decision(held, reason, isCleared: true)))
  }

  /// Fails a payout that waits, for good. Throws `policy.no_review`, `policy.bad_reason`.
  package func refuse(_ payout: PayoutID, reason: String) throws {
    let held = try waiting(payout, reason)
    guard let campaign = try store.campaign(payout.campaign) else {
      throw PolicyError(.noReview, "there is no such payout")
    }
    let failed = FailedQueued(
      campaign: campaign.id, asset: campaign.asset, reason: .denied, runs: PayoutRun.of([payout]), count: 1,
      units: held.units)
    try commit(.review(decision(held, reason, isCleared: false)), .failQueued(failed))
  }

  private func waiting(_ payout: PayoutID, _ reason: String) throws -> HeldPayout {
    guard !reason.isEmpty, reason.utf8.count <= 500 else {
      throw PolicyError(.badReason, "a decision has a reason of 1 to 500 bytes")
    }
    guard let held = try store.heldPayout(payout), [.review, .held].contains(held.verdict.kind),
      try store.payout(payout)?.status == .queued
    else {
      throw PolicyError(.noReview, "the payout does not wait for anybody", hint: "see: airdrop reviews list")
    }
    return held
  }

  private func decision(_ held: HeldPayout, _ reason: String, isCleared: Bool) -> ReviewDecision {
    ReviewDecision(
      payout: held.payout, fingerprint: held.verdict.fingerprint, isCleared: isCleared, reason: reason,
      decidedBy: actor)
  }

  private func commit(_ writes: Write...) throws {
    try store.commit(Commit(guardedBy: nil, actor: actor, at: clock.now(), writes: writes))
  }
}
