package import Money

/// What became of the rows of a source file.
package struct LoadSummary: Hashable, Sendable {
  /// Data rows read.
  package let rows: Int64
  /// Recipients that stand in the campaign because of this load.
  package let accepted: Int64
  /// Rows in the rejects file.
  package let rejected: Int64
  /// Rows that were merged into, or gave way to, another row of the same recipient.
  package let duplicates: Int64
  /// Sum of the accepted amounts, in base units.
  package let total: UInt256

  package init(rows: Int64, accepted: Int64, rejected: Int64, duplicates: Int64, total: UInt256) {
    self.rows = rows
    self.accepted = accepted
    self.rejected = rejected
    self.duplicates = duplicates
    self.total = total
  }
}
