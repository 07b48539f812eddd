import Chains
import Codecs
import Money
package import Policy

/// One change to people or approvals. Each names what it expects; a store that finds another refuses the whole commit.
package enum PeopleWrite: Sendable {
  case person(PersonChange)
  case session(SessionChange)
  /// A new question to the approvers. Its number must be the next one; from here on older ones of the campaign are void.
  case ask(ApprovalRequest)
  /// Refused (`store.stale_state`) unless the request is open and the newest of its campaign, and the person has not
  /// approved it.
  case vote(ApprovalVote)
  /// Refused unless the request is open.
  case reject(ApprovalRejection)
  /// A wish for an act that another person must confirm. Its number must be the next one.
  case propose(Proposal)
  /// Refused (`store.stale_state`) unless the proposal is open, the newest on its subject and the one that was seen; for
  /// a yes also by whoever made it and from its end on. Of two at once one is refused.
  case answer(ProposalAnswer)
  /// An entry of the address book, or its removal.
  case book(BookChange)
}

/// A person as it is to be written.
package struct PersonChange: Hashable, Sendable {
  /// Version 1 is new; any other replaces the row of the version before it, or is refused as `store.stale_state`.
  package let person: Person
  /// `enrolled`, `login_failed`, ...: the audit record is `person.EVENT`.
  package let event: String

  package init(_ person: Person, event: String) {
    self.person = person
    self.event = event
  }
}

/// What happens to a session.
package enum SessionChange: Hashable, Sendable {
  case opened(Session)
  /// Moves the time of its last use on, never back. Refused once revoked.
  case used(Session)
  case revoked(Session)

  package var session: Session {
    switch self {
    case .opened(let session), .used(let session), .revoked(let session): session
    }
  }
}

package struct ApprovalRejection: Hashable, Sendable {
  package let request: Int64
  package let by: PersonName
  package let reason: String

  package init(request: Int64, by: PersonName, reason: String) {
    self.request = request
    self.by = by
    self.reason = reason
  }
}

extension PeopleWrite {
  /// What the audit trail says of a write. Secrets, hashes of passwords and tokens stay out.
  package struct Record: Sendable {
    package let action: String
    let entity: String
    let id: String
    let details: JSON
    var root: Hash32?
    var isPublic = false
  }

  package var record: Record {
    switch self {
    case .person(let change): change.record
    case .session(let change): change.record
    case .ask(let request): request.record
    case .propose(let proposal): proposal.record
    case .answer(let answer): answer.record
    case .book(let change): change.record
    case .vote(let vote):
      Record(
        action: "approval.given", entity: "approval", id: "\(vote.request)",
        details: [
          "approver": .string(vote.approver.actor), "approved_at": .integer(vote.approvedAt.milliseconds),
          "public_key": .string(Hex.text(vote.publicKey)), "signature": .string(Hex.text(vote.signature)),
        ], isPublic: true)
    case .reject(let no):
      Record(
        action: "approval.rejected", entity: "approval", id: "\(no.request)",
        details: ["by": .string(no.by.actor), "reason": .string(no.reason)], isPublic: true)
    }
  }
}

extension PersonChange {
  fileprivate var record: PeopleWrite.Record {
    PeopleWrite.Record(
      action: "person.\(event)", entity: "person", id: person.name.raw,
      details: [
        "version": .integer(person.version), "active": .bool(person.isActive),
        "roles": .array(person.roles.sorted().map { .string($0.rawValue) }),
        "approval_key": person.approvalKey.map { .string(Hex.text($0)) } ?? .null,
        "second_factor": .bool(person.secondFactor?.isConfirmed ?? false),
      ])
  }
}

extension SessionChange {
  fileprivate var record: PeopleWrite.Record {
    let word =
      switch self {
      case .opened: "opened"
      case .used: "used"
      case .revoked: "revoked"
      }
    return PeopleWrite.Record(
      action: "session.\(word)", entity: "person", id: session.person.raw,
      details: [
        "with_code": .bool(session.codeAt != nil), "expires_at": .integer(session.expiresAt.milliseconds),
        "scope": session.scope.map { .array($0.sorted().map { .string($0.rawValue) }) } ?? .null,
      ])
  }
}

extension ApprovalRequest {
  fileprivate var record: PeopleWrite.Record {
    PeopleWrite.Record(
      action: "approval.asked", entity: "approval", id: "\(number)",
      details: [
        "campaign": .integer(campaign.raw), "count": .integer(content.count),
        "total": .string(content.total.description), "fee_cap": .string(content.feeCap.description),
        "rule": .string(rule.description), "initiators": .array(initiators.map { .string($0) }),
        "lanes": .array(content.lanes.map { .string(Hex.text($0.bytes)) }),
        "expires_at": .integer(expiresAt.milliseconds), "nonce": .string(nonce.description),
      ], root: content.root, isPublic: true)
  }
}
