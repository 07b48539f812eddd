import Engine
import Money
import PostgreSQL

extension Session {
  func lastEntry(_ journal: String) throws(StoreError) -> Int64 {
    try run([.lastEntry(journal)])[0].first { row throws(StoreError) in try row.int64(0) } ?? 0
  }

  func entries(_ journal: String, after: Int64, limit: Int) throws(StoreError) -> [JournalRow] {
    try run([
      Request(
        """
        SELECT number, key, kind, body, actor, at FROM journal WHERE journal = $1 AND number > $2
        ORDER BY number LIMIT $3
        """, Arguments(journal, after, limit))
    ])[0].all(JournalRow.read)
  }

  func entry(_ journal: String, key: String) throws(StoreError) -> JournalRow? {
    try run([
      Request(
        "SELECT number, key, kind, body, actor, at FROM journal WHERE journal = $1 AND key = $2",
        Arguments(journal, key))
    ])[0].first(JournalRow.read)
  }
}

extension Request {
  fileprivate static func lastEntry(_ journal: String) -> Request {
    Request("SELECT coalesce(max(number), 0) FROM journal WHERE journal = $1", Arguments(journal))
  }

  fileprivate static func takenKey(_ journal: String, _ keys: [String]) -> Request {
    var values = Arguments(journal)
    values.add(array: keys)
    return Request("SELECT key FROM journal WHERE journal = $1 AND key = ANY($2::text[]) LIMIT 1", values)
  }

  static func insert(_ part: JournalPart, actor: String, at: Timestamp) -> Request {
    var values = Arguments(part.journal, actor, at)
    values.add(array: part.entries.indices.map { part.after + Int64($0) + 1 })
    values.add(array: part.entries.map(\.key))
    values.add(array: part.entries.map(\.kind))
    values.add(array: part.entries.map(\.body))
    return Request(
      """
      INSERT INTO journal(journal, actor, at, number, key, kind, body)
      SELECT $1, $2, $3, u.* FROM unnest($4::int8[], $5::text[], $6::text[], $7::bytea[]) u
      """, values)
  }
}

/// Journals that a commit appends to, as it finds them and as its writes leave them.
struct JournalPicture {
  var last: [String: Int64] = [:]
  var taken: [String: Set<String>] = [:]
}

/// What a commit must know of them. Commits that belong to no lane go one after the other, so nothing here is locked.
struct JournalQuestions {
  private var keys: [String: [String]] = [:]

  mutating func add(_ write: Write) {
    guard case .journal(let part) = write else { return }
    keys[part.journal, default: []] += part.entries.map(\.key)
  }

  private var journals: [String] { keys.keys.sorted() }

  var requests: [Request] {
    journals.flatMap { [.lastEntry($0), .takenKey($0, keys[$0] ?? [])] }
  }

  /// The answers to `requests`, in order.
  func picture(_ answers: ArraySlice<Rows>) throws(StoreError) -> JournalPicture {
    var picture = JournalPicture()
    var rest = answers
    for journal in journals {
      guard let last = rest.popFirst(), let taken = rest.popFirst() else {
        throw StoreError(.badRow, "the store gave no answer")
      }
      picture.last[journal] = try last.first { row throws(StoreError) in try row.int64(0) } ?? 0
      picture.taken[journal] = Set(try taken.all { row throws(StoreError) in try row.text(0) })
    }
    return picture
  }
}

extension JournalPicture {
  /// Throws as `JournalPart.check(last:)`, and for a key that is taken.
  mutating func append(_ part: JournalPart) throws(StoreError) {
    try part.check(last: last[part.journal] ?? 0)
    let taken = taken[part.journal] ?? []
    try part.refuse(taken: part.entries.first { taken.contains($0.key) }?.key)
    last[part.journal] = part.after + Int64(part.entries.count)
    self.taken[part.journal, default: []].formUnion(part.entries.map(\.key))
  }
}
