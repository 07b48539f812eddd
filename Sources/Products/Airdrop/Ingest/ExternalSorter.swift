/// Sorts any number of records by a leading key of fixed length, in flat memory.
///
/// Records are collected in one arena; a full arena is sorted and spilled as a run, beside the collecting of the next one;
/// `sorted()` merges the runs. Records of equal keys keep the order in which they came.
struct ExternalSorter: Sendable {
  let keyLength: Int
  private(set) var count: Int64 = 0

  private var filling: SortedRun
  private var recordStart = 0
  /// An empty arena that was spilled: its memory is used again.
  private var spare: SortedRun?
  private var spilling: Underway<SortedRun, Int64, IngestError>?
  private var file: (any SpillFile)?
  private var runs: [Range<Int64>] = []
  /// Sees each run before it is sorted, in the order of the runs, and may change its records behind their keys.
  private let visit: @Sendable (inout SortedRun) throws(IngestError) -> Void
  private var isLastVisited = false
  private let space: any SpillSpace
  private let beside: any WorkBeside
  private let mostRows: Int
  private let mostBytes: Int

  /// A key has at least 8 bytes. `rows` and `bytes` are the most in one arena; there are two.
  init(
    keyLength: Int, space: any SpillSpace, beside: any WorkBeside, rows: Int, bytes: Int,
    visit: @escaping @Sendable (inout SortedRun) throws(IngestError) -> Void = { (_) throws(IngestError) in }
  ) {
    precondition(keyLength >= 8, "the sorter compares eight bytes at a time")
    self.keyLength = keyLength
    self.space = space
    self.beside = beside
    self.visit = visit
    mostRows = rows
    mostBytes = bytes
    filling = SortedRun(keyLength: keyLength)
  }

  /// The record under way is written to the end of this, key first, then `closeRecord` is called.
  var arena: [UInt8] {
    get { filling.arena }
    _modify { yield &filling.arena }
  }

  /// What was written of the record under way.
  var recordUnderWay: ArraySlice<UInt8> { filling.arena[recordStart...] }

  /// Forgets the record under way.
  mutating func dropRecord() { filling.arena.removeLast(filling.arena.count - recordStart) }

  /// Ends the record under way. Throws `ingest.spill_full`, `ingest.spill_failed`.
  mutating func closeRecord() throws(IngestError) {
    filling.close(from: recordStart)
    recordStart = filling.arena.count
    count += 1
    if filling.entries.count >= mostRows || recordStart >= mostBytes { try spill() }
  }

  /// All records in order. The sorter is empty afterwards. `mergeBytes` is shared by the buffers of all runs.
  mutating func sorted(mergeBytes: Int) throws(IngestError) -> SortedRecords {
    try finishVisits()
    // The last run needs no file: a source below one run never touches the disk.
    let tail = filling.sorted()
    filling = SortedRun(keyLength: keyLength)
    (spare, recordStart, isLastVisited) = (nil, 0, false)
    defer { (file, runs) = (nil, []) }
    return try SortedRecords(keyLength: keyLength, file: file, runs: runs, tail: tail, mergeBytes: mergeBytes)
  }

  /// After the last record: returns when every run was visited.
  mutating func finishVisits() throws(IngestError) {
    try settle()
    guard !isLastVisited else { return }
    isLastVisited = true
    try visit(&filling)
  }

  private mutating func spill() throws(IngestError) {
    try settle()
    let file: any SpillFile
    if let known = self.file { file = known } else { file = try space.makeFile() }
    self.file = file
    var full = SortedRun(keyLength: keyLength)
    swap(&full, &filling)
    recordStart = 0
    spilling = Underway(beside, on: consume full) { [visit] run in
      defer { run.removeAll() }
      return Result { () throws(IngestError) in
        try visit(&run)
        return try run.write(to: file)
      }
    }
    if spilling?.isDone == true { try settle() }
    if let spare { filling = spare }
    spare = nil
  }

  /// Waits for the run that is being written.
  private mutating func settle() throws(IngestError) {
    guard let spilling else { return }
    self.spilling = nil
    let written = spilling.finish()
    spare = written.value
    let start = runs.last?.upperBound ?? 0
    runs.append(start..<(start + (try written.outcome.get())))
  }
}

extension [UInt8] {
  /// Eight bytes from `place` on, most significant first; the caller knows that they exist.
  @inline(__always)
  func bigEndianWord(at place: Int) -> UInt64 {
    var word: UInt64 = 0
    for offset in 0..<8 { word = word &<< 8 | UInt64(self[place &+ offset]) }
    return word
  }

  /// Four bytes from `place` on, most significant first; the caller knows that they exist.
  @inline(__always)
  func bigEndianHalf(at place: Int) -> UInt32 {
    UInt32(self[place]) &<< 24 | UInt32(self[place &+ 1]) &<< 16 | UInt32(self[place &+ 2]) &<< 8
      | UInt32(self[place &+ 3])
  }

  @inline(__always)
  mutating func putBigEndian(_ value: UInt64, at place: Int) {
    for offset in 0..<8 { self[place &+ offset] = UInt8(truncatingIfNeeded: value &>> UInt64(56 &- offset &* 8)) }
  }

  @inline(__always)
  mutating func appendBigEndian(_ value: UInt32) {
    append(UInt8(truncatingIfNeeded: value &>> 24))
    append(UInt8(truncatingIfNeeded: value &>> 16))
    append(UInt8(truncatingIfNeeded: value &>> 8))
    append(UInt8(truncatingIfNeeded: value))
  }

  @inline(__always)
  mutating func appendBigEndian(_ value: UInt64) {
    appendBigEndian(UInt32(truncatingIfNeeded: value &>> 32))
    appendBigEndian(UInt32(truncatingIfNeeded: value))
  }
}
