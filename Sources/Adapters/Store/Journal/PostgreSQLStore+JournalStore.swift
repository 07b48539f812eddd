package import Engine

extension PostgreSQLStore {
  package func lastEntry(_ journal: String) throws(StoreError) -> Int64 {
    try read { session throws(StoreError) in try session.lastEntry(journal) }
  }

  package func entries(_ journal: String, after: Int64, limit: Int) throws(StoreError) -> [JournalRow] {
    try read { session throws(StoreError) in try session.entries(journal, after: after, limit: limit) }
  }

  package func entry(_ journal: String, key: String) throws(StoreError) -> JournalRow? {
    try read { session throws(StoreError) in try session.entry(journal, key: key) }
  }
}
