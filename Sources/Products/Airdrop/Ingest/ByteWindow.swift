import Codecs

/// The part of a source that is in memory: what is not consumed yet, hashed as it arrives.
///
/// There is always room for one row of the largest size and one block more, so that a row is rescanned at most a few
/// times however small the pieces are that the source delivers.
struct ByteWindow {
  private(set) var bytes: [UInt8] = []
  /// The first byte that is not consumed.
  private(set) var start = 0
  /// Past the last byte in memory.
  private(set) var end = 0
  /// Whether the byte at `end` is the end of the source.
  private(set) var isLast = false
  /// Bytes read from the source so far.
  private(set) var read: Int64 = 0

  private let source: any ByteSource
  private let hasher: any ContentHasher
  private let block: Int
  private let most: Int

  init(_ source: any ByteSource, hasher: any ContentHasher, block: Int) {
    self.source = source
    self.hasher = hasher
    self.block = block
    most = IngestLimits.rowBytes + 4 + block
  }

  var count: Int { end - start }
  var isExhausted: Bool { isLast && start == end }

  /// Steps over bytes.
  mutating func consume(upTo place: Int) { start = place }

  /// Moves what is left to the front and reads on until the window is full or the source ends.
  mutating func refill() throws(IngestError) {
    if start > 0 {
      for place in start..<end { bytes[place - start] = bytes[place] }
      end -= start
      start = 0
    }
    // At least as much again as there is: a long row is rescanned a few times, not once for every block.
    let room = min(most, end + max(block, end))
    if bytes.count < room { bytes += repeatElement(0, count: room - bytes.count) }
    while end < room && !isLast {
      let count = try source.read(into: &bytes, end..<room)
      if count == 0 { isLast = true }
      try hasher.update(bytes, end..<(end + count))
      end += count
      read += Int64(count)
    }
  }

  /// The digest of the whole source, which must have been read to its end.
  func contentHash() throws(IngestError) -> Hash32 { try hasher.finish() }
}
