import CPostgreSQL

/// Statements over a table that is known by its name alone, for what handles all tables alike: a copy of a database.
/// A name is small letters, digits and `_`, so that none can become SQL; every other throws `misuse`.
extension Connection {
  /// Starts a COPY of all rows of a table, texts of the key in the order of their bytes.
  package func copyOut(
    rowsOf table: String, columns: [String], orderedBy key: [(name: String, isText: Bool)]
  ) throws(PostgreSQLError) -> CopyOut {
    var order: [String] = []
    for part in key { order.append(try Connection.list([part.name]) + (part.isText ? " COLLATE \"C\"" : "")) }
    let ordered = order.isEmpty ? "" : " ORDER BY " + order.joined(separator: ", ")
    return try copyOut(
      text: """
        COPY (SELECT \(try Connection.list(columns)) FROM \(try Connection.list([table]))\(ordered))
        TO STDOUT (FORMAT binary)
        """)
  }

  /// Starts a COPY into a table.
  package func copyIn(into table: String, columns: [String]) throws(PostgreSQLError) -> CopyIn {
    try copyIn(
      text: "COPY \(try Connection.list([table]))(\(try Connection.list(columns))) FROM STDIN (FORMAT binary)")
  }

  package func deleteRows(of table: String) throws(PostgreSQLError) {
    try execute(text: "DELETE FROM \(try Connection.list([table]))")
  }

  private static func list(_ names: [String]) throws(PostgreSQLError) -> String {
    for name in names {
      guard !name.isEmpty, name.utf8.allSatisfy({ 97...122 ~= $0 || 48...57 ~= $0 || $0 == 95 }) else {
        throw PostgreSQLError(.misuse, "the name of a table or column is not made of small letters, digits and _")
      }
    }
    return names.map { "\"\($0)\"" }.joined(separator: ", ")
  }
}
