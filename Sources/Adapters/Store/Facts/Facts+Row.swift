import Engine
import Money
import Policy

extension RateCount {
  /// key, used, reset_at, seen_at, entries.
  static func read(_ row: some Row) throws(StoreError) -> (key: String, count: RateCount) {
    let count = RateCount(
      used: try row.int64(1), resetAt: try row.int64(2), seenAt: try row.int64(3), entryBytes: try row.bytes(4))
    guard let count else { throw StoreError(.badRow, "a counter of a limit is not what was written") }
    return (try row.text(0), count)
  }
}

extension KYCRecord {
  /// key, status, level, reference, checked_at, asked_at.
  static func read(_ row: some Row) throws(StoreError) -> KYCRecord {
    KYCRecord(
      key: try row.hash(0),
      answer: KYCAnswer(
        status: try row.word(1), level: try row.text(2), reference: try row.text(3), checkedAt: try row.time(4)),
      askedAt: try row.time(5))
  }
}
