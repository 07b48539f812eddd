import Engine
import PostgreSQL
import SQLite
import TestSupport
import Testing

@testable import Store

/// The two engines hold the same tables. Whatever differs stands in this file, and in docs/internals/postgresql.md.
@Suite("One schema in two engines")
struct SchemaComparisonTests {
  /// A table as both engines describe it.
  struct Table: Equatable {
    /// Column -> type, and whether it may be NULL.
    var columns: [String: String] = [:]
    var primaryKey: [String] = []
    /// Columns of unique indexes besides the primary key, with their condition.
    var unique: Set<String> = []
    /// `column -> table`.
    var foreignKeys: Set<String> = []
  }

  /// Foreign keys that PostgreSQL would look up for every payout that moves or recipient that arrives; the invariants
  /// look instead.
  static let withoutKeys: [String: Set<String>] = [
    "payouts": ["id -> recipients", "batch_id -> batches"], "recipients": ["load_no -> loads"],
  ]
  static let numbers: Set<String> = [
    "loads.units", "recipients.units", "batches.total", "campaign_tally.units", "attempts.fee_price",
    "approval_requests.total", "approval_requests.fee_cap",
    "attempts.fee_tip", "evidence.fee_paid", "approvals.total", "approvals.fee_cap", "accounts.posted_debit",
    "accounts.posted_credit", "accounts.pending_debit", "accounts.pending_credit", "holds.remaining",
    "transfers.units", "indexed_transfers.units",
  ]
  static let others = [
    "batches.halving": "boolean", "dead_letters.on_topic": "boolean", "recipients.metadata": "jsonb",
    "safety.stopped": "boolean",
  ]
  /// Where the database remembers in which server it was opened, to know a copy. SQLite has a file for that.
  static let only: Set<String> = ["store_home"]

  static func type(_ place: String, _ sqlite: String) -> String {
    if let other = others[place] { return other }
    if numbers.contains(place) { return "numeric(78,0)" }
    return switch sqlite {
    case "INTEGER": "bigint"
    case "TEXT": "text"
    default: "bytea"
    }
  }

