package import Money

/// Points of one person, in units of 10^-8. `pending` is held for withdrawals and is part of `balance`.
package struct PointWallet: Hashable, Sendable {
  package enum Status: String, CaseIterable, Sendable { case active, suspended }
  package let id: String
  package let user: String
  package private(set) var balance: UInt256 = .zero
  package private(set) var pending: UInt256 = .zero
  package var status = Status.active

  package init(id: String, user: String) {
    self.id = id
    self.user = user
  }

  /// A wallet as stored. Throws `wallet.bad_amount` when more is held than there is.
  package init(id: String, user: String, balance: UInt256, pending: UInt256, status: Status) throws(WalletError) {
    guard !(balance < pending) else { throw WalletError(.badAmount, "wallet '\(id)' holds more than it has") }
    self.id = id
    self.user = user
    self.balance = balance
    self.pending = pending
    self.status = status
  }

  /// What may be spent. Never below zero: `pending <= balance` holds always.
  package var available: UInt256 { balance.subtractingReportingOverflow(pending).partialValue }

  /// Throws `wallet.suspended`, `wallet.bad_amount`.
  package mutating func credit(_ amount: UInt256) throws(WalletError) -> PointMovement {
    try needActive()
    try needPositive(amount)
    balance = try counted { () throws(MoneyError) in try balance.adding(amount) }
    return movement(.credit, amount)
  }

  /// Throws `wallet.suspended`, `wallet.bad_amount`, `wallet.insufficient_balance`.
  package mutating func debit(_ amount: UInt256) throws(WalletError) -> PointMovement {
    try needActive()
    try needAvailable(amount)
    balance = balance.subtractingReportingOverflow(amount).partialValue
    return movement(.debit, amount)
  }

  /// Holds for a withdrawal. Throws as `debit`.
  package mutating func hold(_ amount: UInt256) throws(WalletError) -> PointMovement {
    try needActive()
    try needAvailable(amount)
    pending = try counted { () throws(MoneyError) in try pending.adding(amount) }
    return movement(.hold, amount)
  }

  /// Takes what is held. Throws `wallet.suspended`, `wallet.insufficient_balance`.
  package mutating func withdrawHeld(_ amount: UInt256) throws(WalletError) -> PointMovement {
    try needActive()
    guard !(balance < amount), !(pending < amount) else { throw PointWallet.insufficient }
    balance = balance.subtractingReportingOverflow(amount).partialValue
    pending = pending.subtractingReportingOverflow(amount).partialValue
    return movement(.withdrawal, amount)
  }

  /// Gives a hold back, also of a suspended wallet. Throws `wallet.hold_too_small`.
  package mutating func release(_ amount: UInt256) throws(WalletError) -> PointMovement {
    guard !(pending < amount) else {
      throw WalletError(.holdTooSmall, "Pending withdrawal amount is insufficient to release.")
    }
    pending = pending.subtractingReportingOverflow(amount).partialValue
    return movement(.release, amount)
  }

  /// Gives points back that a withdrawal had taken. Holds of other withdrawals stay as they are.
  package mutating func restore(_ amount: UInt256) throws(WalletError) -> PointMovement {
    balance = try counted { () throws(MoneyError) in try balance.adding(amount) }
    return movement(.release, amount)
  }

  private func movement(_ kind: PointMovement.Kind, _ amount: UInt256) -> PointMovement {
    PointMovement(wallet: id, kind: kind, amount: amount, balanceAfter: balance, pendingAfter: pending)
  }

  private func needActive() throws(WalletError) {
    guard status == .active else { throw WalletError(.walletSuspended, "Wallet '\(id)' is suspended.") }
  }

  private func needPositive(_ amount: UInt256) throws(WalletError) {
    guard !amount.isZero else { throw WalletError(.badAmount, "Amount must be positive.") }
  }

  private func needAvailable(_ amount: UInt256) throws(WalletError) {
    try needPositive(amount)
    guard !(available < amount) else { throw PointWallet.insufficient }
  }

  private static let insufficient = WalletError(.insufficientBalance, "Insufficient wallet balance.")
}

/// A line of a wallet's ledger.
package struct PointMovement: Hashable, Sendable {
  package enum Kind: String, CaseIterable, Sendable { case credit, debit, hold, withdrawal, release }
  package let wallet: String
  package let kind: Kind
  package let amount: UInt256
  package let balanceAfter: UInt256
  package let pendingAfter: UInt256
}

/// Point amounts as text and units.
package enum Points {
  package static let places = 8

  /// Throws `wallet.bad_amount` for zero, a sign, anything that is no number, and for more than 8 decimals.
  package static func units(_ text: String) throws(WalletError) -> UInt256 {
    let units: UInt256
    do {
      units = try ExactDecimal(text).units(places: places)
    } catch {
      throw WalletError(.badAmount, text.hasPrefix("-") ? "Amount must be positive." : error.message)
    }
    guard !units.isZero else { throw WalletError(.badAmount, "Amount must be positive.") }
    return units
  }

  package static func text(_ units: UInt256) -> String { DecimalText.text(units, decimals: places) }
}
