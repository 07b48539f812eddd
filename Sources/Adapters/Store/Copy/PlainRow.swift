import Money

/// One row on its way between two stores, in a form that is no engine's own. Both sides of a copy hash these bytes.
///
/// Cells stand in the order of their columns' names: one byte for the kind, then the 8 bytes of a whole number, or 4
/// bytes of length and the text (UTF-8) or blob. Numbers are big-endian. An amount is a blob of 32 bytes, a truth value
/// is 0 or 1, JSON is canonical text and empty for `{}`.
struct PlainRow {
  enum Cell {
    case null
    case integer(Int64)
    /// Where the text lies in `bytes`.
    case text(Range<Int>)
    /// Where the blob lies in `bytes`.
    case blob(Range<Int>)
  }

  private(set) var bytes: [UInt8] = []
  private(set) var cells: [Cell] = []

  mutating func clear() {
    bytes.removeAll(keepingCapacity: true)
    cells.removeAll(keepingCapacity: true)
  }

  mutating func appendNull() {
    bytes.append(0)
    cells.append(.null)
  }

  mutating func append(_ value: Int64) {
    bytes.append(1)
    append(word: UInt64(bitPattern: value), bytes: 8)
    cells.append(.integer(value))
  }

  mutating func append(text: Span<UInt8>) { cells.append(.text(append(2, text))) }

  mutating func append(text: ArraySlice<UInt8>) { cells.append(.text(append(2, text))) }

  mutating func append(blob: Span<UInt8>) { cells.append(.blob(append(3, blob))) }

  mutating func append(blob: ArraySlice<UInt8>) { cells.append(.blob(append(3, blob))) }

  /// An amount.
  mutating func append(_ units: UInt256) {
    bytes.append(3)
    append(word: 32, bytes: 4)
    let start = bytes.count
    let limbs = units.limbs
    for limb in [limbs.3, limbs.2, limbs.1, limbs.0] { append(word: limb, bytes: 8) }
    cells.append(.blob(start..<bytes.count))
  }

  // MARK: -

  private mutating func append(_ kind: UInt8, _ content: Span<UInt8>) -> Range<Int> {
    bytes.append(kind)
    append(word: UInt64(content.count), bytes: 4)
    let start = bytes.count
    for place in content.indices { bytes.append(content[place]) }
    return start..<bytes.count
  }

  private mutating func append(_ kind: UInt8, _ content: ArraySlice<UInt8>) -> Range<Int> {
    bytes.append(kind)
    append(word: UInt64(content.count), bytes: 4)
    let start = bytes.count
    bytes += content
    return start..<bytes.count
  }

  private mutating func append(word: UInt64, bytes count: UInt64) {
    var left = count
    while left > 0 {
      left &-= 1
      bytes.append(UInt8(truncatingIfNeeded: word &>> (left &* 8)))
    }
  }
}