  /// SQLite's tables, in the words of PostgreSQL.
  func sqlite() throws -> [String: Table] {
    let directory = try TestFolder("schema")
    _ = try SQLiteStore(path: directory.file("store.db"), sha256: Hashing())
    let db = Database(try SQLite.Connection(path: directory.file("store.db")))
    var tables: [String: Table] = [:]
    let columns = try db.all(
      """
      SELECT m.name, p.name, p.type, p."notnull", p.pk FROM sqlite_schema m JOIN pragma_table_info(m.name) p
      WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, p.pk
      """
    ) { row throws(StoreError) in
      (
        table: try row.text(0), name: try row.text(1), type: try row.text(2), notNull: try row.bool(3),
        key: try row.int(4)
      )
    }
    for column in columns {
      let type = Self.type("\(column.table).\(column.name)", column.type)
      tables[column.table, default: Table()].columns[column.name] =
        column.notNull || column.key > 0 ? "\(type) NOT NULL" : type
      if column.key > 0 { tables[column.table]?.primaryKey.append(column.name) }
    }
    let indexes = try db.all(
      """
      SELECT m.name, group_concat(i.name, ','), coalesce(s.sql, '') FROM sqlite_schema m
        JOIN pragma_index_list(m.name) l ON l."unique" AND l.origin <> 'pk' JOIN pragma_index_info(l.name) i
        LEFT JOIN sqlite_schema s ON s.name = l.name AND s.type = 'index'
      WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' GROUP BY m.name, l.name
      """
    ) { row throws(StoreError) in (table: try row.text(0), columns: try row.text(1), sql: try row.text(2)) }
    for index in indexes {
      let condition = index.sql.contains(" WHERE ") ? index.sql.replacing(#/^.* WHERE /#, with: "") : ""
      tables[index.table]?.unique.insert(condition.isEmpty ? index.columns : "\(index.columns) WHERE \(condition)")
    }
    let keys = try db.all(
      """
      SELECT m.name, f."from", f."table" FROM sqlite_schema m JOIN pragma_foreign_key_list(m.name) f
      WHERE m.type = 'table'
      """
    ) { row throws(StoreError) in (table: try row.text(0), key: "\(try row.text(1)) -> \(try row.text(2))") }
    for key in keys where Self.withoutKeys[key.table]?.contains(key.key) != true {
      tables[key.table]?.foreignKeys.insert(key.key)
    }
    return tables
  }

  func postgreSQL() throws -> [String: Table] {
    let bench = try PostgreSQLBench()
    var tables: [String: Table] = [:]
    let columns = try bench.raw.run(
      """
      SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull FROM pg_class c
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
      """)
    for row in 0..<columns.count {
      let (table, name, type) = try (columns.text(row, 0), columns.text(row, 1), columns.text(row, 2))
      tables[table, default: Table()].columns[name] = try columns.bool(row, 3) ? "\(type) NOT NULL" : type
    }
    let indexes = try bench.raw.run(
      """
      SELECT c.relname, i.indisprimary, string_agg(a.attname, ',' ORDER BY k.n), coalesce(pg_get_expr(i.indpred, i.indrelid), '')
      FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid AND c.relnamespace = 'public'::regnamespace
        CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY k(attnum, n)
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
      WHERE i.indisunique AND c.relkind = 'r' GROUP BY c.relname, i.indexrelid, i.indisprimary, i.indpred, i.indrelid
      """)
    for row in 0..<indexes.count {
      let (table, columns, predicate) = try (indexes.text(row, 0), indexes.text(row, 2), indexes.text(row, 3))
      if try indexes.bool(row, 1) {
        tables[table]?.primaryKey = columns.split(separator: ",").map(String.init)
      } else {
        // `(state = 'live'::text)` -> `state = 'live'`
        let condition = predicate.replacing("::text", with: "").replacing(#/^\((.*)\)$/#) { String($0.1) }
        tables[table]?.unique.insert(condition.isEmpty ? columns : "\(columns) WHERE \(condition)")
      }
    }
    let keys = try bench.raw.run(
      """
      SELECT c.conrelid::regclass::text, a.attname || ' -> ' || c.confrelid::regclass::text FROM pg_constraint c
        JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY(c.conkey)
      WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace
      """)
    for row in 0..<keys.count {
      let (table, key) = try (keys.text(row, 0), keys.text(row, 1))
      tables[table]?.foreignKeys.insert(key)
    }
    return tables
  }

  @Test func `tables, columns, nullability, keys and unique indexes are the same but for what is listed`() throws {
    let (sqlite, postgreSQL) = (try sqlite(), try postgreSQL())
    #expect(Set(postgreSQL.keys).subtracting(sqlite.keys) == Self.only)
    #expect(Set(sqlite.keys).subtracting(postgreSQL.keys) == [])
    for (name, table) in sqlite.sorted(by: { $0.key < $1.key }) {
      #expect(postgreSQL[name]?.columns == table.columns, "\(name)")
      #expect(postgreSQL[name]?.primaryKey == table.primaryKey, "\(name)")
      #expect(postgreSQL[name]?.unique == table.unique, "\(name)")
      #expect(postgreSQL[name]?.foreignKeys == table.foreignKeys, "\(name)")
    }
    // The lists name what is there.
    for place in Self.numbers.union(Self.others.keys) {
      let parts = place.split(separator: ".").map(String.init)
      #expect(sqlite[parts[0]]?.columns[parts[1]] != nil, "\(place)")
    }
  }

  @Test func `migrations have the same numbers and reasons`() {
    #expect(Migration.allOnPostgreSQL.map(\.number) == Migration.all.map(\.number))
    #expect(Migration.allOnPostgreSQL.map(\.reason) == Migration.all.map(\.reason))
  }
}
