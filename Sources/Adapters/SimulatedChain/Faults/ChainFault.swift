/// What may go wrong between the engine and a chain, or on the chain itself.
package enum ChainFault: String, CaseIterable, Sendable {
  // On the wire, per endpoint and call.
  /// Bytes never arrive; the sender hears nothing.
  case lostRequest = "lost_request"
  /// Bytes arrive; the sender hears nothing.
  case lostAnswer = "lost_answer"
  /// Bytes arrive; the sender hears "rejected".
  case falseRefusal = "false_refusal"
  /// An endpoint answers nothing to a question.
  case silence
  // Endpoints, for a while.
  /// An endpoint is some blocks behind.
  case lag
  /// An endpoint's head stands still.
  case stuck
  /// An endpoint makes statements that are not true. Liars agree with each other.
  case lie
  // The pool and the blocks.
  /// The pool forgets a transaction.
  case drop
  /// Bytes seen at any time before come back into the pool.
  case reappear
  /// A cheaper transaction for the same slot is taken instead of the best one.
  case olderMember = "older_member"
  /// A block takes nothing.
  case emptyBlock = "empty_block"
  /// No blocks for a while.
  case stall
  /// Blocks that are not final are replaced by others.
  case reorg
  // The money.
  /// A transaction that would succeed fails.
  case revert
  /// Somebody else with the account's key spends its next slot.
  case stranger
  /// Nobody can name the spender of a slot for a while.
  case blind
  /// The price multiplies for a while.
  case feeSpike = "fee_spike"
  /// The account has nothing to pay fees with for a while.
  case outOfFunds = "out_of_funds"
}

/// Decides at every opportunity whether something goes wrong. Asked in a fixed order, so one seed gives one run.
package protocol FaultSource: Sendable {
  /// Whether this fault happens here and now.
  func happens(_ fault: ChainFault) -> Bool
  /// A choice from 0 to `bound - 1`: how long, how deep, which one.
  func pick(_ bound: Int) -> Int
  /// A fault that happened has now changed an answer which the engine got.
  func wasSeen(_ fault: ChainFault)
}

/// A chain on which nothing goes wrong by itself.
package struct NoFaults: FaultSource {
  package init() {}
  package func happens(_ fault: ChainFault) -> Bool { false }
  package func pick(_ bound: Int) -> Int { 0 }
  package func wasSeen(_ fault: ChainFault) {}
}
