#if ALMONER_MUTANTS
  import Synchronization

  /// Rules that this build can switch off, one at a time, to show that the simulator notices (invariants 1 to 3, 6 and 7).
  /// In any other build neither the switches nor their names exist: every rule holds.
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
    /// After a restore the signer's log is not asked. (1)
    case restoreUnchecked = "M_RESTORE_UNCHECKED"
    /// Signed before the intent is durable. (2)
    case signBeforeIntent = "M_SIGN_BEFORE_INTENT"
    /// Broadcast before the signed bytes are durable. (2)
    case sendBeforeBytes = "M_SEND_BEFORE_BYTES"
    /// A lost answer to a commit is taken for a yes. (2)
    case commitUnknownIsSuccess = "M_COMMIT_UNKNOWN_IS_SUCCESS"
    /// Writes do not compare the fence. (3)
    case staleWrite = "M_STALE_WRITE"
    /// A lost answer to a commit is taken for a refusal, and the memory is kept. (3)
    case commitUnknownIsFailure = "M_COMMIT_UNKNOWN_IS_FAILURE"
    /// A list that does not answer has found nobody. (6)
    case listSilenceClears = "M_LIST_SILENCE_CLEARS"
    /// Verdicts are not asked for again before a signature. (6)
    case verdictUnchecked = "M_VERDICT_UNCHECKED"
    /// A write may forget its audit record. (7)
    case auditSkipped = "M_AUDIT_SKIPPED"
    /// An audit record is not tied to the one before it. (7)
    case auditUnlinked = "M_AUDIT_UNLINKED"

    /// The invariant that the rule protects, by its number in docs/internals/architecture.md.
    package var invariant: Int {
      switch self {
      case .timeoutIsFailure, .noQuorum, .unknownRetried, .cancelAbandons, .lastHashOnly, .restoreUnchecked: 1
      case .signBeforeIntent, .sendBeforeBytes, .commitUnknownIsSuccess: 2
      case .staleWrite, .commitUnknownIsFailure: 3
      case .listSilenceClears, .verdictUnchecked: 6
      case .auditSkipped, .auditUnlinked: 7
      }
    }

    private static let active = Mutex<Mutant?>(nil)

    /// Switches the rule off in this whole process, and every other on; nil switches all on.
    package static func activate(_ mutant: Mutant?) { active.withLock { $0 = mutant } }

    /// Whether the rule is switched off.
    package var isActive: Bool { Mutant.active.withLock { $0 == self } }
  }
#endif
