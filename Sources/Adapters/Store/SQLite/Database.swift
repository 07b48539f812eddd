import Engine
import SQLite

/// A connection that speaks the store's errors: statements are cached, values bound by type, rows checked when read.
///
/// Threads: as its `Connection`, one at a time.
final class Database {
  let connection: Connection

  init(_ connection: Connection) { self.connection = connection }

  /// Runs a statement to its end and returns how many rows it changed.
  @discardableResult
  func run<each Value: Bindable>(_ sql: StaticString, _ values: repeat each Value) throws(StoreError) -> Int64 {
    do throws(SQLiteError) {
      let query = try connection.cached(sql)
      var index = 0
      for value in repeat each values {
        index += 1
        try value.bind(index, to: &query.statement)
      }
      try query.statement.run()
      return connection.changes
    } catch { throw StoreError(error) }
  }

  /// The rows of a query, in order.
  func all<Result, each Value: Bindable>(
    _ sql: StaticString, _ values: repeat each Value, read: (SQLiteRow) throws(StoreError) -> Result
  ) throws(StoreError) -> [Result] {
    let query = try bound(sql, repeat each values)
    var results: [Result] = []
    do throws(StoreError) {
      while try Database.step(query) { results.append(try read(SQLiteRow(query))) }
    } catch {
      query.statement.reset()
      throw error
    }
    return results
  }

  /// The first row of a query, or nil.
  func first<Result, each Value: Bindable>(
    _ sql: StaticString, _ values: repeat each Value, read: (SQLiteRow) throws(StoreError) -> Result
  ) throws(StoreError) -> Result? {
    let query = try bound(sql, repeat each values)
    // An open cursor would keep its snapshot, and the WAL from shrinking.
    defer { query.statement.reset() }
    return try Database.step(query) ? try read(SQLiteRow(query)) : nil
  }

  /// Runs a body in one transaction; a failed COMMIT is told apart from everything before it.
  func write<Result>(_ body: () throws(StoreError) -> Result) throws(StoreError) -> Result {
    var isCommitting = false
    return try connection.transaction(
      .immediate, failure: { isCommitting ? StoreError(failedCommit: $0) : StoreError($0) }
    ) { () throws(StoreError) -> Result in
      let result = try body()
      isCommitting = true
      return result
    }
  }

  /// Several reads of one moment.
  func snapshot<Result>(_ body: (Database) throws(StoreError) -> Result) throws(StoreError) -> Result {
    try connection.transaction(.deferred, failure: { StoreError($0) }) { () throws(StoreError) -> Result in
      try body(self)
    }
  }

  private func bound<each Value: Bindable>(
    _ sql: StaticString, _ values: repeat each Value
  ) throws(StoreError) -> CachedStatement {
    do throws(SQLiteError) {
      let query = try connection.cached(sql)
      var index = 0
      for value in repeat each values {
        index += 1
        try value.bind(index, to: &query.statement)
      }
      return query
    } catch { throw StoreError(error) }
  }

  private static func step(_ query: CachedStatement) throws(StoreError) -> Bool {
    do { return try query.statement.step() } catch { throw StoreError(error) }
  }
}
