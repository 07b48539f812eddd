package import Audit
package import Codecs
package import Engine
package import Money
package import Payouts
package import Policy

/// What became of a campaign, in figures of bounded size: for a terminal, a program, and a finance person's files.
///
/// Made by `ReportBuilder` from a store alone. The same store at the same `generatedAt` gives the same report, and each
/// form of it (`text`, `json`, `html`) the same bytes. All arithmetic is on whole numbers.
package struct CampaignReport: Hashable, Sendable {
  package let campaign: Campaign
  package let store: StoreIdentity
  package let generatedAt: Timestamp
  /// Warnings of the caller, one sentence each: an unprotected quorum, a missing key.
  package let notices: [String]
  /// Whether payouts moved while the report was read: then its parts may be seconds apart from each other.
  package let isMoving: Bool
  package let scale: AmountScale
  package let tally: Tally
  /// Everything that was ever ordered, whatever became of it.
  package let ordered: Tally.Part
  package let loads: LoadFigures
  package let approval: ApprovalFigures
  package let batches: BatchFigures
  package let failures: ReasonFigures
  package let compensations: ReasonFigures
  package let ledger: [LedgerLine]
  package let audit: AuditFigures
  package let reconciliation: ReconcileFigures?
  package let life: LifeFigures
}

/// How sums are written for people: whole tokens when the source files said how many decimals the asset has.
package struct AmountScale: Hashable, Sendable {
  /// Decimals of the campaign's asset; nil when unknown, then sums are base units.
  package let decimals: Int?
  /// Whether the asset is the chain's own coin.
  package let isNative: Bool

  package init(decimals: Int?, isNative: Bool) {
    self.decimals = decimals
    self.isNative = isNative
  }

  /// Decimals of the coin that fees are paid in. Source: 1 ether is 10^18 wei (Ethereum Yellow Paper, 2.1).
  package static let coinDecimals = 18
}

/// What the source files held, over all loads.
package struct LoadFigures: Hashable, Sendable {
  package internal(set) var files: Int64 = 0
  package internal(set) var rows: Int64 = 0
  package internal(set) var accepted: Int64 = 0
  package internal(set) var rejected: Int64 = 0
  package internal(set) var duplicates: Int64 = 0
  /// Content hash of the newest file, as its record states it.
  package internal(set) var newestHash: String?
}

/// Who said yes to what, and whether that is what stands.
package struct ApprovalFigures: Hashable, Sendable {
  /// The newest approval; nil when nothing was approved.
  package let approval: Approval?
  package let approvedAt: Timestamp?
  /// The content root over every payout as it stands now.
  package let root: Hash32
  /// How many people approved, and by which rule; nil for a single local operator.
  package let approvers: Int
  package let rule: ApprovalRule?

  package init(
    approval: Approval?, approvedAt: Timestamp?, root: Hash32, approvers: Int? = nil, rule: ApprovalRule? = nil
  ) {
    self.approval = approval
    self.approvedAt = approvedAt
    self.root = root
    self.approvers = approvers ?? (approval == nil ? 0 : 1)
    self.rule = rule
  }

  /// Whether what stands is what was approved: payees, amounts, order, count and total.
  package var holds: Bool { approval?.root == root }
}

/// One role of the campaign's accounts beside the payouts that should make it up.
package struct LedgerLine: Hashable, Sendable {
  /// `reserved`, `in flight`, `paid`, `released`, `compensated`.
  package let role: String
  package let status: PayoutStatus
  /// What the ledger holds; nil when the account is below zero.
  package let ledger: UInt256?
  /// Sum of the payouts in `status`.
  package let payouts: UInt256
  package var agrees: Bool { ledger == payouts }
}

/// The end of the audit trail, and how much of it is sealed by a key outside of the database.
package struct AuditFigures: Hashable, Sendable {
  package let heads: [AuditHead]
  /// The newest checkpoint's number and time; nil when nothing was ever sealed.
  package let checkpoint: Seal?
  package struct Seal: Hashable, Sendable {
    package let number: Int64
    package let at: Timestamp
  }
  package let records: Int64
  package let unsealed: Int64
  /// What a full verification found, when the caller ran one.
  package let verification: AuditReport?
}

/// The newest comparison of chain, ledger and file, as its audit record states it.
package struct ReconcileFigures: Hashable, Sendable {
  package let at: Timestamp
  package let isClean: Bool
  package let fromBlock: String
  package let throughBlock: String
  package let ordered: String
  package let ledgerPaid: String
  package let onChain: String
  /// Kind and count, in the order of the record.
  package let mismatches: [Mismatch]
  package struct Mismatch: Hashable, Sendable {
    package let kind: String
    package let count: String
  }
}

/// What operators did with the campaign: the first and the last actions, and how many lie between.
package struct LifeFigures: Hashable, Sendable {
  package struct Event: Hashable, Sendable {
    package let at: Timestamp
    package let actor: String
    package let action: String
    package let detail: String
  }
  /// Most events of each end.
  package static let most = 15
  package private(set) var first: [Event] = []
  package private(set) var last: [Event] = []
  package private(set) var omitted: Int64 = 0

  package init() {}

  mutating func add(_ event: Event) {
    if first.count < LifeFigures.most { return first.append(event) }
    if last.count == LifeFigures.most {
      last.removeFirst()
      omitted += 1
    }
    last.append(event)
  }
}
