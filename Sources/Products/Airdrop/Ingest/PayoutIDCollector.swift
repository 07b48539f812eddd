import Codecs
import Synchronization

/// Gathers the payout ids of recipients for `PayoutIDCheck`, run by run, beside the reading: their digests are most of the
/// work of a short row.
final class PayoutIDCollector: Sendable {
  /// Digest (16), address, row number (8), payout id.
  private let sorter: Mutex<ExternalSorter>
  private let sha256: any SHA256Hashing
  private let addressLength: Int

  init(addressLength: Int, sha256: any SHA256Hashing, space: any SpillSpace, tuning: IngestTuning) {
    self.addressLength = addressLength
    self.sha256 = sha256
    // Runs come from the other hands already, which cannot wait for themselves.
    sorter = Mutex(
      ExternalSorter(
        keyLength: LoadKeys.digestLength + addressLength, space: space, beside: WorkInTurn(), rows: tuning.runRows,
        bytes: tuning.runBytes))
  }

  /// Takes the ids of a run of recipients, and writes their digests into the room that the records leave for them.
  func take(_ run: inout SortedRun) throws(IngestError) {
    try sorter.withLock { sorter throws(IngestError) in
      var id: [UInt8] = []
      for entry in run.entries {
        let start = Int(entry.offset)
        guard let key = RecipientRecord.payoutID(in: run.arena, from: start, addressLength) else { continue }
        id.removeAll(keepingCapacity: true)
        id += run.arena[key]
        let digest = sha256.sha256(id)
        run.arena.putBigEndian(digest.words.0, at: key.lowerBound - 16)
        run.arena.putBigEndian(digest.words.1, at: key.lowerBound - 8)
        sorter.arena.appendBigEndian(digest.words.0)
        sorter.arena.appendBigEndian(digest.words.1)
        sorter.arena += run.arena[start..<(start + addressLength + 8)]
        sorter.arena += id
        try sorter.closeRecord()
      }
    }
  }

  func sorted(mergeBytes: Int) throws(IngestError) -> SortedRecords {
    try sorter.withLock { sorter throws(IngestError) in try sorter.sorted(mergeBytes: mergeBytes) }
  }
}
