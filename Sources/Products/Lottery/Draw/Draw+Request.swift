package import Codecs

/// What the shell asks the randomness provider for.
package struct RandomnessRequest: Hashable, Sendable {
  package let lotteryId: UInt64
  /// The provider's name of the request.
  package let nonce: UInt64
  package let rngCount: UInt8
  package let clientSeed: UInt64
  package let confirmations: UInt64
  /// The bytes that the randomness must be bound to.
  package let payload: [UInt8]
  package let payloadHash: Hash32
}

/// What a draw request came to.
package enum DrawOutcome: Hashable, Sendable {
  case requested(RandomnessRequest)
  /// All attempts were used up: the lottery is canceled.
  case canceled
}

extension LotteryEngine {
  /// Creates the draw store, once. Throws `notAuthorized`, `alreadyInitialized`.
  package mutating func initDraw(_ context: Context) throws(LotteryError) {
    try requireAdmin(context)
    guard draws == nil else { throw LotteryError(.alreadyInitialized) }
    draws = DrawStore()
  }

  /// Asks for the randomness of a closed lottery, or cancels it when five attempts are used up. `nonce` is the
  /// provider's name for this request, and never used before.
  ///
  /// Throws in the order of the specification (2.8). Schema 2 asks for the admin first.
  package mutating func requestDrawAdmin(
    _ id: UInt64, nonce: UInt64, confirmations: UInt64 = 1, _ context: Context
  ) throws(LotteryError) -> (outcome: DrawOutcome, events: [LotteryEvent]) {
    if let schema = registry?.lotteries[id]?.schema, schema >= .v2 { try requireAdmin(context) }
    return try requestDraw(id, nonce: nonce, confirmations: confirmations, context)
  }

  /// As `requestDrawAdmin`, for callers that have already been let in.
  mutating func requestDraw(
    _ id: UInt64, nonce: UInt64, confirmations: UInt64, _ context: Context
  ) throws(LotteryError) -> (outcome: DrawOutcome, events: [LotteryEvent]) {
    try requireNotStopped()
    try requireFeature(.draw, premium: false)
    try requireVrfRequestsAllowed(context)
    let lottery = try lottery(id)
    try lottery.requireStatus(.closing, .drawRequested)
    let slots = lottery.config.prizePlan.count
    guard Limits.randomNumbers.contains(slots) else {
      throw LotteryError(.vrfRngCountInvalid, "\(slots) prize slots")
    }
    let snapshot = snapshotForDraw(id)
    guard snapshot.ticketsSold > 0 else { throw LotteryError(.vrfSnapshotEmpty) }
    guard let state = draws.map({ $0.states[id] ?? DrawState() }) else { throw LotteryError(.registryMissing) }
    let isLate = try state.requireRetryable(lottery.schema, now: context.now)
    if state.vrf.attempt >= Limits.vrfAttempts {
      return (.canceled, try failDraw(lottery, state, context))
    }
    try state.requireFree(isLate: isLate, now: context.now)
    if lottery.schema >= .v2, lottery.config.winnersDedup, lottery.config.totalWinners > snapshot.ticketsSold {
      throw LotteryError(
        .tooFewTickets, "\(lottery.config.totalWinners) winners of \(snapshot.ticketsSold) tickets",
        hint: "Cancel the lottery, and refund.")
    }
    let used = draws?.nonces[nonce]
    let next = try state.requesting(lottery, snapshot, slots: UInt8(slots), nonce: nonce, context)
    guard used == nil else { throw LotteryError(.vrfNonceUnknown, "the provider gave nonce \(nonce) twice") }
    if isLate { draws?.nonces[state.vrf.requestId] = nil }
    draws?.nonces[nonce] = id
    draws?.states[id] = next
    mark(id, .drawRequested)
    return (.requested(next.request(id, confirmations)), [.vrfRequested(next.event(id, context))])
  }

  /// The failure path: no randomness came in five attempts.
  private mutating func failDraw(
    _ lottery: Lottery, _ state: DrawState, _ context: Context
  ) throws(LotteryError) -> [LotteryEvent] {
    if lottery.schema == .v1 { try requireAdmin(context) }
    let events = try cancel(lottery.id, reason: CancelReason.vrfFailure.rawValue, context)
    draws?.nonces[state.vrf.requestId] = nil
    draws?.states[lottery.id] = state.failed()
    return events
  }
}

extension DrawState {
  /// Whether the outstanding request is overdue: its time is set and has come.
  private func isOverdue(_ now: UInt64) -> Bool {
    vrf.status == .requested && vrf.retryAfterTs > 0 && now >= vrf.retryAfterTs
  }

  /// Whether an overdue request is to be dropped. Schema 2 throws `vrfPending` while an answer may still come, also when
  /// this was the last attempt; schema 1 looks at that only after it has counted the attempts.
  fileprivate func requireRetryable(_ schema: Schema, now: UInt64) throws(LotteryError) -> Bool {
    let isLate = isOverdue(now)
    guard schema >= .v2 else { return isLate }
    let isOutstanding = vrf.status == .requested && !isLate
    guard !isOutstanding, vrf.status != .fulfilled || vrf.consumed else { throw LotteryError(.vrfPending) }
    return isLate
  }

