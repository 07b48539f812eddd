import Engine
import PostgreSQL

/// A statement of a commit, and how many rows it must touch. One row more or less and the commit is taken back.
struct Expected {
  let request: Request
  let rows: Int
  /// What the rows are: `payouts are queued for batch 7`.
  let what: String
  /// Whether another number of rows means that somebody else was there first.
  let isState: Bool
  /// Whether the answer names the dead batches that payouts have left.
  let tellsParents: Bool

  init(_ request: Request, rows: Int, _ what: String, isState: Bool = false, tellsParents: Bool = false) {
    self.request = request
    self.rows = rows
    self.what = what
    self.isState = isState
    self.tellsParents = tellsParents
  }

  /// Throws `store.stale_state` for a row that was not in the expected state, `store.bad_row` for one that is missing.
  func check(_ answer: Rows) throws(StoreError) {
    guard answer.affected == Int64(rows) else {
      throw StoreError(isState ? .staleState : .badRow, "\(answer.affected) of \(rows) \(what)")
    }
  }
}

extension Session {
  /// Runs statements in one round trip and checks each; answers come in order.
  @discardableResult
  func run(_ statements: [Expected]) throws(StoreError) -> [Rows] {
    guard !statements.isEmpty else { return [] }
    let answers = try run(statements.map(\.request))
    for (statement, answer) in zip(statements, answers) { try statement.check(answer) }
    return answers
  }
}
