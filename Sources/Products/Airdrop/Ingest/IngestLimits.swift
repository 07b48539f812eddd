/// What a source may contain. Files that people make stay far below; hostile ones must not take the machine's memory.
enum IngestLimits {
  static let fieldBytes = 64 << 10
  static let rowBytes = 1 << 20
  /// Columns or members, those of a rejects file aside: so every rejects file can be loaded again.
  static let columns = 1024
  static let columnsWithRejects = columns + CSVHeader.ownColumns.count
  static let metadataBytes = 64 << 10
  static let payoutIDCharacters = 128
  /// Rows of the source; ordinals of a campaign are 32-bit.
  static let rows = Int64(UInt32.max) - 1
  /// Objects and arrays inside one another in a JSON element.
  static let jsonDepth = 16
}

/// How much is held in memory at a time. Tests make these small, so that small files take every path.
package struct IngestTuning: Hashable, Sendable {
  /// Bytes asked from the source at a time.
  package var block = 1 << 20
  /// Records sorted in memory before they are spilled; twice as many when that is done beside the reading.
  package var runRows = 50_000
  package var runBytes = 10 << 20
  /// Read-back buffers of all runs together.
  package var mergeBytes = 6 << 20
  /// Rows that go to the store in one transaction; twice as many are held.
  package var chunkRows = 20_000
  package var chunkBytes = 8 << 20
  /// Payout ids that are placed in one transaction; twice as many are held.
  package var chunkKeys = 50_000
  /// Addresses or payout ids asked from the store at a time.
  package var page = 10_000

  package init() {}
}
