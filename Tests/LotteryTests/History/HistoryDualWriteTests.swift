import Codecs
import Lottery
import Testing

/// The catalogue of the specification, 5.5.
@Suite("history_dual_write_tests")
struct HistoryDualWriteTests {
  @Test("dual_write_pass", arguments: Schema.allCases)
  func dualWritePass(schema: Schema) throws {
    var engine = try ArchiveBench.engine(schema, abortOnMismatch: true, abortOnMissing: true)
    let summary = ArchiveBench.summary(1)
    try engine.expect(summary.archiveHash.bytes, of: 1)
    let events = try engine.write(summary)
    #expect(try engine.summary(of: 1) == summary)
    #expect(engine.dualWriteFlags.enabled)
    #expect(!engine.hasExpectedHash(1))
    #expect(
      events == [
        .archiveDualWriteCompleted(
          ArchiveDualWriteCompletedEvent(lotteryId: 1, archiveHash: summary.archiveHash.bytes, finalizedAt: 0)),
        .lotteryFinalized(
          LotteryFinalizedEvent(
            id: 1, archiveSlotHash: summary.archiveHash.bytes, primaryType: 0, tagsMask: 0)),
      ])
  }

  @Test("dual_write_missing_abort", arguments: Schema.allCases)
  func dualWriteMissingAbort(schema: Schema) throws {
    var engine = try ArchiveBench.engine(schema, abortOnMismatch: true, abortOnMissing: true)
    expectRefusal(.historyExpectedMissing) { () throws(LotteryError) in
      _ = try engine.write(ArchiveBench.summary(2))
    }
  }

  @Test("dual_write_mismatch", arguments: Schema.allCases)
  func dualWriteMismatch(schema: Schema) throws {
    var engine = try ArchiveBench.engine(schema, abortOnMismatch: true, abortOnMissing: true)
    try engine.expect([0], of: 3)
    let before = engine
    expectRefusal(.historyMismatch) { () throws(LotteryError) in _ = try engine.write(ArchiveBench.summary(3)) }
    #expect(engine == before)
  }

  @Test("dual_write_missing_allowed", arguments: Schema.allCases)
  func dualWriteMissingAllowed(schema: Schema) throws {
    var engine = try ArchiveBench.engine(schema, abortOnMismatch: true, abortOnMissing: false)
    _ = try engine.write(ArchiveBench.summary(4))
    #expect(try engine.summary(of: 4).id == 4)
    #expect(engine.dualWriteStatus(of: 4).enabled)
    #expect(engine.dualWriteStatus(of: 4).expectedHash == nil)
  }

  @Test("dual_write_mirror_summary", arguments: Schema.allCases)
  func dualWriteMirrorSummary(schema: Schema) throws {
    var engine = try ArchiveBench.engine(schema, abortOnMismatch: true, abortOnMissing: true, mirror: true)
    let summary = ArchiveBench.summary(5)
    try engine.expect(summary.archiveHash.bytes, of: 5)
    _ = try engine.write(summary)
    let mirrored = try #require(engine.legacyBridge.store?.summaries[5])
    #expect(mirrored.archiveHash == summary.archiveHash.bytes)
    #expect(try LotterySummary(bcs: mirrored.summaryBCS, schema: .v2).id == 5)
    #expect(mirrored.finalizedAt == summary.finalizedAt)
  }

  @Test("dual_write_mismatch_requires_manual_clear", arguments: Schema.allCases)
  func dualWriteMismatchRequiresManualClear(schema: Schema) throws {
    var engine = try ArchiveBench.engine(schema, abortOnMismatch: false, abortOnMissing: true)
    try engine.expect([7], of: 6)
    _ = try engine.write(ArchiveBench.summary(6))
    #expect(try engine.summary(of: 6).id == 6)
    #expect(engine.hasExpectedHash(6))
    try engine.clearExpectedHash(id: 6, EngineBench.at(9))
    #expect(!engine.hasExpectedHash(6))
  }

  @Test("dual_write_pending_list", arguments: Schema.allCases)
  func dualWritePendingList(schema: Schema) throws {
    var engine = try ArchiveBench.engine(schema, abortOnMismatch: false, abortOnMissing: true)
    try engine.expect(ArchiveBench.summary(11).archiveHash.bytes, of: 11)
    try engine.expect(ArchiveBench.summary(12).archiveHash.bytes, of: 12)
    #expect(engine.pendingExpectedHashes == [11, 12])
    _ = try engine.write(ArchiveBench.summary(11))
    #expect(engine.pendingExpectedHashes == [12])
  }

  // MARK: Beyond the catalogue

  @Test func `what differs from the expectation is mirrored in schema 1 and not in schema 2`() throws {
    for schema in Schema.allCases {
      var engine = try ArchiveBench.engine(schema, abortOnMismatch: false, abortOnMissing: false, mirror: true)
      try engine.expect([7], of: 6)
      _ = try engine.write(ArchiveBench.summary(6))
      #expect((engine.legacyBridge.store?.summaries[6] != nil) == (schema == .v1))
    }
  }

  @Test func `a new expectation goes to the end, and the last one fills the place of a removed one`() throws {
    var engine = try ArchiveBench.engine(.v1, abortOnMismatch: false, abortOnMissing: false)
    for id in [1, 2, 3, 4] as [UInt64] { try engine.expect([1], of: id) }
    try engine.clearExpectedHash(id: 1, EngineBench.at(5))
    #expect(engine.pendingExpectedHashes == [4, 2, 3])
    try engine.expect([2], of: 4)
    #expect(engine.pendingExpectedHashes == [3, 2, 4])
  }

  @Test func `the overview tells what waits from what was disappointed`() throws {
    var engine = try ArchiveBench.engine(.v2, abortOnMismatch: false, abortOnMissing: false)
    #expect(engine.dualWriteOverview == DualWriteOverview())
    _ = try engine.setExpectedHash(id: 1, hash: [1], EngineBench.at(70))
    _ = try engine.setExpectedHash(id: 2, hash: [2], EngineBench.at(50))
    _ = try engine.write(ArchiveBench.summary(2))
    var expected = DualWriteOverview()
    expected.pending = 1
    expected.mismatched = 1
    expected.oldestTs = 50
    #expect(engine.dualWriteOverview == expected)
  }

  @Test func `nothing is expected while the dual write is off, or was never set up`() throws {
    var engine = LotteryEngine(admin: EngineBench.admin)
    try engine.initHistory(EngineBench.at(0))
    _ = try engine.write(ArchiveBench.summary(1))
    #expect(engine.dualWriteFlags == DualWriteStatus())
    expectRefusal(.historyControlMissing) { () throws(LotteryError) in try engine.expect([1], of: 1) }
    try engine.initDualWrite(abortOnMismatch: true, abortOnMissing: true, EngineBench.at(0))
    try engine.updateDualWriteFlags(
      enabled: false, abortOnMismatch: true, abortOnMissing: true, EngineBench.at(0))
    _ = try engine.write(ArchiveBench.summary(2))
  }

  @Test func `mirroring by hand writes the copy again and settles the expectation`() throws {
    var engine = try ArchiveBench.engine(.v2, abortOnMismatch: true, abortOnMissing: false)
    let summary = ArchiveBench.summary(8)
    _ = try engine.write(summary)
    #expect(try engine.mirrorSummaryAdmin(id: 8, EngineBench.at(9)).isEmpty, "the mirror is off")
    try engine.initHistoryBridge(EngineBench.at(9))
    try engine.enableLegacyMirror(EngineBench.at(9))
    try engine.expect(summary.archiveHash.bytes, of: 8)
    #expect(try engine.mirrorSummaryAdmin(id: 8, EngineBench.at(9)).count == 2)
    #expect(engine.legacyBridge.store?.summaries[8]?.archiveHash == summary.archiveHash.bytes)
    #expect(!engine.hasExpectedHash(8))
    try engine.disableLegacyMirror(EngineBench.at(9))
    #expect(!engine.legacyBridge.isMirrorEnabled)
  }
}
