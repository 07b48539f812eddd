/// The old system's archive, as the mirror fills it. Source: spec 2.20, "history bridge".
package struct LegacyStore: Equatable, Sendable {
  package internal(set) var summaries: [UInt64: LegacySummary] = [:]

  package init() {}

  /// Writes or overwrites; an event every time.
  mutating func record(_ id: UInt64, _ summary: LegacySummary) -> [LotteryEvent] {
    summaries[id] = summary
    return [
      .legacySummary(
        LegacySummaryEvent(lotteryId: id, archiveHash: summary.archiveHash, finalizedAt: summary.finalizedAt))
    ]
  }
}

/// One summary as the old system keeps it.
package struct LegacySummary: Hashable, Sendable {
  package let summaryBCS: [UInt8]
  package let archiveHash: [UInt8]
  package let finalizedAt: UInt64

  package init(summaryBCS: [UInt8], archiveHash: [UInt8], finalizedAt: UInt64) {
    self.summaryBCS = summaryBCS
    self.archiveHash = archiveHash
    self.finalizedAt = finalizedAt
  }

  /// Says that an import was taken back: no bytes, no hash, and when (schema 2).
  package static func tombstone(at now: UInt64) -> LegacySummary {
    LegacySummary(summaryBCS: [], archiveHash: [], finalizedAt: now)
  }

  package var isTombstone: Bool { summaryBCS.isEmpty && archiveHash.isEmpty }
}
