import Codecs
import Engine
import Money
import Payouts
import PostgreSQL

/// A PostgreSQL database in a copy: rows go in and out by binary COPY.
final class PostgreSQLSide: CopySide {
  private let session: Session
  private let sha256: any SHA256Hashing

  private var migrator: PostgreSQLMigrator {
    PostgreSQLMigrator(session: session, sha256: sha256, migrations: Migration.allOnPostgreSQL)
  }

  /// Throws as a `PostgreSQLStore`: one that only reads, or one that makes its tables.
  init(_ dsn: PostgreSQLDSN, isReading: Bool, sha256: any SHA256Hashing) throws(StoreError) {
    self.sha256 = sha256
    session = try Session.open(
      dsn.place, isReading ? .reader : .writer, PostgreSQLSettings(), isReadOnly: isReading, generation: 0)
    // One COPY of a large table takes what it takes, and its first row may come after a long sort.
    session.connection.answerMilliseconds = 86_400_000
    try session.run(
      """
      SELECT set_config('statement_timeout', '0', false), set_config('idle_in_transaction_session_timeout', '0', false)
      """)
    guard isReading else { return }
    let version = try migrator.verify()
    guard version > 0 else {
      throw StoreError(.unavailable, "there is no store in the database", hint: "name the one that is to be copied")
    }
    guard version == Migration.allOnPostgreSQL.count else {
      throw .otherVersion(version, Migration.allOnPostgreSQL.count)
    }
  }

  func tables() throws(StoreError) -> [CopyTable] {
    let columns = try session.all(
      """
      SELECT c.relname::text, a.attname::text, format_type(a.atttypid, NULL), a.attidentity <> '',
        coalesce(array_position(i.indkey::int2[], a.attnum), -1)::int8
      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
      WHERE c.relkind IN ('r', 'p') AND c.relnamespace = current_schema()::regnamespace
      """
    ) { row throws(StoreError) in
      (
        table: try row.text(0), name: try row.text(1), type: try row.text(2), isCounted: try row.bool(3),
        key: try row.int64(4)
      )
    }
    var tables: [String: CopyTable] = [:]
    var keys: [String: [(place: Int64, name: String)]] = [:]
    for column in columns where CopyTable.leftOut[column.table] == nil {
      tables[column.table, default: CopyTable(name: column.table)].columns.append(
        CopyTable.Column(
          name: column.name, content: try PostgreSQLSide.content(column.table, column.type),
          isCounted: column.isCounted))
      if column.key >= 0 { keys[column.table, default: []].append((column.key, column.name)) }
    }
    for name in tables.keys { tables[name]?.columns.sort { $0.name < $1.name } }
    for (table, key) in keys { tables[table]?.key = key.sorted { $0.place < $1.place }.map(\.name) }
    let parents = try session.all(
      """
      SELECT child.relname::text, parent.relname::text FROM pg_constraint f
        JOIN pg_class child ON child.oid = f.conrelid JOIN pg_class parent ON parent.oid = f.confrelid
      WHERE f.contype = 'f' AND f.connamespace = current_schema()::regnamespace AND f.conrelid <> f.confrelid
      """
    ) { row throws(StoreError) in (child: try row.text(0), parent: try row.text(1)) }
    for pair in parents { tables[pair.child]?.parents.insert(pair.parent) }
    return tables.values.sorted { $0.name < $1.name }
  }

  private static func content(_ table: String, _ type: String) throws(StoreError) -> CopyTable.Content {
    switch type {
    case "bigint": return .integer
    case "text": return .text
    case "bytea": return .blob
    case "numeric": return .units
    case "boolean": return .flag
    case "jsonb": return .json
    default: throw StoreError(.badRow, "the table \(table) has a column of the type \(type), which no copy knows")
    }
  }

  // MARK: Reading

  func snapshot<Result>(_ body: () throws(StoreError) -> Result) throws(StoreError) -> Result {
    try session.snapshot { session throws(StoreError) in
      // COPY is no statement that could carry the BEGIN.
      try session.run("SELECT 1")
      return try body()
    }
  }

  func read(_ table: CopyTable, _ each: (PlainRow) throws(StoreError) -> Void) throws(StoreError) {
    let texts = Set(table.columns.filter { $0.content == .text }.map(\.name))
    var copy: CopyOut
    do throws(PostgreSQLError) {
      // Both engines must agree about the order of texts: that of their bytes.
      copy = try session.connection.copyOut(
        rowsOf: table.name, columns: table.columns.map(\.name),
        orderedBy: table.key.map { (name: $0, isText: texts.contains($0)) })
    } catch { throw StoreError(error) }
    var row = PlainRow()
    while true {
      let next: CopyRow?
      do throws(PostgreSQLError) { next = try copy.next() } catch { throw StoreError(error) }
      guard var found = next else { return }
      row.clear()
      for column in table.columns {
        let cell: ArraySlice<UInt8>?
        do throws(PostgreSQLError) { cell = try found.next() } catch { throw StoreError(error) }
        try PostgreSQLSide.append(cell, column, of: table, to: &row)
      }
      try each(row)
    }
  }

