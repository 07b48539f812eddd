import Codecs
import Engine
import SQLite

/// Brings a database to the version of this program: each missing step in a transaction of its own.
struct Migrator {
  let database: Database
  let sha256: any SHA256Hashing
  let migrations: [Migration]
  /// Whether the store may hold the mark of an unfinished copy.
  var isCopying = false

  /// "Almo": marks the file as ours. https://sqlite.org/pragma.html#pragma_application_id
  private static let applicationID: Int64 = 0x416c_6d6f

  /// Applies what is missing and returns the version.
  ///
  /// Throws `store.not_a_database` for another program's database, `store.newer_version` for one of a later release,
  /// `store.unfinished_copy` for the target of a copy,
  /// and `store.migration_failed` when an applied step is not the one known here or a check finds something.
  func migrate() throws(StoreError) -> Int {
    var version = try verify()
    for migration in migrations where migration.number > version {
      try apply(migration)
      version = migration.number
    }
    return version
  }

  /// The version of the database as it is, 0 for an empty file; nothing is written. Throws as `migrate`.
  func verify() throws(StoreError) -> Int {
    let found = try database.first(
      "SELECT count(*), count(*) FILTER (WHERE name = 'unfinished_copy') FROM sqlite_schema"
    ) { row throws(StoreError) in (all: try row.int64(0), marks: try row.int64(1)) }
    guard let found else { return 0 }
    guard found.marks == 0 || isCopying else { throw .unfinishedCopy }
    if found.all == found.marks { return 0 }
    let mark = try database.first("PRAGMA application_id") { row throws(StoreError) in try row.int64(0) }
    guard mark == Migrator.applicationID else {
      throw StoreError(
        .notADatabase, "the file is a database of another program", hint: "name another file in AM_DB_DSN")
    }
    let applied = try database.all("SELECT number, checksum FROM schema_migrations ORDER BY number") {
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
    try database.write { () throws(StoreError) in
      // Another process may have been faster; the write lock is held from here on.
      guard try verify() == migration.number - 1 else { return }
      try run(migration.before, "before", migration)
      try execute(migration.sql)
      try run(migration.after, "after", migration)
      try database.run(
        """
        INSERT INTO schema_migrations(number, reason, checksum, applied_at)
        VALUES(?, ?, ?, unixepoch('now') * 1000)
        """, migration.number, migration.reason, checksum(migration))
    }
  }

  private func run(_ checks: [Migration.Check], _ moment: String, _ migration: Migration) throws(StoreError) {
    for check in checks {
      let problem = try database.first(check.sql) { row throws(StoreError) in try row.text(0) }
      if let problem {
        throw StoreError(
          .migrationFailed, "\(moment) migration \(migration.number): not true that \(check.sentence): \(problem)",
          hint: "nothing was changed; the database works with the release before this one")
      }
    }
  }

  private func execute(_ sql: StaticString) throws(StoreError) {
    do { try database.connection.execute(sql) } catch { throw StoreError(error) }
  }

  private func checksum(_ migration: Migration) -> Hash32 { sha256.sha256(Array(migration.sql.description.utf8)) }
}
