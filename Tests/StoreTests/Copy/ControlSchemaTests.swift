import Engine
import PostgreSQL
import SQLite
import Testing

@testable import Store

/// What the tables of proposals refuse by themselves, whoever writes.
@Suite("The tables of two people")
struct ControlSchemaTests {
  static let statements: [StaticString] = [
    "UPDATE proposals SET content = '{}'", "DELETE FROM proposals WHERE no = 2",
    "UPDATE proposal_answers SET word = 'rejected'", "DELETE FROM proposal_answers",
    "UPDATE address_book SET usable_at = at", "DELETE FROM address_book",
    // Twice, by whoever made it, after its time, of other content, of another initiator.
    """
    INSERT INTO proposal_answers SELECT proposal_no, word, digest, initiator, expires_at, 'person:carl', reason, at,
      public_key, signature FROM proposal_answers
    """,
    """
    INSERT INTO proposal_answers SELECT no, 'confirmed', digest, initiator, expires_at, initiator, '', created_at, NULL,
      NULL FROM proposals WHERE no = 2
    """,
    """
    INSERT INTO proposal_answers SELECT no, 'confirmed', digest, initiator, expires_at, 'person:bert', '', expires_at,
      NULL, NULL FROM proposals WHERE no = 2
    """,
    """
    INSERT INTO proposal_answers SELECT 2, 'confirmed', p.digest, p.initiator, p.expires_at + 1, 'person:bert', '', 12,
      NULL, NULL FROM proposals p WHERE no = 2
    """,
    """
    INSERT INTO proposal_answers SELECT 2, 'confirmed', p.digest, 'person:zoe', p.expires_at, p.initiator, '', 12,
      NULL, NULL FROM proposals p WHERE no = 2
    """,
    "INSERT INTO address_book VALUES(99, 'sim:1', '', 'x', 5, 'person:eve', 6)",
  ]

  @Test(arguments: CopyBench.Engine.allCases, Array(statements.indices))
  func `rows are never changed, and one person is never two`(engine: CopyBench.Engine, place: Int) throws {
    let bench = try CopyBench()
    let store = try bench.filled(engine)
    #expect(throws: (any Error).self) { try bench.sql(store, Self.statements[place]) }
  }

  @Test(arguments: CopyBench.Engine.allCases)
  func `what is allowed is written`(engine: CopyBench.Engine) throws {
    let bench = try CopyBench()
    let store = try bench.filled(engine)
    try bench.sql(
      store,
      """
      INSERT INTO proposal_answers SELECT no, 'confirmed', digest, initiator, expires_at, 'person:bert', '', created_at,
        NULL, NULL FROM proposals WHERE no = 2
      """)
  }
}
