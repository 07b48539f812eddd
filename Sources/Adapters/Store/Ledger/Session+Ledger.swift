import Engine
import Ledger
import Money
import Payouts
import PostgreSQL

extension Session {
  func balances(owner: String) throws(StoreError) -> [Account: Balance] {
    let rows = try all(
      """
      SELECT owner, role, asset, posted_debit, posted_credit, pending_debit, pending_credit FROM accounts
      WHERE owner = $1
      """, owner
    ) { row throws(StoreError) in (try Account.read(row, from: 0), try Balance.read(row, from: 3)) }
    return Dictionary(rows, uniquingKeysWith: { first, _ in first })
  }

  func ledgerEntries(after: Int64, limit: Int) throws(StoreError) -> [LedgerEntry] {
    try all(
      """
      SELECT t.no, t.kind, d.owner, d.role, d.asset, c.owner, c.role, c.asset, t.units, t.hold_id, t.at
      FROM transfers t JOIN accounts d ON d.no = t.debit JOIN accounts c ON c.no = t.credit
      WHERE t.no > $1 ORDER BY t.no LIMIT $2
      """, after, limit, read: LedgerEntry.read)
  }
}

/// The accounts and holds that a commit's transfers touch, as they stand while the commit has its turn.
struct LedgerPage {
  private var holds: [HoldID: Hold] = [:]
  private var balances: [Account: Balance] = [:]
  private var numbers: [Account: Int64] = [:]
  private let lastTransfer: Int64

  /// Makes the accounts that are missing and reads everything, in the order of `init(_:)`.
  static func questions(_ transfers: [Transfer]) -> [Request] {
    let accounts = transfers.namedAccounts.sorted()
    var named = Arguments()
    named.add(array: accounts.map(\.owner))
    named.add(array: accounts.map(\.role.rawValue))
    named.add(array: accounts.map(\.asset))
    var held = Arguments()
    held.add(array: transfers.namedHolds.sorted())
    return [
      Request(
        """
        INSERT INTO accounts(owner, role, asset, posted_debit, posted_credit, pending_debit, pending_credit)
        SELECT u.o, u.r, u.a, 0, 0, 0, 0 FROM unnest($1::text[], $2::text[], $3::text[]) u(o, r, a)
        WHERE NOT EXISTS(SELECT 1 FROM accounts a WHERE a.owner = u.o AND a.role = u.r AND a.asset = u.a)
        """, named),
      Request(
        """
        SELECT a.owner, a.role, a.asset, a.posted_debit, a.posted_credit, a.pending_debit, a.pending_credit, a.no
        FROM unnest($1::text[], $2::text[], $3::text[]) u(o, r, a)
          JOIN accounts a ON a.owner = u.o AND a.role = u.r AND a.asset = u.a
        """, named),
      Request(
        """
        SELECT h.batch_id, h.debit, h.credit, h.remaining FROM unnest($1::int8[]) u(id) JOIN holds h ON h.batch_id = u.id
        """, held),
      Request(
        """
        SELECT a.owner, a.role, a.asset, a.posted_debit, a.posted_credit, a.pending_debit, a.pending_credit, a.no
        FROM (SELECT h.debit AS no FROM unnest($1::int8[]) u(id) JOIN holds h ON h.batch_id = u.id
            UNION SELECT h.credit FROM unnest($1::int8[]) u(id) JOIN holds h ON h.batch_id = u.id) n
          JOIN accounts a ON a.no = n.no
        """, held),
      Request("SELECT coalesce(max(no), 0) FROM transfers"),
    ]
  }

