import Money

/// The accounts and holds that a group of transfers touches, and the rules that move them.
///
/// A store loads the rows named by `accounts(of:)` and `holds(of:)`, applies the transfers here, and writes the rows
/// back in the same transaction. All transfers apply, or the book is left as it was.
package struct Book: Hashable, Sendable {
  package private(set) var balances: [Account: Balance]
  package private(set) var holds: [HoldID: Hold]

  package init(balances: [Account: Balance] = [:], holds: [HoldID: Hold] = [:]) {
    self.balances = balances
    self.holds = holds
  }

  /// Applies every transfer in order, or none.
  ///
  /// Throws `ledger.insufficient` when an account that is not external would promise more than it has,
  /// `ledger.unknown_hold`, `ledger.hold_exceeded`, `ledger.hold_reused`, `ledger.same_account`,
  /// `ledger.asset_mismatch`, `ledger.zero_amount`, `ledger.overflow`.
  package mutating func apply(_ transfers: [Transfer]) throws(LedgerError) {
    var next = self
    for transfer in transfers { try next.applyOne(transfer) }
    self = next
  }

  private mutating func applyOne(_ transfer: Transfer) throws(LedgerError) {
    guard !transfer.units.isZero else { throw LedgerError(.zeroAmount, "a transfer of nothing is not recorded") }
    switch transfer {
    case .move(let debit, let credit, let units):
      try check(debit, credit)
      try promise(units, from: debit)
      try change(debit) { balance throws(LedgerError) in balance.postedDebit = try sum(balance.postedDebit, units) }
      try change(credit) { balance throws(LedgerError) in balance.postedCredit = try sum(balance.postedCredit, units) }
    case .hold(let id, let debit, let credit, let units):
      guard holds[id] == nil else { throw LedgerError(.holdReused, "hold \(id) exists already") }
      try check(debit, credit)
      try promise(units, from: debit)
      try change(debit) { balance throws(LedgerError) in balance.pendingDebit = try sum(balance.pendingDebit, units) }
      try change(credit) { balance throws(LedgerError) in
        balance.pendingCredit = try sum(balance.pendingCredit, units)
      }
      holds[id] = Hold(debit: debit, credit: credit, remaining: units)
    case .post(let id, let units):
      let hold = try take(units, from: id)
      try change(hold.debit) { balance throws(LedgerError) in
        balance.pendingDebit = try difference(balance.pendingDebit, units)
        balance.postedDebit = try sum(balance.postedDebit, units)
      }
      try change(hold.credit) { balance throws(LedgerError) in
        balance.pendingCredit = try difference(balance.pendingCredit, units)
        balance.postedCredit = try sum(balance.postedCredit, units)
      }
    case .void(let id, let units):
      let hold = try take(units, from: id)
      try change(hold.debit) { balance throws(LedgerError) in
        balance.pendingDebit = try difference(balance.pendingDebit, units)
      }
      try change(hold.credit) { balance throws(LedgerError) in
        balance.pendingCredit = try difference(balance.pendingCredit, units)
      }
    }
  }

  private func check(_ debit: Account, _ credit: Account) throws(LedgerError) {
    guard debit != credit else { throw LedgerError(.sameAccount, "\(debit) cannot pay itself") }
    guard debit.asset == credit.asset else { throw LedgerError(.assetMismatch, "\(debit) and \(credit) differ") }
  }

  private func promise(_ units: UInt256, from account: Account) throws(LedgerError) {
    if account.isExternal { return }
    guard let available = (balances[account] ?? Balance()).available, available >= units else {
      throw LedgerError(.insufficient, "\(account) cannot give \(units)")
    }
  }

  private mutating func take(_ units: UInt256, from id: HoldID) throws(LedgerError) -> Hold {
    guard var hold = holds[id] else { throw LedgerError(.unknownHold, "there is no hold \(id)") }
    let (rest, below) = hold.remaining.subtractingReportingOverflow(units)
    guard !below else { throw LedgerError(.holdExceeded, "hold \(id) has \(hold.remaining) left, not \(units)") }
    hold.remaining = rest
    holds[id] = hold
    return hold
  }

  private mutating func change(
    _ account: Account, _ body: (inout Balance) throws(LedgerError) -> Void
  ) throws(LedgerError) {
    var balance = balances[account] ?? Balance()
    try body(&balance)
    balances[account] = balance
  }
}

private func sum(_ a: UInt256, _ b: UInt256) throws(LedgerError) -> UInt256 {
  let (value, over) = a.addingReportingOverflow(b)
  guard !over else { throw LedgerError(.overflow, "a balance past 2^256 - 1") }
  return value
}

private func difference(_ a: UInt256, _ b: UInt256) throws(LedgerError) -> UInt256 {
  let (value, below) = a.subtractingReportingOverflow(b)
  guard !below else { throw LedgerError(.overflow, "a pending balance below zero") }
  return value
}

extension [Transfer] {
  /// The accounts named by these transfers; those of posted and voided holds come with `Book.holds`.
  package var namedAccounts: Set<Account> {
    var out: Set<Account> = []
    for transfer in self {
      switch transfer {
      case .move(let debit, let credit, _), .hold(_, let debit, let credit, _): out.formUnion([debit, credit])
      case .post, .void: break
      }
    }
    return out
  }

  /// The holds that must be loaded before these transfers apply.
  package var namedHolds: Set<HoldID> {
    var out: Set<HoldID> = []
    for transfer in self {
      switch transfer {
      case .move: break
      case .hold(let id, _, _, _), .post(let id, _), .void(let id, _): out.insert(id)
      }
    }
    return out
  }
}
