import Codecs
import Lottery

/// An engine with an archive and a dual write, and the summaries of the catalogue.
enum ArchiveBench {
  static func engine(
    _ schema: Schema, abortOnMismatch: Bool, abortOnMissing: Bool, mirror: Bool = false
  ) throws -> LotteryEngine {
    var engine = LotteryEngine(admin: EngineBench.admin)
    try engine.initHistory(schema: schema, EngineBench.at(0))
    try engine.initDualWrite(
      abortOnMismatch: abortOnMismatch, abortOnMissing: abortOnMissing, EngineBench.at(0))
    if mirror {
      try engine.initHistoryBridge(EngineBench.at(0))
      try engine.enableLegacyMirror(EngineBench.at(0))
    }
    return engine
  }

  /// The summary of the dual-write tests.
  static func summary(_ id: UInt64) -> LotterySummary {
    var summary = LotterySummary(id: id, runId: id)
    summary.ticketsSold = 10
    summary.proceedsAccum = 100
    summary.totalAllocated = 50
    summary.totalPrizePaid = 10
    summary.totalOperationsPaid = 5
    return summary
  }

  /// The summary of the migration tests.
  static func legacy(_ id: UInt64, type: UInt8, tags: UInt64) -> LotterySummary {
    var summary = LotterySummary(id: id, runId: id)
    summary.primaryType = type
    summary.tagsMask = tags
    summary.finalizedAt = 1
    return summary
  }
}

extension LotteryEngine {
  /// What finalising a lottery does to the archive.
  mutating func write(_ summary: LotterySummary, as id: UInt64? = nil) throws(LotteryError) -> [LotteryEvent] {
    apply(try checkedSummary(summary, id: id))
  }

  mutating func importLegacy(_ summary: LotterySummary) throws(LotteryError) -> [LotteryEvent] {
    try importLegacySummaryAdmin(
      id: summary.id, bytes: summary.bcs, expectedHash: summary.archiveHash.bytes, EngineBench.at(9))
  }

  mutating func expect(_ hash: [UInt8], of id: UInt64) throws(LotteryError) {
    _ = try setExpectedHash(id: id, hash: hash, EngineBench.at(5))
  }
}
