import Codecs
import Engine
import Money
import Payouts

/// One store of a copy, read and filled table by table. Threads: one at a time.
protocol CopySide: AnyObject {
  /// Every table of the schema but those of `CopyTable.leftOut`.
  func tables() throws(StoreError) -> [CopyTable]

  /// Runs a body that reads one moment.
  func snapshot<Result>(_ body: () throws(StoreError) -> Result) throws(StoreError) -> Result

  /// Every row of a table in the order of its key, inside of `snapshot`. A row is lent: it changes after the call.
  func read(_ table: CopyTable, _ each: (PlainRow) throws(StoreError) -> Void) throws(StoreError)

  /// Makes the tables of a new store, with the mark of an unfinished copy.
  ///
  /// Throws `store.not_empty` for a place that holds anything, `store.unfinished_copy` for one that holds half a copy.
  func begin() throws(StoreError)

  /// Takes the rows that a new store has by itself away.
  func empty(_ tables: [CopyTable]) throws(StoreError)

  /// Puts rows into a table: the body is given what takes one.
  func fill(
    _ table: CopyTable, _ body: ((PlainRow) throws(StoreError) -> Void) throws(StoreError) -> Void
  ) throws(StoreError)

  /// Everything that is left to check and set when all rows are there: sentences about what is wrong.
  func settle(_ tables: [CopyTable]) throws(StoreError) -> [String]

  /// Raises the epoch and takes the mark away, in one transaction: from here on it is a store.
  func finish(actor: String, at: Timestamp) throws(StoreError) -> StoreIdentity
}

extension StoreDSN {
  /// The side of a copy that reads an existing store of this version. Throws as the store's own read-only mode.
  func source(sha256: any SHA256Hashing) throws(StoreError) -> any CopySide {
    switch self {
    case .sqlite(let path): try SQLiteSide(reading: path, sha256: sha256)
    case .postgresql(let dsn): try PostgreSQLSide(dsn, isReading: true, sha256: sha256)
    }
  }

  /// The side of a copy that becomes a store.
  func target(sha256: any SHA256Hashing) throws(StoreError) -> any CopySide {
    switch self {
    case .sqlite(let path): try SQLiteSide(filling: path, sha256: sha256)
    case .postgresql(let dsn): try PostgreSQLSide(dsn, isReading: false, sha256: sha256)
    }
  }
}
