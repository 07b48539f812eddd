import Codecs
package import Money

/// A withdrawal's life: (withdrawal, wallet, event) -> decision. No clock, no store.
package struct WithdrawalMachine: Sendable {
  package let rules: WithdrawalRules

  package init(_ rules: WithdrawalRules) { self.rules = rules }

  /// A new withdrawal with its hold. Throws `wallet.not_found` for somebody else's wallet, and as `PointWallet.hold`.
  package func requested(_ withdrawal: Withdrawal, wallet: PointWallet) throws(WalletError) -> WithdrawalDecision {
    guard wallet.user == withdrawal.requestedBy, wallet.id == withdrawal.wallet else {
      throw WalletError(.walletNotFound, "Wallet '\(withdrawal.wallet)' was not found.")
    }
    var wallet = wallet
    let movement = try wallet.hold(withdrawal.amount)
    return WithdrawalDecision(
      withdrawal: withdrawal, wallet: wallet, movement: movement, action: "requested",
      actor: withdrawal.requestedBy, notes: nil, trailMetadata: withdrawal.metadata, effect: nil)
  }

  /// Throws `wallet.invalid_state` and what each event names. Nothing is changed then.
  package func applying(
    _ event: WithdrawalEvent, to withdrawal: Withdrawal, wallet: PointWallet, at now: Timestamp
  ) throws(WalletError) -> WithdrawalDecision {
    switch event {
    case .approve(let person, let finalize, let notes, let coin):
      return try approve(withdrawal, wallet, person, finalize, notes, coin, now)
    case .approveFirst(let person, let notes):
      try need(withdrawal, [.pending], "is not pending.")
      guard person != withdrawal.requestedBy else { throw WithdrawalMachine.ownRequest }
      return first(withdrawal, wallet, person, notes)
    case .reject(let person, let notes):
      return try giveBack(withdrawal, wallet, .rejected, "rejected", person, notes, now)
    case .cancel(let person, let notes):
      return try giveBack(withdrawal, wallet, .cancelled, "cancelled", person, notes, now)
    case .poolAnswered(let id, let coin):
      return try answered(withdrawal, wallet, id, coin)
    case .poolRefused(let person, let reason):
      guard !withdrawal.isUnknown else {
        throw WalletError(.invalidState, "Withdrawal '\(withdrawal.id)' is unknown: history or two people end it.")
      }
      return try fail(withdrawal, wallet, person, reason, now)
    case .poolUnknown:
      try need(withdrawal, [.approved], "is not approved.")
      var next = withdrawal
      next.isUnknown = true
      return decision(
        next, wallet, nil, "approved", withdrawal.approvedBy ?? "system", withdrawal.notes, words([("fate", "unknown")])
      )
    case .settled(let paid, let person, let reason):
      guard withdrawal.status == .approved, withdrawal.isUnknown else {
        throw WalletError(.invalidState, "Withdrawal '\(withdrawal.id)' is not unknown.")
      }
      guard paid else { return try fail(withdrawal, wallet, person, reason, now) }
      var next = withdrawal
      next.isUnknown = false
      return decision(next, wallet, nil, "settled", person, reason, nil)
    }
  }

  // MARK: Approval

  private func approve(
    _ withdrawal: Withdrawal, _ wallet: PointWallet, _ person: String, _ finalize: Bool, _ notes: String?,
    _ coinText: String?, _ now: Timestamp
  ) throws(WalletError) -> WithdrawalDecision {
    if rules.needsTwoSteps, !finalize, withdrawal.status != .pending, withdrawal.status != .approvedPending {
      throw WalletError(.finalizeNeeded, "Finalize flag must be True when completing the approval.")
    }
    try need(withdrawal, [.pending, .approvedPending], "is not pending.")
    guard person != withdrawal.requestedBy else { throw WithdrawalMachine.ownRequest }
    if rules.needsTwoSteps, withdrawal.status == .pending {
      guard !finalize else {
        throw WalletError(
          .secondApprovalNeeded, "Second approval required; finalize flag must be False on first approval.")
      }
      return first(withdrawal, wallet, person, notes)
    }
    if rules.needsTwoSteps, rules.needsDistinctApprovers, withdrawal.firstApprover == person {
      throw WalletError(.sameApprover, "Second approval must be performed by a different reviewer.")
    }
    // Before anything changes: points would be taken for a withdrawal that cannot be sent.
    let coin = try coin(withdrawal, coinText)
    var (next, wallet) = (withdrawal, wallet)
    let movement = try wallet.withdrawHeld(withdrawal.amount)
    next.status = .approved
    next.approvedBy = person
    next.approvedAt = now
    next.notes = notes
    return WithdrawalDecision(
      withdrawal: next, wallet: wallet, movement: movement, action: coin == nil ? "approved" : nil, actor: person,
      notes: notes, trailMetadata: next.firstApprover == nil ? nil : next.shownMetadata,
      effect: coin.map { .askPool($0, amount: withdrawal.amount) })
  }

  private func first(
    _ withdrawal: Withdrawal, _ wallet: PointWallet, _ person: String, _ notes: String?
  ) -> WithdrawalDecision {
    var next = withdrawal
    next.status = .approvedPending
    next.firstApprover = person
    next.firstNotes = notes
    return decision(next, wallet, nil, "approved_stage1", person, notes, words([("stage", "stage1")]))
  }

  private static let ownRequest = WalletError(.ownRequest, "Nobody approves a withdrawal of their own.")

  /// The coin to ask the pool for; nil for a withdrawal that does not go there.
  private func coin(_ withdrawal: Withdrawal, _ given: String?) throws(WalletError) -> PoolCoin? {
    guard rules.hasPool else { return nil }
    let own = withdrawal.metadata?["coin"]?.string
    guard let text = given ?? own else {
      guard withdrawal.metadata?["provider"]?.string != "hashdam" else {
        throw WalletError(.coinMissing, "Withdrawal metadata missing 'coin' value.")
      }
      return nil
    }
    guard let coin = PoolCoin(rawValue: text) else {
      throw WalletError(.coinMissing, "The pool does not pay '\(text)'.")
    }
    return coin
  }

  // MARK: Ends

  private func giveBack(
    _ withdrawal: Withdrawal, _ wallet: PointWallet, _ status: WithdrawalStatus, _ action: String, _ person: String,
    _ notes: String?, _ now: Timestamp
  ) throws(WalletError) -> WithdrawalDecision {
    try need(withdrawal, [.pending, .approvedPending], "is not pending.")
    var (next, wallet) = (withdrawal, wallet)
    let movement = try wallet.release(withdrawal.amount)
    next.status = status
    next.rejectedBy = person
    next.rejectedAt = now
    // What somebody says who takes a request of their own back stands in the trail.
    if status == .rejected { next.notes = notes }
    return decision(next, wallet, movement, action, person, notes, nil)
  }

  /// Rolls back this withdrawal's own points: what was taken comes back, or the hold is released. Holds of others stay.
  private func fail(
    _ withdrawal: Withdrawal, _ wallet: PointWallet, _ person: String, _ reason: String, _ now: Timestamp
  ) throws(WalletError) -> WithdrawalDecision {
    try need(withdrawal, [.approved, .approvedPending], "is not approved.")
    var (next, wallet) = (withdrawal, wallet)
    let movement =
      withdrawal.status == .approved ? try wallet.restore(withdrawal.amount) : try wallet.release(withdrawal.amount)
    next.status = .failed
    next.isUnknown = false
    next.rejectedBy = person
    next.rejectedAt = now
    next.notes = reason
    return decision(next, wallet, movement, "failed", person, reason, words([("error", reason)]))
  }

  private func answered(
    _ withdrawal: Withdrawal, _ wallet: PointWallet, _ id: String, _ coin: String
  ) throws(WalletError) -> WithdrawalDecision {
    try need(withdrawal, [.approved], "is not approved.")
    let note = words([("hashdam_withdraw_id", id), ("coin", coin)])
    var next = withdrawal
    next.isUnknown = false
    next.metadata = merged(withdrawal.metadata ?? JSONObject(), over: note)
    return decision(
      next, wallet, nil, withdrawal.isUnknown ? "settled" : "approved", withdrawal.approvedBy ?? "system",
      withdrawal.notes, next.firstApprover == nil ? note : next.shownMetadata)
  }

  private func need(
    _ withdrawal: Withdrawal, _ states: Set<WithdrawalStatus>, _ otherwise: String
  ) throws(WalletError) {
    guard states.contains(withdrawal.status) else {
      throw WalletError(.invalidState, "Withdrawal '\(withdrawal.id)' \(otherwise)")
    }
  }

  private func decision(
    _ withdrawal: Withdrawal, _ wallet: PointWallet, _ movement: PointMovement?, _ action: String, _ actor: String,
    _ notes: String?, _ metadata: JSONObject?
  ) -> WithdrawalDecision {
    WithdrawalDecision(
      withdrawal: withdrawal, wallet: wallet, movement: movement, action: action, actor: actor, notes: notes,
      trailMetadata: metadata, effect: nil)
  }
}
