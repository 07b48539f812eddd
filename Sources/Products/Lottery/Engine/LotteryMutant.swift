#if ALMONER_MUTANTS
  /// Rules that this build can switch off, one at a time, to show that the tests of the invariants notice (spec, section
  /// 4). In any other build neither the switches nor their names exist: every rule holds.
  package enum LotteryMutant: String, CaseIterable, Sendable {
    /// What rounding leaves of a sale goes nowhere. (I6)
    case roundingLost = "M_ROUNDING_LOST"
    /// The reserve share is not booked. (I5)
    case reserveForgotten = "M_RESERVE_FORGOTTEN"
    /// Prizes beyond what was allocated. (I7)
    case prizeUnlimited = "M_PRIZE_UNLIMITED"
    /// Operations beyond their share. (I8)
    case operationsUnlimited = "M_OPERATIONS_UNLIMITED"
    /// The jackpot allowance may be raised. (I11)
    case allowanceGrows = "M_ALLOWANCE_GROWS"
    /// Using the allowance does not reduce it. (I12)
    case allowanceKept = "M_ALLOWANCE_KEPT"
    /// A payout batch does not count its round. (I17)
    case roundKept = "M_ROUND_KEPT"
    /// The next request has the same client seed. (I25)
    case seedReused = "M_SEED_REUSED"
    /// Exponential delays know no maximum. (I26)
    case delayUncapped = "M_DELAY_UNCAPPED"
    /// The answer leaves the time of the retry standing. (I28)
    case retryKept = "M_RETRY_KEPT"
    /// Winners do not consume the randomness. (I29)
    case randomnessKept = "M_RANDOMNESS_KEPT"
    /// The chain over winners depends on the batches. (I39)
    case chainByBatch = "M_CHAIN_BY_BATCH"
    /// A ticket may win twice. (I40)
    case winnerTwice = "M_WINNER_TWICE"
    /// Refunds beyond tickets and proceeds. (I41)
    case refundUnlimited = "M_REFUND_UNLIMITED"
    /// Rounds of refunds may be skipped. (I41)
    case refundRoundsSkipped = "M_REFUND_ROUNDS_SKIPPED"
    /// A price of any number of decimals. (I33)
    case decimalsUnchecked = "M_DECIMALS_UNCHECKED"
    /// A new price leaves the fallback on. (I34)
    case fallbackKept = "M_FALLBACK_KEPT"
    /// A clamped price is stored. (I35)
    case clampStored = "M_CLAMP_STORED"
    /// Switching the fallback off leaves the clamp. (I36)
    case clampSurvives = "M_CLAMP_SURVIVES"
    /// A clamp that is off can be cleared. (I37)
    case clampClearedTwice = "M_CLAMP_CLEARED_TWICE"
    /// Consumers get a clamped price. (I38)
    case clampIgnored = "M_CLAMP_IGNORED"
    /// A partner's budget is not used up. (caps)
    case partnerBudgetKept = "M_PARTNER_BUDGET_KEPT"
    /// A nonce may come twice. (caps)
    case nonceRepeated = "M_NONCE_REPEATED"
    /// The archive takes other bytes for a summary of ours. (archive)
    case archiveRewritten = "M_ARCHIVE_REWRITTEN"
    /// What differs from its expectation settles it. (archive)
    case expectationLost = "M_EXPECTATION_LOST"
    /// A bot acts before its announcement's time. (bots)
    case announcementSkipped = "M_ANNOUNCEMENT_SKIPPED"
    /// A bot may fail as often as it likes. (bots)
    case failuresUncounted = "M_FAILURES_UNCOUNTED"
    /// Too small a deposit does not pause draws. (deposit)
    case pauseForgotten = "M_PAUSE_FORGOTTEN"

    /// The invariant that the rule protects, by its number in the specification.
    package var invariant: String {
      switch self {
      case .roundingLost: "I6"
      case .reserveForgotten: "I5"
      case .prizeUnlimited: "I7"
      case .operationsUnlimited: "I8"
      case .allowanceGrows: "I11"
      case .allowanceKept: "I12"
      case .roundKept: "I17"
      case .seedReused: "I25"
      case .delayUncapped: "I26"
      case .retryKept: "I28"
      case .randomnessKept: "I29"
      case .chainByBatch: "I39"
      case .winnerTwice: "I40"
      case .refundUnlimited, .refundRoundsSkipped: "I41"
      }
    }

    /// The rule that is off in this task; nil: every rule holds.
    @TaskLocal package static var active: LotteryMutant?

    /// Whether the rule is switched off.
    package var isActive: Bool { LotteryMutant.active == self }
  }
#endif
