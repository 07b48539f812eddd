import Codecs
@testable import Lottery
import Money

/// The test seams of the original (spec 2.8): they exist here alone.
extension LotteryBench {
  /// Forces a fulfilled, unconsumed draw.
  mutating func force(
    _ id: UInt64, numbers: [UInt256], payload: String, attempt: UInt8 = 1, block: UInt64, chain: UInt8 = 1
  ) {
    let snapshot = engine.snapshotForDraw(id)
    var state = DrawState()
    state.snapshotHash = snapshot.hash
    state.totalTickets = snapshot.ticketsSold
    state.verifiedNumbers = numbers
    state.vrf.payloadHash = Keccak.sha3(Array(payload.utf8))
    state.vrf.schemaVersion = schema.rawValue
    state.vrf.attempt = attempt
    state.vrf.status = .fulfilled
    state.vrf.closingBlockHeight = block
    state.vrf.chainId = chain
    engine.draws?.states[id] = state
  }

  /// Overrides how the request stands.
  mutating func override(
    _ id: UInt64, _ status: VrfStatus, consumed: Bool, retryAfter: UInt64 = 0, attempt: UInt8? = nil
  ) {
    engine.draws?.states[id]?.vrf.status = status
    engine.draws?.states[id]?.vrf.consumed = consumed
    engine.draws?.states[id]?.vrf.retryAfterTs = retryAfter
    if let attempt { engine.draws?.states[id]?.vrf.attempt = attempt }
  }

  /// Sets a status as the original's `advance_status` could.
  mutating func force(_ id: UInt64, _ status: LotteryStatus) { engine.mark(id, status) }

  /// CFG, sold to buyer 0x1 by two tickets at `time`, and closed.
  mutating func closed(_ id: UInt64, boughtAt time: UInt64, _ config: Config = Samples.config()) throws(LotteryError) {
    try open(id, config)
    try buy(id, 1, 2, at: time)
    try close(id)
  }

  @discardableResult
  mutating func request(
    _ id: UInt64, nonce: UInt64, at now: UInt64, block: UInt64 = 0, chain: UInt8 = 0
  ) throws(LotteryError) -> DrawOutcome {
    try engine.requestDrawAdmin(id, nonce: nonce, at(now, block: block, chain: chain)).outcome
  }

  /// Answers the outstanding request.
  @discardableResult
  mutating func answer(
    _ id: UInt64, nonce: UInt64, numbers: [UInt256], at now: UInt64
  ) throws(LotteryError) -> [LotteryEvent] {
    guard let state = engine.draws?.states[id] else { throw LotteryError(.vrfNotRequested) }
    let answer = RandomnessAnswer(
      nonce: nonce, message: state.payload, signature: [], callerAddress: Samples.admin, rngCount: state.rngCount,
      clientSeed: state.clientSeed)
    return try engine.vrfCallback(answer, at(now)) { _ throws(LotteryError) in numbers }
  }
}
