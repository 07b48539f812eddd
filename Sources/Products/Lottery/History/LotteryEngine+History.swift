import Codecs

// The operations of the module `history`. Source: spec 2.13.
extension LotteryEngine {
  /// Throws `historyMissing` for anybody but the admin, `alreadyInitialized`.
  package mutating func initHistory(schema: Schema = .v2, _ context: Context) throws(LotteryError) {
    try requireAdmin(context, .historyMissing)
    guard history == nil else { throw LotteryError(.alreadyInitialized) }
    history = HistoryStore(schema: schema)
  }

  // MARK: Migration

  /// `import_legacy_summary_admin`: takes in a summary of the old system. Type and tags are not validated.
  ///
  /// Throws `historyNotAuthorized`, `historyDecode`, `historyIdMismatch`, `historyImportHash`, and what
  /// `checkedSummary` throws.
  package mutating func importLegacySummaryAdmin(
    id: UInt64, bytes: [UInt8], expectedHash: [UInt8], _ context: Context
  ) throws(LotteryError) -> [LotteryEvent] {
    try requireAdmin(context, .historyNotAuthorized)
    let summary = try LotterySummary(bcs: bytes, schema: history?.schema ?? .v2)
    guard summary.id == id else {
      throw LotteryError(.historyIdMismatch, "the bytes are of lottery \(summary.id), not \(id)")
    }
    guard Keccak.sha3(bytes).bytes == expectedHash else {
      throw LotteryError(
        .historyImportHash, "the bytes have another hash than expected", hint: "Run the dry run over the file again.")
    }
    let write = try checkedSummary(summary, legacy: true)
    return apply(write) + [
      .legacySummaryImported(
        LegacySummaryImportedEvent(
          lotteryId: id, archiveHash: write.hash.bytes, finalizedAt: summary.finalizedAt,
          primaryType: summary.primaryType, tagsMask: summary.tagsMask))
    ]
  }

  /// `mirror_summary_admin`: writes the old system's copy again, and looks at the expectation. Nothing when the mirror
  /// is off.
  package mutating func mirrorSummaryAdmin(id: UInt64, _ context: Context) throws(LotteryError) -> [LotteryEvent] {
    try requireAdmin(context, .historyNotAuthorized)
    guard legacyBridge.isMirrorEnabled else { return [] }
    let summary = try summary(of: id)
    let hash = summary.archiveHash
    return mirror(summary, id: id, hash: hash, try legacyBridge.outcome(of: id, hash: hash))
  }

  /// `rollback_legacy_summary_admin`: takes an import back. Schema 1 leaves the old system's copy; schema 2 puts a
  /// tombstone there (GAP 25).
  ///
  /// Throws `historyNotAuthorized`, `historyMissing`, `historySummaryMissing`, `historyNotLegacy`.
  package mutating func rollbackLegacySummaryAdmin(id: UInt64, _ context: Context) throws(LotteryError)
    -> [LotteryEvent]
  {
    let summary = try legacySummary(id, context)
    var events: [LotteryEvent] = []
    if history?.schema == .v2 { events += legacyBridge.bury(id, at: context.now) }
    history?.remove(id)
    events.append(
      .legacySummaryRolledBack(
        LegacySummaryRolledBackEvent(
          lotteryId: id, archiveHash: summary.archiveHash.bytes, finalizedAt: summary.finalizedAt,
          primaryType: summary.primaryType, tagsMask: summary.tagsMask)))
    return events
  }

  /// `update_legacy_classification_admin`: gives an import another type and other tags, known or not.
  package mutating func updateLegacyClassificationAdmin(
    id: UInt64, primaryType: UInt8, tagsMask: UInt64, _ context: Context
  ) throws(LotteryError) -> [LotteryEvent] {
    var summary = try legacySummary(id, context)
    summary.primaryType = primaryType
    summary.tagsMask = tagsMask
    let hash = summary.archiveHash
    history?.summaries[id] = summary
    return legacyBridge.mirror(id, bytes: summary.bcs, hash: hash, finalizedAt: summary.finalizedAt) + [
      .legacySummaryClassificationUpdated(
        LegacySummaryClassificationUpdatedEvent(
          lotteryId: id, archiveHash: hash.bytes, primaryType: primaryType, tagsMask: tagsMask))
    ]
  }

  // MARK: Views

  /// Whether the summary was imported; false for an unknown id. Throws `historyMissing`.
  package func isLegacySummary(_ id: UInt64) throws(LotteryError) -> Bool { try archive().legacy.contains(id) }

  /// Throws `historyMissing`, `lotteryNotFound`.
  package func summary(of id: UInt64) throws(LotteryError) -> LotterySummary {
    guard let summary = try archive().summaries[id] else {
      throw LotteryError(.lotteryNotFound, "lottery \(id) is not in the archive")
    }
    return summary
  }

  /// Ids of the archive, newest first. Throws `paginationLimit`, `historyMissing`.
  package func listFinalized(from: UInt64, limit: UInt64) throws(LotteryError) -> [UInt64] {
    try requirePage(limit)
    let archive = try archive()
    var page = Page(from: from, limit: limit)
    for id in archive.orderedIds.reversed() where !page.isFull { page.take(id) }
    return page.ids
  }

  /// Imports whose type or tags this engine does not know: views show them as `unknown` (GAP 25).
  package func unclassifiedImports() throws(LotteryError) -> [UInt64] {
    let archive = try archive()
    return archive.orderedIds.filter { id in
      guard archive.legacy.contains(id), let summary = archive.summaries[id] else { return false }
      return PrimaryType(rawValue: summary.primaryType) == nil || summary.tagsMask & ~Tags.known.rawValue != 0
    }
  }

  private func archive() throws(LotteryError) -> HistoryStore {
    guard let history else { throw LotteryError(.historyMissing, "the archive was not initialised") }
    return history
  }

  private func legacySummary(_ id: UInt64, _ context: Context) throws(LotteryError) -> LotterySummary {
    try requireAdmin(context, .historyNotAuthorized)
    let archive = try archive()
    guard let summary = archive.summaries[id] else {
      throw LotteryError(.historySummaryMissing, "lottery \(id) is not in the archive")
    }
    guard archive.legacy.contains(id) else {
      throw LotteryError(.historyNotLegacy, "lottery \(id) was archived by this engine and stays")
    }
    return summary
  }
}
