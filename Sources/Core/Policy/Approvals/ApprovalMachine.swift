/// What became of one request for approval. Source: docs/internals/protocol.md 2.5.
package enum ApprovalState: String, CaseIterable, Sendable {
  case open, approved, rejected, expired
  /// The content changed: its approvals count for nothing, and what stands now needs a request of its own.
  case void

  /// Whether something may be signed under it.
  package var allowsSigning: Bool { self == .approved }
}

package enum ApprovalEvent: Hashable, Sendable, CaseIterable {
  /// Another person said yes; whether that makes it enough.
  case approved(isEnough: Bool)
  case rejected
  case contentChanged
  /// Time is over, or the screening's verdict is no.
  case timedOut

  package static let allCases: [ApprovalEvent] = [
    .approved(isEnough: false), .approved(isEnough: true), .rejected, .contentChanged, .timedOut,
  ]

  package var word: String {
    switch self {
    case .approved(let isEnough): isEnough ? "approved_enough" : "approved"
    case .rejected: "rejected"
    case .contentChanged: "content_changed"
    case .timedOut: "timed_out"
    }
  }
}

extension ApprovalState {
  /// Decides, and does nothing else. Throws `people.approval_void` for what is over, `people.rejected` after a no.
  package func applying(_ event: ApprovalEvent) throws(PeopleError) -> ApprovalState {
    switch (self, event) {
    case (.open, .approved(let isEnough)): return isEnough ? .approved : .open
    // One yes more than needed changes nothing.
    case (.approved, .approved): return .approved
    case (.open, .rejected), (.approved, .rejected), (.rejected, .rejected): return .rejected
    case (.open, .contentChanged), (.approved, .contentChanged), (.void, .contentChanged): return .void
    case (.rejected, .contentChanged), (.expired, .contentChanged): return .void
    case (.open, .timedOut), (.approved, .timedOut), (.expired, .timedOut): return .expired
    case (.rejected, .timedOut), (.void, .timedOut): return self
    case (.rejected, .approved):
      throw PeopleError(.rejected, "this content was rejected", hint: "change it, or ask anew")
    case (.expired, .approved), (.expired, .rejected):
      throw PeopleError(.approvalVoid, "the time for approvals is over", hint: "ask anew: almoner approvals ask")
    case (.void, .approved), (.void, .rejected):
      throw PeopleError(
        .approvalVoid, "the content changed since it was shown", hint: "look again: almoner approvals show")
    }
  }
}
