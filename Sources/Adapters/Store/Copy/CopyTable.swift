import Engine

/// A table as the schema of one side describes it.
struct CopyTable: Hashable {
  /// What a column holds, whatever its engine calls that.
  enum Content: Hashable {
    case integer, text, blob
    /// Only on PostgreSQL: an amount, a truth value, JSON. SQLite has them as blob, integer and text.
    case units, flag, json
  }

  struct Column: Hashable {
    let name: String
    let content: Content
    /// Whether the engine numbers the rows itself, by a counter beside the table.
    var isCounted = false
  }

  let name: String
  /// In the order of their names, which is the order of cells in a `PlainRow`.
  var columns: [Column] = []
  /// The primary key, in its own order.
  var key: [String] = []
  /// Tables that its rows refer to, itself left out.
  var parents: Set<String> = []

  /// Tables that no copy takes along, and why. Every other table of the schema is copied.
  static let leftOut = [
    "schema_migrations": "the target is migrated by this program, and says so itself",
    "store_home": "where a database was opened: the target has a place of its own",
    CopyMark.table: "the mark of a copy that is not finished",
  ]

  /// Tables in an order in which every row finds the rows it refers to. Throws `store.bad_row` for tables in a circle.
  static func parentsFirst(_ tables: [CopyTable]) throws(StoreError) -> [CopyTable] {
    var waiting = tables.sorted { $0.name < $1.name }
    var done: Set<String> = []
    var ordered: [CopyTable] = []
    while !waiting.isEmpty {
      let names = Set(waiting.map(\.name))
      let ready = waiting.filter { $0.parents.isDisjoint(with: names.subtracting([$0.name])) }
      guard !ready.isEmpty else {
        throw StoreError(.badRow, "tables refer to each other in a circle: \(names.sorted().joined(separator: ", "))")
      }
      ordered += ready
      done.formUnion(ready.map(\.name))
      waiting.removeAll { done.contains($0.name) }
    }
    return ordered
  }

  /// The same table of the other side. Throws `store.bad_row` unless it has the same columns and key.
  func counterpart(in tables: [CopyTable]) throws(StoreError) -> CopyTable {
    guard let other = tables.first(where: { $0.name == name }) else {
      throw StoreError(.badRow, "the other store has no table \(name)")
    }
    guard other.columns.map(\.name) == columns.map(\.name), other.key == key else {
      throw StoreError(.badRow, "the table \(name) has other columns in the other store")
    }
    return other
  }
}

/// The mark of a store that is being copied into: a table of this name. Whoever opens such a store for anything else is
/// refused, so that no half of a store is ever worked with.
enum CopyMark {
  static let table = "unfinished_copy"
}

extension StoreError {
  static var unfinishedCopy: StoreError {
    StoreError(
      .unfinishedCopy, "the store is a copy that was not finished",
      hint: "delete the file, or drop and make the database anew, then run almoner store copy again")
  }
}
