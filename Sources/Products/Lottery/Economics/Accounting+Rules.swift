extension Accounting {
  /// The books after a sale. Throws `arithmetic` when a total does not fit.
  ///
  /// The jackpot share is announced by the sale and, in these books of the original, booked nowhere (GAP 14): the
  /// treasury behind the engine books it.
  package func selling(_ amount: UInt64, _ split: SaleSplit) throws(LotteryError) -> Accounting {
    var next = self
    next.totalSales = try totalSales.adding(amount)
    next.totalAllocated = try totalAllocated.adding(try split.prize.adding(split.reserve))
    next.totalOperationsAllocated = try totalOperationsAllocated.adding(split.operations)
    #if ALMONER_MUTANTS
      if LotteryMutant.reserveForgotten.isActive { next.totalAllocated = totalAllocated &+ split.prize }
    #endif
    return next
  }

  /// The books after prizes were paid. Throws `payoutAllocExceeded` beyond prize and reserve shares (I7).
  package func payingPrize(_ amount: UInt64) throws(LotteryError) -> Accounting {
    var next = self
    next.totalPrizePaid = try totalPrizePaid.adding(amount)
    #if ALMONER_MUTANTS
      if LotteryMutant.prizeCountedTwice.isActive { next.totalOperationsPaid = totalOperationsPaid &+ amount }
    #endif
    #if ALMONER_MUTANTS
      if LotteryMutant.prizeUnlimited.isActive { return next }
    #endif
    guard next.totalPrizePaid <= totalAllocated else {
      throw LotteryError(.payoutAllocExceeded, "\(next.totalPrizePaid) of \(totalAllocated) would be paid")
    }
    return next
  }

  /// The books after operations were paid. Throws `operationsAllocExceeded` beyond their share (I8).
  package func payingOperations(_ amount: UInt64) throws(LotteryError) -> Accounting {
    var next = self
    next.totalOperationsPaid = try totalOperationsPaid.adding(amount)
    #if ALMONER_MUTANTS
      if LotteryMutant.operationsUnlimited.isActive { return next }
    #endif
    guard next.totalOperationsPaid <= totalOperationsAllocated else {
      throw LotteryError(
        .operationsAllocExceeded, "\(next.totalOperationsPaid) of \(totalOperationsAllocated) would be paid")
    }
    return next
  }

  /// The books with this jackpot allowance. Throws `jackpotAllowanceIncrease` when one is set and smaller (I11).
  package func settingInitialJackpotAllowance(_ allowance: UInt64) throws(LotteryError) -> Accounting {
    var next = self
    next.jackpotAllowanceToken = allowance
    #if ALMONER_MUTANTS
      if LotteryMutant.allowanceGrows.isActive { return next }
    #endif
    guard jackpotAllowanceToken == 0 || allowance <= jackpotAllowanceToken else {
      throw LotteryError(.jackpotAllowanceIncrease, "\(allowance) is more than \(jackpotAllowanceToken)")
    }
    return next
  }

  /// The books after some of the allowance was used. Throws `jackpotAllowanceUnderflow` (I12).
  package func consumingJackpotAllowance(_ amount: UInt64) throws(LotteryError) -> Accounting {
    var next = self
    next.jackpotAllowanceToken = try jackpotAllowanceToken.subtracting(amount, .jackpotAllowanceUnderflow)
    #if ALMONER_MUTANTS
      if LotteryMutant.allowanceKept.isActive { next.jackpotAllowanceToken = jackpotAllowanceToken }
    #endif
    return next
  }
}
