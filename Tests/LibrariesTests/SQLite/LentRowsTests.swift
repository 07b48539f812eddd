import SQLite
import Testing

@Suite("SQLite lent rows")
struct LentRowsTests {
  let db: Connection

  init() throws {
    db = try Connection(path: ":memory:")
    try db.execute(
      "CREATE TABLE t(id INTEGER PRIMARY KEY, n INTEGER UNIQUE, data BLOB, name TEXT, note TEXT, rest INTEGER) STRICT")
  }

  private func insert(_ rows: LentRows) throws {
    let query = try db.cached(
      "INSERT INTO t(id, n, data, name, note, rest) SELECT ? + rowid, c0, c1, c2, c3, c4 FROM lent_rows")
    try query.statement.bind(1, 10)
    try db.run(query, over: rows)
  }

  private var lines: [String] {
    get throws {
      var select = try db.prepare(
        "SELECT concat_all FROM (SELECT id || ' ' || n || ' ' || hex(data) || ' ' || quote(name) || ' ' || quote(note) || ' ' || quote(rest) AS concat_all FROM t ORDER BY id)"
      )
      var lines: [String] = []
      while try select.step() { lines.append(try select.text(0)) }
      return lines
    }
  }

  @Test func `columns in memory become rows, and what is not given is NULL`() throws {
    try insert(
      LentRows(
        count: 3, .integers([7, -1, .max]), .blobs([1, 2, 3, 4, 0, 255], width: 2),
        .texts(Array("aé".utf8), ends: [1, 1, 3]), .textsOrNull(Array("x{}".utf8), ends: [0, 1, 3])))
    #expect(
      try lines == [
        "10 7 0102 'a' NULL NULL", "11 -1 0304 '' 'x' NULL", "12 9223372036854775807 00FF 'é' '{}' NULL",
      ])
  }

  @Test func `empty texts and blobs without any byte are not NULL`() throws {
    try insert(
      LentRows(
        count: 2, .integers([1, 2]), .blobs([], width: 0), .texts([], ends: [0, 0]), .textsOrNull([], ends: [0, 0])))
    #expect(try lines == ["10 1  '' NULL NULL", "11 2  '' NULL NULL"])
    var kinds = try db.prepare("SELECT DISTINCT typeof(data) FROM t")
    #expect(try kinds.step() && kinds.text(0) == "blob")
  }

  @Test func `no rows insert nothing`() throws {
    try insert(LentRows(count: 0))
    try insert(LentRows(count: 0, .integers([]), .blobs([], width: 20), .texts([], ends: [])))
    #expect(try lines.isEmpty)
  }

  @Test func `columns of different lengths, texts past their bytes and too many columns are refused`() throws {
    let wrong: [() throws -> LentRows] = [
      { try LentRows(count: 2, .integers([1])) }, { try LentRows(count: 2, .blobs([1, 2, 3], width: 2)) },
      { try LentRows(count: 1, .blobs([], width: -1)) }, { try LentRows(count: 2, .blobs([], width: .max)) },
      { try LentRows(count: 1, .texts([1], ends: [2])) }, { try LentRows(count: 2, .texts([1, 2], ends: [2, 1])) },
      { try LentRows(count: 1, .texts([1], ends: [-1])) }, { try LentRows(count: 2, .textsOrNull([1], ends: [1])) },
      { try LentRows(count: -1) },
      {
        let one = LentRows.Column.integers([1])
        return try LentRows(count: 1, one, one, one, one, one, one, one, one, one)
      },
    ]
    for make in wrong {
      let error = #expect(throws: SQLiteError.self) { _ = try make() }
      #expect(error?.code == .misuse)
    }
  }

  @Test func `a refused row takes the whole statement back, and the next statement works`() throws {
    let twice = try LentRows(count: 3, .integers([1, 2, 1]))
    let error = #expect(throws: SQLiteError.self) { try insert(twice) }
    #expect(error?.code == .constraintUnique)
    #expect(try lines.isEmpty)
    try insert(LentRows(count: 1, .integers([1])))
    #expect(try lines.count == 1)
  }

  @Test func `nothing is lent outside of the call, and nothing to another connection`() throws {
    try insert(LentRows(count: 1, .integers([1])))
    var count = try db.prepare("SELECT count(*) FROM lent_rows")
    #expect(try count.step() && count.int64(0) == 0)
    let other = try Connection(path: ":memory:")
    var there = try other.prepare("SELECT count(*) FROM lent_rows")
    #expect(try there.step() && there.int64(0) == 0)
  }

  @Test func `a statement may read the rows more than once`() throws {
    let query = try db.cached(
      "INSERT INTO t(n, rest) SELECT a.c0, sum(b.c0) FROM lent_rows a JOIN lent_rows b ON b.rowid <= a.rowid GROUP BY a.rowid"
    )
    try db.run(query, over: try LentRows(count: 3, .integers([1, 10, 100])))
    var sums = try db.prepare("SELECT rest FROM t ORDER BY n")
    var found: [Int64] = []
    while try sums.step() { found.append(try sums.int64(0)) }
    #expect(found == [1, 11, 111])
  }

  @Test func `a table of that name cannot be made, nor the rows be changed`() throws {
    for statement: StaticString in ["INSERT INTO lent_rows(c0) VALUES(1)", "DELETE FROM lent_rows"] {
      let error = #expect(throws: SQLiteError.self) { try db.execute(statement) }
      #expect(error?.code == .refused)
    }
  }
}
