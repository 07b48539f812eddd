/// Rows in memory, as columns, that one statement reads as the table `lent_rows`: an INSERT of a thousand rows is then one
/// statement, where binding and stepping each row would cost more than the insertion itself.
///
/// The columns are `c0` to `c7`, those that are not given are NULL; `rowid` counts the rows from 0.
package struct LentRows: Sendable {
  package enum Column: Sendable {
    case integers([Int64])
    /// So many bytes a row.
    case blobs([UInt8], width: Int)
    /// The texts one after the other, UTF-8; `ends[row]` is past the last byte of a row's text.
    case texts([UInt8], ends: [Int])
    /// As `texts`, but an empty one is NULL.
    case textsOrNull([UInt8], ends: [Int])
  }

  package static let mostColumns = 8

  package let count: Int
  package let columns: [Column]

  /// Throws `misuse` when a column does not hold `count` values, or when there are more than eight.
  package init(count: Int, _ columns: Column...) throws(SQLiteError) {
    guard count >= 0, columns.count <= LentRows.mostColumns, columns.allSatisfy({ $0.holds(count) }) else {
      throw SQLiteError(.misuse, "the columns of lent rows are too many, or not of the same length")
    }
    self.count = count
    self.columns = columns
  }
}

extension LentRows.Column {
  /// Whether there are `count` values, all of them inside the bytes: from here on no place is checked again.
  fileprivate func holds(_ count: Int) -> Bool {
    switch self {
    case .integers(let values): return values.count == count
    case .blobs(let bytes, let width):
      let (needed, overflow) = width.multipliedReportingOverflow(by: count)
      return width >= 0 && !overflow && bytes.count == needed
    case .texts(let bytes, let ends), .textsOrNull(let bytes, let ends):
      var before = 0
      for end in ends {
        guard end >= before else { return false }
        before = end
      }
      return ends.count == count && before <= bytes.count
    }
  }
}

extension Connection {
  /// Runs a statement that reads `lent_rows` to its end, without copying the rows first.
  ///
  /// For any other statement that table is empty.
  package func run(_ query: CachedStatement, over rows: LentRows) throws(SQLiteError) {
    let result = unsafe LentTable.withViews(of: rows) { views in
      unsafe lent.pointee = unsafe LentTable(count: Int64(rows.count), views: views)
      // What the statement refers to may not outlive the bytes: it is back at its start before they go.
      defer {
        query.statement.reset()
        unsafe lent.pointee = LentTable()
      }
      return Result { () throws(SQLiteError) in try query.statement.run() }
    }
    try result.get()
  }
}
