/// Where a lottery stands.
package struct LotteryStatusView: Hashable, Sendable {
  package let status: UInt8
  package let snapshotFrozen: Bool
  package let primaryType: UInt8
  package let tagsMask: UInt64
}

/// What a page shows beside a lottery's name.
package struct BadgeMetadata: Hashable, Sendable {
  /// `unknown` for a type that is none.
  package let primaryLabel: String
  package let isExperimental: Bool
  package let tagsMask: UInt64

  /// Takes any numbers.
  package init(primaryType: UInt8, tagsMask: UInt64) {
    primaryLabel = PrimaryType.label(of: primaryType)
    isExperimental = tagsMask & Tags.experimental.rawValue != 0
    self.tagsMask = tagsMask
  }
}

/// One bot as the views show it.
package struct AutomationBotView: Hashable, Sendable {
  package let botOperator: LotteryAddress
  package let bot: AutomationBot

  package var hasPending: Bool { bot.pending != nil }
  /// Empty when nothing is pending.
  package var pendingActionHash: [UInt8] { bot.pending?.actionHash ?? [] }
  /// 0 when nothing is pending.
  package var pendingExecuteAfter: UInt64 { bot.pending?.executeAfter ?? 0 }
}

/// How many lotteries are in which state, and what waits. Source: spec 2.17.
package struct StatusOverview: Hashable, Sendable {
  package var total: UInt64 = 0
  package var draft: UInt64 = 0
  package var active: UInt64 = 0
  package var closing: UInt64 = 0
  package var drawRequested: UInt64 = 0
  package var drawn: UInt64 = 0
  package var payout: UInt64 = 0
  package var finalized: UInt64 = 0
  package var canceled: UInt64 = 0
  package var vrfRequested: UInt64 = 0
  package var vrfFulfilledPending: UInt64 = 0
  /// Of those requested: may not be asked again yet.
  package var vrfRetryBlocked: UInt64 = 0
  package var winnersPending: UInt64 = 0
  /// Lotteries with payouts outstanding.
  package var payoutBacklog: UInt64 = 0
  /// Stays on when all is refunded.
  package var refundActive: UInt64 = 0
  /// Tickets whose refund is outstanding.
  package var refundBatchPending: UInt64 = 0
  /// No refund 12 hours after a cancellation, or an unfinished one after 24.
  package var refundSlaBreach = false

  package init() {}
}
