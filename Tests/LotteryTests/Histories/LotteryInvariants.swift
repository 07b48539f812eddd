import Codecs
@testable import Lottery

/// The invariants of the specification (section 4) that a state, or a step, can be asked for.
enum LotteryInvariants {
  /// What holds of every state. Gives the broken ones, by number.
  static func always(_ engine: LotteryEngine) -> [String] {
    var broken: [String] = []
    func holds(_ condition: Bool, _ name: String) { if !condition { broken.append(name) } }
    for (id, lottery) in engine.registry?.lotteries ?? [:] {
      // I1 and I3 are types: a status has eight cases, a checksum 32 bytes.
      holds(!lottery.snapshotFrozen || lottery.status >= .closing, "I2")
      let shares = lottery.config.salesDistribution
      let sum = [shares.prizeBps, shares.jackpotBps, shares.operationsBps, shares.reserveBps].reduce(0) { $0 + Int($1) }
      holds(sum == 10_000, "I4")
      if let state = engine.sales?.states[id] { broken += sales(state) }
      if let state = engine.draws?.states[id] {
        broken += draw(state)
        holds(isUnchanged(state, try? engine.finalizationSnapshot(id)), "I32")
      }
      if let state = engine.payouts?.states[id] { broken += winners(state, lottery) }
    }
    return broken
  }

  private static func sales(_ state: SalesState) -> [String] {
    let books = state.accounting
    var broken: [String] = []
    if books.totalPrizePaid > books.totalAllocated { broken.append("I7") }
    if books.totalOperationsPaid > books.totalOperationsAllocated { broken.append("I8") }
    // I9 as the specification mends it.
    if books.totalAllocated + books.totalOperationsAllocated < books.totalPrizePaid + books.totalOperationsPaid {
      broken.append("I9")
    }
    if state.refund.ticketsProcessed > state.ticketsSold
      || state.refund.prizeTotal + state.refund.operationsTotal > state.proceedsAccum
    {
      broken.append("I41")
    }
    if books.totalSales != state.proceedsAccum { broken.append("I5: sales are not the proceeds") }
    return broken
  }

  private static func draw(_ state: DrawState) -> [String] {
    var broken: [String] = []
    func holds(_ condition: Bool, _ name: String) { if !condition { broken.append(name) } }
    let vrf = state.vrf
    let waits = vrf.status == .requested || vrf.status == .fulfilled
    holds(!waits || state.snapshotHash != nil, "I19")
    // I20, I23 with what the specification says of FAILED.
    holds(
      vrf.retryAfterTs != 0 || [.idle, .fulfilled, .failed].contains(vrf.status)
        || vrf.retryStrategy == RetryStrategy.manual.rawValue, "I20")
    holds(vrf.status != .fulfilled || !vrf.consumed || !state.verifiedNumbers.isEmpty, "I21")
    holds(!vrf.consumed || vrf.status == .fulfilled || vrf.status == .failed, "I23")
    holds(vrf.schemaVersion >= 1 && vrf.retryStrategy <= 2, "I24")
    return broken
  }

  private static func isUnchanged(_ state: DrawState, _ shown: FinalizationSnapshot?) -> Bool {
    guard let shown else { return false }
    return shown.snapshotHash == state.snapshotHash && shown.payloadHash == state.vrf.payloadHash
      && shown.winnersBatchHash == state.winnersBatchHash && shown.checksumAfterBatch == state.checksumAfterBatch
      && shown.schemaVersion == state.vrf.schemaVersion && shown.attempt == state.vrf.attempt
      && shown.closingBlockHeight == state.vrf.closingBlockHeight && shown.chainId == state.vrf.chainId
      && shown.requestTs == state.lastRequestTs && shown.vrfStatus == state.vrf.status
  }

  private static func winners(_ state: WinnerState, _ lottery: Lottery) -> [String] {
    var broken: [String] = []
    func holds(_ condition: Bool, _ name: String) { if !condition { broken.append(name) } }
    holds(state.totalAssigned <= state.totalRequired, "I14")
    holds(!state.initialized || state.checksumAfterBatch != nil, "I15")
    if lottery.config.winnersDedup {
      holds(Set(state.records.map(\.ticketIndex)).count == state.records.count, "I40")
    }
    return broken
  }

  /// What holds between the states before and after an operation that succeeded.
  static func afterOperation(
    _ id: UInt64, _ before: LotteryEngine, _ after: LotteryEngine, _ events: [LotteryEvent]
  ) -> [String] {
    var broken: [String] = []
    for event in events {
      switch event {
      case .ticketPurchase(let sale): broken += sold(sale, before, after)
      case .payoutBatch(let batch): broken += paid(batch, before, after)
      case .partnerPayout(let payout): broken += paidPartner(payout, before, after)
      case .refundBatch(let batch):
        let last = before.refundProgress(id).refundRound
        if batch.refundRound != last + 1 || after.refundProgress(id).refundRound != last + 1 { broken.append("I41") }
      case .vrfRequested(let request): broken += requested(request, before, after)
      case .vrfFulfilled:
        let state = after.draws?.states[id]
        if state?.vrf.status != .fulfilled || state?.vrf.consumed != false || state?.vrf.retryAfterTs != 0 {
          broken.append("I28")
        }
      case .winnersComputed: broken += computed(id, before, after)
      case .lotteryCanceled where after.draws?.states[id]?.vrf.status == .failed: broken += failed(id, before, after)
      default: break
      }
    }
    return broken
  }

