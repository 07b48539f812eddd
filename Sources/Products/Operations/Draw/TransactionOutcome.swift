package import Codecs

/// What became of a transaction.
package enum TransactionOutcome: Equatable, Sendable {
  /// In a block, with effect.
  case executed(hash: String, gasUsed: UInt64?, status: String)
  /// In a block and rolled back: the sequence number is spent and gas was charged.
  case failed(hash: String, gasUsed: UInt64?, status: String)
  /// Proven not to be in any block, now or later: refused, invalid or expired.
  case dead(hash: String?, reason: String)
  /// Nobody can say. Only its hash may be watched; nothing is sent in its place.
  case unknown(hash: String?, reason: String)

  package var hash: String? {
    switch self {
    case .executed(let hash, _, _), .failed(let hash, _, _): hash
    case .dead(let hash, _), .unknown(let hash, _): hash
    }
  }

  package var isExecuted: Bool { if case .executed = self { true } else { false } }

  /// Whether a new attempt can do no harm.
  package var isProvenWithoutEffect: Bool {
    switch self {
    case .failed, .dead: true
    case .executed, .unknown: false
    }
  }

  package var status: String {
    switch self {
    case .executed(_, _, let status), .failed(_, _, let status): status
    case .dead(_, let reason), .unknown(_, let reason): reason
    }
  }

  package var gasUsed: UInt64? {
    switch self {
    case .executed(_, let gas, _), .failed(_, let gas, _): gas
    case .dead, .unknown: nil
    }
  }

  /// What a command ends with.
  package var exitCode: Int32 {
    switch self {
    case .executed: 0
    case .failed, .dead: OperationsExit.transactionFailed
    case .unknown: OperationsExit.fateUnknown
    }
  }

  /// `executed`, `failed`, `dead` or `unknown`.
  package var word: String {
    switch self {
    case .executed: "executed"
    case .failed: "failed"
    case .dead: "dead"
    case .unknown: "unknown"
    }
  }
}

/// How the operators' commands end, beside the codes that all commands share.
package enum OperationsExit {
  /// The condition is not met: low balance, not ready, violations.
  package static let conditionNotMet: Int32 = 1
  package static let transactionFailed: Int32 = 71
  package static let fateUnknown: Int32 = 72
  /// The report has marks in place of values that could not be read.
  package static let degraded: Int32 = 76
}

/// Signs and sends calls, and finds out what became of them.
package protocol ChainSending: Sendable {
  /// Throws before anything is sent; afterwards there is always an outcome.
  func send(_ call: MoveCall) throws -> TransactionOutcome
}
