import Chains
import Lottery
import Money

/// What a seed decides about a history of lotteries before its first step.
struct LotteryPlan: Sendable {
  let seed: UInt64
  var schema = Schema.v2
  var lotteries: [UInt64: Config] = [:]
  var buyers: UInt64 = 8
  var actions = 120
  /// Whether anybody answers requests for randomness; nobody does in every fifth history, so that draws fail.
  var isAnswered = true
  /// Whether a chain counts the blocks, many purchases in each; else the journal does.
  var hasChain = false
  var faults: [Fault: Plan.Chance] = [:]

  static let admin = LotteryAddress(0xad)
  static let partner = LotteryAddress(0x99)
  static let chain = ChainID(.simulated, 1)
  static let settings = LotterySettings(admin: admin, chain: chain, asset: Plan.native)
  /// The second at which the world begins.
  static let start = UInt64(Plan.start.milliseconds / 1_000)

  /// A history in which nothing goes wrong.
  init(quiet seed: UInt64) {
    self.seed = seed
    lotteries = [7: LotteryPlan.config()]
  }

  init(seed: UInt64) {
    self.seed = seed
    var dice = Dice(seed, .lotteries)
    schema = dice.chance(75) ? .v2 : .v1
    for id in 1...UInt64(dice.within(1...3)) { lotteries[id] = LotteryPlan.config(&dice) }
    buyers = UInt64(dice.within(2...14))
    actions = dice.pick([40, 80, 120, 200])
    isAnswered = seed % 5 != 4
    hasChain = dice.chance(50)
    let usual: [(Fault, Int)] = [
      (.processKilled, 60), (.powerCut, 30), (.powerCutInWrite, 60), (.commitUnknown, 120), (.storeBusy, 60),
      (.diskFull, 4), (.diskError, 4), (.readError, 3), (.clockJump, 60),
    ]
    for (fault, chance) in usual where dice.chance(50) {
      faults[fault] = Plan.Chance(of4096: chance * dice.pick([1, 1, 3]), budget: fault == .readError ? 3 : 6)
    }
  }

  static func config() -> Config {
    Config(
      eventSlug: Array("sim".utf8), seriesCode: Array("sim".utf8), runId: 0, configVersion: 1, primaryType: 0,
      tagsMask: 0, salesWindow: SalesWindow(salesStart: start, salesEnd: start + 100_000), ticketPrice: 100,
      ticketLimits: TicketLimits(maxTicketsTotal: 400, maxTicketsPerAddress: 60),
      salesDistribution: shares(7_000, 1_500, 1_000),
      prizePlan: [PrizeSlot(slotId: 1, winnersPerSlot: 2), PrizeSlot(slotId: 2, winnersPerSlot: 3)], winnersDedup: true,
      drawAlgo: 0, autoClosePolicy: AutoClosePolicy(enabled: true, gracePeriodSecs: 60), rewardBackend: RewardBackend(),
      vrfRetryPolicy: RetryPolicy(strategy: 0, baseDelaySecs: 10, maxDelaySecs: 25))
  }

  private static func config(_ dice: inout Dice) -> Config {
    var config = config()
    config.salesWindow.salesEnd = start + UInt64(dice.pick([60, 600, 100_000, 100_000]))
    config.ticketPrice = UInt64(dice.within(1...1_000))
    config.ticketLimits.maxTicketsTotal = UInt64(dice.pick([12, 60, 400]))
    config.ticketLimits.maxTicketsPerAddress = UInt64(dice.pick([0, 8, 30]))
    let prize = dice.within(1...9_000)
    let jackpot = dice.below(10_001 - prize)
    config.salesDistribution = shares(prize, jackpot, dice.below(10_001 - prize - jackpot))
    config.prizePlan = (0..<dice.within(1...3)).map {
      PrizeSlot(slotId: UInt64($0), winnersPerSlot: UInt16(dice.within(1...4)))
    }
    config.vrfRetryPolicy.strategy = UInt8(dice.below(2))
    return config
  }

  private static func shares(_ prize: Int, _ jackpot: Int, _ operations: Int) -> SalesDistribution {
    guard
      let shares = try? SalesDistribution(
        prizeBps: UInt16(prize), jackpotBps: UInt16(jackpot), operationsBps: UInt16(operations),
        reserveBps: UInt16(10_000 - prize - jackpot - operations))
    else { preconditionFailure("the shares sum to 10,000") }
    return shares
  }
}
