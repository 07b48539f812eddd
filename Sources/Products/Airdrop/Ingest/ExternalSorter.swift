/// Sorts any number of records by a leading key of fixed length, in flat memory.
///
/// Records are collected in one arena; a full arena is sorted and spilled as a run; `sorted()` merges the runs. Records
/// of equal keys keep the order in which they came.
struct ExternalSorter {
  /// A record in the arena. The first eight bytes of the key decide nearly every comparison without touching it.
  private struct Entry {
    let prefix: UInt64
    let offset: UInt32
    let length: UInt32
  }

  let keyLength: Int
  /// The record under way is written to the end of this, key first, then `closeRecord` is called.
  var arena: [UInt8] = []
  private(set) var count: Int64 = 0

  private var entries: [Entry] = []
  private var recordStart = 0
  private var file: (any SpillFile)?
  private var runs: [Range<Int64>] = []
  private let space: any SpillSpace
  private let mostRows: Int
  private let mostBytes: Int

  /// A key has at least 8 bytes.
  init(keyLength: Int, space: any SpillSpace, rows: Int, bytes: Int) {
    precondition(keyLength >= 8, "the sorter compares eight bytes at a time")
    self.keyLength = keyLength
    self.space = space
    mostRows = rows
    mostBytes = bytes
  }

  /// What was written of the record under way.
  var recordUnderWay: ArraySlice<UInt8> { arena[recordStart...] }

  /// Forgets the record under way.
  mutating func dropRecord() { arena.removeLast(arena.count - recordStart) }

  /// Ends the record under way. Throws `ingest.spill_full`, `ingest.spill_failed`.
  mutating func closeRecord() throws(IngestError) {
    entries.append(
      Entry(
        prefix: arena.bigEndianWord(at: recordStart), offset: UInt32(truncatingIfNeeded: recordStart),
        length: UInt32(truncatingIfNeeded: arena.count - recordStart)))
    recordStart = arena.count
    count += 1
    if entries.count >= mostRows || arena.count >= mostBytes { try spill() }
  }

  /// All records in order. The sorter is empty afterwards. `mergeBytes` is shared by the buffers of all runs.
  mutating func sorted(mergeBytes: Int) throws(IngestError) -> SortedRecords {
    // The last run needs no file: a source below one run never touches the disk.
    var tail: [UInt8] = []
    if !entries.isEmpty {
      tail.reserveCapacity(arena.count + entries.count * 4)
      sortEntries()
      for entry in entries { append(entry, to: &tail) }
    }
    entries = []
    arena = []
    recordStart = 0
    defer { (file, runs) = (nil, []) }
    return try SortedRecords(keyLength: keyLength, file: file, runs: runs, tail: tail, mergeBytes: mergeBytes)
  }

  private mutating func sortEntries() {
    let (arena, keyLength) = (arena, keyLength)
    entries.sort { a, b in
      if a.prefix != b.prefix { return a.prefix < b.prefix }
      var place = 8
      while place < keyLength {
        let (left, right) = (arena[Int(a.offset) &+ place], arena[Int(b.offset) &+ place])
        if left != right { return left < right }
        place &+= 1
      }
      return a.offset < b.offset
    }
  }

  /// A record in a run: four bytes of length, then the record.
  private func append(_ entry: Entry, to out: inout [UInt8]) {
    out.appendBigEndian(entry.length)
    out.append(contentsOf: arena[Int(entry.offset)..<Int(entry.offset &+ entry.length)])
  }

  private mutating func spill() throws(IngestError) {
    let file: any SpillFile
    if let known = self.file { file = known } else { file = try space.makeFile() }
    self.file = file
    sortEntries()
    let start = runs.last?.upperBound ?? 0
    var end = start
    var block: [UInt8] = []
    block.reserveCapacity((256 << 10) + IngestLimits.rowBytes)
    for entry in entries {
      append(entry, to: &block)
      if block.count >= 256 << 10 {
        try file.append(block)
        end += Int64(block.count)
        block.removeAll(keepingCapacity: true)
      }
    }
    if !block.isEmpty { try file.append(block) }
    runs.append(start..<(end + Int64(block.count)))
    entries.removeAll(keepingCapacity: true)
    arena.removeAll(keepingCapacity: true)
    recordStart = 0
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
