package import Codecs
package import Money

/// The provider's answer, as it came.
package struct RandomnessAnswer: Hashable, Sendable {
  package let nonce: UInt64
  package let message: [UInt8]
  package let signature: [UInt8]
  package let callerAddress: LotteryAddress
  package let rngCount: UInt8
  package let clientSeed: UInt64

  package init(
    nonce: UInt64, message: [UInt8], signature: [UInt8], callerAddress: LotteryAddress, rngCount: UInt8,
    clientSeed: UInt64
  ) {
    self.nonce = nonce
    self.message = message
    self.signature = signature
    self.callerAddress = callerAddress
    self.rngCount = rngCount
    self.clientSeed = clientSeed
  }
}

extension LotteryEngine {
  /// Takes the randomness that a request waits for. `verify` is the provider's check of the answer; it gives the
  /// numbers.
  ///
  /// Throws in the order of the specification: `registryMissing`, `vrfNonceUnknown`, `vrfNotRequested`, `vrfConsumed`,
  /// `vrfRngCountInvalid`, `vrfPayloadMismatch`, what `verify` throws, `drawStatusInvalid`.
  package mutating func vrfCallback(
    _ answer: RandomnessAnswer, _ context: Context,
    verify: (RandomnessAnswer) throws(LotteryError) -> [UInt256]
  ) throws(LotteryError) -> [LotteryEvent] {
    try requireNotStopped()
    guard draws != nil else { throw LotteryError(.registryMissing) }
    guard let id = draws?.nonces[answer.nonce], let state = draws?.states[id], state.vrf.requestId == answer.nonce
    else { throw LotteryError(.vrfNonceUnknown, "nobody waits for nonce \(answer.nonce)") }
    let hash = try state.requireAnswer(answer)
    let numbers = try verify(answer)
    let lottery = try lottery(id)
    if lottery.schema >= .v2, numbers.count != Int(state.rngCount) {
      throw LotteryError(.vrfRngCountInvalid, "\(numbers.count) numbers, \(state.rngCount) were asked for")
    }
    try lottery.requireStatus(.drawRequested)
    var next = state
    next.verifiedNumbers = numbers
    next.vrf.status = .fulfilled
    next.vrf.consumed = false
    next.vrf.retryAfterTs = 0
    #if ALMONER_MUTANTS
      if LotteryMutant.retryKept.isActive { next.vrf.retryAfterTs = state.vrf.retryAfterTs }
    #endif
    draws?.nonces[answer.nonce] = nil
    draws?.states[id] = next
    mark(id, .drawn)
    let event = VrfFulfilledEvent(
      lotteryId: id, requestId: answer.nonce, attempt: next.vrf.attempt, payloadHash: next.vrf.payloadHash?.bytes ?? [],
      messageHash: hash.bytes, rngCount: next.rngCount, clientSeed: next.clientSeed,
      verifiedSeedHash: DrawState.verifiedSeedHash(numbers).bytes, closingBlockHeight: next.vrf.closingBlockHeight,
      chainId: next.vrf.chainId, fulfilledTs: lottery.schema == .v1 ? next.lastRequestTs : context.now)
    return [.vrfFulfilled(event)]
  }

  /// Sets when a manually retried request may be made again. Throws `notAuthorized`, what the feature switch throws,
  /// `drawStatusInvalid`, `registryMissing`, `vrfNotRequested`, `vrfRetryPolicyInvalid`, `vrfManualDeadline`.
  package mutating func scheduleManualRetryAdmin(
    _ id: UInt64, retryAfter: UInt64, _ context: Context
  ) throws(LotteryError) {
    try requireAdmin(context)
    try requireFeature(.draw, premium: false)
    try lottery(id).requireStatus(.closing, .drawRequested)
    guard draws != nil else { throw LotteryError(.registryMissing) }
    guard let strategy = draws?.states[id]?.vrf.retryStrategy else { throw LotteryError(.vrfNotRequested) }
    guard strategy == RetryStrategy.manual.rawValue else {
      throw LotteryError(.vrfRetryPolicyInvalid, "lottery \(id) retries by itself")
    }
    guard retryAfter > 0, retryAfter >= context.now else {
      throw LotteryError(.vrfManualDeadline, "\(retryAfter) is past")
    }
    draws?.states[id]?.vrf.retryAfterTs = retryAfter
    #if ALMONER_MUTANTS
      if LotteryMutant.scheduleShifted.isActive { draws?.states[id]?.vrf.retryAfterTs = retryAfter &+ 1 }
    #endif
  }
}

extension DrawState {
  /// What a fulfilment says of the numbers: SHA3-256 of their vector.
  package static func verifiedSeedHash(_ numbers: [UInt256]) -> Hash32 {
    var bytes = BCS.Writer()
    bytes.append(length: numbers.count)
    for number in numbers { bytes.append(number) }
    return Keccak.sha3(bytes.bytes)
  }

  /// The answer is to this request; gives the hash of its message.
  fileprivate func requireAnswer(_ answer: RandomnessAnswer) throws(LotteryError) -> Hash32 {
    guard vrf.status == .requested else { throw LotteryError(.vrfNotRequested) }
    guard !vrf.consumed else { throw LotteryError(.vrfConsumed) }
    guard answer.rngCount == rngCount else { throw LotteryError(.vrfRngCountInvalid) }
    let hash = Keccak.sha3(answer.message)
    #if ALMONER_MUTANTS
      if LotteryDeskMutant.answerUnchecked.isActive { return hash }
    #endif
    guard answer.clientSeed == clientSeed else { throw LotteryError(.vrfPayloadMismatch, "another client seed") }
    guard hash == vrf.payloadHash else { throw LotteryError(.vrfPayloadMismatch, "another message") }
    return hash
  }
}
