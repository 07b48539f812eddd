import Codecs
import Engine
import Money
import PostgreSQL

/// One row of a PostgreSQL answer.
struct PostgreSQLRow: Row {
  let rows: Rows
  let place: Int

  func int64(_ column: Int) throws(StoreError) -> Int64 {
    do { return try rows.int64(place, column) } catch { throw StoreError(error) }
  }

  func bool(_ column: Int) throws(StoreError) -> Bool {
    do { return try rows.bool(place, column) } catch { throw StoreError(error) }
  }

  func text(_ column: Int) throws(StoreError) -> String {
    do { return try rows.text(place, column) } catch { throw StoreError(error) }
  }

  func bytes(_ column: Int) throws(StoreError) -> [UInt8] {
    do { return try rows.bytes(place, column) } catch { throw StoreError(error) }
  }

  func units(_ column: Int) throws(StoreError) -> UInt256 {
    do { return UInt256(limbs: try rows.limbs256(place, column)) } catch { throw StoreError(error) }
  }

  func hash(_ column: Int) throws(StoreError) -> Hash32 {
    let hash: Hash32?
    do { hash = try rows.withBytes(place, column) { Hash32($0) } } catch { throw StoreError(error) }
    guard let hash else { throw StoreError(.badRow, "a row does not hold a hash of 32 bytes") }
    return hash
  }

  func isNull(_ column: Int) -> Bool { (try? rows.isNull(place, column)) ?? true }

  /// The server keeps the meaning of JSON and not its spelling; the canonical one is made again.
  func metadata(_ column: Int) throws(StoreError) -> String {
    let text = try text(column)
    if text == "{}" { return "" }
    do { return String(decoding: try CanonicalJSON.bytes(JSON.parse(Array(text.utf8))), as: UTF8.self) } catch {
      throw StoreError(.badRow, "a row does not hold metadata that this program wrote: \(error.message)")
    }
  }
}

extension Rows {
  /// Every row, in order.
  func all<Result>(_ read: (PostgreSQLRow) throws(StoreError) -> Result) throws(StoreError) -> [Result] {
    var results: [Result] = []
    results.reserveCapacity(count)
    for place in 0..<count { results.append(try read(PostgreSQLRow(rows: self, place: place))) }
    return results
  }

  /// The first row, or nil.
  func first<Result>(_ read: (PostgreSQLRow) throws(StoreError) -> Result) throws(StoreError) -> Result? {
    count > 0 ? try read(PostgreSQLRow(rows: self, place: 0)) : nil
  }
}
