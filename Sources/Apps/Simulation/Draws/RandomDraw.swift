import Codecs
import Curves
import Lottery
import Randomness
import SimulatedChain
import Sodium

/// One lottery of the seed's making, from its plan to its winners, with a real value and a real proof of it.
struct RandomDraw {
  private var dice: SplitMix
  private let schema: Schema
  private let id: UInt64
  private let admin = LotteryAddress(0xAD)
  private var engine: LotteryEngine
  private let key: VRFSecretKey
  private let isLate: Bool
  private let margin: UInt64
  private let closedAt: UInt64
  /// What a beacon must be asked for, when the draw is of a beacon.
  private let round: KnownRound?
  private let plan: RandomnessPlan

  init(seed: UInt64) throws {
    var dice = SplitMix(seed: seed)
    schema = dice.below(4) == 0 ? .v1 : .v2
    id = 1 + UInt64(dice.below(1_000_000))
    engine = LotteryEngine(admin: LotteryAddress(0xAD))
    let start = Context(actor: LotteryAddress(0xAD), now: 0)
    try engine.initRegistry(start)
    try engine.initSales(start)
    try engine.initDraw(start)
    try engine.initPayouts(start)
    engine.history = HistoryStore()
    var secret: [UInt8] = []
    for _ in 0..<32 { secret.append(UInt8(truncatingIfNeeded: dice.next())) }
    let key = try VRFSecretKey(seed: secret.span)
    // A beacon costs a second verifier some seconds, so it is rare; its rounds are public ones, of known seconds.
    let round = seed % 50 == 0 ? KnownRound.all[dice.below(KnownRound.all.count)] : nil
    let hasFallback = dice.below(3) > 0
    let isLate = hasFallback && dice.below(3) == 0
    let (margin, deadline) = (1 + UInt64(dice.below(600)), 1 + UInt64(dice.below(7200)))
    let someTime = 1_600_000_000 + UInt64(dice.below(100_000_000))
    closedAt = if let round { round.seconds - 1 - margin - (isLate ? deadline : 0) } else { someTime }
    let drawn: RandomnessPlan.Source =
      if let round { .beacon(chain: round.chain.hash) } else if dice.below(3) == 0 {
        .callback(network: Array("network \(dice.below(9))".utf8))
      } else { .vrf(publicKey: key.publicKey) }
    let others: [RandomnessPlan.Source] = [
      .beacon(chain: DrandChain.quicknet.hash), .beacon(chain: DrandChain.defaultChain.hash), .callback(network: [1]),
    ].filter { $0 != drawn }
    let other = hasFallback ? others[dice.below(others.count)] : nil
    plan = try RandomnessPlan(
      source: isLate ? other ?? drawn : drawn, fallback: isLate ? drawn : other, marginSecs: margin,
      deadlineSecs: deadline)
    (self.dice, self.key, self.round, self.isLate, self.margin) = (dice, key, round, isLate, margin)
  }

  /// Sells, closes, asks, takes the value and computes the winners. Throws where chance made a lottery that cannot be
  /// drawn: more winners than tickets, or schema 1's dead end.
  mutating func bundle(witnesses: DrawWitnesses) throws -> DrawBundle {
    _ = try engine.createDraftAdmin(id, config: try config(), schema: schema, at(0))
    var course = try DrawCourse(planning: try engine.lottery(id), plan)
    _ = try engine.advanceStatus(id, to: .active, at(0))
    try course.open(try engine.lottery(id))
    try sell()
    _ = try engine.advanceStatus(id, to: .closing, at(closedAt))
    let committedAt = try request(&course)
    let witness = try witnesses.witness(of: course, at: committedAt, always: round != nil, &dice)
    try draw(&course)
    return try engine.drawBundle(
      of: course, prizes: prizes(), witness: witness, wholeList: dice.below(round == nil ? 3 : 2) == 0)
  }

  private func at(_ now: UInt64, block: UInt64 = 0) -> Context { Context(actor: admin, now: now, block: block) }

