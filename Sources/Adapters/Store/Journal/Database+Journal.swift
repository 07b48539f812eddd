import Engine
import Money

extension Database {
  func lastEntry(_ journal: String) throws(StoreError) -> Int64 {
    try first("SELECT coalesce(max(number), 0) FROM journal WHERE journal = ?", journal) { row throws(StoreError) in
      try row.int64(0)
    } ?? 0
  }

  func entries(_ journal: String, after: Int64, limit: Int) throws(StoreError) -> [JournalRow] {
    try all(
      """
      SELECT number, key, kind, body, actor, at FROM journal WHERE journal = ? AND number > ? ORDER BY number LIMIT ?
      """, journal, after, limit, read: JournalRow.read)
  }

  func entry(_ journal: String, key: String) throws(StoreError) -> JournalRow? {
    try first(
      "SELECT number, key, kind, body, actor, at FROM journal WHERE journal = ? AND key = ?", journal, key,
      read: JournalRow.read)
  }
}

extension CommitWriter {
  func apply(_ part: JournalPart) throws(StoreError) {
    try part.check(guardedBy: commit.guardedBy)
    try part.check(last: database.lastEntry(part.journal))
    for (offset, entry) in part.entries.enumerated() {
      let added = try database.run(
        """
        INSERT INTO journal(journal, number, key, kind, body, actor, at) VALUES(?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT(journal, key) DO NOTHING
        """, part.journal, part.after + Int64(offset) + 1, entry.key, entry.kind, entry.body, commit.actor, commit.at)
      if added == 0 { try part.refuse(taken: entry.key) }
    }
  }
}
