import Codecs
import Lottery

/// The archive: a summary of ours never changes nor goes away, imports stay apart from them, ids keep the order of their
/// first write, and an expectation ends only by its own hash or by hand.
enum ArchiveHistory {
  static func violations(seed: UInt64, schema: Schema) throws -> [String] {
    var history = RandomHistory(seed: seed)
    try history.engine.initHistory(schema: schema, history.at())
    try history.engine.initDualWrite(
      abortOnMismatch: history.chance(50), abortOnMissing: history.chance(20), history.at())
    if history.chance(50) {
      try history.engine.initHistoryBridge(history.at())
      try history.engine.enableLegacyMirror(history.at())
    }
    var ours: [UInt64: LotterySummary] = [:]
    var order: [UInt64] = []
    for _ in 0..<60 {
      history.now += 1
      let id = 1 + history.below(4)
      // A few versions of each summary, so that the same one comes twice.
      var summary = ArchiveBench.summary(id)
      summary.ticketsSold = history.below(2)
      let context = history.at()
      switch history.below(6) {
      case 0, 1:
        let expected = history.engine.dualWriteStatus(of: id).expectedHash
        let done = history.attempt { (engine) throws(LotteryError) in try engine.write(summary) }
        guard done.result != nil else { break }
        history.expect(ours[id] == nil || ours[id] == summary, "a summary of ours was rewritten")
        ours[id] = summary
        if !order.contains(id) { order.append(id) }
        let isMet = expected == summary.archiveHash.bytes
        history.expect(
          history.engine.hasExpectedHash(id) == (expected != nil && !isMet), "an expectation ended by another hash")
      case 2:
        let done = history.attempt { (engine) throws(LotteryError) in
          try engine.importLegacySummaryAdmin(
            id: id, bytes: summary.bcs, expectedHash: summary.archiveHash.bytes, context)
        }
        guard done.result != nil else { break }
        history.expect(ours[id] == nil, "an import took the place of ours")
        if !order.contains(id) { order.append(id) }
      case 3:
        let done = history.attempt { (engine) throws(LotteryError) in
          try engine.rollbackLegacySummaryAdmin(id: id, context)
        }
        guard done.result != nil else { break }
        history.expect(ours[id] == nil, "one of ours was taken back")
        order.removeAll { $0 == id }
      case 4:
        _ = history.attempt { (engine) throws(LotteryError) in
          try engine.updateLegacyClassificationAdmin(id: id, primaryType: 9, tagsMask: 77, context)
        }
      default:
        _ = history.attempt { (engine) throws(LotteryError) in
          try engine.setExpectedHash(id: id, hash: summary.archiveHash.bytes, context)
        }
      }
      history.expect(history.engine.history?.orderedIds == order, "the order of the archive")
      for (id, summary) in ours {
        history.expect((try? history.engine.summary(of: id)) == summary, "a summary of ours changed")
        history.expect((try? history.engine.isLegacySummary(id)) == false, "one of ours became an import")
      }
    }
    return history.violations
  }
}
