import Chains
import Engine
import Money
import Payouts
import SimulatedChain

/// Everything that a seed decides before the first step: a small world, and which faults it knows.
///
/// Each seed switches only some kinds of faults on ("swarm testing"): a rare mixture is met more often that way than
/// when everything happens at once. Source: Groce et al., ISSTA 2012.
struct Plan: Sendable {
  struct Person: Sendable {
    let address: Address
    let units: UInt256
    let behavior: PayeeBehavior?
  }
  struct Distribution: Sendable {
    let name: String
    let asset: AssetID
    let people: [Person]
    let planning: CampaignChange.Planning
  }

  /// A policy that asks a list, and denies sums of `most` and more in its other version.
  struct Screening: Sendable {
    /// Who is on each version of the list.
    var listed: [Set<Address>]
    var most: UInt256
    var hours: Int
  }

  let seed: UInt64
  var chain = ChainSettings()
  var worker = WorkerSettings()
  var distributions: [Distribution] = []
  /// Nil in a world without a policy.
  var screening: Screening?
  /// Accounts that send, by key seed.
  var accounts = 1
  /// Workers that are awake at once for each account.
  var sessions = 1
  var drawsFreshNonces = false
  /// Whether readers share the file with the writer, as in service.
  var sharesFile = false
  /// Whether each worker has connections of its own to the file, as in processes of their own.
  var isSplit = false
  /// Starts on an empty disk, so that migrations run under faults too.
  var startsEmpty = false
  var chainFaults: [ChainFault: SeededFaults.Chance] = [:]
  var faults: [Fault: Chance] = [:]
  /// How many actions the time of faults lasts.
  var actions = 200

  struct Chance: Sendable {
    /// In 1/4096 at each opportunity.
    var of4096: Int
    var budget: Int
  }

  static let start = Timestamp(milliseconds: 1_800_000_000_000)
  static let native = AssetID(chain: "sim:1", token: nil)
  static let token = AssetID(chain: "sim:1", token: "0x" + String(repeating: "70", count: 20))

  /// A world for a seed.
  init(seed: UInt64) {
    self.init(quiet: seed)
    var dice = Dice(seed, .plan)
    shape(&dice)
    people(&dice)
    disturb(&dice)
    screen()
  }

  /// A world in which nothing goes wrong and nobody is there yet.
  init(quiet seed: UInt64) {
    self.seed = seed
    chain.seed = seed
  }

  private mutating func shape(_ dice: inout Dice) {
    chain.endpoints = dice.pick([1, 3, 3, 3, 4, 5])
    chain.mostLiars = chain.endpoints / 2
    if chain.endpoints == 1 { chain.mostLiars = 0 }
    // Two of four may lie: a majority of four is three, and two liars are fewer than that.
    chain.finalityDepth = UInt64(dice.within(1...4))
    chain.pace = .every(milliseconds: Int64(dice.pick([300, 800, 2_000])))
    chain.mostPayees = dice.pick([1, 2, 4, 4, 4])
    chain.needsAllowance = dice.chance(30)
    chain.mostTransactionsPerBlock = dice.pick([1, 3, 100])
    worker.mostLive = dice.within(1...5)
    worker.mostPerCommit = dice.within(1...3)
    worker.leaseMilliseconds = Int64(dice.pick([3_000, 15_000]))
    worker.pollMilliseconds = Int64(dice.pick([200, 500, 1_500]))
    worker.resendMilliseconds = Int64(dice.pick([1_500, 6_000]))
    worker.bumpMilliseconds = Int64(dice.pick([3_000, 8_000, 30_000]))
    worker.patienceMilliseconds = Int64(dice.pick([15_000, 60_000, 600_000]))
    worker.mostAttempts = dice.within(2...6)
    worker.backoffBaseMilliseconds = 100
    worker.backoffMostMilliseconds = 2_000
    accounts = dice.pick([1, 1, 1, 2])
    sessions = dice.pick([1, 1, 2, 2, 3])
    drawsFreshNonces = dice.chance(25)
    sharesFile = dice.chance(50)
    isSplit = sharesFile && sessions > 1 && dice.chance(60)
    startsEmpty = dice.chance(3)
    actions = dice.pick([60, 120, 200, 300])
  }

