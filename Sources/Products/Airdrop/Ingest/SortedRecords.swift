/// Records of several sorted runs as one sorted stream: a heap of the runs' next records.
struct SortedRecords: Sendable {
  /// One run: the part in memory, the rest in the file.
  private struct Cursor: Sendable {
    var buffer: [UInt8]
    /// Where the current record begins in the buffer, after its length.
    var record = 0
    var length = 0
    /// Past the last byte of the buffer that was filled.
    var filled: Int
    /// What of the run is not in the buffer yet.
    var rest: Range<Int64>
    var prefix: UInt64 = 0
  }

  private let keyLength: Int
  private let file: (any SpillFile)?
  private let bufferBytes: Int
  private var cursors: [Cursor] = []
  /// Indices of cursors with a record; the smallest record first.
  private var heap: [Int] = []

  init(
    keyLength: Int, file: (any SpillFile)?, runs: [Range<Int64>], tail: [UInt8], mergeBytes: Int
  ) throws(IngestError) {
    self.keyLength = keyLength
    self.file = file
    bufferBytes = max(1 << 10, min(256 << 10, mergeBytes / max(1, runs.count)))
    for run in runs { cursors.append(Cursor(buffer: [], filled: 0, rest: run)) }
    // The tail came last, so among equal keys it is last.
    if !tail.isEmpty { cursors.append(Cursor(buffer: tail, filled: tail.count, rest: 0..<0)) }
    for index in cursors.indices where try advance(index) { heap.append(index) }
    var parent = heap.count / 2
    while parent > 0 {
      parent -= 1
      siftDown(from: parent)
    }
  }

  /// Puts the next record into `record`; false at the end. Throws `ingest.spill_failed`.
  mutating func next(into record: inout [UInt8]) throws(IngestError) -> Bool {
    guard let first = heap.first else { return false }
    record.removeAll(keepingCapacity: true)
    let start = cursors[first].record
    record.append(contentsOf: cursors[first].buffer[start..<(start + cursors[first].length)])
    if try !advance(first) {
      heap[0] = heap[heap.count - 1]
      heap.removeLast()
    }
    if heap.count > 1 { siftDown(from: 0) }
    return true
  }

  /// Moves a run to its next record; false when there is none.
  private mutating func advance(_ index: Int) throws(IngestError) -> Bool {
    var place = cursors[index].record + cursors[index].length
    if cursors[index].filled - place < 4 {
      if cursors[index].filled == place, cursors[index].rest.isEmpty { return false }
      place = try refill(index, from: place, atLeast: 4)
    }
    let length = Int(cursors[index].buffer.bigEndianHalf(at: place))
    if cursors[index].filled - place < 4 + length { place = try refill(index, from: place, atLeast: 4 + length) }
    cursors[index].record = place + 4
    cursors[index].length = length
    guard length >= keyLength else { throw SortedRecords.damaged }
    cursors[index].prefix = cursors[index].buffer.bigEndianWord(at: place + 4)
    return true
  }

  /// Moves what is left to the front of the buffer and reads on; gives the place of what is left.
  private mutating func refill(_ index: Int, from place: Int, atLeast needed: Int) throws(IngestError) -> Int {
    let left = cursors[index].filled - place
    let wanted = max(bufferBytes, needed)
    let rest = cursors[index].rest
    let count = min(wanted - left, Int(clamping: rest.upperBound - rest.lowerBound))
    guard left + count >= needed, needed <= 4 + IngestLimits.rowBytes, let file else { throw SortedRecords.damaged }
    if cursors[index].buffer.count < wanted {
      cursors[index].buffer += [UInt8](repeating: 0, count: wanted - cursors[index].buffer.count)
    }
    for offset in 0..<left { cursors[index].buffer[offset] = cursors[index].buffer[place + offset] }
    try file.read(at: rest.lowerBound, into: &cursors[index].buffer, left..<(left + count))
    cursors[index].filled = left + count
    cursors[index].rest = (rest.lowerBound + Int64(count))..<rest.upperBound
    return 0
  }

  private static let damaged = IngestError(
    .spillFailed, "a temporary file came back with other bytes than were written", hint: "check the disk, then repeat")

  private mutating func siftDown(from start: Int) {
    var parent = start
    while true {
      var child = parent * 2 + 1
      guard child < heap.count else { return }
      if child + 1 < heap.count, precedes(heap[child + 1], heap[child]) { child += 1 }
      guard precedes(heap[child], heap[parent]) else { return }
      heap.swapAt(child, parent)
      parent = child
    }
  }

  private func precedes(_ a: Int, _ b: Int) -> Bool {
    if cursors[a].prefix != cursors[b].prefix { return cursors[a].prefix < cursors[b].prefix }
    for place in 8..<keyLength {
      let left = cursors[a].buffer[cursors[a].record + place]
      let right = cursors[b].buffer[cursors[b].record + place]
      if left != right { return left < right }
    }
    return a < b
  }
}
