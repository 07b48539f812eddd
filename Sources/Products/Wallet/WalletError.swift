/// Why the wallet product refused an operation. Nothing was changed. Codes are stable: docs/errors.md.
package struct WalletError: Error, Hashable, Sendable {
  /// Stable across releases. Add cases freely; never rename or reuse one.
  package enum Code: String, CaseIterable, Sendable {
    /// The amount is zero or negative, or is no number.
    case badAmount = "wallet.bad_amount"
    /// Less is available than was asked for; what is held counts as spent.
    case insufficientBalance = "wallet.insufficient_balance"
    /// There is no such wallet, or it belongs to somebody else.
    case walletNotFound = "wallet.not_found"
    /// The wallet is suspended: only holds can be given back.
    case walletSuspended = "wallet.suspended"
    /// There is no such withdrawal.
    case withdrawalNotFound = "wallet.withdrawal_not_found"
    /// The withdrawal is in another state than the act needs.
    case invalidState = "wallet.invalid_state"
    /// Less is held than would be released.
    case holdTooSmall = "wallet.hold_too_small"
    /// The first of two approvals does not finish a withdrawal.
    case secondApprovalNeeded = "wallet.second_approval_needed"
    /// The withdrawal is over: an approval that does not finish cannot be given any more.
    case finalizeNeeded = "wallet.finalize_needed"
    /// The same person cannot give both approvals.
    case sameApprover = "wallet.same_approver"
    /// Nobody approves a withdrawal of their own.
    case ownRequest = "wallet.own_request"
    /// The withdrawal goes to the pool, and no coin, or an unknown one, is named.
    case coinMissing = "wallet.coin_missing"
    /// Risk rules blocked the withdrawal; it was cancelled.
    case riskRejected = "wallet.risk_rejected"
    /// The sponsor has no place in the tree.
    case sponsorNotAssigned = "wallet.sponsor_not_assigned"
    /// The buyer has no place in a tree that a bonus rule follows.
    case buyerNotInTree = "wallet.buyer_not_in_tree"
    /// The user has a place in this tree already, or the tree has a root.
    case alreadyPlaced = "wallet.already_placed"
    /// The tree is not known, or has as many members as it can.
    case badTree = "wallet.bad_tree"
    /// The idempotency key was used with another payload.
    case keyConflict = "wallet.key_conflict"
    /// The same request is still being worked on: ask again later.
    case keyInProgress = "wallet.key_in_progress"
    /// The header `Idempotency-Key` is missing.
    case keyRequired = "wallet.key_required"
    /// Key, signature, time or nonce of a partner's call is wrong; which one is not told.
    case badSignature = "wallet.bad_signature"
    /// The order cannot be read; the message names the field.
    case badOrder = "wallet.bad_order"
    /// The number of days is not 1 to 90.
    case badDays = "wallet.bad_days"
    /// The withdrawal would pass the cap of what may be withdrawn in all.
    case overCap = "wallet.over_cap"
    /// A bonus is not in the state that the act needs.
    case bonusState = "wallet.bonus_state"
    /// The order's bonuses could not be made after every attempt; the same request may be sent again.
    case orderFailed = "wallet.order_failed"
    /// The pool refused, and the points are back.
    case upstreamFailed = "wallet.upstream_failed"
    /// Nobody knows whether the pool paid: the points stay taken until its history or two people end it.
    case upstreamUnknown = "wallet.upstream_unknown"
    /// An order needs one item at least.
    case emptyOrder = "wallet.empty_order"
    /// The product does not exist or is not sold now.
    case productUnavailable = "wallet.product_unavailable"
    /// The challenge was not passed, or its service did not answer: both end the same.
    case challengeFailed = "wallet.challenge_failed"
    /// No token of a challenge came with the call.
    case challengeMissing = "wallet.challenge_missing"
  }
  package let code: Code
  /// One sentence; ids welcome, secrets never.
  package let message: String
  /// The operator's next step.
  package let hint: String?

  package init(_ code: Code, _ message: String, hint: String? = nil) {
    self.code = code
    self.message = message
    self.hint = hint
  }

  /// Whether the member is not in a tree: never retried, and an order is accepted without bonuses.
  package var isNotInTree: Bool { code == .sponsorNotAssigned || code == .buyerNotInTree }
}
