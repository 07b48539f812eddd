import Engine
import SQLite

extension StoreError {
  /// The one place where SQLite's errors become the store's.
  init(_ error: SQLiteError) {
    switch error.code {
    case .busy, .busySnapshot:
      self.init(.busy, "another process writes to the database", hint: "try again; each writer waits 5 seconds")
    case .full: self.init(.full, "the disk is full: \(error.message)", hint: "free space; nothing was written")
    case .readOnly: self.init(.readOnly, "the database cannot be written: \(error.message)")
    case .corrupt:
      self.init(
        .corrupt, "the database file is damaged: \(error.message)", hint: "restore a copy: docs/operate/restore.md")
    case .notADatabase: self.init(.notADatabase, "the file is not a database")
    case .cannotOpen:
      self.init(
        .unavailable, "the database cannot be opened: \(error.message)", hint: "does its directory exist and allow it?")
    case .ioError: self.init(.io, "reading or writing the database failed: \(error.message)")
    case .outOfMemory, .interrupted: self.init(.unavailable, "the database stopped: \(error.message)")
    case .constraintUnique, .constraintPrimaryKey:
      self.init(.conflict, "a unique name or number is taken: \(error.message)")
    case .mismatch: self.init(.badRow, "a column is not what the schema says: \(error.message)")
    case .constraintCheck, .constraintForeignKey, .constraintNotNull, .constraintTrigger, .constraintDataType,
      .constraintOther, .tooBig, .misuse, .refused:
      self.init(.badRow, "a rule of the schema was broken: \(error.message)")
    }
  }

  /// A COMMIT that failed. Only a lock that was not had proves that nothing was written, and a full disk leaves the
  /// last frame short; after any other failure the frame with the commit mark may lie in the log.
  init(failedCommit error: SQLiteError) {
    switch error.code {
    case .busy, .busySnapshot, .full: self.init(error)
    default:
      self.init(
        .commitUnknown, "the commit's outcome is unknown: \(error.message)",
        hint: "the database is opened anew and read before anything else")
    }
  }

  /// Whether the connection must not be used again: what it believes may differ from what the file says.
  var isConnectionSuspect: Bool {
    switch code {
    case .commitUnknown, .io, .full, .corrupt: true
    case .staleFence, .staleState, .overLimit, .conflict, .notFound, .ledger, .busy, .readOnly, .notADatabase,
      .newerVersion,
      .migrationFailed, .unavailable, .badRow, .badDSN, .notDurable, .notEmpty, .unfinishedCopy, .copyDiffers:
      false
    }
  }
}
