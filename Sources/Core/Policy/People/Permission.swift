/// An act that somebody may be allowed to do: one row of the one table.
package enum Permission: String, CaseIterable, Sendable, Comparable {
  /// Campaigns, payouts, lanes, reports, quotes.
  case view = "desk.view"
  /// Personal data of recipients in exports.
  case export = "desk.export"
  case campaignPrepare = "campaign.prepare"
  /// Run, resume, import of signed bytes.
  case campaignRun = "campaign.run"
  /// Pause and cancel.
  case campaignStop = "campaign.stop"
  case approvalAsk = "approval.ask"
  case approvalGive = "approval.give"
  case payoutCompensate = "payout.compensate"
  /// Say, by two people, what became of a payout whose fate is unknown.
  case payoutSettle = "payout.settle"
  /// Clear or refuse what screening holds.
  case reviewDecide = "review.decide"
  /// Policies and sanctions lists.
  case policyManage = "policy.manage"
  /// Entries of the address book.
  case bookManage = "book.manage"
  /// Put a new secret in the place of an old one, by two people.
  case secretManage = "secret.manage"
  case keyUse = "key.use"
  case laneManage = "lane.manage"
  case storeManage = "store.manage"
  case eventManage = "event.manage"
  /// Audit trail, reconciliation, invariants.
  case auditView = "audit.view"
  case peopleView = "people.view"
  /// Acts that wait for a second person, and those that did.
  case proposalView = "proposal.view"
  case peopleManage = "people.manage"

  package static func < (a: Permission, b: Permission) -> Bool { a.rawValue < b.rawValue }

  /// The one table: who may do it.
  package var roles: Set<Role> {
    switch self {
    case .view: [.initiator, .approver, .signer, .operator, .auditor]
    case .export: [.operator, .auditor]
    case .campaignPrepare: [.initiator]
    case .campaignRun: [.operator]
    case .campaignStop: [.initiator, .approver, .operator]
    case .approvalAsk: [.initiator, .operator]
    case .approvalGive: [.approver]
    case .payoutCompensate: [.operator]
    case .payoutSettle: [.approver, .operator]
    case .bookManage: [.approver]
    case .keyUse: [.signer]
    case .laneManage, .storeManage, .eventManage: [.operator]
    case .auditView: [.operator, .auditor, .admin]
    case .peopleView: [.auditor, .admin]
    case .proposalView: [.approver, .operator, .auditor, .admin]
    case .reviewDecide: [.approver]
    case .peopleManage, .policyManage, .secretManage: [.admin]
    }
  }

  /// Whether a one-time code must have been entered shortly before.
  package var needsFreshCode: Bool {
    switch self {
    case .approvalGive, .reviewDecide, .peopleManage, .policyManage, .payoutSettle, .bookManage, .secretManage: true
    case .view, .export, .campaignPrepare, .campaignRun, .campaignStop, .approvalAsk, .payoutCompensate, .keyUse,
      .laneManage, .storeManage, .eventManage, .auditView, .peopleView,
      .proposalView:
      false
    }
  }

  /// For a person who reads the table.
  package var meaning: String {
    switch self {
    case .view: "see campaigns, payouts, lanes, quotes, reports and approvals"
    case .export: "write recipients and payouts to a file"
    case .campaignPrepare: "create campaigns and load recipients"
    case .campaignRun: "run, resume, work, and take signed bytes in"
    case .campaignStop: "pause and cancel"
    case .approvalAsk: "ask for approvals of what stands"
    case .approvalGive: "approve or reject what somebody else prepared"
    case .payoutCompensate: "give value of a payout back in the ledger"
    case .reviewDecide: "clear or refuse what screening holds"
    case .policyManage: "put policies in force, import sanctions lists"
    case .payoutSettle: "say, by two people, what became of a payout whose fate is unknown"
    case .bookManage: "add and remove entries of the address book"
    case .secretManage: "put new secrets in the place of old ones, by two people"
    case .keyUse: "make, read and use signing keys"
    case .laneManage: "adopt and reopen lanes, deploy the batch contract"
    case .storeManage: "back up, restore and check the store"
    case .eventManage: "replay and settle events for brokers"
    case .auditView: "verify the audit trail, reconcile"
    case .peopleView: "see who is enrolled with which roles"
    case .proposalView: "see acts that wait for a second person"
    case .peopleManage: "enrol, disable, give roles and keys"
    }
  }
}
