import Codecs
import Engine
import PostgreSQL

/// Brings a database to the version of this program: each missing step in a transaction of its own, one process at a
/// time.
struct PostgreSQLMigrator {
  let session: Session
  let sha256: any SHA256Hashing
  let migrations: [Migration]
  /// Whether the store may hold the mark of an unfinished copy.
  var isCopying = false

  /// Applies what is missing and returns the version. Throws as `Migrator.migrate`; another process that migrates is
  /// waited for, as long as for any lock.
  func migrate() throws(StoreError) -> Int {
    var version = try verify()
    for migration in migrations where migration.number > version {
      try apply(migration)
      version = migration.number
    }
    return version
  }

  /// The version of the database as it is, 0 for an empty schema; nothing is written. Throws `store.not_a_database`
  /// for the tables of another program, and as `migrate`.
  func verify() throws(StoreError) -> Int {
    let found = try session.first(
      """
      SELECT count(*) FILTER (WHERE relname IN ('schema_migrations', 'store_identity')), count(*),
        count(*) FILTER (WHERE relname = 'unfinished_copy')
      FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = current_schema()::regnamespace
      """
    ) { row throws(StoreError) in (ours: try row.int64(0), all: try row.int64(1), marks: try row.int64(2)) }
    guard let found else { return 0 }
    guard found.marks == 0 || isCopying else { throw .unfinishedCopy }
    if found.all == found.marks { return 0 }
    guard found.ours == 2 else {
      throw StoreError(
        .notADatabase, "the schema of the database holds the tables of another program",
        hint: "give the store a database of its own")
    }
    let applied = try session.all("SELECT number, checksum FROM schema_migrations ORDER BY number") {
      row throws(StoreError) in (number: try row.int64(0), checksum: try row.hash(1))
    }
    for (place, step) in applied.enumerated() {
      guard place < migrations.count else {
        throw StoreError(
          .newerVersion, "the database is at version \(applied.count), this program knows \(migrations.count)",
          hint: "install the newer release; an older one never writes to a newer store")
      }
      guard step.number == Int64(migrations[place].number), step.checksum == checksum(migrations[place]) else {
        throw StoreError(.migrationFailed, "migration \(step.number) in the database is not the one of this program")
      }
    }
    return applied.count
  }

  private func apply(_ migration: Migration) throws(StoreError) {
    try session.write { () throws(StoreError) in
      try session.run("SELECT pg_advisory_xact_lock($1)", StoreLock.migration)
      // Another process may have been faster; nobody else migrates from here on.
      guard try verify() == migration.number - 1 else { return }
      try run(migration.before, "before", migration)
      do throws(PostgreSQLError) { try session.connection.execute(migration.sql) } catch { throw StoreError(error) }
      try run(migration.after, "after", migration)
      try session.run(
        """
        INSERT INTO schema_migrations(number, reason, checksum, applied_at)
        VALUES($1, $2, $3, floor(extract(epoch FROM clock_timestamp()) * 1000))
        """, migration.number, migration.reason, checksum(migration))
    }
  }

  private func run(_ checks: [Migration.Check], _ moment: String, _ migration: Migration) throws(StoreError) {
    for check in checks {
      let problem = try session.first(check.sql) { row throws(StoreError) in try row.text(0) }
      if let problem {
        throw StoreError(
          .migrationFailed, "\(moment) migration \(migration.number): not true that \(check.sentence): \(problem)",
          hint: "nothing was changed; the database works with the release before this one")
      }
    }
  }

  private func checksum(_ migration: Migration) -> Hash32 { sha256.sha256(Array(migration.sql.description.utf8)) }
}