  /// Checks 8 to 13 of the specification.
  fileprivate func requireFree(isLate: Bool, now: UInt64) throws(LotteryError) {
    guard vrf.status != .requested || isLate else {
      throw LotteryError(.vrfPending, hint: vrf.retryAfterTs > 0 ? "Again from \(vrf.retryAfterTs)." : nil)
    }
    if vrf.attempt > 0, vrf.retryStrategy == RetryStrategy.manual.rawValue {
      guard vrf.retryAfterTs > 0 else { throw LotteryError(.vrfManualScheduleRequired) }
    }
    guard vrf.status != .fulfilled || vrf.consumed else { throw LotteryError(.vrfPending) }
    guard vrf.retryAfterTs == 0 || now >= vrf.retryAfterTs else {
      throw LotteryError(.vrfRetryWindow, "the next request may be made from \(vrf.retryAfterTs)")
    }
    try requireCounters()
  }

  /// Attempt and client seed can be counted up. Throws `vrfAttemptOutOfOrder`, `vrfClientSeedOverflow`.
  package func requireCounters() throws(LotteryError) {
    guard vrf.attempt < .max else { throw LotteryError(.vrfAttemptOutOfOrder) }
    guard nextClientSeed < .max else { throw LotteryError(.vrfClientSeedOverflow) }
  }

  /// The state after one more request.
  fileprivate func requesting(
    _ lottery: Lottery, _ snapshot: SalesSnapshot, slots: UInt8, nonce: UInt64, _ context: Context
  ) throws(LotteryError) -> DrawState {
    var next = self
    let attempt = vrf.attempt + 1
    let policy = lottery.config.vrfRetryPolicy
    let record = DrawPayload(
      lotteryId: lottery.id, configVersion: lottery.config.configVersion, snapshotHash: snapshot.hash,
      slotsChecksum: lottery.slotsChecksum, rngCount: slots, clientSeed: nextClientSeed, attempt: attempt,
      closingBlockHeight: context.block, chainId: context.chainID)
    next.payload = record.bcs
    next.rngCount = slots
    next.clientSeed = nextClientSeed
    next.nextClientSeed = nextClientSeed + 1
    #if ALMONER_MUTANTS
      if LotteryMutant.seedReused.isActive { next.nextClientSeed = nextClientSeed }
    #endif
    next.lastRequestTs = context.now
    next.snapshotHash = snapshot.hash
    next.totalTickets = snapshot.ticketsSold
    (next.verifiedNumbers, next.winnersBatchHash, next.checksumAfterBatch) = ([], nil, nil)
    next.vrf.requestId = nonce
    next.vrf.payloadHash = Keccak.sha3(next.payload)
    next.vrf.schemaVersion = lottery.schema.rawValue
    next.vrf.attempt = attempt
    next.vrf.consumed = false
    next.vrf.status = .requested
    next.vrf.retryStrategy = policy.strategy
    next.vrf.retryAfterTs = try policy.retryAfter(attempt: attempt, now: context.now)
    next.vrf.closingBlockHeight = context.block
    next.vrf.chainId = context.chainID
    #if ALMONER_MUTANTS
      if LotteryMutant.snapshotLost.isActive { next.snapshotHash = nil }
    #endif
    #if ALMONER_MUTANTS
      if LotteryMutant.retryUnset.isActive { next.vrf.retryAfterTs = 0 }
    #endif
    #if ALMONER_MUTANTS
      if LotteryMutant.consumedEarly.isActive { next.vrf.consumed = true }
    #endif
    #if ALMONER_MUTANTS
      if LotteryMutant.strategyUnknown.isActive { next.vrf.retryStrategy = 9 }
    #endif
    return next
  }

  /// The state after the last attempt failed: attempt, seeds, snapshot and time of the request stay.
  fileprivate func failed() -> DrawState {
    var next = self
    next.vrf.status = .failed
    next.vrf.consumed = true
    next.vrf.retryAfterTs = 0
    next.vrf.requestId = 0
    next.vrf.payloadHash = nil
    (next.verifiedNumbers, next.payload) = ([], [])
    (next.winnersBatchHash, next.checksumAfterBatch) = (nil, nil)
    #if ALMONER_MUTANTS
      if LotteryMutant.failureForgetsAttempt.isActive { next.vrf.attempt = 0 }
    #endif
    return next
  }

  fileprivate func request(_ id: UInt64, _ confirmations: UInt64) -> RandomnessRequest {
    RandomnessRequest(
      lotteryId: id, nonce: vrf.requestId, rngCount: rngCount, clientSeed: clientSeed, confirmations: confirmations,
      payload: payload, payloadHash: vrf.payloadHash ?? .zero)
  }

  fileprivate func event(_ id: UInt64, _ context: Context) -> VrfRequestedEvent {
    VrfRequestedEvent(
      lotteryId: id, requestId: vrf.requestId, attempt: vrf.attempt, rngCount: rngCount, clientSeed: clientSeed,
      payloadHash: vrf.payloadHash?.bytes ?? [], snapshotHash: snapshotHash?.bytes ?? [], ticketsSold: totalTickets,
      closingBlockHeight: context.block, chainId: context.chainID, requestTs: context.now)
  }
}
