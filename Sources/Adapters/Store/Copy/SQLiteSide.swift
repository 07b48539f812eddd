import Codecs
import Engine
import Money
import Payouts
import SQLite

/// A SQLite file in a copy.
final class SQLiteSide: CopySide {
  /// Rows in one transaction: the log stays small.
  private static let chunk = 20_000

  private let database: Database
  private let sha256: any SHA256Hashing

  private var migrator: Migrator { Migrator(database: database, sha256: sha256, migrations: Migration.all) }

  /// Throws as a `SQLiteStore` that only reads.
  init(reading path: String, sha256: any SHA256Hashing) throws(StoreError) {
    database = try SQLiteSide.open(path, .readOnly)
    self.sha256 = sha256
    let version = try migrator.verify()
    guard version == Migration.all.count else { throw .otherVersion(version, Migration.all.count) }
  }

  init(filling path: String, sha256: any SHA256Hashing) throws(StoreError) {
    database = try SQLiteSide.open(path, .create)
    self.sha256 = sha256
  }

  private static func open(_ path: String, _ mode: Configuration.Mode) throws(StoreError) -> Database {
    do throws(SQLiteError) {
      return Database(
        try Connection(path: path, Configuration(mode: mode, pageSize: .bytes8192, cacheKibibytes: 65_536)))
    } catch { throw StoreError(error) }
  }

  func tables() throws(StoreError) -> [CopyTable] {
    let columns = try database.all(
      """
      SELECT m.name, p.name, p.type, p.pk FROM sqlite_schema m JOIN pragma_table_info(m.name) p
      WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY m.name, p.name
      """
    ) { row throws(StoreError) in
      (table: try row.text(0), name: try row.text(1), type: try row.text(2), key: try row.int(3))
    }
    var tables: [String: CopyTable] = [:]
    var keys: [String: [(place: Int, name: String)]] = [:]
    for column in columns where CopyTable.leftOut[column.table] == nil {
      tables[column.table, default: CopyTable(name: column.table)].columns.append(
        CopyTable.Column(name: column.name, content: try SQLiteSide.content(column.table, column.type)))
      if column.key > 0 { keys[column.table, default: []].append((column.key, column.name)) }
    }
    for (table, key) in keys { tables[table]?.key = key.sorted { $0.place < $1.place }.map(\.name) }
    let parents = try database.all(
      """
      SELECT m.name, f."table" FROM sqlite_schema m JOIN pragma_foreign_key_list(m.name) f
      WHERE m.type = 'table' AND f."table" <> m.name
      """
    ) { row throws(StoreError) in (child: try row.text(0), parent: try row.text(1)) }
    for pair in parents { tables[pair.child]?.parents.insert(pair.parent) }
    return tables.values.sorted { $0.name < $1.name }
  }

  private static func content(_ table: String, _ type: String) throws(StoreError) -> CopyTable.Content {
    switch type {
    case "INTEGER": return .integer
    case "TEXT": return .text
    case "BLOB": return .blob
    default: throw StoreError(.badRow, "the table \(table) has a column of the type \(type), which no copy knows")
    }
  }

  // MARK: Reading

  func snapshot<Result>(_ body: () throws(StoreError) -> Result) throws(StoreError) -> Result {
    try database.snapshot { _ throws(StoreError) in try body() }
  }

  func read(_ table: CopyTable, _ each: (PlainRow) throws(StoreError) -> Void) throws(StoreError) {
    var statement: Statement
    do throws(SQLiteError) {
      statement = try database.connection.prepareRows(
        of: table.name, columns: table.columns.map(\.name), orderedBy: table.key)
    } catch { throw StoreError(error) }
    var row = PlainRow()
    while true {
      do throws(SQLiteError) {
        guard try statement.step() else { return }
        row.clear()
        for column in 0..<table.columns.count { try SQLiteSide.append(&statement, column, to: &row) }
      } catch { throw StoreError(error) }
      try each(row)
    }
  }

