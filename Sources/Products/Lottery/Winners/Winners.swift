import Codecs

extension LotteryEngine {
  /// Creates the store of winners and payouts, once. Throws `notAuthorized`, `alreadyInitialized`.
  package mutating func initPayouts(_ context: Context) throws(LotteryError) {
    try requireAdmin(context)
    guard payouts == nil else { throw LotteryError(.alreadyInitialized) }
    payouts = PayoutStore()
  }

  /// Computes the next winners, at most `batchLimit`. The first call takes the randomness; the last moves a drawn
  /// lottery to payout.
  ///
  /// Throws in the order of the specification (2.9): `notAuthorized`, `batchLimitZero`, `drawStatusInvalid`,
  /// `registryMissing`, `winnerVrfNotReady`, `vrfConsumed`, `winnerAllAssigned`, and what the derivation throws.
  package mutating func computeWinnersAdmin(
    _ id: UInt64, batchLimit: UInt64, _ context: Context
  ) throws(LotteryError) -> [LotteryEvent] {
    try requireNotStopped()
    try requireAdmin(context)
    guard batchLimit > 0 else { throw LotteryError(.batchLimitZero) }
    let lottery = try lottery(id)
    try lottery.requireStatus(.drawn, .payout)
    guard payouts != nil else { throw LotteryError(.registryMissing) }
    let progress = try winnerBasis(lottery)
    guard progress.totalRequired == lottery.config.totalWinners else {
      throw LotteryError(.drawStatusInvalid, "the plan has changed")
    }
    let remaining = progress.totalRequired - progress.assigned
    guard remaining > 0 else { throw LotteryError(.winnerAllAssigned) }
    let batch = try deriveBatch(lottery, progress, count: min(batchLimit, remaining))
    return write(batch, lottery, progress)
  }

  /// The winner state as it is, or as the first batch makes it from the draw; without its records.
  private func winnerBasis(_ lottery: Lottery) throws(LotteryError) -> WinnerBasis {
    if let state = payouts?.states[lottery.id], state.initialized { return WinnerBasis(state, lottery) }
    return WinnerBasis(try preparedForWinnerComputation(lottery.id), lottery)
  }

  private func deriveBatch(
    _ lottery: Lottery, _ basis: WinnerBasis, count: UInt64
  ) throws(LotteryError) -> WinnerBatch {
    let taken = payouts?.states[lottery.id]?.taken ?? TakenTickets()
    let derived = try basis.derivation.winners(from: basis.assigned, count: count, taken: taken)
    var batch = WinnerBatch(newlyTaken: derived.newlyTaken, chain: basis.chain)
    batch.records.reserveCapacity(derived.winners.count)
    for winner in derived.winners {
      batch.records.append(
        WinnerRecord(
          slotId: winner.slotId, ticketIndex: winner.ticketIndex,
          winner: try ticketOwner(lottery.id, ticket: winner.ticketIndex), winnerHash: winner.winnerHash))
      batch.chain.append(winner)
    }
    #if ALMONER_MUTANTS
      if LotteryMutant.chainByBatch.isActive { batch.chain.cutBatch() }
    #endif
    return batch
  }

  private mutating func write(_ batch: WinnerBatch, _ lottery: Lottery, _ basis: WinnerBasis) -> [LotteryEvent] {
    let id = lottery.id
    if payouts?.states[id] == nil { payouts?.states[id] = WinnerState(basis) }
    payouts?.states[id]?.append(batch)
    #if ALMONER_MUTANTS
      if LotteryMutant.randomnessKept.isActive {
        draws?.states[id]?.vrf.consumed = false
      } else {
        draws?.states[id]?.vrf.consumed = true
      }
    #else
      draws?.states[id]?.vrf.consumed = true
    #endif
    #if ALMONER_MUTANTS
      if LotteryMutant.numbersDropped.isActive { draws?.states[id]?.verifiedNumbers = [] }
    #endif
    #if ALMONER_MUTANTS
      if LotteryMutant.snapshotRewritten.isActive { draws?.states[id]?.vrf.payloadHash = batch.chain.checksum }
    #endif
    draws?.states[id]?.winnersBatchHash = batch.chain.batchHash
    draws?.states[id]?.checksumAfterBatch = batch.chain.checksum
    let assigned = basis.assigned + UInt64(batch.records.count)
    if assigned == basis.totalRequired, lottery.status == .drawn { mark(id, .payout) }
    return [
      .winnersComputed(
        WinnersComputedEvent(
          lotteryId: id, batchNo: basis.batchNo, assignedInBatch: UInt64(batch.records.count), totalAssigned: assigned,
          winnersBatchHash: batch.chain.batchHash.bytes, checksumAfterBatch: batch.chain.checksum.bytes))
    ]
  }

