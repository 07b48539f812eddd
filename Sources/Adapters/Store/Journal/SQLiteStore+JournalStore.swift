package import Engine

extension SQLiteStore {
  package func lastEntry(_ journal: String) throws(StoreError) -> Int64 {
    try read { database throws(StoreError) in try database.lastEntry(journal) }
  }

  package func entries(_ journal: String, after: Int64, limit: Int) throws(StoreError) -> [JournalRow] {
    try read { database throws(StoreError) in try database.entries(journal, after: after, limit: limit) }
  }

  package func entry(_ journal: String, key: String) throws(StoreError) -> JournalRow? {
    try read { database throws(StoreError) in try database.entry(journal, key: key) }
  }
}
