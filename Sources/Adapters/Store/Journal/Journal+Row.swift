import Engine
import Money

extension JournalRow {
  /// number, key, kind, body, actor, at.
  static func read(_ row: some Row) throws(StoreError) -> JournalRow {
    JournalRow(
      number: try row.int64(0),
      entry: JournalEntry(key: try row.text(1), kind: try row.text(2), body: try row.bytes(3)),
      actor: try row.text(4), at: try row.time(5))
  }
}
