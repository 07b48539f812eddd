/// Rules that a test build can switch off, to show that the simulator notices (invariants 1 to 3 and 7).
/// In any other build the switches do not exist and every rule holds.
package enum Mutant: String, CaseIterable, Sendable {
  /// A broadcast that nobody took is failure: payouts are queued again. (invariant 1)
  case timeoutIsFailure = "M_TIMEOUT_IS_FAILURE"
  /// One endpoint's statement is evidence. (1)
  case noQuorum = "M_NO_QUORUM"
  /// What is unknown is queued again by itself. (1)
  case unknownRetried = "M_UNKNOWN_RETRIED"
  /// Cancel fails submitted payouts. (1)
  case cancelAbandons = "M_CANCEL_ABANDONS"
  /// Only the newest attempt's hash is looked for. (1)
  case lastHashOnly = "M_LAST_HASH_ONLY"
  /// Signed before the intent is durable. (2)
  case signBeforeIntent = "M_SIGN_BEFORE_INTENT"
  /// Broadcast before the signed bytes are durable. (2)
  case sendBeforeBytes = "M_SEND_BEFORE_BYTES"
  /// After a restore the signer's log is not asked. (2)
  case restoreUnchecked = "M_RESTORE_UNCHECKED"
  /// Writes do not compare the fence. (3)
  case staleWrite = "M_STALE_WRITE"
  /// A lost answer to a commit is taken for a refusal, and the memory is kept. (3)
  case commitUnknownIsFailure = "M_COMMIT_UNKNOWN_IS_FAILURE"
  /// A write may forget its audit record. (7)
  case auditSkipped = "M_AUDIT_SKIPPED"
  /// An audit record is not tied to the one before it. (7)
  case auditUnlinked = "M_AUDIT_UNLINKED"
}

/// Which rule is switched off: none, unless the build has switches and one was set.
package struct Mutants: Hashable, Sendable {
  #if ALMONER_MUTANTS
    package let active: Mutant?
    package init(_ active: Mutant? = nil) { self.active = active }
    package func has(_ mutant: Mutant) -> Bool { active == mutant }
  #else
    package init() {}
    @inlinable package func has(_ mutant: Mutant) -> Bool { false }
  #endif
}
