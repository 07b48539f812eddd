import PostgreSQL
import TestSupport

/// A session on an empty database of its own.
struct PostgreSQLBench {
  let database: PostgreSQLDatabase
  let db: Connection

  init() throws {
    database = try PostgreSQLDatabase()
    db = try Connection(ConnectionSettings(uri: database.uri))
  }

  func another() throws -> Connection { try Connection(ConnectionSettings(uri: database.uri)) }
}

/// The code of the error that the body throws; nil when it throws none.
func postgreSQLCode(_ body: () throws -> Void) -> PostgreSQLError.Code? {
  do { try body() } catch { return (error as? PostgreSQLError)?.code }
  return nil
}
