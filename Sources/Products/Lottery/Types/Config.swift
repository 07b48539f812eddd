/// When tickets are sold: both ends included, whole seconds since 1970.
package struct SalesWindow: Hashable, Sendable {
  package var salesStart: UInt64
  package var salesEnd: UInt64

  package init(salesStart: UInt64, salesEnd: UInt64) {
    self.salesStart = salesStart
    self.salesEnd = salesEnd
  }
}

package struct TicketLimits: Hashable, Sendable {
  package var maxTicketsTotal: UInt64
  /// 0: no limit per address.
  package var maxTicketsPerAddress: UInt64

  package init(maxTicketsTotal: UInt64, maxTicketsPerAddress: UInt64) {
    self.maxTicketsTotal = maxTicketsTotal
    self.maxTicketsPerAddress = maxTicketsPerAddress
  }
}

/// How a sale is shared out, in basis points. A value has been checked: the shares sum to 10,000 (I4).
package struct SalesDistribution: Hashable, Sendable {
  package let prizeBps: UInt16
  package let jackpotBps: UInt16
  package let operationsBps: UInt16
  package let reserveBps: UInt16

  /// Throws `distributionBpsInvalid` unless the four sum to 10,000.
  package init(
    prizeBps: UInt16, jackpotBps: UInt16, operationsBps: UInt16, reserveBps: UInt16
  ) throws(LotteryError) {
    let sum = UInt64(prizeBps) + UInt64(jackpotBps) + UInt64(operationsBps) + UInt64(reserveBps)
    #if ALMONER_MUTANTS
      let isWhole = sum == Limits.basisPoints || LotteryMutant.sharesUnchecked.isActive
    #else
      let isWhole = sum == Limits.basisPoints
    #endif
    guard isWhole else {
      throw LotteryError(.distributionBpsInvalid, "the shares sum to \(sum), not 10000")
    }
    self.prizeBps = prizeBps
    self.jackpotBps = jackpotBps
    self.operationsBps = operationsBps
    self.reserveBps = reserveBps
  }
}

/// Prizes of one kind: how many winners, and what each gets.
package struct PrizeSlot: Hashable, Sendable {
  package var slotId: UInt64
  package var winnersPerSlot: UInt16
  /// A `RewardType`, once validated.
  package var rewardType: UInt8
  package var rewardPayload: [UInt8]

  package init(slotId: UInt64, winnersPerSlot: UInt16, rewardType: UInt8 = 0, rewardPayload: [UInt8] = []) {
    self.slotId = slotId
    self.winnersPerSlot = winnersPerSlot
    self.rewardType = rewardType
    self.rewardPayload = rewardPayload
  }
}

package struct AutoClosePolicy: Hashable, Sendable {
  package var enabled: Bool
  package var gracePeriodSecs: UInt64

  package init(enabled: Bool, gracePeriodSecs: UInt64) {
    self.enabled = enabled
    self.gracePeriodSecs = gracePeriodSecs
  }
}

package struct RewardBackend: Hashable, Sendable {
  /// A `RewardBackendType`. Schema 1 takes any number.
  package var backendType: UInt8
  package var configBlob: [UInt8]

  package init(backendType: UInt8 = 0, configBlob: [UInt8] = []) {
    self.backendType = backendType
    self.configBlob = configBlob
  }
}

/// When an unanswered request for randomness is made again.
package struct RetryPolicy: Hashable, Sendable {
  /// A `RetryStrategy`, once validated.
  package var strategy: UInt8
  package var baseDelaySecs: UInt64
  package var maxDelaySecs: UInt64

  package init(strategy: UInt8, baseDelaySecs: UInt64, maxDelaySecs: UInt64) {
    self.strategy = strategy
    self.baseDelaySecs = baseDelaySecs
    self.maxDelaySecs = maxDelaySecs
  }

  /// Fixed, 600 seconds.
  package static let standard = RetryPolicy(strategy: 0, baseDelaySecs: 600, maxDelaySecs: 600)
}

/// What a lottery is, as its creator wrote it. Enumerations are raw numbers until `Config.validate`.
package struct Config: Hashable, Sendable {
  package var eventSlug: [UInt8]
  package var seriesCode: [UInt8]
  package var runId: UInt64
  package var configVersion: UInt64
  package var primaryType: UInt8
  package var tagsMask: UInt64
  package var salesWindow: SalesWindow
  /// In the smallest unit of the coin.
  package var ticketPrice: UInt64
  package var ticketLimits: TicketLimits
  package var salesDistribution: SalesDistribution
  package var prizePlan: [PrizeSlot]
  /// Whether a ticket wins at most once.
  package var winnersDedup: Bool
  package var drawAlgo: UInt8
  package var autoClosePolicy: AutoClosePolicy
  package var rewardBackend: RewardBackend
  package var vrfRetryPolicy: RetryPolicy

  package init(
    eventSlug: [UInt8], seriesCode: [UInt8], runId: UInt64, configVersion: UInt64, primaryType: UInt8,
    tagsMask: UInt64, salesWindow: SalesWindow, ticketPrice: UInt64, ticketLimits: TicketLimits,
    salesDistribution: SalesDistribution, prizePlan: [PrizeSlot], winnersDedup: Bool, drawAlgo: UInt8,
    autoClosePolicy: AutoClosePolicy, rewardBackend: RewardBackend, vrfRetryPolicy: RetryPolicy
  ) {
    self.eventSlug = eventSlug
    self.seriesCode = seriesCode
    self.runId = runId
    self.configVersion = configVersion
    self.primaryType = primaryType
    self.tagsMask = tagsMask
    self.salesWindow = salesWindow
    self.ticketPrice = ticketPrice
    self.ticketLimits = ticketLimits
    self.salesDistribution = salesDistribution
    self.prizePlan = prizePlan
    self.winnersDedup = winnersDedup
    self.drawAlgo = drawAlgo
    self.autoClosePolicy = autoClosePolicy
    self.rewardBackend = rewardBackend
    self.vrfRetryPolicy = vrfRetryPolicy
  }
}
