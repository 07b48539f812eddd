/// Why a store could not read or write. Codes are stable: docs/errors.md.
package struct StoreError: Error, Hashable, Sendable {
  package enum Code: String, CaseIterable, Sendable {
    /// The lane is another's: fence, session or epoch differ. Nothing was written.
    case staleFence = "store.stale_fence"
    /// A row was not in the state that the write expected. Nothing was written.
    case staleState = "store.stale_state"
    /// A unique name or key is taken by other content.
    case conflict = "store.conflict"
    /// A limit has no room for the payouts of a batch: another worker took it. Nothing was written; they wait.
    case overLimit = "store.over_limit"
    case notFound = "store.not_found"
    /// A ledger rule refused the commit.
    case ledger = "store.ledger_refused"
    case busy = "store.busy"
    case full = "store.full"
    case readOnly = "store.read_only"
    case corrupt = "store.corrupt"
    case notADatabase = "store.not_a_database"
    case newerVersion = "store.newer_version"
    case migrationFailed = "store.migration_failed"
    case io = "store.io"
    /// The commit's answer was lost: it is neither done nor undone until somebody reads.
    case commitUnknown = "store.commit_unknown"
    case unavailable = "store.unavailable"
    /// The server confirms what it may forget: a store there would pay twice after a power cut.
    case notDurable = "store.not_durable"
    /// A row read back breaks a rule of the schema.
    case badRow = "store.bad_row"
    /// The place that a store is to be copied to holds something already.
    case notEmpty = "store.not_empty"
    /// The store is the target of a copy that was killed, or that is still at work: it holds only some rows.
    case unfinishedCopy = "store.unfinished_copy"
    /// The copy of a store holds other rows than the store.
    case copyDiffers = "store.copy_differs"
    /// The text that names the store cannot be understood.
    case badDSN = "store.bad_dsn"
  }
  package let code: Code
  package let message: String
  package let hint: String?

  package init(_ code: Code, _ message: String, hint: String? = nil) {
    self.code = code
    self.message = message
    self.hint = hint
  }

  /// The writer must drop everything in memory and acquire anew (docs/internals/protocol.md 2.4, "lost").
  package var losesLane: Bool {
    switch code {
    case .staleFence, .staleState, .commitUnknown, .io, .unavailable, .busy, .full: true
    case .conflict, .notFound, .ledger, .readOnly, .corrupt, .notADatabase, .newerVersion, .migrationFailed, .badRow,
      .badDSN, .overLimit, .notDurable, .notEmpty, .unfinishedCopy, .copyDiffers:
      false
    }
  }
}
