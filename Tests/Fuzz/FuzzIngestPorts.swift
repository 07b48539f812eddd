import Airdrop
import Codecs
import Engine
import Money
import Synchronization

/// Keeps the rows of one load in memory.
final class FuzzLoads: LoadStore {
  private let stored = Mutex(LoadedRows())
  var rows: LoadedRows { stored.withLock { $0 } }

  func load(_ campaign: CampaignID, contentHash: Hash32) throws(StoreError) -> Load? { nil }

  func begin(_ campaign: CampaignID, contentHash: Hash32, settings: String) throws(StoreError) -> Load {
    Load(
      number: 1, campaign: campaign, contentHash: contentHash, settings: settings, state: .loading, firstOrdinal: 0,
      nextOrdinal: 0, summary: nil)
  }

  func addresses(
    _ campaign: CampaignID, addressLength: Int, after address: [UInt8]?, limit: Int
  ) throws(StoreError) -> [UInt8] { [] }

  func takenKeys(_ keys: [String]) throws(StoreError) -> Set<String> { [] }

  func insert(_ chunk: LoadChunk, into load: Load) throws(StoreError) -> Load {
    stored.withLock { $0.append(chunk) }
    return Load(
      number: load.number, campaign: load.campaign, contentHash: load.contentHash, settings: load.settings,
      state: .loading, firstOrdinal: load.firstOrdinal, nextOrdinal: load.nextOrdinal + UInt32(chunk.count),
      summary: nil)
  }

  func place(_ keys: LoadKeys, of load: Load) throws(StoreError) { stored.withLock { $0.place(keys) } }
}

/// Bytes in pieces.
final class FuzzSource: ByteSource {
  private let bytes: [UInt8]
  private let piece: Int
  private var place = 0

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

/// Spill files in memory.
struct FuzzSpill: SpillSpace {
  func makeFile() throws(IngestError) -> any SpillFile { File() }

  private final class File: SpillFile, @unchecked Sendable {
    // Everything is done in turn, on one thread.
    private var content: [UInt8] = []
    func append(_ bytes: [UInt8]) throws(IngestError) { content += bytes }
    func read(at offset: Int64, into buffer: inout [UInt8], _ range: Range<Int>) throws(IngestError) {
      let start = Int(offset)
      buffer.replaceSubrange(range, with: content[start..<(start + range.count)])
    }
  }
}

/// The rejects file; nothing when it was not finished.
final class FuzzRejects: RejectSink {
  private var parts: [UInt8] = []
  private(set) var bytes: [UInt8] = []
  func append(_ bytes: [UInt8]) throws(IngestError) { parts += bytes }
  func finish() throws(IngestError) { bytes = parts }
}
