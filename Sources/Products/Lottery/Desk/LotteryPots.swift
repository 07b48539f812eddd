package import Ledger
package import Money

/// What one lottery's accounts hold, by the rules of `LotteryBooks`. In the asset's smallest unit.
package struct LotteryPots: Hashable, Sendable {
  /// Prize and reserve shares of the sales, less prizes paid.
  package internal(set) var prize = UInt256.zero
  package internal(set) var jackpot = UInt256.zero
  /// The operations share, less what was taken out and what went to the vault.
  package internal(set) var operations = UInt256.zero
  /// Set aside for partners.
  package internal(set) var vault = UInt256.zero
  /// Of a canceled lottery: everything that was left, less refunds.
  package internal(set) var refunds = UInt256.zero

  package init() {}
}

/// One account of a lottery.
package enum LotteryPot: String, CaseIterable, Sendable {
  case prize, jackpot, operations, vault, refunds

  package func account(_ lottery: UInt64, _ asset: AssetID) -> Account {
    Account(owner: "lottery/\(lottery)/\(rawValue)", role: .reserved, asset: asset)
  }
}

extension LotteryPots {
  package subscript(pot: LotteryPot) -> UInt256 {
    get {
      switch pot {
      case .prize: prize
      case .jackpot: jackpot
      case .operations: operations
      case .vault: vault
      case .refunds: refunds
      }
    }
    set {
      switch pot {
      case .prize: prize = newValue
      case .jackpot: jackpot = newValue
      case .operations: operations = newValue
      case .vault: vault = newValue
      case .refunds: refunds = newValue
      }
    }
  }
}

/// The moves of a commit, summed: one transfer per pair of accounts, whatever the number of purchases.
struct LotteryMoves {
  private struct Pair: Hashable {
    let debit: Account
    let credit: Account
  }
  private var order: [Pair] = []
  private var sums: [Pair: UInt256] = [:]

  mutating func add(_ debit: Account, _ credit: Account, _ units: UInt256) throws(MoneyError) {
    guard !units.isZero else { return }
    let pair = Pair(debit: debit, credit: credit)
    if let known = sums[pair] {
      sums[pair] = try known.adding(units)
    } else {
      order.append(pair)
      sums[pair] = units
    }
  }

  mutating func merge(_ other: LotteryMoves) throws(MoneyError) {
    for pair in other.order { try add(pair.debit, pair.credit, other.sums[pair] ?? .zero) }
  }

  var transfers: [Transfer] {
    order.compactMap { pair in sums[pair].map { .move(debit: pair.debit, credit: pair.credit, units: $0) } }
  }
}
