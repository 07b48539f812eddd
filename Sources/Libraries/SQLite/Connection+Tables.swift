/// Statements over a table that is known by its name alone, for what handles all tables alike: a copy of a database.
/// A name is small letters, digits and `_`, so that none can become SQL; every other throws `misuse`.
extension Connection {
  /// All rows, in the order of columns of the table.
  package func prepareRows(
    of table: String, columns: [String], orderedBy key: [String]
  ) throws(SQLiteError) -> Statement {
    let order = key.isEmpty ? "" : " ORDER BY " + (try Connection.list(key))
    return try Statement(
      text: "SELECT \(try Connection.list(columns)) FROM \(try Connection.list([table]))\(order)", on: self,
      persistent: false)
  }

  /// One row, a parameter for each column.
  package func cachedInsert(into table: String, columns: [String]) throws(SQLiteError) -> CachedStatement {
    let places = [String](repeating: "?", count: columns.count).joined(separator: ", ")
    return CachedStatement(
      try Statement(
        text: "INSERT INTO \(try Connection.list([table]))(\(try Connection.list(columns))) VALUES(\(places))",
        on: self, persistent: true))
  }

  package func deleteRows(of table: String) throws(SQLiteError) {
    var statement = try Statement(
      text: "DELETE FROM \(try Connection.list([table]))", on: self, persistent: false)
    try statement.run()
  }

  private static func list(_ names: [String]) throws(SQLiteError) -> String {
    for name in names {
      guard !name.isEmpty, name.utf8.allSatisfy({ 97...122 ~= $0 || 48...57 ~= $0 || $0 == 95 }) else {
        throw SQLiteError(.misuse, "the name of a table or column is not made of small letters, digits and _")
      }
    }
    return names.map { "\"\($0)\"" }.joined(separator: ", ")
  }
}