  /// The answers to `questions`, in order.
  init(_ answers: ArraySlice<Rows>) throws(StoreError) {
    let answers = Array(answers)
    guard answers.count == 5 else { throw StoreError(.badRow, "the ledger gave no answer") }
    var accounts: [Int64: Account] = [:]
    for rows in [answers[1], answers[3]] {
      let read = try rows.all { row throws(StoreError) in
        (account: try Account.read(row, from: 0), balance: try Balance.read(row, from: 3), no: try row.int64(7))
      }
      for found in read {
        accounts[found.no] = found.account
        numbers[found.account] = found.no
        balances[found.account] = found.balance
      }
    }
    let read = try answers[2].all { row throws(StoreError) in
      (id: try row.id(0) as HoldID, debit: try row.int64(1), credit: try row.int64(2), remaining: try row.units(3))
    }
    for found in read {
      guard let debit = accounts[found.debit], let credit = accounts[found.credit] else {
        throw StoreError(.badRow, "hold \(found.id) stands between accounts that are not there")
      }
      holds[found.id] = Hold(debit: debit, credit: credit, remaining: found.remaining)
    }
    lastTransfer = try answers[4].first { row throws(StoreError) in try row.int64(0) } ?? 0
  }

  /// Posts transfers in order and returns the statements, each account and hold written once. Throws
  /// `store.ledger_refused`.
  func post(_ transfers: [Transfer], at: Timestamp) throws(StoreError) -> [Expected] {
    var book = Book(balances: balances, holds: holds)
    do { try book.apply(transfers) } catch { throw StoreError(.ledger, "\(error.code.rawValue): \(error.message)") }
    let changed = book.balances.filter { $0.value != balances[$0.key] }.sorted { $0.key < $1.key }
    var written = Arguments()
    written.add(array: changed.map { numbers[$0.key] ?? 0 })
    written.add(array: changed.map(\.value.postedDebit))
    written.add(array: changed.map(\.value.postedCredit))
    written.add(array: changed.map(\.value.pendingDebit))
    written.add(array: changed.map(\.value.pendingCredit))
    return [
      Expected(
        Request(
          """
          UPDATE accounts a SET posted_debit = u.pd, posted_credit = u.pc, pending_debit = u.hd, pending_credit = u.hc
          FROM unnest($1::int8[], $2::numeric[], $3::numeric[], $4::numeric[], $5::numeric[]) u(no, pd, pc, hd, hc)
          WHERE a.no = u.no
          """, written), rows: changed.count, "accounts were written"),
      held(book), inserted(transfers, book, at),
    ]
  }

  private func held(_ book: Book) -> Expected {
    let changed = book.holds.filter { $0.value != holds[$0.key] }.sorted { $0.key < $1.key }
    var written = Arguments()
    written.add(array: changed.map(\.key))
    written.add(array: changed.map { numbers[$0.value.debit] ?? 0 })
    written.add(array: changed.map { numbers[$0.value.credit] ?? 0 })
    written.add(array: changed.map(\.value.remaining))
    return Expected(
      Request(
        """
        INSERT INTO holds(batch_id, debit, credit, remaining)
        SELECT * FROM unnest($1::int8[], $2::int8[], $3::int8[], $4::numeric[])
        ON CONFLICT(batch_id) DO UPDATE SET remaining = EXCLUDED.remaining
        """, written), rows: changed.count, "holds were written")
  }

  private func inserted(_ transfers: [Transfer], _ book: Book, _ at: Timestamp) -> Expected {
    let sides = transfers.map { $0.sides(book) }
    var written = Arguments(lastTransfer, at)
    written.add(array: transfers.map(\.kind))
    written.add(array: sides.map { $0.debit.flatMap { numbers[$0] } })
    written.add(array: sides.map { $0.credit.flatMap { numbers[$0] } })
    written.add(array: transfers.map(\.units))
    written.add(array: sides.map(\.hold))
    return Expected(
      Request(
        """
        INSERT INTO transfers(no, kind, debit, credit, units, hold_id, at)
        SELECT $1 + u.n, u.k, u.d, u.c, u.u, u.h, $2
        FROM unnest($3::text[], $4::int8[], $5::int8[], $6::numeric[], $7::int8[]) WITH ORDINALITY u(k, d, c, u, h, n)
        """, written), rows: transfers.count, "transfers were written")
  }
}
