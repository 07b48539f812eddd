import Lottery
import Money

extension LotteryHistory {
  /// One thing that somebody wants.
  mutating func act() {
    meetFaults()
    world.clock.advance(Int64(dice.pick([0, 0, 200, 1_000, 4_000, 12_000])))
    let id = dice.chance(3) ? 99 : dice.pick(plan.lotteries.keys.sorted())
    if dice.chance(35) { return goOn(id) }
    switch dice.below(28) {
    case 0, 1: ask(.advanceStatus(id: id, status: .active))
    case 2:
      ask(
        .advanceStatus(
          id: id, status: dice.chance(80) ? .closing : LotteryStatus(rawValue: UInt8(dice.below(8))) ?? .drawn))
    case 3...10: buy(id)
    case 11, 12: buyTogether(id)
    case 13, 14: request(id)
    case 15...17: answer(id)
    case 18, 19: ask(.computeWinnersAdmin(id: id, batchLimit: UInt64(dice.below(5))))
    case 20, 21: pay(id)
    case 22: if dice.chance(25) { ask(.cancelLotteryAdmin(id: id, reason: UInt8(dice.below(5)))) } else { refund(id) }
    case 23: refund(id)
    case 24: end(id)
    case 25: again()
    case 26: trespass(id)
    default: _ = world.settle()
    }
  }

  /// What comes next in this lottery's life, so that histories get somewhere.
  private mutating func goOn(_ id: UInt64) {
    guard let engine = try? world.look({ desk, _ in try desk.engine() }), let lottery = try? engine.lottery(id) else {
      return
    }
    switch lottery.status {
    case .draft: ask(.advanceStatus(id: id, status: .active))
    case .active:
      if engine.snapshotForDraw(id).ticketsSold > 6, dice.chance(30) {
        ask(.advanceStatus(id: id, status: .closing))
      } else {
        buyTogether(id)
      }
    case .closing: request(id)
    case .drawRequested: dice.chance(70) ? answer(id) : request(id)
    case .drawn: ask(.computeWinnersAdmin(id: id, batchLimit: UInt64(dice.within(1...6))))
    case .payout: dice.chance(80) ? pay(id) : end(id)
    case .canceled: refund(id)
    case .finalized: break
    }
  }

  // MARK: Buyers

  private mutating func buyer() -> LotteryAddress {
    // Now and then one whom the paying chain does not know.
    dice.chance(3)
      ? LotteryAddress(parsing: "0x01\(String(repeating: "00", count: 31))") ?? LotteryPlan.partner
      : LotteryAddress(1 + UInt64(dice.below(Int(plan.buyers))))
  }

  private mutating func quantity() -> UInt64 {
    dice.chance(80) ? UInt64(dice.within(1...6)) : dice.pick([0, 1, 30, 127, 128, 129, 256, 257, 1 << 32, .max])
  }

  private mutating func purchase(_ id: UInt64) -> LotteryRequest {
    LotteryRequest(
      key: key(), actor: buyer(), operation: .purchaseTicketsPublic(id: id, quantity: quantity()))
  }

  private mutating func buy(_ id: UInt64) { ask([(purchase(id), false)]) }

  /// Many in one commit, some of them the same.
  private mutating func buyTogether(_ id: UInt64) {
    var requests = (0..<dice.within(2...20)).map { _ in (request: purchase(id), isForged: false) }
    if dice.chance(30) { requests.append(requests[0]) }
    ask(requests)
  }

  /// A request again under its key: the same, long after, or another one.
  private mutating func again() {
    guard let key = asked.keys.sorted().dropFirst(dice.below(asked.count)).first, let known = asked[key] else { return }
    guard dice.chance(30) else { return _ = ask([known]) }
    let other = LotteryRequest(
      key: key, actor: known.request.actor, operation: .purchaseTicketsPublic(id: 98, quantity: 1))
    // Only where the first stands: a key of something refused is free.
    if told[key] != nil, other != known.request { ask([(other, true)]) }
  }

  /// What is the admin's, by somebody else.
  private mutating func trespass(_ id: UInt64) {
    let stranger = LotteryAddress(1 + UInt64(dice.below(Int(plan.buyers))))
    let steps: [LotteryOperation] = [
      .cancelLotteryAdmin(id: id, reason: 2), .advanceStatus(id: id, status: .closing), .finalizeLotteryAdmin(id: id),
      .computeWinnersAdmin(id: id, batchLimit: 5), .topUpVault(id: id, amount: 1),
      .recordPayoutBatchAdmin(id: id, round: 1, winnersPaid: 1, prizePaid: 1, operationsPaid: 0),
      .forceRefundBatchAdmin(id: id, round: 1, ticketsRefunded: 1, prizeRefund: 1, operationsRefund: 0),
    ]
    ask(dice.pick(steps), by: stranger, isForged: true)
  }

