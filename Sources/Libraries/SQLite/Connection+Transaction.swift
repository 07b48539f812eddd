import CSQLite

extension Connection {
  package enum TransactionKind: Sendable {
    /// Takes the write lock at the start: a writer that began as a reader can be refused with `busySnapshot` at any
    /// point, and no timeout helps then.
    case immediate
    /// A snapshot for several reads.
    case deferred
  }

  /// Runs `body` in one transaction: committed when it returns, rolled back when it throws, and its error passed on.
  ///
  /// A failed COMMIT is rolled back and thrown. After `ioError` from it the outcome is open until the file is opened
  /// anew: the commit record may have reached the disk. A transaction inside another is refused as `misuse`.
  package func transaction<Result: ~Copyable>(
    _ kind: TransactionKind = .immediate, _ body: () throws(SQLiteError) -> Result
  ) throws(SQLiteError) -> Result {
    try transaction(kind, failure: { $0 }, body)
  }

  /// As above, for a body with its own error type; `failure` turns SQLite's errors into it.
  package func transaction<Result: ~Copyable, Failure: Error>(
    _ kind: TransactionKind = .immediate, failure: (SQLiteError) -> Failure, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    do throws(SQLiteError) { try begin(kind) } catch { throw failure(error) }
    let result: Result
    do throws(Failure) {
      result = try body()
    } catch {
      abandon()
      throw error
    }
    do throws(SQLiteError) {
      // The body, or a failure it swallowed, may have ended the transaction: then nothing of it is stored.
      guard isInTransaction else { throw SQLiteError(.misuse, "the transaction ended before its commit") }
      try run(&commit, "COMMIT")
    } catch {
      abandon()
      throw failure(error)
    }
    return result
  }

  private func begin(_ kind: TransactionKind) throws(SQLiteError) {
    guard !isInTransaction else { throw SQLiteError(.misuse, "a transaction is already open") }
    switch kind {
    case .immediate: try run(&beginImmediate, "BEGIN IMMEDIATE")
    case .deferred: try run(&beginDeferred, "BEGIN DEFERRED")
    }
  }

  /// A full disk or an I/O error has often rolled back already; then there is nothing left to do, and an error from
  /// ROLLBACK itself would hide the first one.
  private func abandon() {
    guard isInTransaction else { return }
    try? run(&rollback, "ROLLBACK")
  }

  private func run(_ cached: inout Statement?, _ sql: StaticString) throws(SQLiteError) {
    if cached == nil { cached = try prepare(sql) }
    try cached?.run()
  }
}
