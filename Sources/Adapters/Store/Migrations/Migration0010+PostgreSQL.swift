extension Migration {
  static let journalOnPostgreSQL = Migration(
    number: 10,
    reason: Migration.journal.reason,
    sql: """
      CREATE TABLE journal(
        journal text NOT NULL,
        number bigint NOT NULL CHECK(number >= 1),
        key text NOT NULL,
        kind text NOT NULL,
        body bytea NOT NULL,
        actor text NOT NULL,
        at bigint NOT NULL,
        PRIMARY KEY(journal, number)
      );
      CREATE UNIQUE INDEX journal_by_key ON journal(journal, key);
      CREATE TRIGGER journal_no_change BEFORE UPDATE OR DELETE ON journal
        FOR EACH ROW EXECUTE FUNCTION refuse_change();
      CREATE TRIGGER journal_no_truncate BEFORE TRUNCATE ON journal FOR EACH STATEMENT EXECUTE FUNCTION refuse_loss();
      """,
    before: [], after: [])
}
