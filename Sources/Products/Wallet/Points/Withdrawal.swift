package import Codecs
package import Money

/// A withdrawal's status. Raw values are stored.
package enum WithdrawalStatus: String, CaseIterable, Sendable {
  case pending
  case approvedPending = "approved_pending"
  case approved, failed, rejected, cancelled
}

/// One withdrawal of points. Approvers have columns of their own; nothing that a client supplies reaches them.
package struct Withdrawal: Equatable, Sendable {
  package let id: String
  package let wallet: String
  package let amount: UInt256
  package let requestedBy: String
  package let reference: String?
  package var metadata: JSONObject?
  package let createdAt: Timestamp
  package internal(set) var status = WithdrawalStatus.pending
  package internal(set) var firstApprover: String?
  package internal(set) var firstNotes: String?
  package internal(set) var approvedBy: String?
  package internal(set) var approvedAt: Timestamp?
  /// Also who cancelled or failed it.
  package internal(set) var rejectedBy: String?
  package internal(set) var rejectedAt: Timestamp?
  package internal(set) var notes: String?
  /// The pool's outcome is not known: the points stay taken until history or two people end it.
  package internal(set) var isUnknown = false

  package init(
    id: String, wallet: String, amount: UInt256, requestedBy: String, reference: String?, metadata: JSONObject?,
    createdAt: Timestamp
  ) {
    self.id = id
    self.wallet = wallet
    self.amount = amount
    self.requestedBy = requestedBy
    self.reference = reference
    self.metadata = metadata
    self.createdAt = createdAt
  }
}

/// Coins that the pool pays.
package enum PoolCoin: String, CaseIterable, Sendable {
  case ltc = "LTC"
  case doge = "DOGE"
  case bells = "BELLS"
  case lky = "LKY"
  case pep = "PEP"
  case jkc = "JKC"
  case dingo = "DINGO"
  case shic = "SHIC"
}

/// How withdrawals are approved.
package struct WithdrawalRules: Hashable, Sendable {
  package let needsTwoSteps: Bool
  /// Off only by explicit configuration.
  package let needsDistinctApprovers: Bool
  /// Whether approvals run withdrawals at the pool.
  package let hasPool: Bool

  package init(needsTwoSteps: Bool = true, needsDistinctApprovers: Bool = true, hasPool: Bool = true) {
    self.needsTwoSteps = needsTwoSteps
    self.needsDistinctApprovers = needsDistinctApprovers
    self.hasPool = hasPool
  }
}

/// What happens to a withdrawal. Whoever acts is the session's person, never a name from a body.
package enum WithdrawalEvent: Hashable, Sendable {
  case approve(by: String, finalize: Bool, notes: String?, coin: String?)
  /// The first of two approvals and nothing else.
  case approveFirst(by: String, notes: String?)
  case reject(by: String, notes: String?)
  case cancel(by: String, notes: String?)
  /// The pool gave its id: accepted, not yet paid.
  case poolAnswered(withdrawID: String, coin: String)
  /// The call is proven to have had no effect: a refusal of the provider's list, or its own row canceled or failed.
  case poolRefused(by: String, reason: String)
  case poolUnknown
  /// History or two people found it.
  case settled(paid: Bool, by: String, reason: String)
}

/// What the shell does after the commit.
package enum WithdrawalEffect: Hashable, Sendable {
  /// Ask the pool, under a permit that is durable first.
  case askPool(PoolCoin, amount: UInt256)
}

/// Everything that one event changes, for one commit.
package struct WithdrawalDecision: Equatable, Sendable {
  package let withdrawal: Withdrawal
  package let wallet: PointWallet
  package let movement: PointMovement?
  /// The word of the row in the trail; nil while the pool is asked: what it answers is told then.
  package let action: String?
  package let actor: String
  package let notes: String?
  /// What the row of the trail says beside.
  package let trailMetadata: JSONObject?
  package let effect: WithdrawalEffect?
}

extension Withdrawal {
  /// Metadata as shown: with the first approval, whose columns win over what a client supplied.
  package var shownMetadata: JSONObject? {
    var result = metadata
    if let firstApprover {
      var stage = JSONObject()
      _ = stage.append("stage", "stage1")
      _ = stage.append("stage1_approver", .string(firstApprover))
      if let firstNotes { _ = stage.append("stage1_notes", .string(firstNotes)) }
      result = merged(metadata ?? JSONObject(), over: stage)
    }
    return result
  }

  /// What those who watch are told when the pool refused.
  package func failureNotice(_ reason: String) -> Notice {
    Notice(subject: "HashDam withdrawal failure", body: "Request \(id) for user \(requestedBy) failed: \(reason)")
  }

  /// As the interface shows it. Times and amounts are texts.
  package var json: JSONObject {
    var object = JSONObject()
    let members: [(String, JSON)] = [
      ("request_id", .string(id)), ("wallet_id", .string(wallet)), ("amount", .string(Points.text(amount))),
      ("status", .string(status.rawValue)), ("requested_by", .string(requestedBy)),
      ("reference_id", text(reference)), ("created_at", .string(CivilTime.text(createdAt))),
      ("approved_by", text(approvedBy)), ("approved_at", text(approvedAt.map(CivilTime.text))),
      ("rejected_by", text(rejectedBy)), ("rejected_at", text(rejectedAt.map(CivilTime.text))),
      ("notes", text(notes)), ("metadata", shownMetadata.map { .object($0) } ?? .null),
    ]
    for (key, value) in members { _ = object.append(key, value) }
    return object
  }

  private func text(_ value: String?) -> JSON { value.map { .string($0) } ?? .null }
}
