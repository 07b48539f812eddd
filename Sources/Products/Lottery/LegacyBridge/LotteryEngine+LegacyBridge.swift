import Codecs

// The operations of the modules `legacy_bridge` and `history_bridge`. Source: spec 2.14, 2.20.
extension LotteryEngine {
  // MARK: Set-up

  /// `init_dual_write`: throws `historyNotAuthorized`, `alreadyInitialized`.
  package mutating func initDualWrite(
    abortOnMismatch: Bool, abortOnMissing: Bool, _ context: Context
  ) throws(LotteryError) {
    try requireAdmin(context, .historyNotAuthorized)
    guard legacyBridge.control == nil else { throw LotteryError(.alreadyInitialized) }
    legacyBridge.control = DualWriteControl(abortOnMismatch: abortOnMismatch, abortOnMissing: abortOnMissing)
  }

  /// `update_flags`.
  package mutating func updateDualWriteFlags(
    enabled: Bool, abortOnMismatch: Bool, abortOnMissing: Bool, _ context: Context
  ) throws(LotteryError) {
    try requireControl(context)
    legacyBridge.control?.enabled = enabled
    legacyBridge.control?.abortOnMismatch = abortOnMismatch
    legacyBridge.control?.abortOnMissing = abortOnMissing
  }

  /// The old system's own `init`; a second call does nothing. Throws `legacyNotAuthorized`.
  package mutating func initHistoryBridge(_ context: Context) throws(LotteryError) {
    try requireAdmin(context, .legacyNotAuthorized)
    if legacyBridge.store == nil { legacyBridge.store = LegacyStore() }
  }

  /// `enable_legacy_mirror`; apart from the dual write's own switch.
  package mutating func enableLegacyMirror(_ context: Context) throws(LotteryError) {
    try requireAdmin(context, .historyNotAuthorized)
    legacyBridge.isMirrorEnabled = true
  }

  /// `disable_legacy_mirror`.
  package mutating func disableLegacyMirror(_ context: Context) throws(LotteryError) {
    try requireAdmin(context, .historyNotAuthorized)
    legacyBridge.isMirrorEnabled = false
  }

  // MARK: Expectations

  /// `set_expected_hash`: replaces an old expectation, which loses its place in the order.
  package mutating func setExpectedHash(
    id: UInt64, hash: [UInt8], _ context: Context
  ) throws(LotteryError) -> [LotteryEvent] {
    try requireControl(context)
    legacyBridge.control?.expectations.take(id)
    legacyBridge.control?.expectations.put(id, .init(hash: hash, since: context.now))
    return [.archiveDualWriteStarted(ArchiveDualWriteStartedEvent(lotteryId: id, expectedHash: hash))]
  }

  /// `clear_expected_hash`: silent, whether or not there was one.
  package mutating func clearExpectedHash(id: UInt64, _ context: Context) throws(LotteryError) {
    try requireControl(context)
    legacyBridge.control?.expectations.take(id)
  }

  // MARK: Views

  /// Flags, and what is expected of the lottery. All false when the dual write was not initialised.
  package func dualWriteStatus(of id: UInt64) -> DualWriteStatus {
    var status = dualWriteFlags
    status.expectedHash = legacyBridge.control?.expectations[id]?.hash
    return status
  }

  /// The flags alone.
  package var dualWriteFlags: DualWriteStatus {
    var status = DualWriteStatus()
    guard let control = legacyBridge.control else { return status }
    status.enabled = control.enabled
    status.abortOnMismatch = control.abortOnMismatch
    status.abortOnMissing = control.abortOnMissing
    return status
  }

  package func hasExpectedHash(_ id: UInt64) -> Bool { legacyBridge.control?.expectations[id] != nil }

  /// In the order they were set; a removed one's place is taken by the last.
  package var pendingExpectedHashes: [UInt64] { legacyBridge.control?.expectations.keys ?? [] }

  /// `get_dual_write_overview` (GAP 28).
  package var dualWriteOverview: DualWriteOverview {
    var overview = DualWriteOverview()
    guard let expectations = legacyBridge.control?.expectations else { return overview }
    for id in expectations.keys {
      guard let expected = expectations[id] else { continue }
      if let stored = history?.summaries[id], stored.archiveHash.bytes != expected.hash {
        overview.mismatched += 1
      } else {
        overview.pending += 1
      }
      overview.oldestTs = overview.oldestTs == 0 ? expected.since : min(overview.oldestTs, expected.since)
    }
    return overview
  }

  private func requireControl(_ context: Context) throws(LotteryError) {
    try requireAdmin(context, .historyNotAuthorized)
    guard legacyBridge.control != nil else {
      throw LotteryError(.historyControlMissing, "the dual write was not initialised")
    }
  }
}
