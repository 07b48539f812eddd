import Engine

/// Finds payout ids that cannot be used: those of several recipients in the file, and those of finished loads.
struct PayoutIDCheck {
  /// Rows that share their payout id with another recipient's row.
  private(set) var duplicates = RowMarks()
  /// Rows whose payout id stands in a finished load.
  private(set) var taken = RowMarks()

  private let digestLength = 16
  private let addressLength: Int
  private let loads: any LoadStore
  private let page: Int
  private var keys: [String] = []
  /// Rows of `keys`, in groups that end at `groupEnds`.
  private var rows: [Int64] = []
  private var groupEnds: [Int] = []

  init(addressLength: Int, loads: any LoadStore, page: Int) {
    self.addressLength = addressLength
    self.loads = loads
    self.page = page
  }

  /// Takes the records of `RowIntake.payoutIDs`. The sorter's order puts equal ids together, and rows of one recipient
  /// together within them. Throws `IngestError` and `StoreError`.
  mutating func run(_ records: SortedRecords) throws {
    var records = records
    var record: [UInt8] = []
    var first: [UInt8] = []
    var isShared = false
    while try records.next(into: &record) {
      guard record.count > digestLength + addressLength + 8 else {
        throw IngestError(.spillFailed, "a temporary file came back with other bytes than were written")
      }
      if !hasEqualDigest(first, record) {
        try closeGroup(first, isShared: isShared)
        first = record
        isShared = false
      } else if !hasEqualAddress(first, record) {
        isShared = true
      }
      rows.append(Int64(truncatingIfNeeded: record.bigEndianWord(at: digestLength + addressLength)))
    }
    try closeGroup(first, isShared: isShared)
    try ask()
  }

  private mutating func closeGroup(_ record: [UInt8], isShared: Bool) throws {
    guard !record.isEmpty else { return }
    let start = groupEnds.last ?? 0
    if isShared {
      for row in rows[start...] { duplicates.insert(row) }
      rows.removeLast(rows.count - start)
      return
    }
    keys.append(String(decoding: record[(digestLength + addressLength + 8)...], as: UTF8.self))
    groupEnds.append(rows.count)
    if keys.count >= page || rows.count >= page * 8 { try ask() }
  }

  /// Keys are in the order of their digests, which is the order of the store's index.
  private mutating func ask() throws {
    let taken = keys.isEmpty ? [] : try loads.takenKeys(keys)
    if !taken.isEmpty {
      var start = 0
      for (key, end) in zip(keys, groupEnds) {
        if taken.contains(key) { for row in rows[start..<end] { self.taken.insert(row) } }
        start = end
      }
    }
    keys.removeAll(keepingCapacity: true)
    rows.removeAll(keepingCapacity: true)
    groupEnds.removeAll(keepingCapacity: true)
  }

  private func hasEqualDigest(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    !a.isEmpty && a.bigEndianWord(at: 0) == b.bigEndianWord(at: 0) && a.bigEndianWord(at: 8) == b.bigEndianWord(at: 8)
  }

  private func hasEqualAddress(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    for place in digestLength..<(digestLength + addressLength) where a[place] != b[place] { return false }
    return true
  }
}
