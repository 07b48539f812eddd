/// Records in one piece of memory, to be sorted and written as a run: length (4), then the record.
struct SortedRun: Sendable {
  /// A record in the arena. The first eight bytes of the key decide nearly every comparison without touching it.
  struct Entry: Sendable {
    let prefix: UInt64
    let offset: UInt32
    let length: UInt32
  }

  let keyLength: Int
  /// The records one after the other, in the order they came.
  var arena: [UInt8] = []
  private(set) var entries: [Entry] = []

  init(keyLength: Int) { self.keyLength = keyLength }

  /// The record that ends the arena begins at `start`.
  mutating func close(from start: Int) {
    entries.append(
      Entry(
        prefix: arena.bigEndianWord(at: start), offset: UInt32(truncatingIfNeeded: start),
        length: UInt32(truncatingIfNeeded: arena.count - start)))
  }

  mutating func removeAll() {
    entries.removeAll(keepingCapacity: true)
    arena.removeAll(keepingCapacity: true)
  }

  /// All records in order, as one piece.
  mutating func sorted() -> [UInt8] {
    sort()
    var out: [UInt8] = []
    out.reserveCapacity(arena.count + entries.count * 4)
    for entry in entries { append(entry, to: &out) }
    return out
  }

  /// Writes all records in order to the end of the file and says how many bytes they took.
  mutating func write(to file: any SpillFile) throws(IngestError) -> Int64 {
    sort()
    var count: Int64 = 0
    var block: [UInt8] = []
    let full = 256 << 10
    block.reserveCapacity(full + IngestLimits.rowBytes)
    for entry in entries {
      append(entry, to: &block)
      guard block.count >= full else { continue }
      try file.append(block)
      count += Int64(block.count)
      block.removeAll(keepingCapacity: true)
    }
    if !block.isEmpty { try file.append(block) }
    return count + Int64(block.count)
  }

  private func append(_ entry: Entry, to out: inout [UInt8]) {
    out.appendBigEndian(entry.length)
    out.append(contentsOf: arena[Int(entry.offset)..<Int(entry.offset &+ entry.length)])
  }

  // MARK: Sorting

  private static let bucketBits: UInt64 = 12
  private static let smallBucket = 48

  /// Addresses and digests are spread evenly: their first bits put each record next to its place, and what is left to
  /// sort are a few neighbours. Where they are not spread, one bucket is large and sorted as any list.
  private mutating func sort() {
    guard entries.count > SortedRun.smallBucket else {
      insertionSort(0..<entries.count)
      return
    }
    let shift = 64 - SortedRun.bucketBits
    var ends = [Int](repeating: 0, count: 1 << Int(SortedRun.bucketBits))
    for entry in entries { ends[Int(truncatingIfNeeded: entry.prefix &>> shift)] += 1 }
    var place = 0
    for bucket in ends.indices {
      let count = ends[bucket]
      ends[bucket] = place
      place += count
    }
    var placed = entries
    for entry in entries {
      let bucket = Int(truncatingIfNeeded: entry.prefix &>> shift)
      placed[ends[bucket]] = entry
      ends[bucket] += 1
    }
    swap(&entries, &placed)
    var start = 0
    for end in ends {
      if end - start > SortedRun.smallBucket {
        let (arena, keyLength) = (arena, keyLength)
        entries[start..<end].sort { SortedRun.precedes($0, $1, arena, keyLength) }
      } else {
        insertionSort(start..<end)
      }
      start = end
    }
  }

  private mutating func insertionSort(_ range: Range<Int>) {
    for next in range.dropFirst() {
      let entry = entries[next]
      var place = next
      while place > range.lowerBound, SortedRun.precedes(entry, entries[place - 1], arena, keyLength) {
        entries[place] = entries[place - 1]
        place -= 1
      }
      entries[place] = entry
    }
  }

  @inline(__always)
  private static func precedes(_ a: Entry, _ b: Entry, _ arena: [UInt8], _ keyLength: Int) -> Bool {
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
