/// A prepared statement that its connection keeps for the next time: compiling costs more than most statements do.
///
/// A reference, so that the one statement can be stepped where it is. Threads: as its `Connection`.
package final class CachedStatement {
  package var statement: Statement

  init(_ statement: consuming Statement) { self.statement = statement }
}

extension Connection {
  /// The statement of this text, compiled at its first use. It comes reset, with the bindings of its last use.
  ///
  /// The literal's address is the key, so two places that spell the same text keep a statement each.
  package func cached(_ sql: StaticString) throws(SQLiteError) -> CachedStatement {
    guard sql.hasPointerRepresentation else { throw SQLiteError(.misuse, "the SQL text is one character") }
    let key = unsafe UInt(bitPattern: sql.utf8Start)
    if let known = statements[key] {
      known.statement.reset()
      return known
    }
    let made = CachedStatement(try prepare(sql))
    statements[key] = made
    return made
  }
}
