#if ALMONER_MUTANTS
  /// Rules of the desk and of what it decides that this build can switch off, one at a time, to show that the simulator
  /// of lotteries notices (docs/internals/simulation.md). In any other build neither the switches nor their names exist.
  package enum LotteryDeskMutant: String, CaseIterable, Sendable {
    /// A lost answer to a commit is taken for a yes. (8)
    case unknownIsDone = "M_DESK_UNKNOWN_IS_DONE"
    /// Nobody looks whether a request's key stands in the journal. (0)
    case keyForgotten = "M_DESK_KEY_FORGOTTEN"
    /// An answer is not compared with what was asked for. (11)
    case answerUnchecked = "M_DESK_ANSWER_UNCHECKED"
    /// One address may have any number of tickets. (11)
    case addressLimitIgnored = "M_DESK_ADDRESS_LIMIT_IGNORED"
    /// Prizes and refunds are decided, and their campaign is not made. (11)
    case batchUnordered = "M_DESK_BATCH_UNORDERED"
    /// Every round of refunds begins with the first ticket. (11)
    case refundsFromStart = "M_DESK_REFUNDS_FROM_START"
    /// The jackpot's share of a sale is counted and not moved. (4)
    case jackpotUnmoved = "M_DESK_JACKPOT_UNMOVED"

    /// What the rule protects, by its number in docs/internals/architecture.md.
    package var invariant: Int {
      switch self {
      case .keyForgotten: 0
      case .unknownIsDone: 8
      case .answerUnchecked, .addressLimitIgnored, .batchUnordered, .refundsFromStart: 11
      case .jackpotUnmoved: 4
      }
    }

    /// The rule that is off in this task; nil: every rule holds.
    @TaskLocal package static var active: LotteryDeskMutant?

    /// Whether the rule is switched off.
    package var isActive: Bool { LotteryDeskMutant.active == self }
  }
#endif