  /// How far winners and payouts are; all zero before the first batch.
  package func winnerProgress(_ id: UInt64) -> WinnerProgressView {
    var view = WinnerProgressView()
    guard let state = payouts?.states[id] else { return view }
    view.initialized = state.initialized
    view.totalRequired = state.totalRequired
    view.totalAssigned = state.totalAssigned
    view.payoutRound = state.payoutRound
    view.nextWinnerBatchNo = state.nextWinnerBatchNo
    view.lastPayoutTs = state.lastPayoutTs
    return view
  }

  /// Winners by ordinal, at most `limit` from `from` on.
  package func winners(_ id: UInt64, from: Int, limit: Int) -> [WinnerRecord] {
    guard let records = payouts?.states[id]?.records, from >= 0, from < records.count, limit > 0 else { return [] }
    return Array(records[from...].prefix(limit))
  }
}

/// What a batch of winners is computed from.
struct WinnerBasis {
  let totalRequired: UInt64
  let assigned: UInt64
  let batchNo: UInt64
  let chain: WinnerChain
  let derivation: WinnerDerivation

  init(_ draw: DrawState, _ lottery: Lottery) {
    (totalRequired, assigned, batchNo, chain) = (lottery.config.totalWinners, 0, 0, WinnerChain())
    derivation = WinnerDerivation(
      schema: lottery.schema, lotteryId: lottery.id, plan: lottery.config.prizePlan,
      winnersDedup: lottery.config.winnersDedup, randomNumbers: draw.verifiedNumbers,
      snapshotHash: draw.snapshotHash ?? .zero, payloadHash: draw.vrf.payloadHash ?? .zero, attempt: draw.vrf.attempt,
      totalTickets: draw.totalTickets)
  }

  init(_ state: WinnerState, _ lottery: Lottery) {
    (totalRequired, assigned, batchNo) = (state.totalRequired, state.totalAssigned, state.nextWinnerBatchNo)
    let start = WinnerChain()
    chain = WinnerChain(
      batchHash: state.winnersBatchHash ?? start.batchHash, checksum: state.checksumAfterBatch ?? start.checksum)
    derivation = WinnerDerivation(
      schema: lottery.schema, lotteryId: lottery.id, plan: lottery.config.prizePlan,
      winnersDedup: lottery.config.winnersDedup, randomNumbers: state.randomNumbers,
      snapshotHash: state.snapshotHash ?? .zero, payloadHash: state.payloadHash ?? .zero, attempt: state.attempt,
      totalTickets: state.totalTickets)
  }
}

/// One batch of winners, computed and not yet written.
struct WinnerBatch {
  var records: [WinnerRecord] = []
  let newlyTaken: TakenTickets
  var chain: WinnerChain
}

extension WinnerState {
  fileprivate init(_ basis: WinnerBasis) {
    self.init()
    let derivation = basis.derivation
    initialized = true
    totalRequired = basis.totalRequired
    totalTickets = derivation.totalTickets
    snapshotHash = derivation.snapshotHash
    payloadHash = derivation.payloadHash
    schemaVersion = derivation.schema.rawValue
    attempt = derivation.attempt
    randomNumbers = derivation.randomNumbers
  }

  fileprivate mutating func append(_ batch: WinnerBatch) {
    records += batch.records
    taken.merge(batch.newlyTaken)
    winnersBatchHash = batch.chain.batchHash
    checksumAfterBatch = batch.chain.checksum
    nextWinnerBatchNo += 1
    #if ALMONER_MUTANTS
      if LotteryMutant.winnersPastPlan.isActive { records += batch.records }
    #endif
    #if ALMONER_MUTANTS
      if LotteryMutant.checksumLost.isActive { checksumAfterBatch = nil }
    #endif
  }
}
