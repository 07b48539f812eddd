/// Records kept in order until their fate is known. A recipient may have millions of rows, so they spill too.
struct RecordLog {
  private(set) var count: Int64 = 0
  private var memory: [UInt8] = []
  private var file: (any SpillFile)?
  private var range: Range<Int64> = 0..<0
  private let space: any SpillSpace
  private static let mostInMemory = 1 << 20

  init(space: any SpillSpace) { self.space = space }

  /// Throws `ingest.spill_full`, `ingest.spill_failed`.
  mutating func append(_ record: [UInt8]) throws(IngestError) {
    memory.appendBigEndian(UInt32(truncatingIfNeeded: record.count))
    memory += record
    count += 1
    guard memory.count > RecordLog.mostInMemory else { return }
    let file: any SpillFile
    if let known = self.file { file = known } else { file = try space.makeFile() }
    self.file = file
    try file.append(memory)
    range = range.lowerBound..<(range.upperBound + Int64(memory.count))
    memory.removeAll(keepingCapacity: true)
  }

  /// All records in the order they came.
  func forEach(_ body: ([UInt8]) throws -> Void) throws {
    var records = try SortedRecords(
      keyLength: 8, file: file, runs: range.isEmpty ? [] : [range], tail: [], mergeBytes: 256 << 10)
    var record: [UInt8] = []
    // One run is read in its own order, whatever its keys.
    while try records.next(into: &record) { try body(record) }
    records = try SortedRecords(keyLength: 8, file: nil, runs: [], tail: memory, mergeBytes: 256 << 10)
    while try records.next(into: &record) { try body(record) }
  }

  /// Forgets the records; the file is used again, from its end on.
  mutating func removeAll() {
    guard count > 0 else { return }
    count = 0
    memory.removeAll(keepingCapacity: true)
    range = range.upperBound..<range.upperBound
  }
}
