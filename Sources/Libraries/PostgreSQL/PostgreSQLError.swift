/// Why the server refused, or could not be reached.
/// Source of the SQLSTATE codes: https://www.postgresql.org/docs/15/errcodes-appendix.html
package struct PostgreSQLError: Error, Hashable, Sendable {
  /// Stable across releases. Add cases freely; never rename or reuse one.
  package enum Code: String, CaseIterable, Sendable {
    /// The text that names the server cannot be understood.
    case badSettings = "postgresql.bad_settings"
    /// No session was made: nobody listens, the name is unknown, the password is wrong.
    case cannotConnect = "postgresql.cannot_connect"
    /// The session ended under the statement. What it did is unknown if it was a COMMIT, and nothing otherwise.
    case connectionLost = "postgresql.connection_lost"
    /// No answer within the caller's own time. The session is given up, as if it were lost.
    case timedOut = "postgresql.timed_out"
    /// The server stopped the statement: its time was over, or somebody canceled it.
    case canceled = "postgresql.canceled"
    /// A lock was not had in time.
    case lockTimeout = "postgresql.lock_timeout"
    /// Two transactions stood in each other's way; the same transaction may succeed when it is tried again.
    case serialization = "postgresql.serialization"
    /// A unique name or number is taken.
    case constraintUnique = "postgresql.constraint_unique"
    /// A CHECK of a table refused a value.
    case constraintCheck = "postgresql.constraint_check"
    /// A row names another one that is not there, or one is named by others still.
    case constraintForeignKey = "postgresql.constraint_foreign_key"
    /// A column that needs a value got none.
    case constraintNotNull = "postgresql.constraint_not_null"
    /// A trigger raised it: the append-only guards speak this way.
    case constraintTrigger = "postgresql.constraint_trigger"
    /// Another rule of a table was broken.
    case constraintOther = "postgresql.constraint_other"
    /// A value that its column cannot hold: out of range, not UTF-8, not JSON.
    case badValue = "postgresql.bad_value"
    /// The server, or the transaction, takes no writes: a standby, or a read-only session.
    case readOnly = "postgresql.read_only"
    /// The disk of the server is full.
    case full = "postgresql.full"
    /// The server has no memory, no connection or no lock left.
    case outOfResources = "postgresql.out_of_resources"
    /// The role may not do that.
    case denied = "postgresql.denied"
    /// A table, column or function that is not there.
    case undefined = "postgresql.undefined"
    /// The server found its files damaged.
    case corrupt = "postgresql.corrupt"
    /// The server could not read or write its files.
    case ioError = "postgresql.io_error"
    /// A column held another type than the one asked for, NULL included.
    case mismatch = "postgresql.mismatch"
    /// The wrapper was used wrongly: a column that does not exist, a session that was given up.
    case misuse = "postgresql.misuse"
    /// Every other refusal.
    case refused = "postgresql.refused"
  }

  package let code: Code
  /// The server's five characters, for the log and for looking it up; nil when it was not the server who spoke.
  package let sqlState: String?
  /// One sentence. It may name tables, columns and hosts, never a bound value or a password.
  package let message: String
  /// The constraint that was broken.
  package let constraint: String?

  package init(_ code: Code, _ message: String, sqlState: String? = nil, constraint: String? = nil) {
    self.code = code
    self.sqlState = sqlState
    self.message = message
    self.constraint = constraint
  }

  /// True for every kind of constraint.
  package var isConstraint: Bool {
    switch code {
    case .constraintUnique, .constraintCheck, .constraintForeignKey, .constraintNotNull, .constraintTrigger,
      .constraintOther:
      true
    default: false
    }
  }

  /// True when the session is gone, with everything that belonged to it.
  package var endsSession: Bool {
    switch code {
    case .connectionLost, .timedOut, .cannotConnect: true
    default: false
    }
  }
}

extension PostgreSQLError {
  /// The one place where an SQLSTATE becomes a code.
  static func code(sqlState: String) -> Code {
    switch sqlState {
    case "23505": return .constraintUnique
    case "23514": return .constraintCheck
    case "23503": return .constraintForeignKey
    case "23502": return .constraintNotNull
    // restrict_violation is what our triggers raise; P0001 is what others raise without a code.
    case "23001", "P0001": return .constraintTrigger
    case "40001", "40P01": return .serialization
    case "55P03": return .lockTimeout
    case "57014": return .canceled
    case "25006": return .readOnly
    case "53100": return .full
    case "42501": return .denied
    case "42P01", "42703", "42883", "42704": return .undefined
    default: break
    }
    switch sqlState.prefix(2) {
    case "08", "57": return .connectionLost
    case "22": return .badValue
    case "23": return .constraintOther
    case "28", "3D": return .denied
    case "3F": return .undefined
    case "40": return .serialization
    case "53", "54": return .outOfResources
    case "58": return .ioError
    case "XX": return sqlState == "XX001" || sqlState == "XX002" ? .corrupt : .refused
    default: return .refused
    }
  }
}
