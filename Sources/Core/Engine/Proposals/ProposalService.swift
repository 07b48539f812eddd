import Money
package import Payouts
package import Policy

/// Acts that wait for a second person: proposing them, and answering. One mechanism for every kind.
package struct ProposalService: Sendable {
  /// Signs bytes with one's own approval key.
  package typealias Signer = ([UInt8]) throws -> PersonSignature

  /// How long a proposal may be answered, unless said otherwise: a day.
  package static let validMilliseconds: Int64 = 86_400_000

  private let store: any PayoutStore
  private let clock: any EngineClock
  private let signatures: any ApprovalSignatures
  private let limits: SessionLimits

  package init(
    store: any PayoutStore, clock: any EngineClock, signatures: any ApprovalSignatures,
    limits: SessionLimits = .standard
  ) {
    self.store = store
    self.clock = clock
    self.signatures = signatures
    self.limits = limits
  }

  // MARK: Proposing

  /// Proposes an act. The same act again, while the proposal is open, is the same proposal, whoever asks.
  ///
  /// Throws what the authoriser throws, `people.two_sides` for a barred person, `people.wrong_key` where a signature is
  /// needed and does not fit.
  package func propose(
    _ act: ProposedAct, session: Session, person: Person,
    validMilliseconds: Int64 = ProposalService.validMilliseconds, sign: Signer? = nil
  ) throws -> Proposal {
    let at = try authorize(act, session, person)
    if let known = try store.newestProposal(act.kind, act.subject), known.proposal.digest == act.digest,
      known.proposal.isWhole, known.state(at: at) == .open
    {
      return known.proposal
    }
    let number = try store.nextProposal()
    let expiresAt = at.advanced(byMilliseconds: validMilliseconds)
    let statement = ProposalStatement(
      .proposes, digest: act.digest, initiator: person.actor, signer: person.actor, signedAt: at,
      expiresAt: expiresAt)
    let proposal = Proposal(
      number: number, act, initiator: person.actor, createdAt: at, expiresAt: expiresAt,
      signature: try signature(act.kind, statement, person, sign))
    try store.commit(
      Commit(guardedBy: nil, actor: person.actor, at: at, writes: [.people(.propose(proposal))]))
    return proposal
  }

  // MARK: Looking

  /// Throws `people.not_found`.
  package func look(_ number: Int64) throws -> (found: ProposalCase, state: ProposalCase.State) {
    guard let found = try store.proposalCase(number) else {
      throw PeopleError(.notFound, "there is no proposal \(number)", hint: "see almoner proposals list")
    }
    return (found, found.state(at: try moment()))
  }

  // MARK: Answering

  /// Confirms a proposal and does what it says, in one commit.
  ///
  /// `act` is what would happen now, made anew from what stands: another digest is refused. `writes` do it; `guardedBy` is
  /// the lane that they need; `reason` is what the person has to say to it. True when this call did it; false when the same person had confirmed it before.
  ///
  /// Throws what the authoriser throws, `people.proposal_over`, `people.proposal_changed`, `people.two_sides` for
  /// whoever proposed it or is barred, `people.wrong_key`, `people.forged`, and what the store throws.
  @discardableResult
  package func confirm(
    _ number: Int64, as act: ProposedAct, session: Session, person: Person, reason: String = "", sign: Signer? = nil,
    guardedBy: LaneGuard? = nil, writes: [Write]
  ) throws -> Bool {
    let (found, proposal, at) = try check(number, act, session, person)
    if let answer = found.answer, answer.word == .confirmed, answer.by == person.actor { return false }
    try checkOpen(found, at)
    let statement = ProposalStatement(
      .confirms, digest: proposal.digest, initiator: proposal.initiator, signer: person.actor, signedAt: at,
      expiresAt: proposal.expiresAt)
    let answer = ProposalAnswer(
      .confirmed, to: proposal, by: person.actor, reason: reason, at: at,
      signature: try signature(act.kind, statement, person, sign))
    try commit(answer, guardedBy: guardedBy, writes)
    return true
  }

  /// Whether `confirm` would get as far as doing it: for what must be tried before. Throws as `confirm`; false when the
  /// same person had confirmed it before.
  package func mayConfirm(
    _ number: Int64, as act: ProposedAct, session: Session, person: Person
  ) throws -> Bool {
    let (found, _, at) = try check(number, act, session, person)
    if let answer = found.answer, answer.word == .confirmed, answer.by == person.actor { return false }
    try checkOpen(found, at)
    return true
  }

  /// Says no; whoever proposed it may take it back so. Again is nothing.
  package func reject(_ number: Int64, reason: String, session: Session, person: Person) throws {
    let (found, _) = try look(number)
    let proposal = found.proposal
    let grant = try Authorizer.authorize(
      session, person, proposal.kind.permission, .desk, at: clock.now(), limits: limits)
    if let answer = found.answer, answer.word == .rejected { return }
    let at = max(grant.at, try moment())
    try checkOpen(found, at)
    let answer = ProposalAnswer(
      .rejected, to: proposal, by: person.actor, reason: String(reason.prefix(500)), at: at)
    try commit(answer, guardedBy: nil, [])
  }

  // MARK: -

  private func check(
    _ number: Int64, _ act: ProposedAct, _ session: Session, _ person: Person
  ) throws -> (ProposalCase, Proposal, Timestamp) {
    let (found, _) = try look(number)
    let proposal = found.proposal
    guard proposal.isWhole else {
      throw PeopleError(.forged, "proposal \(number) is not what its digest says", hint: "find out who wrote it")
    }
    // The permission is that of what was proposed, whatever the caller thinks it is.
    guard act.kind == proposal.kind else { throw ProposalService.changed(number) }
    let at = try authorize(act, session, person)
    guard proposal.initiator != person.actor else {
      throw PeopleError(
        .twoSides, "\(person.name) made proposal \(number) and cannot confirm it", hint: "another person must")
    }
    if found.answer == nil, act.digest != proposal.digest { throw ProposalService.changed(number) }
    if proposal.kind.needsSignatures { try verifyInitiator(proposal) }
    return (found, proposal, at)
  }

  private func checkOpen(_ found: ProposalCase, _ at: Timestamp) throws(PeopleError) {
    let number = found.proposal.number
    switch found.state(at: at) {
    case .open: return
    case .confirmed: throw ProposalService.over("proposal \(number) was confirmed by \(found.answer?.by ?? "")")
    case .rejected: throw ProposalService.over("proposal \(number) was rejected by \(found.answer?.by ?? "")")
    case .expired: throw ProposalService.over("the time of proposal \(number) is over")
    case .void: throw ProposalService.over("another act on \(found.proposal.subject) was proposed since")
    }
  }

  private func verifyInitiator(_ proposal: Proposal) throws {
    let name = proposal.initiator.hasPrefix("person:") ? try? PersonName(String(proposal.initiator.dropFirst(7))) : nil
    let signer = try name.flatMap { try store.person($0) }
    guard let signature = proposal.signature, signer?.approvalKey == signature.publicKey,
      signer?.has(proposal.kind.permission) == true,
      signatures.isValid(
        signature: signature.signature, over: ProposalStatement(proposal).bytes, publicKey: signature.publicKey)
    else {
      throw PeopleError(
        .forged, "proposal \(proposal.number) does not carry the signature of \(proposal.initiator)",
        hint: "a person who may do it, with an enrolled approval key, proposes it anew")
    }
  }

  /// The latest time that anybody knows of: a clock that went back makes nothing younger.
  private func moment() throws -> Timestamp { max(clock.now(), try store.newestTime() ?? clock.now()) }

  private func authorize(_ act: ProposedAct, _ session: Session, _ person: Person) throws -> Timestamp {
    let grant = try Authorizer.authorize(
      session, person, act.kind.permission, .desk, at: clock.now(), limits: limits)
    guard !act.barred.contains(person.actor) else {
      throw PeopleError(
        .twoSides, "\(person.name) prepared what this is about", hint: "two other people must decide it")
    }
    return max(grant.at, try moment())
  }

  private func signature(
    _ kind: ProposalKind, _ statement: ProposalStatement, _ person: Person, _ sign: Signer?
  ) throws -> PersonSignature? {
    guard kind.needsSignatures else { return nil }
    guard let sign else {
      throw PeopleError(.wrongKey, "\(kind.rawValue) is signed with one's own approval key", hint: "give it with --key")
    }
    let made = try sign(statement.bytes)
    guard made.publicKey == person.approvalKey,
      signatures.isValid(signature: made.signature, over: statement.bytes, publicKey: made.publicKey)
    else {
      throw PeopleError(
        .wrongKey, "this is not the approval key that is enrolled for \(person.name)",
        hint: "an admin enrols it: almoner people enroll-key")
    }
    return made
  }

  private func commit(_ answer: ProposalAnswer, guardedBy: LaneGuard?, _ writes: [Write]) throws {
    do throws(StoreError) {
      try store.commit(
        Commit(guardedBy: guardedBy, actor: answer.by, at: answer.at, writes: [.people(.answer(answer))] + writes))
    } catch {
      // Another person may have answered in between; then that, and no number of rows, is what is told.
      guard error.code == .conflict || error.code == .staleState, let now = try store.proposalCase(answer.proposal),
        now.state(at: answer.at) != .open
      else { throw error }
      try checkOpen(now, answer.at)
    }
  }

  private static func over(_ why: String) -> PeopleError {
    PeopleError(.proposalOver, why, hint: "see almoner proposals list; propose it anew if it is still wanted")
  }

  private static func changed(_ number: Int64) -> PeopleError {
    PeopleError(
      .proposalChanged, "what would happen now is not what proposal \(number) says",
      hint: "look again: almoner proposals show \(number); then propose anew")
  }
}
