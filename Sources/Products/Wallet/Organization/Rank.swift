package import Money

/// A member's rank. Source: the plan's table of ranks.
package enum Rank: Int, CaseIterable, Sendable, Comparable {
  case free, d0, d1, d2, d3, d4, d5

  package static func < (a: Rank, b: Rank) -> Bool { a.rawValue < b.rawValue }

  /// As stored and shown: `free`, `D0` to `D5`.
  package var text: String { self == .free ? "free" : "D\(rawValue - 1)" }

  /// D0 for ten referrals or sales of 200; each further rank for two members of the one before, among those referred.
  /// `sales` is in units of 10^-4.
  package static func reached(referrals: Int, sales: UInt256, ranksBelow: [Rank]) -> Rank {
    guard referrals >= 10 || !(sales < UInt256(2_000_000)) else { return .free }
    var rank = Rank.d0
    while let next = Rank(rawValue: rank.rawValue + 1), ranksBelow.count(where: { $0 >= rank }) >= 2 { rank = next }
    return rank
  }
}

/// Most that may ever be withdrawn: 300 % of all sales. Only what closings credited can be.
package enum WithdrawalCap {
  /// Throws `wallet.over_cap`; amounts in one unit.
  package static func check(sales: UInt256, withdrawn: UInt256, asked: UInt256) throws(WalletError) {
    let (most, isHuge) = sales.multipliedReportingOverflow(by: UInt256(3))
    let (sum, overflow) = withdrawn.addingReportingOverflow(asked)
    guard !overflow, isHuge || !(most < sum) else {
      throw WalletError(.overCap, "all withdrawals together stay within 300 % of all sales")
    }
  }
}
