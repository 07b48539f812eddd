extension Migration {
  /// What products' engines have accepted, in order.
  static let journal = Migration(
    number: 10,
    reason: "journals of products",
    sql: """
      CREATE TABLE journal(
        journal TEXT NOT NULL,
        number INTEGER NOT NULL CHECK(number >= 1),
        key TEXT NOT NULL,
        kind TEXT NOT NULL,
        body BLOB NOT NULL,
        actor TEXT NOT NULL,
        at INTEGER NOT NULL,
        PRIMARY KEY(journal, number)
      ) STRICT, WITHOUT ROWID;
      CREATE UNIQUE INDEX journal_by_key ON journal(journal, key);
      CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'journal is append-only'); END;
      CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, 'journal is append-only'); END;
      """,
    before: [], after: [])
}
