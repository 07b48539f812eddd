/// Why a person, a session or an approval was refused. Codes are stable: docs/errors.md.
package struct PeopleError: Error, Hashable, Sendable {
  package enum Code: String, CaseIterable, Sendable {
    /// A name, a list of roles or a rule is not written as it must be; the message says how.
    case badText = "people.bad_text"
    /// Nobody of this name is enrolled.
    case notFound = "people.not_found"
    /// The name, or the approval key, belongs to somebody already.
    case taken = "people.taken"
    /// These roles do not go together in one person.
    case rolesConflict = "people.roles_conflict"
    /// The first admin is made once, on the console of the machine; people exist, or this is no console.
    case bootstrapRefused = "people.bootstrap_refused"
    /// People are enrolled, so a command needs a session: log in.
    case noSession = "people.no_session"
    /// The session is over, idle for too long, revoked, or of a time that has not come yet: log in again.
    case sessionOver = "people.session_over"
    /// Name, password or code is wrong; which one is not told.
    case badCredentials = "people.bad_credentials"
    /// Three wrong answers in a row: wait five minutes.
    case locked = "people.locked"
    /// The person is disabled.
    case inactive = "people.inactive"
    /// The token's scope leaves this act out.
    case outOfScope = "people.out_of_scope"
    /// No role of the person may do this: docs/reference/permissions.md.
    case forbidden = "people.forbidden"
    /// The act needs a one-time code entered a few minutes ago at most: log in again with one.
    case freshCodeNeeded = "people.fresh_code_needed"
    /// The person stands on another side of the same campaign.
    case twoSides = "people.two_sides"
    /// No second factor is enrolled, or it was never confirmed.
    case noSecondFactor = "people.no_second_factor"
    /// The person has no approval key, or it is not the one that signed.
    case wrongKey = "people.wrong_key"
    /// Too few people approved what stands; the message says who may.
    case approvalsMissing = "people.approvals_missing"
    /// The approval is over: its time, its content, its fee cap or its accounts are others now.
    case approvalVoid = "people.approval_void"
    /// Somebody said no to this content.
    case rejected = "people.rejected"
    /// The person has approved this content already.
    case approvedTwice = "people.approved_twice"
    /// The act waits for another person's yes: almoner proposals show.
    case secondPersonNeeded = "people.second_person_needed"
    /// The proposal was answered already, its time is over, or another one took its place.
    case proposalOver = "people.proposal_over"
    /// What would happen now is not what was proposed: look again, propose anew.
    case proposalChanged = "people.proposal_changed"
    /// An approval does not carry a signature of its approver over what it approves.
    case forged = "people.forged"
  }
  package let code: Code
  package let message: String
  package let hint: String?

  package init(_ code: Code, _ message: String, hint: String? = nil) {
    self.code = code
    self.message = message
    self.hint = hint
  }
}
