import Codecs
import Lottery
import Testing

/// The catalogue of the specification, 5.6. Names of the stage guide stand beside those of the code.
@Suite("history_migration_tests")
struct HistoryMigrationTests {
  private static func engine(_ schema: Schema) throws -> LotteryEngine {
    try ArchiveBench.engine(schema, abortOnMismatch: false, abortOnMissing: false)
  }

  @Test("import_and_rollback", arguments: Schema.allCases)
  func importAndRollback(schema: Schema) throws {
    var engine = try Self.engine(schema)
    let summary = ArchiveBench.legacy(101, type: 2, tags: 0x10)
    let events = try engine.importLegacy(summary)
    #expect(events.count == 2)
    #expect(try engine.summary(of: 101).primaryType == 2)
    #expect(try engine.summary(of: 101).tagsMask == 0x10)
    #expect(try engine.isLegacySummary(101))
    _ = try engine.rollbackLegacySummaryAdmin(id: 101, EngineBench.at(10))
    #expect(try engine.listFinalized(from: 0, limit: 10).isEmpty)
    #expect(try !engine.isLegacySummary(101))
  }

  @Test("imports_summary_successfully", arguments: Schema.allCases)
  func importsSummarySuccessfully(schema: Schema) throws {
    var engine = try Self.engine(schema)
    let summary = ArchiveBench.legacy(101, type: 2, tags: 0x10)
    #expect(
      try engine.importLegacy(summary).last
        == .legacySummaryImported(
          LegacySummaryImportedEvent(
            lotteryId: 101, archiveHash: summary.archiveHash.bytes, finalizedAt: 1, primaryType: 2, tagsMask: 0x10)))
    #expect(try engine.listFinalized(from: 0, limit: 10) == [101])
  }

  @Test("import_rejects_mismatched_hash", arguments: Schema.allCases)
  func importRejectsMismatchedHash(schema: Schema) throws {
    var engine = try Self.engine(schema)
    expectRefusal(.historyImportHash) { () throws(LotteryError) in
      _ = try engine.importLegacySummaryAdmin(
        id: 11, bytes: ArchiveBench.legacy(11, type: 0, tags: 0).bcs, expectedHash: [0], EngineBench.at(1))
    }
  }

  @Test("import_rejects_wrong_hash", arguments: Schema.allCases)
  func importRejectsWrongHash(schema: Schema) throws { try importRejectsMismatchedHash(schema: schema) }

  @Test("rollback_rejects_non_legacy", arguments: Schema.allCases)
  func rollbackRejectsNonLegacy(schema: Schema) throws {
    var engine = try Self.engine(schema)
    let summary = ArchiveBench.legacy(77, type: 0, tags: 0)
    try engine.expect(summary.archiveHash.bytes, of: 77)
    _ = try engine.write(summary)
    expectRefusal(.historyNotLegacy) { () throws(LotteryError) in
      _ = try engine.rollbackLegacySummaryAdmin(id: 77, EngineBench.at(10))
    }
  }

  @Test("cannot_rollback_new_summary", arguments: Schema.allCases)
  func cannotRollbackNewSummary(schema: Schema) throws { try rollbackRejectsNonLegacy(schema: schema) }

  @Test("update_legacy_classification", arguments: Schema.allCases)
  func updateLegacyClassification(schema: Schema) throws {
    var engine = try Self.engine(schema)
    _ = try engine.importLegacy(ArchiveBench.legacy(55, type: 0, tags: 0))
    let events = try engine.updateLegacyClassificationAdmin(
      id: 55, primaryType: 3, tagsMask: 0xFF, EngineBench.at(10))
    let stored = try engine.summary(of: 55)
    #expect(stored.primaryType == 3 && stored.tagsMask == 0xFF)
    #expect(
      events == [
        .legacySummaryClassificationUpdated(
          LegacySummaryClassificationUpdatedEvent(
            lotteryId: 55, archiveHash: stored.archiveHash.bytes, primaryType: 3, tagsMask: 0xFF))
      ])
  }

  @Test("import_completes_dual_write", arguments: Schema.allCases)
  func importCompletesDualWrite(schema: Schema) throws {
    var engine = try ArchiveBench.engine(schema, abortOnMismatch: true, abortOnMissing: true, mirror: true)
    let summary = ArchiveBench.legacy(205, type: 4, tags: 0x40)
    try engine.expect(summary.archiveHash.bytes, of: 205)
    let events = try engine.importLegacy(summary)
    #expect(events.count == 4, "mirror, completion, write, import")
    #expect(!engine.hasExpectedHash(205))
    let mirrored = try #require(engine.legacyBridge.store?.summaries[205])
    #expect(mirrored.archiveHash == summary.archiveHash.bytes && mirrored.finalizedAt == 1)
  }

  // MARK: Beyond the catalogue

  @Test func `the store rule keeps imports and our own apart, and our own for ever`() throws {
    var engine = try Self.engine(.v2)
    _ = try engine.importLegacy(ArchiveBench.legacy(1, type: 0, tags: 0))
    _ = try engine.importLegacy(ArchiveBench.legacy(1, type: 1, tags: 0))
    expectRefusal(.historyNotLegacy) { () throws(LotteryError) in _ = try engine.write(ArchiveBench.summary(1)) }
    _ = try engine.write(ArchiveBench.summary(2))
    _ = try engine.write(ArchiveBench.summary(2))
    expectRefusal(.historyNotLegacy) { () throws(LotteryError) in
      _ = try engine.importLegacy(ArchiveBench.legacy(2, type: 0, tags: 0))
    }
    var other = ArchiveBench.summary(2)
    other.ticketsSold = 11
    expectRefusal(.historyMismatch) { () throws(LotteryError) in _ = try engine.write(other) }
    #expect(try engine.listFinalized(from: 0, limit: 9) == [2, 1])
    #expect(try engine.listFinalized(from: 1, limit: 9) == [1])
    expectRefusal(.paginationLimit) { () throws(LotteryError) in _ = try engine.listFinalized(from: 0, limit: 1001) }
  }

  @Test func `an import checks caller, bytes, id and hash in this order`() throws {
    var engine = try Self.engine(.v1)
    let bytes = ArchiveBench.legacy(5, type: 0, tags: 0).bcs
    let stranger = EngineBench.at(1, by: LotteryAddress(0x99))
    func refuse(_ code: LotteryError.Code, _ id: UInt64, _ bytes: [UInt8], _ context: Context) {
      expectRefusal(code) { () throws(LotteryError) in
        _ = try engine.importLegacySummaryAdmin(id: id, bytes: bytes, expectedHash: [0], context)
      }
    }
    refuse(.historyNotAuthorized, 6, [1], stranger)
    refuse(.historyDecode, 6, [1], EngineBench.at(1))
    refuse(.historyIdMismatch, 6, bytes, EngineBench.at(1))
    refuse(.historyImportHash, 5, bytes, EngineBench.at(1))
  }

  @Test func `a rollback leaves the old system's copy in schema 1, and a tombstone in schema 2`() throws {
    for schema in Schema.allCases {
      var engine = try ArchiveBench.engine(schema, abortOnMismatch: false, abortOnMissing: false, mirror: true)
      _ = try engine.importLegacy(ArchiveBench.legacy(9, type: 0, tags: 0))
      let events = try engine.rollbackLegacySummaryAdmin(id: 9, EngineBench.at(33))
      let copy = try #require(engine.legacyBridge.store?.summaries[9])
      #expect(copy.isTombstone == (schema == .v2))
      #expect(events.count == (schema == .v2 ? 2 : 1))
    }
  }

  @Test func `imports with unknown type or tags are named, and shown as unknown`() throws {
    var engine = try Self.engine(.v2)
    _ = try engine.importLegacy(ArchiveBench.legacy(1, type: 4, tags: 0))
    _ = try engine.importLegacy(ArchiveBench.legacy(2, type: 0, tags: 0x40))
    _ = try engine.importLegacy(ArchiveBench.legacy(3, type: 3, tags: 0x10))
    #expect(try engine.unclassifiedImports() == [1, 2])
    #expect(engine.getBadgeMetadata(primaryType: 4, tagsMask: 0).primaryLabel == "unknown")
  }

  @Test func `unknown ids and a missing archive have their own refusals`() throws {
    var engine = LotteryEngine(admin: EngineBench.admin)
    expectRefusal(.historyMissing) { () throws(LotteryError) in _ = try engine.write(ArchiveBench.summary(1)) }
    expectRefusal(.historyMissing) { () throws(LotteryError) in _ = try engine.summary(of: 1) }
    expectRefusal(.historyMissing) { () throws(LotteryError) in
      try engine.initHistory(EngineBench.at(0, by: LotteryAddress(7)))
    }
    try engine.initHistory(EngineBench.at(0))
    expectRefusal(.historySummaryMissing) { () throws(LotteryError) in
      _ = try engine.rollbackLegacySummaryAdmin(id: 1, EngineBench.at(0))
    }
    expectRefusal(.lotteryNotFound) { () throws(LotteryError) in _ = try engine.summary(of: 1) }
    expectRefusal(.legacyNotAuthorized) { () throws(LotteryError) in
      try engine.initHistoryBridge(EngineBench.at(0, by: LotteryAddress(7)))
    }
  }
}
