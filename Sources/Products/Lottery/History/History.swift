package import Codecs

/// The archive: summaries by id, in the order of their first write. Source: spec 2.13.
package struct HistoryStore: Equatable, Sendable {
  package let schema: Schema
  package internal(set) var summaries: [UInt64: LotterySummary] = [:]
  /// Those that were imported.
  package internal(set) var legacy: Set<UInt64> = []
  package internal(set) var orderedIds: [UInt64] = []

  package init(schema: Schema = .v2) { self.schema = schema }

  /// Whether a write may take the place of what is stored. Throws `historyNotLegacy` or `historyMismatch`.
  ///
  /// An imported summary may be replaced by another import; ours only by the same bytes.
  package func requireWritable(_ id: UInt64, hash: Hash32, legacy isLegacy: Bool) throws(LotteryError) {
    guard let stored = summaries[id] else { return }
    guard legacy.contains(id) == isLegacy else {
      throw LotteryError(.historyNotLegacy, "lottery \(id) is archived \(isLegacy ? "as ours" : "as an import")")
    }
    #if ALMONER_MUTANTS
      let isSame = LotteryMutant.archiveRewritten.isActive || stored.archiveHash == hash
    #else
      let isSame = stored.archiveHash == hash
    #endif
    guard isLegacy || isSame else {
      throw LotteryError(.historyMismatch, "lottery \(id) is archived with other content")
    }
  }

  mutating func store(_ write: ArchiveWrite) {
    if summaries.updateValue(write.summary, forKey: write.id) == nil { orderedIds.append(write.id) }
    if write.legacy { legacy.insert(write.id) }
  }

  mutating func remove(_ id: UInt64) {
    summaries[id] = nil
    legacy.remove(id)
    orderedIds.removeAll { $0 == id }
  }
}

/// A summary that passed every check of the archive and waits to be written.
package struct ArchiveWrite: Sendable {
  /// The id it is stored under. Schema 1 does not compare it with the summary's own.
  package let id: UInt64
  package let summary: LotterySummary
  package let hash: Hash32
  package let legacy: Bool
  /// What the dual write expected of it.
  package let expectation: ExpectationOutcome
}

extension LotteryEngine {
  /// The checks of `record_summary`: expectation of the dual write, then the store rule.
  ///
  /// Throws `historyExpectedMissing`, `historyMismatch`, `historyMissing`, `historyNotLegacy`.
  package func checkedSummary(
    _ summary: LotterySummary, id: UInt64? = nil, legacy: Bool = false
  ) throws(LotteryError) -> ArchiveWrite {
    let hash = summary.archiveHash
    let id = id ?? summary.id
    let expectation = try legacyBridge.outcome(of: id, hash: hash)
    guard let history else { throw LotteryError(.historyMissing, "the archive was not initialised") }
    try history.requireWritable(id, hash: hash, legacy: legacy)
    return ArchiveWrite(id: id, summary: summary, hash: hash, legacy: legacy, expectation: expectation)
  }

  /// Mirrors, meets the expectation and stores. Cannot fail.
  package mutating func apply(_ write: ArchiveWrite) -> [LotteryEvent] {
    let events = mirror(write.summary, id: write.id, hash: write.hash, write.expectation)
    history?.store(write)
    return events + [
      .lotteryFinalized(
        LotteryFinalizedEvent(
          id: write.id, archiveSlotHash: write.hash.bytes, primaryType: write.summary.primaryType,
          tagsMask: write.summary.tagsMask))
    ]
  }

  /// Writes the old system's copy and settles the expectation.
  ///
  /// Schema 1 mirrors whatever is written; schema 2 nothing that differs from what was expected (GAP 25).
  mutating func mirror(
    _ summary: LotterySummary, id: UInt64, hash: Hash32, _ expectation: ExpectationOutcome
  ) -> [LotteryEvent] {
    var events: [LotteryEvent] = []
    if history?.schema != .v2 || expectation != .differs {
      events += legacyBridge.mirror(id, bytes: summary.bcs, hash: hash, finalizedAt: summary.finalizedAt)
    }
    if expectation == .met { events += legacyBridge.settle(id, hash: hash, finalizedAt: summary.finalizedAt) }
    return events
  }
}
