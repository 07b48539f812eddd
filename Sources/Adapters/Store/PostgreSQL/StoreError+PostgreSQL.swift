import Engine
import PostgreSQL

extension StoreError {
  /// The one place where PostgreSQL's errors become the store's. Not for a COMMIT: see `init(failedCommit:)`.
  init(_ error: PostgreSQLError) {
    switch error.code {
    case .badSettings: self.init(.badDSN, error.message)
    case .cannotConnect:
      self.init(
        .unavailable, "the database server cannot be reached: \(error.message)",
        hint: "is it running, and does it let this user in?")
    case .connectionLost, .timedOut:
      self.init(
        .unavailable, "the session with the database server ended: \(error.message)",
        hint: "nothing of the open transaction was written; a new session is made at the next use")
    case .canceled:
      self.init(
        .unavailable, "the database server stopped a statement: \(error.message)",
        hint: "nothing was written; look for what keeps the server busy")
    case .outOfResources: self.init(.unavailable, "the database server has no room: \(error.message)")
    case .lockTimeout, .serialization:
      self.init(.busy, "another session is in the way: \(error.message)", hint: "try again")
    case .constraintUnique: self.init(.conflict, "a unique name or number is taken: \(error.message)")
    case .constraintCheck, .constraintForeignKey, .constraintNotNull, .constraintTrigger, .constraintOther, .badValue,
      .undefined, .misuse, .refused:
      self.init(.badRow, "a rule of the schema was broken: \(error.message)")
    case .mismatch: self.init(.badRow, "a column is not what the schema says: \(error.message)")
    case .readOnly: self.init(.readOnly, "the database takes no writes: \(error.message)")
    case .denied:
      self.init(
        .unavailable, "the database server refuses: \(error.message)", hint: "grant the role what docs/operate says")
    case .full:
      self.init(.full, "the disk of the database server is full: \(error.message)", hint: "nothing was written")
    case .corrupt:
      self.init(
        .corrupt, "the database is damaged: \(error.message)", hint: "restore a copy: docs/operate/restore.md")
    case .ioError: self.init(.io, "the database server cannot read or write its files: \(error.message)")
    }
  }

  /// A COMMIT that failed. An error that the server answered with, and went on, proves that nothing was written; an
  /// answer that never came proves nothing.
  init(failedCommit error: PostgreSQLError) {
    if !error.endsSession, error.sqlState != nil {
      self.init(error)
    } else {
      self = .commitUnknown(error.message)
    }
  }

  static func commitUnknown(_ why: String) -> StoreError {
    StoreError(
      .commitUnknown, "the commit's outcome is unknown: \(why)",
      hint: "a new session is made, and everything is read before anything is written")
  }
}
