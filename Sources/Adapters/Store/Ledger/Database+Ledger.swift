import Engine
import Ledger
import Money
import Payouts

extension Database {
  /// Posts transfers in order, each account and hold written once. Throws `store.ledger_refused`.
  func post(_ transfers: [Transfer], at: Timestamp) throws(StoreError) {
    guard !transfers.isEmpty else { return }
    var holds: [HoldID: Hold] = [:]
    var numbers: [Account: Int64] = [:]
    var balances: [Account: Balance] = [:]
    for id in transfers.namedHolds.sorted() { holds[id] = try hold(id) }
    let named = transfers.namedAccounts.union(holds.values.flatMap { [$0.debit, $0.credit] })
    for account in named.sorted() { (numbers[account], balances[account]) = try balance(creating: account) }
    let known = holds
    var book = Book(balances: balances, holds: holds)
    do { try book.apply(transfers) } catch { throw StoreError(.ledger, "\(error.code.rawValue): \(error.message)") }
    for (account, balance) in book.balances where balance != balances[account] {
      try write(balance, of: numbers[account])
    }
    for (id, hold) in book.holds where hold != known[id] {
      try run(
        """
        INSERT INTO holds(batch_id, debit, credit, remaining) VALUES(?1, ?2, ?3, ?4)
        ON CONFLICT(batch_id) DO UPDATE SET remaining = ?4
        """, id, numbers[hold.debit], numbers[hold.credit], hold.remaining)
    }
    for transfer in transfers { try insert(transfer, book, numbers, at) }
  }

  private func insert(
    _ transfer: Transfer, _ book: Book, _ numbers: [Account: Int64], _ at: Timestamp
  ) throws(StoreError) {
    let (debit, credit, hold) = transfer.sides(book)
    try run(
      "INSERT INTO transfers(kind, debit, credit, units, hold_id, at) VALUES(?, ?, ?, ?, ?, ?)", transfer.kind,
      debit.flatMap { numbers[$0] }, credit.flatMap { numbers[$0] }, transfer.units, hold, at)
  }

  private func hold(_ id: HoldID) throws(StoreError) -> Hold? {
    try first(
      """
      SELECT d.owner, d.role, d.asset, c.owner, c.role, c.asset, h.remaining
      FROM holds h JOIN accounts d ON d.no = h.debit JOIN accounts c ON c.no = h.credit WHERE h.batch_id = ?
      """, id
    ) { row throws(StoreError) in
      Hold(
        debit: try Account.read(row, from: 0), credit: try Account.read(row, from: 3), remaining: try row.units(6))
    }
  }

  private func balance(creating account: Account) throws(StoreError) -> (Int64, Balance) {
    if let known = try find(account) { return known }
    try run(
      """
      INSERT INTO accounts(owner, role, asset, posted_debit, posted_credit, pending_debit, pending_credit)
      VALUES(?, ?, ?, zeroblob(32), zeroblob(32), zeroblob(32), zeroblob(32))
      """, account.owner, account.role.rawValue, account.asset)
    guard let made = try find(account) else { throw StoreError(.badRow, "a new account is not there") }
    return made
  }

  private func find(_ account: Account) throws(StoreError) -> (Int64, Balance)? {
    try first(
      """
      SELECT no, posted_debit, posted_credit, pending_debit, pending_credit FROM accounts
      WHERE owner = ? AND role = ? AND asset = ?
      """, account.owner, account.role.rawValue, account.asset
    ) { row throws(StoreError) in (try row.int64(0), try Balance.read(row, from: 1)) }
  }

  private func write(_ balance: Balance, of account: Int64?) throws(StoreError) {
    try run(
      """
      UPDATE accounts SET posted_debit = ?, posted_credit = ?, pending_debit = ?, pending_credit = ? WHERE no = ?
      """, balance.postedDebit, balance.postedCredit, balance.pendingDebit, balance.pendingCredit, account)
  }

  // MARK: Reading

  func balances(owner: String) throws(StoreError) -> [Account: Balance] {
    let rows = try all(
      """
      SELECT owner, role, asset, posted_debit, posted_credit, pending_debit, pending_credit FROM accounts
      WHERE owner = ?
      """, owner
    ) { row throws(StoreError) in (try Account.read(row, from: 0), try Balance.read(row, from: 3)) }
    return Dictionary(rows, uniquingKeysWith: { first, _ in first })
  }

  func ledgerEntries(after: Int64, limit: Int) throws(StoreError) -> [LedgerEntry] {
    try all(
      """
      SELECT t.no, t.kind, d.owner, d.role, d.asset, c.owner, c.role, c.asset, t.units, t.hold_id, t.at
      FROM transfers t CROSS JOIN accounts d ON d.no = t.debit CROSS JOIN accounts c ON c.no = t.credit
      WHERE t.no > ? ORDER BY t.no LIMIT ?
      """, after, limit, read: LedgerEntry.read)
  }
}
