package import Codecs

/// Dual write: what the archive is expected to hold, and the copy kept for the old system. Source: spec 2.14, 2.20.
package struct LegacyBridge: Equatable, Sendable {
  /// nil: not initialised, and nothing is expected of any write.
  package internal(set) var control: DualWriteControl?
  package internal(set) var isMirrorEnabled = false
  /// The old system's store; nil: not there, and nothing is mirrored.
  package internal(set) var store: LegacyStore?

  package init() {}

  /// What is expected of a write. Throws `historyExpectedMissing` or `historyMismatch` when the flags say so.
  package func outcome(of id: UInt64, hash: Hash32) throws(LotteryError) -> ExpectationOutcome {
    guard let control, control.enabled else { return .none }
    guard let expected = control.expectations[id] else {
      guard !control.abortOnMissing else {
        throw LotteryError(.historyExpectedMissing, "nothing was expected of lottery \(id)")
      }
      return .none
    }
    if expected.hash == hash.bytes { return .met }
    #if ALMONER_MUTANTS
      if LotteryMutant.expectationLost.isActive { return .met }
    #endif
    guard !control.abortOnMismatch else {
      throw LotteryError(.historyMismatch, "lottery \(id) was expected with another hash")
    }
    return .differs
  }

  /// Removes an expectation that was met.
  mutating func settle(_ id: UInt64, hash: Hash32, finalizedAt: UInt64) -> [LotteryEvent] {
    control?.expectations.take(id)
    return [
      .archiveDualWriteCompleted(
        ArchiveDualWriteCompletedEvent(lotteryId: id, archiveHash: hash.bytes, finalizedAt: finalizedAt))
    ]
  }

  /// Writes the old system's copy, if there is such a system and the mirror is on.
  mutating func mirror(_ id: UInt64, bytes: [UInt8], hash: Hash32, finalizedAt: UInt64) -> [LotteryEvent] {
    guard isMirrorEnabled, store != nil else { return [] }
    return store?.record(id, LegacySummary(summaryBCS: bytes, archiveHash: hash.bytes, finalizedAt: finalizedAt)) ?? []
  }

  /// Marks the old system's copy, if there is one, as taken back.
  mutating func bury(_ id: UInt64, at now: UInt64) -> [LotteryEvent] {
    guard isMirrorEnabled, store?.summaries[id] != nil else { return [] }
    return store?.record(id, .tombstone(at: now)) ?? []
  }
}

/// What the dual write says to one archive write.
package enum ExpectationOutcome: Hashable, Sendable {
  /// Nothing was expected, or nobody looks.
  case none
  case met
  /// Other content was expected, and the flags let it pass. The expectation stays.
  case differs
}

/// Flags and expectations of the dual write.
package struct DualWriteControl: Equatable, Sendable {
  package struct Expectation: Hashable, Sendable {
    /// Of any length: it is compared, never used.
    package let hash: [UInt8]
    package let since: UInt64
  }

  package internal(set) var enabled = true
  package internal(set) var abortOnMismatch: Bool
  package internal(set) var abortOnMissing: Bool
  package internal(set) var expectations = OrderedTable<UInt64, Expectation>()

  package init(abortOnMismatch: Bool, abortOnMissing: Bool) {
    self.abortOnMismatch = abortOnMismatch
    self.abortOnMissing = abortOnMissing
  }
}

/// Flags, and what is expected of one lottery.
package struct DualWriteStatus: Hashable, Sendable {
  package var enabled = false
  package var abortOnMismatch = false
  package var abortOnMissing = false
  package var expectedHash: [UInt8]?

  package init() {}
}

/// Expectations that wait, and that were disappointed. Ours; not in the original (GAP 28).
package struct DualWriteOverview: Hashable, Sendable {
  /// Nothing was archived yet, or the expectation came later.
  package var pending: UInt64 = 0
  /// The archive holds other content.
  package var mismatched: UInt64 = 0
  /// Since when the oldest of both waits; 0 when there is none.
  package var oldestTs: UInt64 = 0

  package init() {}
}
