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