  private static func append(
    _ statement: inout Statement, _ column: Int, to row: inout PlainRow
  ) throws(SQLiteError) {
    switch statement.kind(column) {
    case .null: row.appendNull()
    case .integer: row.append(try statement.int64(column))
    case .text: try statement.withTextBytes(column) { row.append(text: $0) }
    case .blob: try statement.withBlob(column) { row.append(blob: $0) }
    case .real: throw SQLiteError(.mismatch, "a column holds a fraction")
    }
  }

  // MARK: Filling

  func begin() throws(StoreError) {
    let found = try database.first(
      "SELECT count(*), count(*) FILTER (WHERE name = 'unfinished_copy') FROM sqlite_schema"
    ) { row throws(StoreError) in (all: try row.int64(0), marks: try row.int64(1)) }
    guard found?.marks == 0 else { throw .unfinishedCopy }
    guard found?.all == 0 else { throw .notEmpty("the file") }
    try execute("CREATE TABLE unfinished_copy(one INTEGER PRIMARY KEY) STRICT")
    var migrator = migrator
    migrator.isCopying = true
    _ = try migrator.migrate()
    // Rows come in any order of their own references; `settle` looks at all of them.
    try execute("PRAGMA foreign_keys = OFF")
  }

  func empty(_ tables: [CopyTable]) throws(StoreError) {
    try database.write { () throws(StoreError) in
      do throws(SQLiteError) {
        for table in tables { try database.connection.deleteRows(of: table.name) }
      } catch { throw StoreError(error) }
    }
  }

  func fill(
    _ table: CopyTable, _ body: ((PlainRow) throws(StoreError) -> Void) throws(StoreError) -> Void
  ) throws(StoreError) {
    let insert: CachedStatement
    do throws(SQLiteError) {
      insert = try database.connection.cachedInsert(into: table.name, columns: table.columns.map(\.name))
    } catch { throw StoreError(error) }
    var count = 0
    try execute("BEGIN IMMEDIATE")
    do throws(StoreError) {
      try body { row throws(StoreError) in
        do throws(SQLiteError) {
          try SQLiteSide.bind(row, to: &insert.statement)
          try insert.statement.run()
        } catch { throw StoreError(error) }
        count += 1
        if count.isMultiple(of: SQLiteSide.chunk) {
          try execute("COMMIT")
          try execute("BEGIN IMMEDIATE")
        }
      }
    } catch {
      insert.statement.reset()
      try? execute("ROLLBACK")
      throw error
    }
    try execute("COMMIT")
  }

  private static func bind(_ row: PlainRow, to statement: inout Statement) throws(SQLiteError) {
    for (place, cell) in row.cells.enumerated() {
      switch cell {
      case .null: try statement.bindNull(place + 1)
      case .integer(let value): try statement.bind(place + 1, value)
      case .text(let range): try statement.bindText(place + 1, utf8: row.bytes.span.extracting(range))
      case .blob(let range): try statement.bind(place + 1, row.bytes.span.extracting(range))
      }
    }
  }

  func settle(_ tables: [CopyTable]) throws(StoreError) -> [String] {
    try execute("PRAGMA foreign_keys = ON")
    do throws(SQLiteError) {
      try database.connection.checkpoint(.truncate)
      return try database.connection.integrityCheck()
    } catch { throw StoreError(error) }
  }

  func finish(actor: String, at: Timestamp) throws(StoreError) -> StoreIdentity {
    try database.write { () throws(StoreError) in
      try database.raiseEpoch(reason: "copied")
      let identity = try database.identity()
      var writer = CommitWriter(
        .epochRaised(identity, reason: "copied", actor: actor, at: at), database, sha256: sha256)
      try writer.apply()
      try execute("DROP TABLE unfinished_copy")
      return identity
    }
  }

  private func execute(_ sql: StaticString) throws(StoreError) {
    do { try database.connection.execute(sql) } catch { throw StoreError(error) }
  }
}

extension StoreError {
  static func notEmpty(_ place: String) -> StoreError {
    StoreError(
      .notEmpty, "\(place) holds something already", hint: "a copy goes into a new store only; name another one")
  }

  static func otherVersion(_ found: Int, _ known: Int) -> StoreError {
    StoreError(
      .migrationFailed, "the database is at version \(found), this program reads \(known)",
      hint: "open it once for writing: that migrates it")
  }
}