  private mutating func people(_ dice: inout Dice) {
    var count = dice.within(2...12)
    let campaigns = dice.pick([1, 1, 2])
    for number in 1...campaigns {
      let mine = number == campaigns ? count : dice.within(1...max(1, count - 1))
      count = max(1, count - mine)
      let asset = dice.chance(60) ? Plan.token : Plan.native
      let people = (0..<mine).map { place in person(number, place, asset, &dice) }
      distributions.append(
        Distribution(name: "sim-\(number)", asset: asset, people: people, planning: planning(&dice)))
    }
  }

  private func person(_ campaign: Int, _ place: Int, _ asset: AssetID, _ dice: inout Dice) -> Person {
    let address = Address(Array(repeating: 0, count: 18) + [UInt8(campaign), UInt8(place + 1)])
    var behavior: PayeeBehavior?
    switch dice.below(20) {
    case 0: behavior = .rejects
    case 1 where asset.token != nil: behavior = .withoutEffect
    case 2 where asset.token != nil: behavior = .feeOnTransfer(percent: 10)
    default: break
    }
    return Person(address: address, units: UInt256(UInt64(dice.within(100...9_999))), behavior: behavior)
  }

  private func planning(_ dice: inout Dice) -> CampaignChange.Planning {
    let mode = dice.pick([CampaignMode.asyncBatch, .asyncBatch, .asyncBatch, .sync, .canary])
    var window = Window.always
    switch dice.below(16) {
    case 0: window = Window(start: Plan.start.advanced(byMilliseconds: 20_000), end: nil, daily: nil)
    case 1: window = Window(start: nil, end: Plan.start.advanced(byMilliseconds: 15_000), daily: nil)
    default: break
    }
    return CampaignChange.Planning(
      mode: mode, priority: dice.within(1...9), window: window, maxBatch: dice.within(1...4),
      canary: mode == .canary ? dice.within(1...2) : 0)
  }

  /// Drawn from a stream of its own: worlds without a policy are what they would be without this.
  private mutating func screen() {
    var dice = Dice(seed, .screening)
    guard dice.chance(35) else { return }
    let people = distributions.flatMap(\.people)
    let listed = (0..<dice.within(1...3)).map { _ in
      Set(people.map(\.address).filter { _ in dice.chance(15) })
    }
    screening = Screening(listed: listed, most: UInt256(UInt64(dice.within(2_000...9_000))), hours: dice.pick([1, 24]))
  }

  private mutating func disturb(_ dice: inout Dice) {
    let force = dice.pick([1, 1, 2, 4])
    for fault in ChainFault.allCases where dice.chance(45) {
      chainFaults[fault] = SeededFaults.Chance(of65536: fault.usual * force, budget: dice.within(1...6))
    }
    for fault in Fault.allCases where dice.chance(40) {
      faults[fault] = Chance(of4096: fault.usual * force, budget: dice.within(1...fault.most))
    }
  }
}

extension ChainFault {
  /// How often it happens at an opportunity of a world that knows it, in 1/65536.
  fileprivate var usual: Int {
    switch self {
    case .lostRequest, .lostAnswer, .falseRefusal, .silence: 6_000
    case .lag, .stuck, .lie: 3_000
    case .drop, .emptyBlock, .blind: 5_000
    // Only a slot with several attempts, or one that was forgotten, gives an opportunity.
    case .reappear, .olderMember: 30_000
    case .reorg: 5_000
    case .stall, .feeSpike, .outOfFunds: 2_000
    case .revert, .stranger: 2_500
    }
  }
}
