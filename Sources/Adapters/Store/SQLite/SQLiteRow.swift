import Codecs
import Engine
import Money
import SQLite

/// The current row of a SQLite query.
struct SQLiteRow: Row {
  private let query: CachedStatement

  init(_ query: CachedStatement) { self.query = query }

  func int64(_ column: Int) throws(StoreError) -> Int64 {
    do { return try query.statement.int64(column) } catch { throw StoreError(error) }
  }

  func bool(_ column: Int) throws(StoreError) -> Bool {
    do { return try query.statement.bool(column) } catch { throw StoreError(error) }
  }

  func text(_ column: Int) throws(StoreError) -> String {
    do { return try query.statement.text(column) } catch { throw StoreError(error) }
  }

  func bytes(_ column: Int) throws(StoreError) -> [UInt8] {
    do { return try query.statement.blob(column) } catch { throw StoreError(error) }
  }

  func units(_ column: Int) throws(StoreError) -> UInt256 {
    do { return UInt256(limbs: try query.statement.limbs256(column)) } catch { throw StoreError(error) }
  }

  func hash(_ column: Int) throws(StoreError) -> Hash32 {
    let limbs: (UInt64, UInt64, UInt64, UInt64)
    do { limbs = try query.statement.limbs256(column) } catch { throw StoreError(error) }
    return Hash32(words: (limbs.3, limbs.2, limbs.1, limbs.0))
  }

  func isNull(_ column: Int) -> Bool { query.statement.isNull(column) }

  func metadata(_ column: Int) throws(StoreError) -> String { try text(column) }
}