  private mutating func config() throws -> Config {
    let first = UInt16(dice.below(10_001))
    let second = UInt16(dice.below(10_001 - Int(first)))
    let third = UInt16(dice.below(10_001 - Int(first) - Int(second)))
    let dedup = dice.below(2) == 0
    var slots: [PrizeSlot] = []
    for slot in 0...dice.below(4) {
      let payload = [UInt8](repeating: 9, count: dice.below(4))
      slots.append(
        PrizeSlot(slotId: UInt64(slot * 10), winnersPerSlot: UInt16(1 + dice.below(4)), rewardPayload: payload))
    }
    return Config(
      eventSlug: Array("draw-\(dice.below(100))".utf8), seriesCode: Array("series".utf8), runId: UInt64(dice.below(9)),
      configVersion: 1 + UInt64(dice.below(9)), primaryType: 0, tagsMask: 0,
      salesWindow: SalesWindow(salesStart: closedAt - 1_000_000, salesEnd: closedAt),
      ticketPrice: 1 + UInt64(dice.below(1_000_000)),
      ticketLimits: TicketLimits(maxTicketsTotal: 1_000_000, maxTicketsPerAddress: 0),
      salesDistribution: try SalesDistribution(
        prizeBps: first, jackpotBps: second, operationsBps: third, reserveBps: 10_000 - first - second - third),
      prizePlan: slots, winnersDedup: dedup, drawAlgo: dedup ? 0 : 1,
      autoClosePolicy: AutoClosePolicy(enabled: dice.below(2) == 0, gracePeriodSecs: 60),
      rewardBackend: RewardBackend(), vrfRetryPolicy: .standard)
  }

  private mutating func sell() throws {
    let purchases = dice.below(20) == 0 ? dice.below(300) : dice.below(30)
    let most = [1, 5, 128][dice.below(3)]
    for i in 0...UInt64(purchases) {
      let buyer = LotteryAddress(1 + UInt64(dice.below(40)))
      let context = Context(actor: buyer, now: closedAt - 900_000 + 30 * i, block: i)
      _ = try engine.purchaseTicketsPublic(id, quantity: 1 + UInt64(dice.below(most)), context)
    }
  }

  /// Asks once, or again after nobody answered; gives when the last commitment was made. A beacon's round is of the first.
  private mutating func request(_ course: inout DrawCourse) throws -> UInt64 {
    let attempts = round == nil ? 1 + UInt64(dice.below(3) / 2) : 1
    var now = closedAt + UInt64(dice.below(Int(min(margin, 600))))
    for attempt in 1...attempts {
      if attempt > 1 { now += 600 + UInt64(dice.below(100)) }
      _ = try engine.requestDrawAdmin(id, nonce: attempt, at(now, block: UInt64(dice.below(1000))))
      guard let sales = engine.sales?.states[id], let state = engine.draws?.states[id] else { throw UndrawnLottery() }
      _ = try course.commit(
        try engine.lottery(id), sales: sales, draw: state, closedAt: closedAt, committedAt: now)
    }
    return now
  }

  private mutating func draw(_ course: inout DrawCourse) throws {
    guard let commitment = course.attempts.last?.commitment, let state = engine.draws?.states[id] else {
      throw UndrawnLottery()
    }
    let now = isLate ? commitment.schedule.deadline : commitment.committedAt
    let question = try course.question(at: now, nonce: dice.next()).question
    let numbers = try course.accept(try value(for: question), at: now)
    let answer = RandomnessAnswer(
      nonce: state.vrf.requestId, message: state.payload, signature: [], callerAddress: admin, rngCount: state.rngCount,
      clientSeed: state.clientSeed)
    _ = try engine.vrfCallback(answer, at(now)) { _ throws(LotteryError) in numbers }
    _ = try engine.computeWinnersAdmin(id, batchLimit: 1 + UInt64(dice.below(100)) * 100, at(now))
    guard engine.payouts?.states[id]?.totalAssigned == engine.payouts?.states[id]?.totalRequired else {
      throw UndrawnLottery()
    }
  }

  private mutating func value(for question: RandomnessQuestion) throws -> ProvenRandomness {
    switch question {
    case .beacon(_, let number):
      guard let round, round.beacon.round == number else { throw UndrawnLottery() }
      return ProvenRandomness(question, proof: .beacon(round.beacon), value: round.value)
    case .vrf: return try VRFSource(key).value(for: question)
    case .callback:
      let value = Keccak.sha3(Array("callback \(dice.next())".utf8)).bytes
      return ProvenRandomness(question, proof: .callback(signature: Array(value.prefix(5))), value: value)
    }
  }

  /// Of some winners, all within what was set aside.
  private mutating func prizes() -> [UInt64?] {
    let winners = engine.payouts?.states[id]?.totalRequired ?? 0
    let share = (engine.sales?.states[id]?.accounting.totalAllocated ?? 0) / max(1, winners)
    var prizes: [UInt64?] = []
    for _ in 0..<winners { prizes.append(dice.below(4) == 0 ? nil : share) }
    return prizes
  }
}

/// Chance made a lottery without winners: another seed makes another one.
struct UndrawnLottery: Error {}