  private static func books(_ engine: LotteryEngine, _ id: UInt64) -> Accounting {
    engine.sales?.states[id]?.accounting ?? Accounting()
  }

  private static func sold(_ sale: TicketPurchaseEvent, _ before: LotteryEngine, _ after: LotteryEngine) -> [String] {
    let (old, new) = (books(before, sale.lotteryId), books(after, sale.lotteryId))
    var expected = old
    expected.totalSales += sale.saleAmount
    expected.totalAllocated += sale.prizeAllocation + sale.reserveAllocation
    expected.totalOperationsAllocated += sale.operationsAllocation
    var broken: [String] = new == expected ? [] : ["I5"]
    let parts =
      sale.prizeAllocation + sale.jackpotAllocation + sale.operationsAllocation + sale.reserveAllocation
    if parts != sale.saleAmount { broken.append("I6") }
    return broken
  }

  private static func paid(_ batch: PayoutBatchEvent, _ before: LotteryEngine, _ after: LotteryEngine) -> [String] {
    let id = batch.lotteryId
    var expected = books(before, id)
    expected.totalPrizePaid += batch.prizePaid
    expected.totalOperationsPaid += batch.operationsPaid
    var broken: [String] = books(after, id) == expected ? [] : ["I13"]
    if after.winnerProgress(id).payoutRound != before.winnerProgress(id).payoutRound + 1 { broken.append("I17") }
    return broken
  }

  private static func paidPartner(
    _ payout: PartnerPayoutEvent, _ before: LotteryEngine, _ after: LotteryEngine
  ) -> [String] {
    let id = payout.lotteryId
    var expected = books(before, id)
    expected.totalOperationsPaid += payout.amount
    let same = after.winnerProgress(id).payoutRound == before.winnerProgress(id).payoutRound
    return books(after, id) == expected && same ? [] : ["I18"]
  }

  private static func requested(
    _ request: VrfRequestedEvent, _ before: LotteryEngine, _ after: LotteryEngine
  ) -> [String] {
    let id = request.lotteryId
    guard let new = after.draws?.states[id], let lottery = after.registry?.lotteries[id] else { return ["I25"] }
    let old = before.draws?.states[id] ?? DrawState()
    var broken: [String] = []
    let isSound =
      new.vrf.status == .requested && !new.vrf.consumed && new.vrf.attempt == old.vrf.attempt + 1
      && new.nextClientSeed == old.nextClientSeed + 1 && new.clientSeed == old.nextClientSeed
      && new.vrf.retryStrategy == lottery.config.vrfRetryPolicy.strategy
      && new.vrf.schemaVersion == lottery.schema.rawValue && new.vrf.chainId == request.chainId
      && new.vrf.closingBlockHeight == request.closingBlockHeight && new.lastRequestTs == request.requestTs
      && new.verifiedNumbers.isEmpty && new.winnersBatchHash == nil && new.checksumAfterBatch == nil
    if !isSound { broken.append("I25") }
    let latest = request.requestTs + lottery.config.vrfRetryPolicy.maxDelaySecs
    let isManual = new.vrf.retryStrategy == RetryStrategy.manual.rawValue
    let inTime = (request.requestTs...latest).contains(new.vrf.retryAfterTs)
    if isManual ? new.vrf.retryAfterTs != 0 : !inTime { broken.append("I26") }
    return broken
  }

  private static func failed(_ id: UInt64, _ before: LotteryEngine, _ after: LotteryEngine) -> [String] {
    guard let new = after.draws?.states[id], let old = before.draws?.states[id] else { return ["I27"] }
    let isSound =
      new.vrf.consumed && new.vrf.retryAfterTs == 0 && new.vrf.attempt == old.vrf.attempt
      && new.nextClientSeed == old.nextClientSeed && new.lastRequestTs == old.lastRequestTs
      && new.verifiedNumbers.isEmpty && new.winnersBatchHash == nil && new.vrf.payloadHash == nil
    return isSound ? [] : ["I27"]
  }

  private static func computed(_ id: UInt64, _ before: LotteryEngine, _ after: LotteryEngine) -> [String] {
    guard let new = after.draws?.states[id], let old = before.draws?.states[id],
      let winners = after.payouts?.states[id]
    else { return ["I29"] }
    var broken: [String] = []
    if !new.vrf.consumed || new.vrf.status != old.vrf.status || new.vrf.attempt != old.vrf.attempt {
      broken.append("I29")
    }
    if new.snapshotHash != old.snapshotHash || new.vrf.payloadHash != old.vrf.payloadHash { broken.append("I30") }
    // I39: the same hashes as one batch of all winners so far.
    var chain = WinnerChain()
    for (ordinal, record) in winners.records.enumerated() {
      chain.append(
        DerivedWinner(
          ordinal: UInt64(ordinal), slotId: record.slotId, localIndex: 0, ticketIndex: record.ticketIndex, rehashes: 0,
          firstDigest: record.winnerHash, winnerHash: record.winnerHash))
    }
    if winners.winnersBatchHash != chain.batchHash || new.winnersBatchHash != chain.batchHash
      || winners.checksumAfterBatch != chain.checksum
    {
      broken.append("I39")
    }
    return broken
  }
}
