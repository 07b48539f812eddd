package import Codecs
package import Engine
import Foundation
package import Payouts
import PostgreSQL
import Synchronization

/// The durable store past one machine: a PostgreSQL database, shared by any number of processes.
///
/// Any thread may call. Writes go through one session, one at a time; reads go beside them over sessions of their own
/// and see committed state. Lanes are leased: a lease belongs to the session that acquired it, and ends with it. A
/// session that is lost is made anew at the next use, within a bound; what it held is gone.
package final class PostgreSQLStore: Sendable {
  package enum Mode: Sendable {
    /// Makes the tables when they are missing, and migrates them.
    case create
    /// The tables must exist; they are migrated.
    case existing
    /// The tables must exist and be of this version; every write throws `store.read_only`.
    case readOnly
  }

  let sha256: any SHA256Hashing
  let settings: PostgreSQLSettings
  private let place: ConnectionSettings
  private let mode: Mode
  /// Which store it was when it was opened: a name that leads to another one after a failover must not be written.
  private let uuid: String
  private let random: Mutex<any RandomSource>
  /// Counts the sessions of the writer.
  private let generation = Mutex(0)
  private let writer: Mutex<Session?>
  private let readers: [Slot]
  private let listener = Slot()

  private final class Slot: Sendable {
    let session = Mutex<Session?>(nil)
  }

  /// Opens the database and brings it to this version; the database itself must exist.
  ///
  /// `random` spreads the waits between attempts. Throws `store.unavailable` when no session is had,
  /// `store.not_durable`, `store.not_a_database`, `store.newer_version`, `store.migration_failed`, `store.read_only`.
  package init(
    _ dsn: PostgreSQLDSN, mode: Mode = .create, settings: PostgreSQLSettings = PostgreSQLSettings(),
    sha256: any SHA256Hashing, random: sending any RandomSource
  ) throws(StoreError) {
    place = dsn.place
    self.mode = mode
    self.settings = settings
    self.sha256 = sha256
    self.random = Mutex(random)
    readers = (0..<settings.readers).map { _ in Slot() }
    let session = try Session.open(place, .writer, settings, isReadOnly: mode == .readOnly, generation: 0)
    let migrator = PostgreSQLMigrator(session: session, sha256: sha256, migrations: Migration.allOnPostgreSQL)
    try PostgreSQLStore.bring(migrator, mode)
    if mode != .readOnly { try session.settleHome(sha256: sha256) }
    uuid = try session.identity().uuid
    writer = Mutex(session)
  }

  /// Whether there is a store in the database, of whatever version. Throws as `init`.
  package static func exists(_ dsn: PostgreSQLDSN, sha256: any SHA256Hashing) throws(StoreError) -> Bool {
    let session = try Session.open(dsn.place, .reader, PostgreSQLSettings(), isReadOnly: true, generation: 0)
    return try PostgreSQLMigrator(session: session, sha256: sha256, migrations: Migration.allOnPostgreSQL).verify() > 0
  }

  private static func bring(_ migrator: PostgreSQLMigrator, _ mode: Mode) throws(StoreError) {
    let version = try migrator.verify()
    guard mode == .create || version > 0 else {
      throw StoreError(
        .unavailable, "there is no store in the database", hint: "almoner campaigns create makes it")
    }
    guard mode != .readOnly || version == Migration.allOnPostgreSQL.count else {
      throw StoreError(
        .migrationFailed,
        "the database is at version \(version), this program reads \(Migration.allOnPostgreSQL.count)",
        hint: "open it once for writing: that migrates it")
    }
    if mode != .readOnly { _ = try migrator.migrate() }
  }

  // MARK: Sessions

  /// Runs a body in one durable transaction. What was not committed is tried again, as a whole, when the session was
  /// lost before or when two transactions stood in each other's way; a body under a lease is not, once its session is
  /// lost: the lease went with it.
  func write<Result: Sendable>(
    isLeased: Bool = false, _ body: @Sendable (Session) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    try perform(isLeased: isLeased) { session throws(StoreError) in
      try session.write { () throws(StoreError) in try body(session) }
    }
  }

  /// As `write`, for a body that ends its transaction by itself.
  func perform<Result: Sendable>(
    isLeased: Bool = false, _ body: @Sendable (Session) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    try writer.withLock { slot throws(StoreError) -> Result in
      var attempt = 0
      while true {
        let isFresh = try fill(&slot, .writer)
        guard let session = slot else { throw .noSession }
        do throws(StoreError) {
          return try body(session)
        } catch {
          // After an unknown outcome nothing that this session believes is kept, the leases first of all.
          let isLost = !session.connection.isUsable || error.code == .commitUnknown
          if isLost { slot = nil }
          let mayRepeat =
            isLost ? error.code == .unavailable && !isFresh && !isLeased : session.hasCollided
          guard mayRepeat, attempt < settings.collisions else { throw error }
          pause(attempt)
          attempt += 1
        }
      }
    }
  }

  /// Runs a body on the writer's session, outside of a transaction; nothing is repeated.
  func withWriter<Result: Sendable>(
    _ body: @Sendable (Session) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    try writer.withLock { slot throws(StoreError) -> Result in
      _ = try fill(&slot, .writer)
      guard let session = slot else { throw .noSession }
      defer { if !session.connection.isUsable { slot = nil } }
      return try body(session)
    }
  }

  /// Runs a body on one snapshot of committed state; over a new session when the one at hand turns out to be lost.
  func read<Result: Sendable>(
    _ body: @Sendable (Session) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    try readOnce { session throws(StoreError) in try session.snapshot(body) }
  }

  /// As `read`, for a body of one statement, which sees one moment by itself: without BEGIN and ROLLBACK around it.
  func readOnce<Result: Sendable>(
    _ body: @Sendable (Session) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    for reader in readers {
      let result = try reader.session.withLockIfAvailable { slot throws(StoreError) -> Result in
        try read(&slot, body)
      }
      if let result { return result }
    }
    guard let first = readers.first else {
      return try withWriter { session throws(StoreError) in try body(session) }
    }
    // All are busy: the first one's turn comes.
    return try first.session.withLock { slot throws(StoreError) -> Result in try read(&slot, body) }
  }

  private func read<Result: Sendable>(
    _ slot: inout sending Session?, _ body: @Sendable (Session) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    if let known = slot, known.generation != generation.withLock({ $0 }) { slot = nil }
    for _ in 0..<2 {
      let isFresh = try fill(&slot, .reader)
      guard let session = slot else { throw .noSession }
      do throws(StoreError) { return try body(session) } catch {
        guard !session.connection.isUsable else { throw error }
        slot = nil
        if isFresh { throw error }
      }
    }
    throw StoreError(.unavailable, "the session with the database server ended twice")
  }

  /// Runs a body on the session that listens; it is told whether the session has only begun to.
  func listen<Result: Sendable>(
    _ body: @Sendable (Session, Bool) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    try listener.session.withLock { slot throws(StoreError) -> Result in
      let isFresh = try fill(&slot, .listener)
      guard let session = slot else { throw .noSession }
      defer { if !session.connection.isUsable { slot = nil } }
      if isFresh { try session.run("LISTEN almoner") }
      return try body(session, isFresh)
    }
  }

  /// Fills a slot whose session is missing or lost: a few attempts, with growing waits. Returns whether it did.
  private func fill(_ slot: inout sending Session?, _ role: Session.Role) throws(StoreError) -> Bool {
    if slot?.connection.isUsable == true { return false }
    slot = nil
    var attempt = 0
    while true {
      do throws(StoreError) {
        slot = try open(role)
        return true
      } catch {
        guard error.code == .unavailable, attempt < settings.reconnects else { throw error }
        pause(attempt)
        attempt += 1
      }
    }
  }

  func open(_ role: Session.Role) throws(StoreError) -> Session {
    // Leases went with the writer's session, and readers may be at another server by now.
    let number = generation.withLock { number -> Int in
      if role == .writer { number += 1 }
      return number
    }
    let session = try Session.open(place, role, settings, isReadOnly: mode == .readOnly, generation: number)
    guard try session.identity().uuid == uuid else {
      throw StoreError(
        .unavailable, "\(place) leads to another store now",
        hint: "nothing was written; see which server took its place")
    }
    return session
  }

  /// Waits between 0 and a bound that doubles with each attempt.
  private func pause(_ attempt: Int) {
    let backoff = Backoff(
      baseMilliseconds: settings.reconnectBaseMilliseconds, mostMilliseconds: settings.reconnectMostMilliseconds)
    let wait = random.withLock { backoff.wait(attempt: attempt, random: $0) }
    Thread.sleep(forTimeInterval: Double(wait) / 1000)
  }
}

extension StoreError {
  fileprivate static var noSession: StoreError { StoreError(.unavailable, "there is no session") }
}
