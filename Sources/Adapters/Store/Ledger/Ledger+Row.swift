import Engine
import Ledger
import Money
import Payouts

extension Transfer {
  /// The accounts it moves between, and its hold.
  func sides(_ book: Book) -> (debit: Account?, credit: Account?, hold: HoldID?) {
    switch self {
    case .move(let debit, let credit, _): (debit, credit, nil)
    case .hold(let id, let debit, let credit, _): (debit, credit, id)
    case .post(let id, _), .void(let id, _): (book.holds[id]?.debit, book.holds[id]?.credit, id)
    }
  }
}

extension Account {
  /// Three columns: owner, role, asset.
  static func read(_ row: some Row, from column: Int) throws(StoreError) -> Account {
    Account(owner: try row.text(column), role: try row.word(column + 1), asset: try row.asset(column + 2))
  }
}

extension Balance {
  /// Four columns, posted before pending, debit before credit.
  static func read(_ row: some Row, from column: Int) throws(StoreError) -> Balance {
    Balance(
      postedDebit: try row.units(column), postedCredit: try row.units(column + 1),
      pendingDebit: try row.units(column + 2), pendingCredit: try row.units(column + 3))
  }
}

extension LedgerEntry {
  /// no, kind, the debited account, the credited one, units, hold_id, at.
  static func read(_ row: some Row) throws(StoreError) -> LedgerEntry {
    LedgerEntry(
      id: try row.int64(0), kind: try row.text(1), debit: try Account.read(row, from: 2).description,
      credit: try Account.read(row, from: 5).description, units: try row.units(8), hold: try row.optionalID(9),
      at: try row.time(10))
  }
}
