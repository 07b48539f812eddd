package import Chains
package import Money

/// A request with everything that decides about it: its votes, and the voters as they are enrolled now.
package struct ApprovalCase: Hashable, Sendable {
  package let request: ApprovalRequest
  package let votes: [ApprovalVote]
  package let voters: [PersonName: Person]

  package init(request: ApprovalRequest, votes: [ApprovalVote], voters: [PersonName: Person]) {
    self.request = request
    self.votes = votes
    self.voters = voters
  }
}

/// What stands in a campaign now, as cheaply as it can be told: recipients never change and never go, they only become
/// more, so count and total tell whether the content is the approved one.
package struct Standing: Hashable, Sendable {
  package let count: UInt64
  package let total: UInt256

  package init(count: UInt64, total: UInt256) {
    self.count = count
    self.total = total
  }

  func isContent(of request: ApprovalRequest) -> Bool {
    request.content.count == count && request.content.total == total
  }
}

/// The approval gate: asked before a campaign starts, and again before each plan, bump and signature.
package struct ApprovalGate: Sendable {
  package let rule: ApprovalRule
  private let signatures: any ApprovalSignatures

  package init(rule: ApprovalRule, signatures: any ApprovalSignatures) {
    self.rule = rule
    self.signatures = signatures
  }

  /// Where the request stands at this moment, by its mark, its valid votes, the time, and whether its content still
  /// stands.
  package func state(_ found: ApprovalCase, _ standing: Standing, at now: Timestamp) throws(PeopleError)
    -> ApprovalState
  {
    var state = ApprovalState.open
    for place in try approvers(found).indices {
      state = try state.applying(.approved(isEnough: place + 1 >= found.request.rule.needed))
    }
    if found.request.mark == .rejected { state = try state.applying(.rejected) }
    if now >= found.request.expiresAt { state = try state.applying(.timedOut) }
    if !standing.isContent(of: found.request) { state = try state.applying(.contentChanged) }
    return state
  }

  /// Those whose yes counts: distinct, no initiator, active, an approver still, and signed with the key that is enrolled
  /// now. A signature that does not fit is not counted; it is `people.forged` that somebody put it there.
  package func approvers(_ found: ApprovalCase) throws(PeopleError) -> [PersonName] {
    var counted: [PersonName] = []
    var keys: Set<[UInt8]> = []
    for vote in found.votes where !counted.contains(vote.approver) && !keys.contains(vote.publicKey) {
      guard vote.request == found.request.number else {
        throw PeopleError(.forged, "an approval of request \(vote.request) stands under \(found.request.number)")
      }
      guard let voter = found.voters[vote.approver], voter.has(.approvalGive), voter.approvalKey == vote.publicKey,
        !found.request.initiators.contains(voter.actor)
      else { continue }
      try verify(vote, of: found.request)
      counted.append(vote.approver)
      keys.insert(vote.publicKey)
    }
    return counted
  }

  /// Throws `people.forged` unless the vote carries its approver's signature over exactly this request.
  package func verify(_ vote: ApprovalVote, of request: ApprovalRequest) throws(PeopleError) {
    let statement = ApprovalStatement(request, approver: vote.approver, approvedAt: vote.approvedAt)
    guard vote.approvedAt < request.expiresAt, vote.approvedAt >= request.openedAt,
      signatures.isValid(signature: vote.signature, over: statement.bytes, publicKey: vote.publicKey)
    else {
      throw PeopleError(
        .forged, "the approval by \(vote.approver) of request \(request.number) does not carry a valid signature",
        hint: "nothing is signed under it; find out who wrote it, then ask anew")
    }
  }

  /// Throws unless what stands may be signed now: `people.approvals_missing`, `people.approval_void`,
  /// `people.rejected`, `people.forged`.
  package func check(
    _ found: ApprovalCase?, _ standing: Standing, feeCap: UInt256, lane: Address?, at now: Timestamp
  ) throws(PeopleError) {
    guard let found else {
      throw PeopleError(.approvalsMissing, "nobody was asked to approve what stands", hint: ApprovalGate.ask)
    }
    let request = found.request
    guard request.rule.needed >= rule.needed else {
      throw ApprovalGate.void(
        "request \(request.number) asks for \(request.rule.needed) approvals, the rule is \(rule)")
    }
    guard feeCap <= request.content.feeCap else {
      throw ApprovalGate.void("the fee cap is above the approved \(request.content.feeCap)")
    }
    if let lane, !request.content.lanes.contains(lane) {
      throw ApprovalGate.void("this account is not one of the approved ones")
    }
    switch try state(found, standing, at: now) {
    case .approved: return
    case .open: throw ApprovalGate.missing(request, try approvers(found))
    case .rejected:
      throw PeopleError(.rejected, "request \(request.number) was rejected", hint: ApprovalGate.ask)
    case .expired: throw ApprovalGate.void("the time of request \(request.number) is over")
    case .void:
      throw ApprovalGate.void(
        "what stands is not what was asked about: \(standing.count) payees, not \(request.content.count)")
    }
  }

  private static let ask = "ask: almoner approvals ask --campaign NAME"

  private static func void(_ why: String) -> PeopleError { PeopleError(.approvalVoid, why, hint: ask) }

  private static func missing(_ request: ApprovalRequest, _ given: [PersonName]) -> PeopleError {
    let names = given.isEmpty ? "" : ": " + given.map(\.raw).joined(separator: ", ")
    return PeopleError(
      .approvalsMissing, "\(given.count) of \(request.rule.needed) approvals are there\(names)",
      hint: "an approver looks with almoner approvals show \(request.number), then approves")
  }
}
