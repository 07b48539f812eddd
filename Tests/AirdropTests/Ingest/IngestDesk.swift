import Airdrop
import Chains
import Codecs
import Engine
import Files
import Money
import OpenSSL
import Payouts

/// An ingest with everything outside of it in memory, in pieces so small that short sources take every path.
struct IngestDesk {
  let loads = MemoryLoads()
  var spill = MemorySpill()
  var tuning = IngestDesk.small
  /// Bytes that the source hands out at a time.
  var piece = 7

  static var small: IngestTuning {
    var tuning = IngestTuning()
    tuning.block = 64
    tuning.runRows = 3
    tuning.chunkRows = 2
    tuning.page = 2
    return tuning
  }

  struct Result {
    let report: IngestReport
    let rejects: String?
  }

  @discardableResult
  func load(
    _ bytes: [UInt8], format: SourceFormat = .csv, _ options: IngestOptions = IngestOptions(),
    status: CampaignStatus = .pending, told: ((IngestProgress) -> Void)? = nil
  ) throws -> Result {
    let sink = MemoryRejects()
    var service = IngestService(
      loads: loads, commit: { [loads] (commit) throws(StoreError) in try loads.commit(commit) }, space: spill,
      hashing: StreamHashing(), sha256: TestSHA256(), parser: EVMRecipientAddresses())
    service.tuning = tuning
    let report = try service.ingest(
      MemorySource(bytes, piece: piece), format: format, into: campaign(status), options: options,
      by: IngestService.Actor(name: "operator:test", at: Timestamp(milliseconds: 1)), rejects: sink,
      progress: told ?? { _ in })
    return Result(report: report, rejects: sink.isFinished ? String(decoding: sink.bytes, as: UTF8.self) : nil)
  }

  @discardableResult
  func load(
    _ text: String, format: SourceFormat = .csv, _ options: IngestOptions = IngestOptions()
  ) throws -> Result {
    try load(Array(text.utf8), format: format, options)
  }

  private func campaign(_ status: CampaignStatus) -> Campaign {
    Campaign(
      id: CampaignID(1), uuid: "5a3c7b1e-0d7f-4b8e-9a57-3f1f8f1a6a01", name: "Q4", chain: ChainID(.evm, 31337),
      asset: AssetID(chain: "evm:31337", token: nil), status: status, reason: nil, mode: .asyncBatch, priority: 5,
      window: .always, maxBatch: 200, canary: 0, createdBy: "operator:test", createdAt: Timestamp(milliseconds: 0),
      readyOrdinal: loads.ready)
  }
}

struct TestSHA256: SHA256Hashing {
  func sha256(_ bytes: [UInt8]) -> Hash32 { (try? SHA256.hash(bytes)).map { Hash32(words: $0.words) } ?? .zero }
}

/// Bytes in pieces.
final class MemorySource: ByteSource {
  private var bytes: ArraySlice<UInt8>
  private let piece: Int
  init(_ bytes: [UInt8], piece: Int) {
    self.bytes = bytes[...]
    self.piece = piece
  }
  func read(into buffer: inout [UInt8], _ range: Range<Int>) throws(IngestError) -> Int {
    let count = min(bytes.count, range.count, piece)
    for (offset, byte) in bytes.prefix(count).enumerated() { buffer[range.lowerBound + offset] = byte }
    bytes.removeFirst(count)
    return count
  }
}

/// Spill files in memory, with room for `most` bytes together.
final class MemorySpill: SpillSpace, @unchecked Sendable {
  // One ingest uses it from one thread; the tests that share it look only after the ingest.
  private(set) var files = 0
  private(set) var bytes = 0
  private let most: Int
  init(most: Int = .max) { self.most = most }

  func makeFile() throws(IngestError) -> any SpillFile {
    files += 1
    return File(self)
  }

  private final class File: SpillFile {
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
