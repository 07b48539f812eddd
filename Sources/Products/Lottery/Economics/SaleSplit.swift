/// The four parts of one sale. Together they are the sale (I6).
package struct SaleSplit: Hashable, Sendable {
  package let prize: UInt64
  package let jackpot: UInt64
  package let operations: UInt64
  package let reserve: UInt64
}

extension SalesDistribution {
  /// Shares an amount out; what rounding leaves goes to the prize. Throws `amountOverflow` when a part does not fit.
  package func split(_ amount: UInt64) throws(LotteryError) -> SaleSplit {
    let floor = try amount.scaled(by: UInt64(prizeBps), over: Limits.basisPoints, .amountOverflow)
    let jackpot = try amount.scaled(by: UInt64(jackpotBps), over: Limits.basisPoints, .amountOverflow)
    let operations = try amount.scaled(by: UInt64(operationsBps), over: Limits.basisPoints, .amountOverflow)
    let reserve = try amount.scaled(by: UInt64(reserveBps), over: Limits.basisPoints, .amountOverflow)
    #if ALMONER_MUTANTS
      if LotteryMutant.roundingLost.isActive {
        return SaleSplit(prize: floor, jackpot: jackpot, operations: operations, reserve: reserve)
      }
    #endif
    let rest = amount - floor - jackpot - operations - reserve
    return SaleSplit(prize: floor + rest, jackpot: jackpot, operations: operations, reserve: reserve)
  }
}
