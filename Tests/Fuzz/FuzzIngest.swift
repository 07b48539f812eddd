import Airdrop
import Chains
import Codecs
import Engine
import Files
import Keys
import Money
import Payouts
import Synchronization

/// Lists of recipients, through the whole ingest: the first byte picks the options, the rest is the source.
enum FuzzIngest {
  static func run(_ input: [UInt8], _ format: SourceFormat) {
    guard let first = input.first else { return }
    let options = options(first)
    let source = Array(input.dropFirst())
    let whole = load(source, format, options, piece: .max, tuning: tuning(block: 4096, rows: 1000))
    let cut = load(source, format, options, piece: 7, tuning: tuning(block: 64, rows: 3))
    promise(whole == cut, "how the source is cut into pieces makes a difference")
    guard let whole else { return }
    check(whole)
    // A rejects file is made to be mended and loaded again: it must be a source of as many rows.
    guard !whole.rejects.isEmpty else { return }
    let again = load(whole.rejects, format, options, piece: .max, tuning: tuning(block: 4096, rows: 1000))
    promise(again?.report.summary.rows == whole.report.summary.rejected, "the rejects are no source")
  }

  /// What one ingest left behind.
  private struct Outcome: Equatable {
    let report: IngestReport
    let rows: LoadedRows
    let rejects: [UInt8]
  }

  private static func check(_ outcome: Outcome) {
    let (summary, rows) = (outcome.report.summary, outcome.rows)
    promise(
      summary.rows == summary.accepted + summary.rejected + summary.duplicates, "a row is counted nowhere, or twice")
    let text = String(validating: outcome.rejects, as: UTF8.self)
    promise(text?.unicodeScalars.allSatisfy(isHarmless) ?? false, "the rejects hold what a terminal obeys")
    guard outcome.report.outcome == .loaded else {
      promise(rows.addresses.isEmpty, "a load that was refused left rows")
      return
    }
    promise(Int64(rows.addresses.count) == summary.accepted, "a row was accepted and not stored")
    let ascend = zip(rows.addresses, rows.addresses.dropFirst()).allSatisfy { $0.lexicographicallyPrecedes($1) }
    promise(ascend, "a recipient stands there twice, or out of order")
    var total = UInt256.zero
    for units in rows.units {
      guard let units = UInt256(bigEndian: units), !units.isZero, let sum = try? total.adding(units) else {
        broken("an amount that was never checked")
      }
      total = sum
    }
    promise(total == summary.total, "the sum is not that of the rows")
    let digests = zip(rows.keys, Int64(0)...).filter { !$0.0.isEmpty }.map { key, ordinal in
      (digest: Array(OpenSSLHashing().sha256(key).bytes.prefix(16)), ordinal: ordinal)
    }
    promise(
      digests.sorted { $0.digest.lexicographicallyPrecedes($1.digest) }.elementsEqual(rows.placed) { $0 == $1 },
      "not every payout id is placed once, in the order of digests")
    for metadata in rows.metadata where !metadata.isEmpty {
      guard let value = try? JSON.parse(metadata), let canonical = try? CanonicalJSON.bytes(value) else {
        broken("metadata is no JSON")
      }
      promise(canonical == metadata, "metadata is not canonical")
    }
  }

  private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control: ["\n", "\r", "\t"].contains(scalar)
    case .format, .lineSeparator, .paragraphSeparator: false
    default: true
    }
  }

  private static func options(_ byte: UInt8) -> IngestOptions {
    var options = IngestOptions()
    options.duplicates = DuplicatePolicy.allCases[Int(byte & 3)]
    options.decimals = byte & 4 == 0 ? nil : 6
    options.strict = byte & 8 != 0
    if let contract = FuzzTransactions.batchContract { options.forbidden = [Address(contract.bytes)] }
    return options
  }

  /// Far below what production takes: buffers that are made anew for every input would be all the work.
  private static func tuning(block: Int, rows: Int) -> IngestTuning {
    var tuning = IngestTuning()
    tuning.block = block
    tuning.runRows = rows
    tuning.runBytes = 1 << 20
    tuning.mergeBytes = 1 << 16
    tuning.chunkRows = rows - 1
    tuning.chunkKeys = rows - 1
    tuning.page = rows - 1
    return tuning
  }

  private static let campaign = Campaign(
    id: CampaignID(1), uuid: "5a3c7b1e-0d7f-4b8e-9a57-3f1f8f1a6a01", name: "fuzz", chain: ChainID(.evm, 31337),
    asset: AssetID(chain: "evm:31337", token: nil), status: .pending, reason: nil, mode: .asyncBatch, priority: 5,
    window: .always, maxBatch: 200, canary: 0, createdBy: "operator:test", createdAt: Timestamp(milliseconds: 0),
    readyOrdinal: 0)

  /// Nil when the source is refused as a whole, which is an error of its own type and nothing stored.
  private static func load(
    _ bytes: [UInt8], _ format: SourceFormat, _ options: IngestOptions, piece: Int, tuning: IngestTuning
  ) -> Outcome? {
    let (loads, sink) = (FuzzLoads(), FuzzRejects())
    var service = IngestService(
      loads: loads, commit: { (_: Commit) throws(StoreError) in }, space: FuzzSpill(), hashing: StreamHashing(),
      sha256: OpenSSLHashing(), parser: EVMRecipientAddresses())
    service.tuning = tuning
    do {
      let report = try service.ingest(
        FuzzSource(bytes, piece: piece), format: format, into: campaign, options: options,
        by: IngestService.Actor(name: "operator:test", at: Timestamp(milliseconds: 0)), rejects: sink)
      return Outcome(report: report, rows: loads.rows, rejects: sink.bytes)
    } catch {
      promise(error is IngestError, "the store has nothing to refuse")
      return nil
    }
  }
}

/// What stands in the store.
struct LoadedRows: Equatable {
  var addresses: [[UInt8]] = []
  var units: [[UInt8]] = []
  var rowNumbers: [Int64] = []
  var keys: [[UInt8]] = []
  var metadata: [[UInt8]] = []
  /// Ordinals by the digest of their key, in the order they were placed.
  var placed: [(digest: [UInt8], ordinal: Int64)] = []

  static func == (a: LoadedRows, b: LoadedRows) -> Bool {
    a.addresses == b.addresses && a.units == b.units && a.rowNumbers == b.rowNumbers && a.keys == b.keys
      && a.metadata == b.metadata && a.placed.elementsEqual(b.placed) { $0 == $1 }
  }

  mutating func append(_ chunk: LoadChunk) {
    for place in 0..<chunk.count {
      addresses.append(Array(chunk.addresses[(place * 20)..<(place * 20 + 20)]))
      units.append(Array(chunk.units[(place * 32)..<(place * 32 + 32)]))
    }
    rowNumbers += chunk.rowNumbers
    keys += (0..<chunk.count).map { Array(chunk.payoutKeys[$0]) }
    metadata += (0..<chunk.count).map { Array(chunk.metadata[$0]) }
  }

  mutating func place(_ keys: LoadKeys) {
    for place in 0..<keys.count {
      placed.append((Array(keys.digests[(place * 16)..<(place * 16 + 16)]), keys.ordinals[place]))
    }
  }
}
