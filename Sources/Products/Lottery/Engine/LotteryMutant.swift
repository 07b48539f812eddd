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
    /// Opening sales freezes the snapshot. (I2)
    case frozenEarly = "M_FROZEN_EARLY"
    /// Shares of any sum. (I4)
    case sharesUnchecked = "M_SHARES_UNCHECKED"
    /// A prize is also booked as operations. (I13)
    case prizeCountedTwice = "M_PRIZE_COUNTED_TWICE"
    /// A batch of winners is kept twice. (I14)
    case winnersPastPlan = "M_WINNERS_PAST_PLAN"
    /// The checksum over winners is not kept. (I15)
    case checksumLost = "M_CHECKSUM_LOST"
    /// A partner payout counts as a round of the lottery. (I18)
    case partnerCountsRound = "M_PARTNER_COUNTS_ROUND"
    /// A request does not keep the snapshot. (I19)
    case snapshotLost = "M_SNAPSHOT_LOST"
    /// A request without a time for the next. (I20)
    case retryUnset = "M_RETRY_UNSET"
    /// The numbers go once they are used. (I21)
    case numbersDropped = "M_NUMBERS_DROPPED"
    /// A request counts as consumed. (I23)
    case consumedEarly = "M_CONSUMED_EARLY"
    /// A retry strategy that does not exist. (I24)
    case strategyUnknown = "M_STRATEGY_UNKNOWN"
    /// A failed draw forgets its attempts. (I27)
    case failureForgetsAttempt = "M_FAILURE_FORGETS_ATTEMPT"
    /// Winners change the payload hash of their draw. (I30)
    case snapshotRewritten = "M_SNAPSHOT_REWRITTEN"
    /// A scheduled retry is kept as another time. (I31)
    case scheduleShifted = "M_SCHEDULE_SHIFTED"
    /// The archive is shown another attempt. (I32)
    case finalizationAltered = "M_FINALIZATION_ALTERED"
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

    /// The invariant that the rule protects, by its number in the specification, or its area.
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
      case .frozenEarly: "I2"
      case .sharesUnchecked: "I4"
      case .prizeCountedTwice: "I13"
      case .winnersPastPlan: "I14"
      case .checksumLost: "I15"
      case .partnerCountsRound: "I18"
      case .snapshotLost: "I19"
      case .retryUnset: "I20"
      case .numbersDropped: "I21"
      case .consumedEarly: "I23"
      case .strategyUnknown: "I24"
      case .failureForgetsAttempt: "I27"
      case .snapshotRewritten: "I30"
      case .scheduleShifted: "I31"
      case .finalizationAltered: "I32"
      case .decimalsUnchecked: "I33"
      case .fallbackKept: "I34"
      case .clampStored: "I35"
      case .clampSurvives: "I36"
      case .clampClearedTwice: "I37"
      case .clampIgnored: "I38"
      case .partnerBudgetKept, .nonceRepeated: "caps"
      case .archiveRewritten, .expectationLost: "archive"
      case .announcementSkipped, .failuresUncounted: "bots"
      case .pauseForgotten: "deposit"
      }
    }

    /// The rule that is off in this task; nil: every rule holds.
    @TaskLocal package static var active: LotteryMutant?

    /// Whether the rule is switched off.
    package var isActive: Bool { LotteryMutant.active == self }
  }
#endif
