package import Codecs

/// The archive: summaries by id, in the order of their first write.
package struct HistoryStore: Equatable, Sendable {
  package internal(set) var summaries: [UInt64: LotterySummary] = [:]
  package internal(set) var legacy: Set<UInt64> = []
  package internal(set) var orderedIds: [UInt64] = []

  package init() {}
}

/// A summary that passed every check of the archive and waits to be written.
package struct ArchiveWrite: Sendable {
  package let summary: LotterySummary
  package let hash: Hash32
  package let legacy: Bool

  package init(summary: LotterySummary, hash: Hash32, legacy: Bool) {
    self.summary = summary
    self.hash = hash
    self.legacy = legacy
  }
}

extension LotteryEngine {
  /// The checks of `record_summary`: expectation of the dual write, then the store rule.
  package func checkedSummary(_ summary: LotterySummary, legacy: Bool = false) throws(LotteryError) -> ArchiveWrite {
    guard history != nil else { throw LotteryError(.historyMissing) }
    return ArchiveWrite(summary: summary, hash: summary.archiveHash, legacy: legacy)
  }

  /// Mirrors, meets the expectation and stores. Cannot fail.
  package mutating func apply(_ write: ArchiveWrite) -> [LotteryEvent] {
    let summary = write.summary
    if history?.summaries.updateValue(summary, forKey: summary.id) == nil { history?.orderedIds.append(summary.id) }
    return [
      .lotteryFinalized(
        LotteryFinalizedEvent(
          id: summary.id, archiveSlotHash: write.hash.bytes, primaryType: summary.primaryType,
          tagsMask: summary.tagsMask))
    ]
  }
}
