package import Chains
import Codecs
package import Money
package import Payouts
package import Policy

/// Asking for approvals, and giving them.
package struct ApprovalService: Sendable {
  private let store: any PayoutStore
  private let clock: any EngineClock
  private let gate: ApprovalGate
  private let limits: SessionLimits

  package init(
    store: any PayoutStore, clock: any EngineClock, gate: ApprovalGate, limits: SessionLimits = .standard
  ) {
    self.store = store
    self.clock = clock
    self.gate = gate
    self.limits = limits
  }

  /// Asks the approvers about what stands. The same content again, while it is open or approved, is the same request.
  ///
  /// Throws `campaign.empty`, and `people.approvals_missing` when too few people are enrolled who may approve it.
  package func ask(
    _ campaign: Campaign, feeCap: UInt256, lanes: [Address], by actor: String, validMilliseconds: Int64,
    secrets: any PeopleSecrets
  ) throws -> ApprovalRequest {
    let content = try content(campaign, feeCap: feeCap, lanes: lanes)
    guard content.count > 0 else {
      throw CampaignError(
        .empty, "\(campaign.name) has no recipients", hint: "load some with: airdrop recipients ingest")
    }
    let now = clock.now()
    if let known = try store.approvalCase(of: campaign.id), known.request.content == content,
      known.request.rule == gate.rule, known.request.mark == .open, now < known.request.expiresAt
    {
      return known.request
    }
    let initiators: Set<String> = [campaign.createdBy, actor]
    let eligible = try store.people().filter {
      $0.has(.approvalGive) && $0.approvalKey != nil && !initiators.contains($0.actor)
    }
    guard eligible.count >= gate.rule.eligible else {
      throw PeopleError(
        .approvalsMissing, "\(eligible.count) people may approve \(campaign.name), the rule \(gate.rule) wants more",
        hint: "an admin enrols approvers and their keys: almoner people add, people enroll-key")
    }
    let request = ApprovalRequest(
      number: try store.nextApprovalRequest(), campaign: campaign.id, content: content, initiators: initiators,
      rule: gate.rule, openedAt: now, expiresAt: now.advanced(byMilliseconds: validMilliseconds),
      nonce: try secrets.newNonce())
    try store.commit(Commit(guardedBy: nil, actor: actor, at: now, writes: [.people(.ask(request))]))
    return request
  }

  /// The request as it stands, and what the gate says of it now.
  package func look(_ number: Int64) throws -> (found: ApprovalCase, state: ApprovalState) {
    let found = try existing(number)
    let isNewest = try store.approvalCase(of: found.request.campaign)?.request.number == number
    let standing = try Standing(store.tally(found.request.campaign))
    let state = try gate.state(found, standing, at: clock.now())
    return (found, isNewest ? state : try state.applying(.contentChanged))
  }

  /// A signed yes. What stands is read anew and compared with what the request says, payee by payee.
  ///
  /// `sign` gives the public key and the signature over the bytes. Throws what the authoriser throws,
  /// `people.approval_void`, `people.approved_twice`, `people.wrong_key`, `people.forged`.
  package func approve(
    _ number: Int64, session: Session, person: Person,
    sign: ([UInt8]) throws -> (publicKey: [UInt8], signature: [UInt8])
  ) throws -> ApprovalCase {
    let (found, state) = try look(number)
    let request = found.request
    let grant = try authorize(request, session, person)
    _ = try state.applying(.approved(isEnough: false))
    guard !found.votes.contains(where: { $0.approver == person.name }) else {
      throw PeopleError(.approvedTwice, "\(person.name) has approved request \(number) already")
    }
    guard let campaign = try store.campaign(request.campaign),
      try content(campaign, feeCap: request.content.feeCap, lanes: request.content.lanes) == request.content
    else { throw PeopleError(.approvalVoid, "what stands is not what was asked about", hint: "look again, ask anew") }
    let statement = ApprovalStatement(request, approver: person.name, approvedAt: grant.at)
    let signed = try sign(statement.bytes)
    guard signed.publicKey == person.approvalKey else {
      throw PeopleError(
        .wrongKey, "this is not the approval key that is enrolled for \(person.name)",
        hint: "an admin enrols it: almoner people enroll-key")
    }
    let vote = ApprovalVote(
      request: number, approver: person.name, approvedAt: grant.at, publicKey: signed.publicKey,
      signature: signed.signature)
    try gate.verify(vote, of: request)
    do {
      try store.commit(Commit(guardedBy: nil, actor: grant.actor, at: grant.at, writes: [.people(.vote(vote))]))
    } catch {
      guard error.code == .conflict else { throw error }
      throw PeopleError(.approvedTwice, "\(person.name) has approved request \(number) already")
    }
    return try existing(number)
  }

  package func reject(_ number: Int64, reason: String, session: Session, person: Person) throws {
    let (found, state) = try look(number)
    let grant = try authorize(found.request, session, person)
    _ = try state.applying(.rejected)
    guard found.request.mark == .open else { return }
    let no = ApprovalRejection(request: number, by: person.name, reason: String(reason.prefix(500)))
    try store.commit(Commit(guardedBy: nil, actor: grant.actor, at: grant.at, writes: [.people(.reject(no))]))
  }

  /// What stands, as an approval names it.
  package func content(_ campaign: Campaign, feeCap: UInt256, lanes: [Address]) throws -> ApprovalContent {
    let root = try CampaignService(store: store, clock: clock, actor: "").contentRoot(campaign)
    return ApprovalContent(
      campaign: campaign.uuid, chain: campaign.chain, asset: campaign.asset, root: root.hash, count: root.count,
      total: root.total, feeCap: feeCap, lanes: lanes)
  }

  private func authorize(
    _ request: ApprovalRequest, _ session: Session, _ person: Person
  ) throws(PeopleError) -> Grant {
    try Authorizer.authorize(
      session, person, .approvalGive, .campaign(initiators: Set(request.initiators)), at: clock.now(), limits: limits)
  }

  private func existing(_ number: Int64) throws -> ApprovalCase {
    guard let found = try store.approvalCase(number) else {
      throw PeopleError(.notFound, "there is no request \(number)", hint: "see almoner approvals list")
    }
    return found
  }
}
