import CSQLite
import Glibc

/// Why SQLite refused or failed. Source of the codes: https://sqlite.org/rescode.html
package struct SQLiteError: Error, Hashable, Sendable {
  /// Stable across releases. Add cases freely; never rename or reuse one.
  package enum Code: String, CaseIterable, Sendable {
    /// Another connection holds the write lock and the busy timeout ran out. The same call may succeed later.
    case busy = "sqlite.busy"
    /// A read transaction tried to write after another commit: roll back and begin again. Waiting does not help.
    case busySnapshot = "sqlite.busy_snapshot"
    /// The disk or the file-size limit is full.
    case full = "sqlite.full"
    case readOnly = "sqlite.read_only"
    case corrupt = "sqlite.corrupt"
    case notADatabase = "sqlite.not_a_database"
    case cannotOpen = "sqlite.cannot_open"
    case ioError = "sqlite.io_error"
    case tooBig = "sqlite.too_big"
    case interrupted = "sqlite.interrupted"
    case outOfMemory = "sqlite.out_of_memory"
    /// A column held another type than the one asked for, NULL included.
    case mismatch = "sqlite.mismatch"
    case constraintUnique = "sqlite.constraint_unique"
    case constraintPrimaryKey = "sqlite.constraint_primary_key"
    case constraintCheck = "sqlite.constraint_check"
    case constraintForeignKey = "sqlite.constraint_foreign_key"
    case constraintNotNull = "sqlite.constraint_not_null"
    /// A trigger raised it: the append-only guards speak this way.
    case constraintTrigger = "sqlite.constraint_trigger"
    /// A STRICT table refused a value of another type.
    case constraintDataType = "sqlite.constraint_data_type"
    case constraintOther = "sqlite.constraint_other"
    /// The wrapper was used wrongly: a parameter that does not exist, two statements in one text.
    case misuse = "sqlite.misuse"
    /// Every other refusal, most often a mistake in the SQL text or an error raised by a `u256_` function.
    case refused = "sqlite.refused"
  }

  package let code: Code
  /// SQLite's own extended result code, for the log and for looking it up; decide by `code`.
  package let extendedCode: Int32
  /// One sentence. It may name tables, columns and paths, never a bound value.
  package let message: String

  package init(_ code: Code, extendedCode: Int32 = 0, _ message: String) {
    self.code = code
    self.extendedCode = extendedCode
    self.message = message
  }

  /// True for every kind of constraint.
  package var isConstraint: Bool {
    switch code {
    case .constraintUnique, .constraintPrimaryKey, .constraintCheck, .constraintForeignKey, .constraintNotNull,
      .constraintTrigger, .constraintDataType, .constraintOther:
      true
    default: false
    }
  }
}

extension SQLiteError {
  /// The one place where a result code becomes an error.
  ///
  /// `db` supplies the message and a failed write's errno; without it the code's generic text is used.
  static func from(_ result: Int32, _ db: OpaquePointer?) -> SQLiteError {
    let text: String
    var systemError: Int32 = 0
    if let db = unsafe db {
      text = unsafe String(cString: sqlite3_errmsg(db))
      if result == csqliteIOErrorWrite { systemError = unsafe lastWriteErrno(db) }
    } else {
      text = unsafe String(cString: sqlite3_errstr(result))
    }
    return SQLiteError(code(for: result, systemError: systemError), extendedCode: result, text)
  }

  /// `systemError` is consulted only for failed writes: SQLite calls ENOSPC "full" by itself, but reports a
  /// file-size limit or a quota as a plain I/O error, and the operator's next step is the same for all three.
  static func code(for result: Int32, systemError: Int32) -> Code {
    switch result {
    case csqliteBusySnapshot: return .busySnapshot
    case csqliteIOErrorWrite where [ENOSPC, EFBIG, EDQUOT].contains(systemError): return .full
    // "This error may indicate that the underlying filesystem volume is out of space": SQLite writes the new end of the
    // shared-memory file for no other reason than to find out. https://sqlite.org/rescode.html#ioerr_shmsize
    case SQLITE_IOERR | (19 << 8): return .full
    default: break
    }
    switch result & 0xff {
    case SQLITE_BUSY, SQLITE_LOCKED: return .busy
    case SQLITE_FULL: return .full
    case SQLITE_READONLY: return .readOnly
    case SQLITE_CORRUPT: return .corrupt
    case SQLITE_NOTADB: return .notADatabase
    case SQLITE_CANTOPEN: return .cannotOpen
    case SQLITE_IOERR: return .ioError
    case SQLITE_TOOBIG: return .tooBig
    case SQLITE_INTERRUPT: return .interrupted
    case SQLITE_NOMEM: return .outOfMemory
    case SQLITE_MISMATCH: return .mismatch
    case SQLITE_CONSTRAINT: return constraint(result)
    case SQLITE_MISUSE, SQLITE_RANGE: return .misuse
    default: return .refused
    }
  }

  /// What the system said to the last failed write of the database or its log; 0 when the VFS does not tell.
  ///
  /// `sqlite3_system_errno` stays 0 for a write that fails inside COMMIT, so the files are asked themselves.
  private static func lastWriteErrno(_ db: OpaquePointer) -> Int32 {
    for verb in [SQLITE_FCNTL_FILE_POINTER, SQLITE_FCNTL_JOURNAL_POINTER] {
      var file: UnsafeMutablePointer<sqlite3_file>?
      var found: Int32 = 0
      guard unsafe sqlite3_file_control(db, "main", verb, &file) == SQLITE_OK, let file = unsafe file,
        let control = unsafe file.pointee.pMethods?.pointee.xFileControl,
        unsafe control(file, SQLITE_FCNTL_LAST_ERRNO, &found) == SQLITE_OK, found != 0
      else { continue }
      return found
    }
    return 0
  }

  private static func constraint(_ result: Int32) -> Code {
    switch result >> 8 {
    case 8: .constraintUnique
    case 6, 10: .constraintPrimaryKey  // a rowid is the primary key of its table
    case 1: .constraintCheck
    case 3: .constraintForeignKey
    case 5: .constraintNotNull
    case 7: .constraintTrigger
    case 12: .constraintDataType
    default: .constraintOther
    }
  }

  /// Extended codes are C macros built by a cast, which Swift does not import.
  private static let csqliteBusySnapshot = SQLITE_BUSY | (2 << 8)
  private static let csqliteIOErrorWrite = SQLITE_IOERR | (3 << 8)
}
