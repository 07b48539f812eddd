import Airdrop
import Chains
import Codecs
import Engine
import MemoryStore
import Money
import Payouts

/// A whole ingest of random bytes, in small pieces, against a store in memory.
enum IngestFuzz {
  /// The first byte chooses format, policy and decimals; the rest is the source.
  static func run(_ input: [UInt8], formats: [SourceFormat]) {
    guard let choice = input.first else { return }
    let format = formats[Int(choice) % formats.count]
    let options = IngestOptions(
      duplicates: DuplicatePolicy.allCases[Int(choice >> 2) % 4], decimals: choice & 0x40 == 0 ? nil : 6,
      strict: choice & 0x80 != 0)
    let source = Array(input.dropFirst())
    guard let (service, store, campaign) = try? desk(), let first = load(source, format, options, service, campaign)
    else {
      return
    }
    let (report, rejects) = first
    let summary = report.summary
    precondition(summary.accepted + summary.rejected + summary.duplicates == summary.rows, "rows are lost")
    let stored = (try? store.tally(campaign.id).count) ?? -1
    precondition(stored == (report.outcome == .loaded ? summary.accepted : 0), "the store holds other rows")
    if report.outcome == .loaded {
      precondition(load(source, format, options, service, campaign)?.0.outcome == .alreadyLoaded, "loaded twice")
    }
    // A rejects file is a source like any other.
    if !rejects.isEmpty { _ = load(rejects, format, options, service, campaign) }
  }

  private static func load(
    _ source: [UInt8], _ format: SourceFormat, _ options: IngestOptions, _ service: IngestService, _ campaign: Campaign
  ) -> (IngestReport, [UInt8])? {
    let sink = Sink()
    let report = try? service.ingest(
      Source(source), format: format, into: campaign, options: options,
      by: IngestService.Actor(name: "operator:fuzz", at: Timestamp(milliseconds: 0)), rejects: sink)
    return report.map { ($0, sink.bytes) }
  }

  private static func desk() throws -> (IngestService, MemoryStore, Campaign) {
    let store = MemoryStore(uuid: "fuzz", sha256: Hashing())
    let campaign = Campaign(
      id: try store.nextCampaignID(), uuid: "00000000-0000-4000-8000-000000000001", name: "fuzz",
      chain: ChainID(.evm, 1), asset: AssetID(chain: "evm:1", token: nil), status: .pending, reason: nil,
      mode: .asyncBatch, priority: 5, window: .always, maxBatch: 200, canary: 0, createdBy: "operator:fuzz",
      createdAt: Timestamp(milliseconds: 0), readyOrdinal: 0)
    try store.commit(
      Commit(
        guardedBy: nil, actor: "operator:fuzz", at: Timestamp(milliseconds: 0), writes: [.createCampaign(campaign)]))
    var service = IngestService(
      loads: store, commit: { (commit: Commit) throws(StoreError) in try store.commit(commit) }, space: Spill(),
      hashing: Hashing(), sha256: Hashing(), parser: EVMRecipientAddresses())
    service.tuning.block = 64
    service.tuning.runRows = 2
    service.tuning.chunkRows = 2
    service.tuning.page = 2
    return (service, store, campaign)
  }

  // MARK: The outside

  /// Any hash will do here, and the fuzzer links no C.
  private struct Hashing: SHA256Hashing, ContentHashing {
    func sha256(_ bytes: [UInt8]) -> Hash32 { Keccak.hash256(bytes) }
    func makeHasher() throws(IngestError) -> any ContentHasher { Hasher() }
  }

  private final class Hasher: ContentHasher {
    private var sponge = Keccak()
    func update(_ bytes: [UInt8], _ range: Range<Int>) throws(IngestError) { sponge.absorb(bytes[range]) }
    func finish() throws(IngestError) -> Hash32 { sponge.finish() }
  }

  private final class Source: ByteSource {
    private let bytes: [UInt8]
    private var place = 0
    init(_ bytes: [UInt8]) { self.bytes = bytes }
    func read(into buffer: inout [UInt8], _ range: Range<Int>) throws(IngestError) -> Int {
      let count = min(bytes.count - place, range.count, 61)
      buffer.replaceSubrange(range.prefix(count), with: bytes[place..<(place + count)])
      place += count
      return count
    }
  }

  private struct Spill: SpillSpace {
    func makeFile() throws(IngestError) -> any SpillFile { File() }
  }

  private final class File: SpillFile {
    private var content: [UInt8] = []
    func append(_ bytes: [UInt8]) throws(IngestError) { content += bytes }
    func read(at offset: Int64, into buffer: inout [UInt8], _ range: Range<Int>) throws(IngestError) {
      buffer.replaceSubrange(range, with: content[Int(offset)..<(Int(offset) + range.count)])
    }
  }

  private final class Sink: RejectSink {
    private(set) var bytes: [UInt8] = []
    func append(_ bytes: [UInt8]) throws(IngestError) { self.bytes += bytes }
    func finish() throws(IngestError) {}
  }
}