  // MARK: The draw

  private mutating func request(_ id: UInt64) {
    ask(.requestDrawAdmin(id: id, nonce: UInt64(dice.below(40)), confirmations: 1))
  }

  /// The answer that a lottery waits for, or one that is forged, comes again, or comes for nobody.
  private mutating func answer(_ id: UInt64) {
    guard let state = try? world.look({ desk, _ in try desk.engine().draws?.states[id] }) ?? nil else { return }
    let honest = RandomnessAnswer(
      nonce: state.vrf.requestId, message: state.payload, signature: [], callerAddress: LotteryPlan.admin,
      rngCount: state.rngCount, clientSeed: state.clientSeed)
    let numbers = (0..<state.rngCount).map { _ in UInt256(dice.next()) }
    guard dice.chance(60) else { return forge(honest, numbers) }
    guard plan.isAnswered, state.vrf.status == .requested else { return }
    remember(honest)
    ask(.vrfCallback(answer: honest, numbers: numbers))
  }

  private mutating func forge(_ honest: RandomnessAnswer, _ numbers: [UInt256]) {
    func other(
      nonce: UInt64? = nil, message: [UInt8]? = nil, count: UInt8? = nil, seed: UInt64? = nil
    ) -> RandomnessAnswer {
      RandomnessAnswer(
        nonce: nonce ?? honest.nonce, message: message ?? honest.message, signature: [],
        callerAddress: LotteryPlan.admin,
        rngCount: count ?? honest.rngCount, clientSeed: seed ?? honest.clientSeed)
    }
    let forged: RandomnessAnswer
    switch dice.below(7) {
    case 5: return _ = ask(.vrfCallback(answer: honest, numbers: numbers), by: LotteryPlan.partner, isForged: true)
    case 0: forged = other(nonce: honest.nonce &+ 1_000)
    case 1: forged = other(message: honest.message + [0])
    case 2: forged = other(message: [])
    case 3: forged = other(count: honest.rngCount &+ 1)
    case 4: forged = other(seed: honest.clientSeed &+ 1)
    default:
      // Not forged but late; the model knows whether anybody still waits.
      guard let old = oldAnswer(dice.below(100)) else { return }
      return _ = ask(.vrfCallback(answer: old, numbers: numbers))
    }
    ask(.vrfCallback(answer: forged, numbers: numbers), isForged: true)
  }

  // MARK: Money

  private mutating func pay(_ id: UInt64) {
    guard let engine = try? world.look({ desk, _ in try desk.engine() }) else { return }
    let progress = engine.winnerProgress(id)
    let books = try? engine.accountingSnapshot(id)
    let paid = engine.payouts?.states[id]?.winnersPaid ?? 0
    let left = (books?.totalAllocated ?? 0) &- (books?.totalPrizePaid ?? 0)
    let winners = dice.chance(70) ? min(3, progress.totalAssigned &- paid) : UInt64(dice.below(9))
    let round = progress.payoutRound + (dice.chance(85) ? 1 : UInt64(dice.below(3)))
    let prize = dice.chance(60) ? left / 2 : dice.pick([left, left &+ 1, winners, 0, .max])
    let operations = dice.chance(80) ? 0 : UInt64(dice.below(400))
    ask(
      .recordPayoutBatchAdmin(
        id: id, round: round, winnersPaid: winners, prizePaid: prize, operationsPaid: operations))
  }

  private mutating func refund(_ id: UInt64) {
    guard let engine = try? world.look({ desk, _ in try desk.engine() }) else { return }
    let progress = engine.refundProgress(id)
    let tickets = progress.ticketsSold &- progress.ticketsRefunded
    let part = dice.chance(50) ? min(tickets, UInt64(dice.within(1...5))) : dice.pick([tickets, tickets &+ 1, 0])
    let price = engine.sales?.states[id]?.ticketPrice ?? 1
    let left = progress.proceedsAccum &- progress.prizeRefunded &- progress.operationsRefunded
    let units = dice.chance(80) ? min(left, part &* price) : dice.pick([left, left &+ 1, 0])
    let round = progress.refundRound + (dice.chance(85) ? 1 : UInt64(dice.below(3)))
    ask(
      .forceRefundBatchAdmin(
        id: id, round: round, ticketsRefunded: part, prizeRefund: units, operationsRefund: 0))
  }

  private mutating func end(_ id: UInt64) {
    switch dice.below(3) {
    case 0: ask(.waiveWinnersAdmin(id: id, count: UInt64(dice.below(3))))
    case 1: ask(.finalizeLotteryAdmin(id: id))
    default: ask(.archiveCanceledLotteryAdmin(id: id))
    }
  }
}
