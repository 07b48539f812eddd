/// A set of row numbers, one bit each: ten million rows take 1.25 MB.
struct RowMarks {
  private var words: [UInt64] = []

  var isEmpty: Bool { words.allSatisfy { $0 == 0 } }

  func contains(_ row: Int64) -> Bool {
    let word = Int(truncatingIfNeeded: row >> 6)
    return word >= 0 && word < words.count && words[word] & bit(row) != 0
  }

  /// Rows are positive and below `IngestLimits.rows`.
  mutating func insert(_ row: Int64) {
    let word = Int(truncatingIfNeeded: row >> 6)
    if word >= words.count { words += repeatElement(0, count: word - words.count + 1) }
    words[word] |= bit(row)
  }

  /// The same bytes for the same set: what a digest of it is made of.
  var bytes: [UInt8] {
    var out: [UInt8] = []
    let end = words.lastIndex { $0 != 0 }.map { $0 + 1 } ?? 0
    for word in words[..<end] { out.appendBigEndian(word) }
    return out
  }

  private func bit(_ row: Int64) -> UInt64 { 1 << UInt64(truncatingIfNeeded: row & 63) }
}
