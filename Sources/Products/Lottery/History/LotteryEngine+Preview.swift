package import Codecs

extension LotteryEngine {
  /// What archiving a lottery at a moment would write, and its hash, so that an expectation can be set before (GAP 25).
  ///
  /// Works on a copy of the engine, and looks at no expectation. A lottery that is paid is finalised, a canceled one is
  /// archived; throws what those operations throw.
  package func previewSummary(
    _ id: UInt64, finalizedAt: UInt64
  ) throws(LotteryError) -> (summary: LotterySummary, hash: Hash32) {
    var copy = self
    copy.legacyBridge = LegacyBridge()
    let context = Context(actor: admin, now: finalizedAt)
    if try lottery(id).status == .canceled {
      _ = try copy.archiveCanceledLotteryAdmin(id, context)
    } else {
      _ = try copy.finalizeLotteryAdmin(id, context)
    }
    let summary = try copy.summary(of: id)
    return (summary, summary.archiveHash)
  }
}
