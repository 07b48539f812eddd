/// Where a lottery stands. Spec 1.1.
package enum LotteryStatus: UInt8, CaseIterable, Comparable, Sendable {
  /// Configured, not on sale. Next: active, canceled.
  case draft = 0
  /// Tickets may be bought. Next: closing, canceled.
  case active = 1
  /// Sales closed, snapshot frozen. Next: drawRequested, canceled (schema 1: also finalized).
  case closing = 2
  /// Randomness requested. Next: drawRequested, drawn, canceled.
  case drawRequested = 3
  /// Randomness received. Next: payout, canceled.
  case drawn = 4
  /// All winners known, payouts run. Next: finalized, canceled.
  case payout = 5
  /// Archived. Nothing follows.
  case finalized = 6
  /// Nothing follows; refunds and archiving are still possible.
  case canceled = 7

  package static func < (a: LotteryStatus, b: LotteryStatus) -> Bool { a.rawValue < b.rawValue }
}

/// Where a request for randomness stands. Spec 1.2.
package enum VrfStatus: UInt8, CaseIterable, Sendable {
  case idle = 0
  case requested = 1
  case fulfilled = 2
  case failed = 3
}

/// What kind of lottery it is. Spec 1.3.
package enum PrimaryType: UInt8, CaseIterable, Sendable {
  case basic = 0
  case partner = 1
  case jackpot = 2
  case vip = 3

  /// The label of a type in views; `unknown` for a number that is none.
  package static func label(of type: UInt8) -> String {
    switch PrimaryType(rawValue: type) {
    case .basic: "basic"
    case .partner: "partner"
    case .jackpot: "jackpot"
    case .vip: "vip"
    case nil: "unknown"
    }
  }
}

/// A lottery's tags, one bit each. Spec 1.3.
package struct Tags: OptionSet, Hashable, Sendable {
  package let rawValue: UInt64

  package init(rawValue: UInt64) { self.rawValue = rawValue }

  package static let nft = Tags(rawValue: 0x1)
  package static let daily = Tags(rawValue: 0x2)
  package static let weekly = Tags(rawValue: 0x4)
  package static let splitPrize = Tags(rawValue: 0x8)
  package static let promo = Tags(rawValue: 0x10)
  package static let experimental = Tags(rawValue: 0x8000_0000_0000_0000)
  /// Every bit with a meaning.
  package static let known = Tags(rawValue: 0x8000_0000_0000_001F)
}

/// How tickets are drawn. Schema 1 looks at `winners_dedup` alone.
package enum DrawAlgo: UInt8, CaseIterable, Sendable {
  case withoutReplacement = 0
  case withReplacement = 1
  case stride = 2
}

/// Where a prize comes from.
package enum RewardType: UInt8, CaseIterable, Sendable {
  case fromSales = 0
  case fromJackpot = 1
  case nftEscrow = 2
  case customHook = 3
}

package enum RewardBackendType: UInt8, CaseIterable, Sendable {
  case native = 0
  case partner = 1
}

/// When an unanswered request may be made again.
package enum RetryStrategy: UInt8, CaseIterable, Sendable {
  case fixed = 0
  case exponential = 1
  case manual = 2
}

/// Why a lottery was canceled. Schema 1 takes any number but 0.
package enum CancelReason: UInt8, CaseIterable, Sendable {
  case vrfFailure = 1
  case compliance = 2
  case operations = 3
}

/// Which limit a purchase ran into.
package enum RateLimitReason: UInt8, CaseIterable, Sendable {
  case block = 1
  case window = 2
  case grace = 3
}

/// What can be switched. Only `purchase` and `draw` are consulted in schema 1.
package enum Feature: UInt64, CaseIterable, Sendable {
  case purchase = 1
  case close = 2
  case draw = 3
  case payout = 4
}

package enum FeatureMode: UInt8, CaseIterable, Sendable {
  case disabled = 0
  case enabledAll = 1
  case premiumOnly = 2
}

/// What an automation bot may be allowed to do.
package enum AutomationAction: UInt64, CaseIterable, Sendable {
  case autoClose = 1
  case retryVrf = 2
  case defragmentIndex = 3
  case topupVrfDeposit = 4
  case unpause = 5
  case payoutBatch = 6
  case cancel = 7

  /// Whether a bot with this action needs a time-lock of at least `Limits.sensitiveTimelockSeconds`.
  package var isSensitive: Bool {
    switch self {
    case .unpause, .payoutBatch, .cancel: true
    case .autoClose, .retryVrf, .defragmentIndex, .topupVrfDeposit: false
    }
  }
}
