package import Engine
import Money

extension MemoryStore {
  package func lastEntry(_ journal: String) throws(StoreError) -> Int64 {
    read { state in state.journalEnds[journal] ?? 0 }
  }

  package func entries(_ journal: String, after: Int64, limit: Int) throws(StoreError) -> [JournalRow] {
    read { state in
      let last = state.journalEnds[journal] ?? 0
      guard after < last, limit > 0 else { return [] }
      let first = max(0, after) + 1
      return (first...min(last, first + Int64(limit) - 1)).compactMap {
        state.journals[JournalPlace(journal: journal, number: $0)]
      }
    }
  }

  package func entry(_ journal: String, key: String) throws(StoreError) -> JournalRow? {
    read { state in
      state.journalKeys[JournalKey(journal: journal, key: key)].flatMap {
        state.journals[JournalPlace(journal: journal, number: $0)]
      }
    }
  }
}

/// A caller's key in its journal.
struct JournalKey: Hashable {
  let journal: String
  let key: String
}

struct JournalPlace: Hashable {
  let journal: String
  let number: Int64
}

extension MemoryTransaction {
  mutating func apply(_ part: JournalPart, _ commit: Commit) throws(StoreError) {
    try part.check(guardedBy: commit.guardedBy)
    try part.check(last: state.journalEnds[part.journal] ?? 0)
    for (offset, entry) in part.entries.enumerated() {
      let number = part.after + Int64(offset) + 1
      let key = JournalKey(journal: part.journal, key: entry.key)
      if state.journalKeys[key] != nil { try part.refuse(taken: entry.key) }
      put(\.journalKeys, key, number)
      put(
        \.journals, JournalPlace(journal: part.journal, number: number),
        JournalRow(number: number, entry: entry, actor: commit.actor, at: commit.at))
      put(\.journalEnds, part.journal, number)
    }
  }
}
