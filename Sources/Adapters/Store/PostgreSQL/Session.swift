import Engine
import Money
import Payouts
import PostgreSQL

/// A session of the server that speaks the store's errors, with the transaction it is in and the leases it holds.
///
/// Threads: as its `Connection`, one at a time.
final class Session {
  let connection: Connection
  /// Which life of the store it belongs to: after a reconnect of the writer the others are made anew too.
  let generation: Int
  /// Leases that were acquired over this session. They end with it: protocol.md 2.4.
  var leases: Set<Lease> = []
  /// Whether the last transaction failed because another stood in its way.
  private(set) var hasCollided = false
  /// The lease that the open transaction acquires: its lock is held already, and is given back if the lease is not had.
  var acquiring: Lease?
  private var pendingBegin: StaticString?
  /// A second session that writes beside this one, made when it is first wanted.
  private var side: Session?

  init(_ connection: Connection, generation: Int) {
    self.connection = connection
    self.generation = generation
  }

  /// The session beside this one; over a new one when there is none or it was lost.
  func side(_ open: () throws(StoreError) -> Session) throws(StoreError) -> Session {
    if let side, side.connection.isUsable { return side }
    let made = try open()
    side = made
    return made
  }

  // MARK: Statements

  /// Runs statements in one round trip and returns their answers in order.
  @discardableResult
  func run(_ requests: [Request]) throws(StoreError) -> [Rows] {
    try run { send throws(PostgreSQLError) in for request in requests { try send(request) } }
  }

  /// As `run(_:)` for statements that are made while the server works on those before.
  func run(
    _ body: (_ send: (Request) throws(PostgreSQLError) -> Void) throws(PostgreSQLError) -> Void
  ) throws(StoreError) -> [Rows] {
    let begin = pendingBegin
    pendingBegin = nil
    do throws(PostgreSQLError) {
      guard let begin else { return try connection.run(body) }
      return Array(try connection.run(first: [Request(begin)], body).dropFirst())
    } catch {
      if error.code == .serialization { hasCollided = true }
      throw StoreError(error)
    }
  }

  @discardableResult
  func run<each One: Value>(_ sql: StaticString, _ values: repeat each One) throws(StoreError) -> Rows {
    let answers = try run([Request(sql, Arguments(repeat each values))])
    guard let answer = answers.first else { throw StoreError(.badRow, "a statement gave no answer") }
    return answer
  }

  /// The rows of a query, in order.
  func all<Result, each One: Value>(
    _ sql: StaticString, _ values: repeat each One, read: (PostgreSQLRow) throws(StoreError) -> Result
  ) throws(StoreError) -> [Result] {
    try run(sql, repeat each values).all(read)
  }

  /// The first row of a query, or nil.
  func first<Result, each One: Value>(
    _ sql: StaticString, _ values: repeat each One, read: (PostgreSQLRow) throws(StoreError) -> Result
  ) throws(StoreError) -> Result? {
    try run(sql, repeat each values).first(read)
  }

  // MARK: Transactions

  /// Runs a body in one transaction, durable when it returns. BEGIN goes with the body's first statements.
  ///
  /// A failed COMMIT is told apart from everything before it: only after it may anything have been written.
  func write<Result>(_ body: () throws(StoreError) -> Result) throws(StoreError) -> Result {
    pendingBegin = "BEGIN"
    hasCollided = false
    let result: Result
    do throws(StoreError) { result = try body() } catch {
      abandon()
      throw error
    }
    if pendingBegin == nil { try commit([]) } else { pendingBegin = nil }
    if let lease = acquiring { leases.insert(lease) }
    acquiring = nil
    return result
  }

  /// One statement in one durable transaction and one round trip, and its answer: for what depends on nothing that the
  /// client would have to look at first. Throws as `write`; a lost answer means here, too, that nobody knows.
  func writeAtOnce(_ request: Request) throws(StoreError) -> Rows {
    pendingBegin = nil
    hasCollided = false
    let answers = try commit([Request("BEGIN"), request])
    guard let answer = answers.dropFirst().first else { throw StoreError(.badRow, "a statement gave no answer") }
    return answer
  }

  /// Several reads of one moment.
  func snapshot<Result>(_ body: (Session) throws(StoreError) -> Result) throws(StoreError) -> Result {
    pendingBegin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    defer { abandon() }
    return try body(self)
  }

  /// Runs what comes before it and COMMIT. One whose answer is anything but COMMIT is no success. Its own time is not limited by the server: a COMMIT
  /// that is stopped while it waits for a standby says that it is done, with a warning, and the standby lacks it.
  @discardableResult
  private func commit(_ requests: [Request]) throws(StoreError) -> [Rows] {
    _ = connection.takeWarning()
    let answers: [Rows]
    do throws(PostgreSQLError) {
      answers = try connection.run(requests + [Request("SET LOCAL statement_timeout = 0"), Request("COMMIT")])
    } catch {
      abandon()
      if error.code == .serialization { hasCollided = true }
      throw StoreError(failedCommit: error)
    }
    guard answers.last?.tag == "COMMIT" else {
      abandon()
      throw StoreError(.badRow, "the transaction had failed before its commit; nothing was written")
    }
    if let warning = connection.takeWarning() { throw .commitUnknown(warning) }
    return answers
  }

  /// Rolls back what is open. A session that cannot is given up with everything in it.
  private func abandon() {
    pendingBegin = nil
    let lease = acquiring
    acquiring = nil
    guard connection.isUsable else { return }
    if connection.isInTransaction { _ = try? connection.run("ROLLBACK") }
    // Locks of a session outlive its transactions.
    if let lease { unlock(lease) }
  }

  /// Failing is no harm: the lock ends with the session.
  private func unlock(_ lease: Lease) {
    _ = try? connection.run("SELECT pg_advisory_unlock($1)", Arguments(lease.lockKey))
  }

  /// Frees the lock of a lease that was given back.
  func forget(_ lease: Lease) {
    if leases.remove(lease) != nil { unlock(lease) }
  }
}

/// A lease as its session knows it: the number of the lane and of the lease.
struct Lease: Hashable {
  let lane: LaneID
  let fence: Int64

  /// The name of the advisory lock that the session holds for as long as it lives: whoever finds it free knows that
  /// the holder is gone. Keys below 2^40 are the store's own (`StoreLock`), and no lane has the number 0.
  var lockKey: Int64 { lane.raw << 40 | fence & (1 << 40 - 1) }
}

/// Advisory locks of the store itself.
enum StoreLock {
  /// One process migrates at a time.
  static let migration: Int64 = 1
  /// The turn of a commit: numbers of transfers and events are given in the order of the commits.
  static let turn: Int64 = 2
}