  private static func append(
    _ cell: ArraySlice<UInt8>?, _ column: CopyTable.Column, of table: CopyTable, to row: inout PlainRow
  ) throws(StoreError) {
    guard let cell else { return row.appendNull() }
    switch column.content {
    case .integer:
      guard cell.count == 8 else { throw .unreadable(column, table) }
      row.append(Int64(bitPattern: cell.reduce(0) { $0 << 8 | UInt64($1) }))
    case .text: row.append(text: cell)
    case .blob: row.append(blob: cell)
    case .units:
      guard let limbs = Numeric256.limbs(cell.span) else { throw .unreadable(column, table) }
      row.append(UInt256(limbs: limbs))
    case .flag:
      guard let value = cell.first, cell.count == 1 else { throw .unreadable(column, table) }
      row.append(value == 0 ? 0 as Int64 : 1)
    case .json:
      // The first byte is the version of the form.
      let text = cell.dropFirst()
      if text.elementsEqual("{}".utf8) { return row.append(text: [][...]) }
      guard let canonical = try? CanonicalJSON.bytes(JSON.parse(Array(text))) else { throw .unreadable(column, table) }
      row.append(text: canonical[...])
    }
  }

  // MARK: Filling

  func begin() throws(StoreError) {
    let found = try session.first(
      """
      SELECT count(*), count(*) FILTER (WHERE relname = 'unfinished_copy') FROM pg_class
      WHERE relkind IN ('r', 'p', 'v', 'm', 'S') AND relnamespace = current_schema()::regnamespace
      """
    ) { row throws(StoreError) in (all: try row.int64(0), marks: try row.int64(1)) }
    guard found?.marks == 0 else { throw .unfinishedCopy }
    guard found?.all == 0 else { throw .notEmpty("the schema of the database") }
    _ = try session.write { () throws(StoreError) in
      try session.run("CREATE TABLE unfinished_copy(one bigint PRIMARY KEY)")
    }
    var migrator = migrator
    migrator.isCopying = true
    _ = try migrator.migrate()
    try session.settleHome(sha256: sha256)
  }

  func empty(_ tables: [CopyTable]) throws(StoreError) {
    try session.write { () throws(StoreError) in
      try session.run("SELECT 1")
      do throws(PostgreSQLError) {
        for table in tables { try session.connection.deleteRows(of: table.name) }
      } catch { throw StoreError(error) }
    }
  }

  func fill(
    _ table: CopyTable, _ body: ((PlainRow) throws(StoreError) -> Void) throws(StoreError) -> Void
  ) throws(StoreError) {
    let counted = table.columns.firstIndex { $0.isCounted }
    var highest: Int64?
    try session.write { () throws(StoreError) in
      try session.run("SELECT 1")
      let rows = try PostgreSQLRows(table, session.connection)
      try body { row throws(StoreError) in
        try rows.put(row)
        if let counted, case .integer(let number) = row.cells[counted] { highest = max(highest ?? number, number) }
      }
      try rows.finish()
      if let counted, let highest {
        try session.run(
          "SELECT setval(pg_get_serial_sequence($1, $2), $3)", table.name, table.columns[counted].name, highest)
      }
    }
  }

  func settle(_ tables: [CopyTable]) throws(StoreError) -> [String] {
    do throws(PostgreSQLError) { try session.connection.execute("ANALYZE") } catch { throw StoreError(error) }
    return []
  }

  func finish(actor: String, at: Timestamp) throws(StoreError) -> StoreIdentity {
    try session.write { () throws(StoreError) in
      try session.raiseEpoch(reason: "copied", actor: actor, at: at, sha256: sha256)
      try session.run("DROP TABLE unfinished_copy")
      return try session.identity()
    }
  }
}

/// A COPY into a table that takes plain rows.
private final class PostgreSQLRows {
  private let table: CopyTable
  private var copy: CopyIn?

  init(_ table: CopyTable, _ connection: Connection) throws(StoreError) {
    self.table = table
    do throws(PostgreSQLError) {
      copy = try connection.copyIn(into: table.name, columns: table.columns.map(\.name))
    } catch { throw StoreError(error) }
  }

  func put(_ row: PlainRow) throws(StoreError) {
    guard row.cells.count == table.columns.count else {
      throw StoreError(.badRow, "a row of \(table.name) has \(row.cells.count) columns")
    }
    copy?.beginRow(columns: Int16(truncatingIfNeeded: row.cells.count))
    for (column, cell) in zip(table.columns, row.cells) { try append(cell, of: row, column) }
    do throws(PostgreSQLError) { try copy?.endRow() } catch { throw refused(error) }
  }

  private func append(_ cell: PlainRow.Cell, of row: PlainRow, _ column: CopyTable.Column) throws(StoreError) {
    switch (column.content, cell) {
    case (_, .null): copy?.appendNull()
    case (.integer, .integer(let value)): copy?.append(value)
    case (.flag, .integer(let value)) where value == 0 || value == 1: copy?.append(value == 1)
    case (.text, .text(let range)), (.blob, .blob(let range)): copy?.append(bytes: row.bytes[range])
    case (.json, .text(let range)):
      copy?.append(json: range.isEmpty ? Array("{}".utf8)[...] : row.bytes[range])
    case (.units, .blob(let range)):
      guard let units = UInt256(bigEndian: row.bytes[range]) else { throw .unreadable(column, table) }
      copy?.append(numeric: units.limbs)
    default: throw .unreadable(column, table)
    }
  }

  func finish() throws(StoreError) {
    guard let copy = copy.take() else { return }
    do throws(PostgreSQLError) { _ = try copy.finish() } catch { throw refused(error) }
  }

  private func refused(_ error: PostgreSQLError) -> StoreError {
    guard error.code == .badValue else { return StoreError(error) }
    return StoreError(
      .badRow, "PostgreSQL cannot keep a row of \(table.name): \(error.message)",
      hint: "text with the character NUL is the usual reason")
  }
}

extension StoreError {
  fileprivate static func unreadable(_ column: CopyTable.Column, _ table: CopyTable) -> StoreError {
    StoreError(.badRow, "a row of \(table.name) does not hold in \(column.name) what the schema says")
  }
}
