import Codecs
import Engine
import Money

/// Puts accepted recipients into the store, chunk by chunk, and steps over those that an earlier try has put there; then
/// places their payout ids. A chunk is written while the next one is put together.
struct LoadWriter {
  /// Nil until the first recipient: a file without any leaves no trace.
  private(set) var load: Load?
  /// Recipients that stood in the store before.
  private(set) var resumedAfter: Int64 = 0
  private var taken: Int64 = 0
  private var chunk: LoadChunk
  private var chunkBytes = 0
  /// A chunk that was written: its memory is used again.
  private var spare: LoadChunk?
  private var inserting: Underway<LoadChunk, Load, StoreError>?
  private var placing: Underway<LoadKeys, Void, StoreError>?
  /// The 32 bytes of an amount; kept, because ten million arrays of them would cost more than the rest.
  private var word: [UInt8] = []
  /// Digest (16), ordinal (4): of every accepted recipient with a payout id, those of an earlier try included.
  private var keys: ExternalSorter

  private let loads: any LoadStore
  private let beside: any WorkBeside
  private let campaign: CampaignID
  private let contentHash: Hash32
  private let settings: String
  private let addressLength: Int
  private let tuning: IngestTuning

  init(
    _ loads: any LoadStore, _ campaign: CampaignID, contentHash: Hash32, settings: String, addressLength: Int,
    space: any SpillSpace, beside: any WorkBeside, tuning: IngestTuning
  ) {
    self.loads = loads
    self.beside = beside
    self.campaign = campaign
    self.contentHash = contentHash
    self.settings = settings
    self.addressLength = addressLength
    self.tuning = tuning
    chunk = LoadChunk(addressLength: addressLength)
    // Sorted here, for the other hands are at work in the store.
    keys = ExternalSorter(
      keyLength: LoadKeys.digestLength, space: space, beside: WorkInTurn(), rows: tuning.runRows,
      bytes: tuning.runBytes)
  }

  /// Throws `StoreError`, and `ingest.too_many_rows` when the campaign is full.
  mutating func take(_ record: RecipientRecord, _ units: UInt256) throws {
    let load = try self.load ?? begin()
    guard Int64(load.firstOrdinal) + taken < Int64(UInt32.max) else {
      throw IngestError(.tooManyRows, "a campaign holds at most \(UInt32.max) recipients")
    }
    if let digest = record.payoutIDDigest {
      keys.arena += digest
      keys.arena.appendBigEndian(load.firstOrdinal + UInt32(truncatingIfNeeded: taken))
      try keys.closeRecord()
    }
    taken += 1
    guard taken > resumedAfter else { return }
    word.removeAll(keepingCapacity: true)
    units.appendBigEndian(to: &word)
    chunk.append(
      address: record.address, units: word[...], rowNumber: record.row, payoutKey: record.payoutIDBytes,
      metadata: record.metadata)
    chunkBytes += record.bytes.count
    if chunk.count >= tuning.chunkRows || chunkBytes >= tuning.chunkBytes { try flush() }
  }

  /// Inserts what is left, places the keys, and gives the load, which now holds every accepted recipient; nil when
  /// there was none.
  mutating func finish() throws -> Load? {
    guard let load else { return nil }
    guard taken >= resumedAfter else {
      throw StoreError(
        .conflict, "an earlier try has put \(resumedAfter) recipients into the store, but the file gives only \(taken)",
        hint: "load another file into the campaign first: that removes what the earlier try left")
    }
    if chunk.count > 0 { try flush() }
    try settle()
    try placeKeys(of: self.load ?? load)
    return self.load
  }

  /// In the order of digests over the whole load: the store's index is swept once. After a try that broke off all come
  /// again, and the store steps over those that stand.
  private mutating func placeKeys(of load: Load) throws {
    var records = try keys.sorted(mergeBytes: tuning.mergeBytes)
    var record: [UInt8] = []
    var placed = LoadKeys()
    let digestLength = LoadKeys.digestLength
    while try records.next(into: &record) {
      guard record.count == digestLength + 4 else { throw RecipientRecord.damaged }
      placed.append(digest: record[..<digestLength], ordinal: record.bigEndianHalf(at: digestLength))
      if placed.count >= tuning.chunkKeys { try place(&placed, of: load) }
    }
    if placed.count > 0 { try place(&placed, of: load) }
    try placing?.finish().outcome.get()
    placing = nil
  }

  private mutating func place(_ keys: inout LoadKeys, of load: Load) throws(StoreError) {
    var next = LoadKeys()
    if let done = placing?.finish() {
      placing = nil
      try done.outcome.get()
      next = done.value
    }
    swap(&next, &keys)
    placing = Underway(beside, on: consume next) { [loads] keys in
      defer { keys.removeAll() }
      return Result { () throws(StoreError) in try loads.place(keys, of: load) }
    }
  }

  private mutating func begin() throws -> Load {
    let load = try loads.begin(campaign, contentHash: contentHash, settings: settings)
    guard load.state == .loading, load.nextOrdinal >= load.firstOrdinal else {
      throw StoreError(.conflict, "another process has just loaded this file", hint: "nothing is left to do")
    }
    self.load = load
    resumedAfter = Int64(load.nextOrdinal) - Int64(load.firstOrdinal)
    return load
  }

  private mutating func flush() throws(StoreError) {
    try settle()
    guard let load else { return }
    var full = spare ?? LoadChunk(addressLength: addressLength)
    spare = nil
    swap(&full, &chunk)
    chunkBytes = 0
    inserting = Underway(beside, on: consume full) { [loads] chunk in
      defer { chunk.removeAll() }
      return Result { () throws(StoreError) in try loads.insert(chunk, into: load) }
    }
  }

  /// Waits for the chunk that is being inserted.
  private mutating func settle() throws(StoreError) {
    guard let done = inserting?.finish() else { return }
    inserting = nil
    spare = done.value
    load = try done.outcome.get()
  }
}
