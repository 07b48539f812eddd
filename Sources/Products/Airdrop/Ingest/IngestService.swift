import Chains
package import Codecs
package import Engine
package import Money
package import Payouts

/// Turns a file into the recipients of a campaign: the use case behind `recipients ingest`, the upload and the stream.
///
/// One pass over the source: hash, parse, check, sort, spill. Then the sorted records are merged in flat memory and
/// inserted in the order of addresses, invisible until one commit orders their sum.
package struct IngestService: Sendable {
  private let loads: any LoadStore
  private let commit: @Sendable (Commit) throws(StoreError) -> Void
  private let space: any SpillSpace
  private let hashing: any ContentHashing
  private let sha256: any SHA256Hashing
  private let parser: any RecipientAddressParsing
  private let beside: any WorkBeside
  /// Sizes of blocks, runs and chunks; the defaults are for production.
  package var tuning = IngestTuning()

  /// `commit` is `PayoutStore.commit` of the same store as `loads`. With a second pair of hands runs are sorted and
  /// chunks inserted beside the reading; what happens is the same without.
  package init(
    loads: any LoadStore, commit: @escaping @Sendable (Commit) throws(StoreError) -> Void, space: any SpillSpace,
    hashing: any ContentHashing, sha256: any SHA256Hashing, parser: any RecipientAddressParsing,
    beside: any WorkBeside = WorkInTurn()
  ) {
    self.loads = loads
    self.commit = commit
    self.space = space
    self.hashing = hashing
    self.sha256 = sha256
    self.parser = parser
    self.beside = beside
  }

  /// Who loads, and when, for the audit record.
  package struct Actor: Hashable, Sendable {
    /// `operator:NAME`.
    package let name: String
    package let at: Timestamp
    package init(name: String, at: Timestamp) {
      self.name = name
      self.at = at
    }
  }

  /// Loads `source`. The same source again changes nothing; one that broke off is gone on with; another one first
  /// removes what is left of it. The rejects file is written whenever a row is bad, before anything becomes visible.
  ///
  /// Throws `IngestError` when the source cannot be used as a whole and `StoreError` when the store cannot: then
  /// nothing is visible, and the same call may be repeated. After `store.commit_unknown` it should be: it says whether
  /// the load stands.
  package func ingest(
    _ source: any ByteSource, format: SourceFormat, into campaign: Campaign, options: IngestOptions, by actor: Actor,
    rejects sink: any RejectSink, progress: (IngestProgress) -> Void = { _ in }
  ) throws -> IngestReport {
    try options.check()
    // However this ends, nothing of it goes on afterwards.
    defer { beside.settle() }
    guard campaign.status != .canceled else {
      throw IngestError(.campaignClosed, "the campaign is canceled", hint: "create another campaign")
    }
    var pass = try read(source, format: format, options: options, progress: progress)
    let bytes = pass.bytes
    if let known = try finished(campaign, pass, options) { return known }

    var payoutIDs = PayoutIDCheck(addressLength: parser.addressLength, loads: loads, page: tuning.page)
    try payoutIDs.run(try pass.intake.sortedPayoutIDs(mergeBytes: tuning.mergeBytes))
    let records = try pass.intake.sortedRecipients(mergeBytes: tuning.mergeBytes)
    func tell(_ rows: Int64) { progress(IngestProgress(phase: .loading, rows: rows, bytes: bytes)) }
    if options.strict {
      // Looks at everything once without a write: a duplicate at the very end must not leave half a load.
      var look = merge(campaign, options, payoutIDs, pass.intake.rejects, writer: nil)
      try look.run(records, progress: { _ in })
      if look.rejects.count > 0 { return try report(.refused, pass, look, load: nil, sink: sink) }
    }
    let settings = LoadSettings(
      format: format, options: options, surroundings: surroundings(campaign, options, payoutIDs)
    ).text
    let writer = LoadWriter(
      loads, campaign.id, contentHash: pass.contentHash, settings: settings, addressLength: parser.addressLength,
      space: space, beside: beside, tuning: tuning)
    var merge = merge(campaign, options, payoutIDs, pass.intake.rejects, writer: writer)
    try merge.run(records, progress: tell)
    let load = try merge.finishLoad()
    // The rejects file first: nothing becomes visible while somebody might not hear of a bad row.
    let report = try report(load == nil ? .nothingToLoad : .loaded, pass, merge, load: load?.number, sink: sink)
    if let load { try order(load, report.summary, campaign, settings, actor) }
    return report
  }

  // MARK: Steps

  /// What the pass over the source has found.
  private struct Pass {
    var intake: RowIntake
    let contentHash: Hash32
    let bytes: Int64
    let format: SourceFormat
  }

  private func read(
    _ source: any ByteSource, format: SourceFormat, options: IngestOptions, progress: (IngestProgress) -> Void
  ) throws(IngestError) -> Pass {
    let window = ByteWindow(source, hasher: try hashing.makeHasher(), block: tuning.block)
    func tell(_ rows: Int64, _ bytes: Int64) { progress(IngestProgress(phase: .reading, rows: rows, bytes: bytes)) }
    var reader: any SourceIntake =
      switch format {
      case .csv: try CSVIntake(window)
      case .json: try JSONIntake(window, isLines: false)
      case .jsonl: try JSONIntake(window, isLines: true)
      }
    var intake = RowIntake(
      options: options, parser: parser, sha256: sha256, space: space, beside: beside, format: reader.format,
      tuning: tuning)
    try reader.run(into: &intake, progress: tell)
    guard intake.rows > 0 else {
      throw IngestError(.noRows, "the source names no recipient", hint: "was the right file named?")
    }
    tell(intake.rows, reader.bytesRead)
    return Pass(intake: intake, contentHash: try reader.contentHash(), bytes: reader.bytesRead, format: format)
  }

  /// The report when the campaign has this file already.
  private func finished(_ campaign: Campaign, _ pass: Pass, _ options: IngestOptions) throws -> IngestReport? {
    guard let known = try loads.load(campaign.id, contentHash: pass.contentHash), known.state == .loaded else {
      return nil
    }
    let chosen = LoadSettings(format: pass.format, options: options, surroundings: .zero)
    guard chosen.choicesMatch(known.settings) else {
      throw IngestError(
        .settingsDiffer, "this file is loaded already, under other choices: \(known.settings)",
        hint: "its recipients stand in the campaign; to pay them again on other terms, create another campaign")
    }
    let summary =
      known.summary ?? LoadSummary(rows: pass.intake.rows, accepted: 0, rejected: 0, duplicates: 0, total: .zero)
    return IngestReport(
      outcome: .alreadyLoaded, format: pass.format, contentHash: pass.contentHash, bytes: pass.bytes, summary: summary,
      load: known.number, resumedAfter: 0, withoutChecksum: 0, faults: [])
  }

  private func merge(
    _ campaign: Campaign, _ options: IngestOptions, _ payoutIDs: PayoutIDCheck, _ rejects: RejectLog,
    writer: LoadWriter?
  ) -> RecipientMerge {
    RecipientMerge(
      options: options, parser: parser, payoutIDs: payoutIDs,
      loaded: LoadedAddresses(
        loads, campaign.id, addressLength: parser.addressLength, page: tuning.page,
        isEmpty: campaign.readyOrdinal == 0),
      rejects: rejects, space: space, writer: writer)
  }

  /// The one commit that makes the load visible and orders its sum.
  private func order(
    _ load: Load, _ summary: LoadSummary, _ campaign: Campaign, _ settings: String, _ actor: Actor
  ) throws(StoreError) {
    let order = Order(
      campaign: campaign.id, asset: campaign.asset, load: load.number, contentHash: load.contentHash,
      settings: settings, summary: summary, readyOrdinal: load.nextOrdinal)
    try commit(Commit(guardedBy: nil, actor: actor.name, at: actor.at, writes: [.order(order)]))
  }

  private func report(
    _ outcome: IngestReport.Outcome, _ pass: Pass, _ merge: RecipientMerge, load: Int64?, sink: any RejectSink
  ) throws(IngestError) -> IngestReport {
    var rejects = merge.rejects
    let rejected = rejects.count
    let faults = try rejects.write(to: sink)
    return IngestReport(
      outcome: outcome, format: pass.format, contentHash: pass.contentHash, bytes: pass.bytes,
      summary: LoadSummary(
        rows: pass.intake.rows, accepted: merge.counts.accepted, rejected: rejected,
        duplicates: merge.counts.duplicates, total: merge.counts.total),
      load: load, resumedAfter: merge.writer?.resumedAfter ?? 0, withoutChecksum: merge.counts.withoutChecksum,
      faults: faults)
  }

  /// What else than the file and the choices decides over rows.
  private func surroundings(_ campaign: Campaign, _ options: IngestOptions, _ payoutIDs: PayoutIDCheck) -> Hash32 {
    var bytes = Array("almoner/ingest/1 \(campaign.readyOrdinal)\n".utf8)
    for address in options.forbidden.sorted() { bytes += address.bytes }
    bytes.append(0x0a)
    bytes += payoutIDs.taken.bytes
    return sha256.sha256(bytes)
  }
}
