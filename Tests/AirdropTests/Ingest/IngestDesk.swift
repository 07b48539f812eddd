import Airdrop
import Chains
import Codecs
import Engine
import Files
import MemoryStore
import Money
import OpenSSL
import Payouts
import Testing

/// An ingest with everything outside of it in memory, in pieces so small that short sources take every path.
struct IngestDesk {
  let loads: WatchedLoads
  var spill = MemorySpill()
  var tuning = IngestDesk.small
  var beside: any WorkBeside = WorkInTurn()
  /// Bytes that the source hands out at a time.
  var piece = 7
  private let id: CampaignID

  /// A campaign of its own; with `beside`, in the store of another desk.
  init(beside other: IngestDesk? = nil) throws {
    let store = other?.loads.store ?? MemoryStore(uuid: "store", sha256: TestSHA256())
    loads = WatchedLoads(store)
    id = try store.nextCampaignID()
    let campaign = Campaign(
      id: id, uuid: "5a3c7b1e-0d7f-4b8e-9a57-3f1f8f1a6a0\(id.raw)", name: "Q\(id.raw)", chain: ChainID(.evm, 31337),
      asset: AssetID(chain: "evm:31337", token: nil), status: .pending, reason: nil, mode: .asyncBatch, priority: 5,
      window: .always, maxBatch: 200, canary: 0, createdBy: "operator:test", createdAt: Timestamp(milliseconds: 0),
      readyOrdinal: 0)
    try store.commit(
      Commit(
        guardedBy: nil, actor: "operator:test", at: Timestamp(milliseconds: 0), writes: [.createCampaign(campaign)]))
  }

  static var small: IngestTuning {
    var tuning = IngestTuning()
    tuning.block = 64
    tuning.runRows = 3
    tuning.chunkRows = 2
    tuning.chunkKeys = 2
    tuning.page = 2
    return tuning
  }

  var campaign: Campaign { get throws { try #require(try loads.store.campaign(id)) } }

  /// A recipient that planning would see.
  struct Row: Hashable {
    let ordinal: UInt32
    let address: [UInt8]
    let units: UInt256
    let row: Int64
    /// Nil when the file gave none.
    let payoutID: String?
    let metadata: String
  }

  /// All of them, by ordinal.
  var rows: [Row] {
    get throws {
      let campaign = try campaign
      return try loads.store.payouts(campaign.id, status: nil, after: nil, limit: 1_000_000).map { view in
        Row(
          ordinal: view.payout.ordinal, address: view.address.bytes, units: view.units, row: view.rowNumber,
          payoutID: view.key == campaign.payoutKey(view.payout) ? nil : view.key, metadata: view.metadata)
      }
    }
  }

  struct Result {
    let report: IngestReport
    /// Nil when no rejects file was made.
    let rejects: String?

    /// Rejected rows and their codes, from the last five columns of a CSV rejects file without line breaks in fields.
    var codes: [String] {
      (rejects ?? "").split(separator: "\n").dropFirst().map { line in
        let words = line.matches(of: /ingest\.[a-z0-9_]+/).map { String($0.0) }
        return words.last ?? "?"
      }
    }
  }

  @discardableResult
  func load(
    _ bytes: [UInt8], _ format: SourceFormat = .csv, _ options: IngestOptions = IngestOptions(),
    rejects file: (any RejectSink)? = nil, told: (IngestProgress) -> Void = { _ in }
  ) throws -> Result {
    let sink = MemoryRejects()
    var service = IngestService(
      loads: loads, commit: { [loads] (commit) throws(StoreError) in try loads.commit(commit) }, space: spill,
      hashing: StreamHashing(), sha256: TestSHA256(), parser: EVMRecipientAddresses(), beside: beside)
    service.tuning = tuning
    let report = try service.ingest(
      MemorySource(bytes, piece: piece), format: format, into: try campaign, options: options,
      by: IngestService.Actor(name: "operator:test", at: Timestamp(milliseconds: 1)), rejects: file ?? sink,
      progress: told)
    return Result(report: report, rejects: sink.isFinished ? String(decoding: sink.bytes, as: UTF8.self) : nil)
  }

  @discardableResult
  func load(
    _ text: String, _ format: SourceFormat = .csv, _ options: IngestOptions = IngestOptions()
  ) throws -> Result {
    try load(Array(text.utf8), format, options)
  }
}

struct TestSHA256: SHA256Hashing {
  func sha256(_ bytes: [UInt8]) -> Hash32 { (try? SHA256.hash(bytes)).map { Hash32(words: $0.words) } ?? .zero }
}

/// Bytes in pieces.
final class MemorySource: ByteSource {
  private let bytes: [UInt8]
  private var place = 0
  private let piece: Int
  init(_ bytes: [UInt8], piece: Int) {
    self.bytes = bytes
    self.piece = piece
  }
  func read(into buffer: inout [UInt8], _ range: Range<Int>) throws(IngestError) -> Int {
    let count = min(bytes.count - place, range.count, piece)
    buffer.replaceSubrange(range.prefix(count), with: bytes[place..<(place + count)])
    place += count
    return count
  }
}

/// Spill files in memory, with room for `most` bytes together.
final class MemorySpill: SpillSpace, @unchecked Sendable {
  // One ingest uses it, and never from two threads at a time; the tests look only after the ingest.
  private(set) var files = 0
  private(set) var bytes = 0
  private let most: Int
  init(most: Int = .max) { self.most = most }

  func makeFile() throws(IngestError) -> any SpillFile {
    files += 1
    return File(self)
  }

  private final class File: SpillFile, @unchecked Sendable {
    // As the space: written by one thread, read by another when that is done.
    private var content: [UInt8] = []
    private let space: MemorySpill
    init(_ space: MemorySpill) { self.space = space }
    func append(_ bytes: [UInt8]) throws(IngestError) {
      guard space.bytes + bytes.count <= space.most else { throw IngestError(.spillFull, "full") }
      space.bytes += bytes.count
      content += bytes
    }
    func read(at offset: Int64, into buffer: inout [UInt8], _ range: Range<Int>) throws(IngestError) {
      guard Int(offset) + range.count <= content.count else { throw IngestError(.spillFailed, "past the end") }
      for place in range { buffer[place] = content[Int(offset) + place - range.lowerBound] }
    }
  }
}

final class MemoryRejects: RejectSink {
  private(set) var bytes: [UInt8] = []
  private(set) var isFinished = false
  func append(_ bytes: [UInt8]) throws(IngestError) { self.bytes += bytes }
  func finish() throws(IngestError) { isFinished = true }
}

/// Addresses for tests: `wallet(7)` is the checksummed text of a fixed address.
func wallet(_ number: Int) -> String {
  EIP55.text(EVMAddress(Array(TestSHA256().sha256(Array("wallet \(number)".utf8)).bytes.prefix(20))) ?? .zero)
}
