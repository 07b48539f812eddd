import Codecs
@testable import Lottery
import Money
import Testing

/// The catalogue's draw_tests (spec 5.3), with the resolutions of 7.1, under both schemas.
@Suite("draw_tests")
struct DrawCatalogueTests {
  @Test func `request_rejected_when_deposit_paused`() throws {
    var engine = LotteryEngine(admin: Samples.admin)
    func at(_ now: UInt64) -> Context { Context(actor: Samples.admin, now: now) }
    try engine.initVrfDeposit(minBalanceMultiplierBps: 12_000, effectiveFloor: 5_000, at(0))
    _ = try engine.recordDepositSnapshotAdmin(
      VrfDeposit.Reading(total: 2_000, minimum: 1_500, effective: 1_000), at(200))
    #expect { try engine.requestDrawAdmin(1, nonce: 1, at(300)) } throws: {
      ($0 as? LotteryError)?.code == .vrfRequestsPaused
    }
  }

  @Test(arguments: Schema.allCases)
  func `request_fails_while_pending`(schema: Schema) throws {
    var bench = try LotteryBench(schema)
    try bench.closed(500, boughtAt: 30)
    try bench.request(500, nonce: 1, at: 600)
    try bench.refuses(.vrfPending) { bench throws(LotteryError) in try bench.request(500, nonce: 2, at: 610) }
  }

  @Test(arguments: Schema.allCases)
  func `request_respects_retry_window`(schema: Schema) throws {
    var bench = try LotteryBench(schema)
    try bench.closed(501, boughtAt: 40)
    try bench.request(501, nonce: 1, at: 700)
    bench.override(501, .fulfilled, consumed: true, retryAfter: 1300, attempt: 1)
    try bench.refuses(.vrfRetryWindow) { bench throws(LotteryError) in try bench.request(501, nonce: 2, at: 1200) }
  }

  /// Attempt 255 is past the fifth: the lottery is canceled. The counter's own error is tested directly.
  @Test(arguments: Schema.allCases)
  func `request_prevents_attempt_overflow`(schema: Schema) throws {
    var bench = try LotteryBench(schema)
    try bench.closed(502, boughtAt: 50)
    bench.force(502, numbers: [UInt256(1)], payload: "draw-attempt-overflow", attempt: 255, block: 77)
    bench.override(502, .fulfilled, consumed: true)
    #expect(try bench.request(502, nonce: 1, at: 1200) == .canceled)
    #expect(try bench.engine.lottery(502).status == .canceled)
    #expect(bench.engine.vrfStateView(502).status == VrfStatus.failed.rawValue)
    var state = DrawState()
    state.vrf.attempt = 255
    #expect { try state.requireCounters() } throws: { ($0 as? LotteryError)?.code == .vrfAttemptOutOfOrder }
    (state.vrf.attempt, state.nextClientSeed) = (1, .max)
    #expect { try state.requireCounters() } throws: { ($0 as? LotteryError)?.code == .vrfClientSeedOverflow }
  }

  @Test(arguments: Schema.allCases)
  func `request_updates_finalization_snapshot`(schema: Schema) throws {
    var bench = try LotteryBench(schema)
    try bench.closed(503, boughtAt: 60)
    try bench.request(503, nonce: 1, at: 1300, block: 555, chain: 4)
    let snapshot = try bench.engine.finalizationSnapshot(503)
    #expect(snapshot.snapshotHash == bench.engine.snapshotForDraw(503).hash)
    #expect(snapshot.closingBlockHeight == 555 && snapshot.chainId == 4 && snapshot.attempt == 1)
    #expect(snapshot.vrfStatus == .requested && snapshot.requestTs == 1300)
    // Spec 6.3.
    let payload = "0x0df0049fbc84871c1ed0a90d6c71367ed30573cb18d9f4e7020c269a5477dc8d"
    if schema == .v1 { #expect(snapshot.payloadHash?.description == payload) }
  }

  @Test(arguments: Schema.allCases)
  func `request_cancels_after_attempt_limit`(schema: Schema) throws {
    var bench = try LotteryBench(schema)
    try bench.closed(504, boughtAt: 70)
    for i in UInt64(0)..<5 {
      try bench.request(504, nonce: i + 1, at: 1400 + 30 * i, block: 600 + i)
      #expect(UInt64(bench.engine.vrfStateView(504).attempt) == i + 1)
      bench.override(504, .idle, consumed: true)
    }
    #expect(try bench.request(504, nonce: 6, at: 1550) == .canceled)
    #expect(try bench.engine.lottery(504).status == .canceled)
    #expect(bench.engine.refundProgress(504).active)
  }

  @Test(arguments: Schema.allCases)
  func `request_uses_exponential_policy`(schema: Schema) throws {
    var bench = try LotteryBench(schema)
    var config = Samples.config()
    config.vrfRetryPolicy = RetryPolicy(strategy: 1, baseDelaySecs: 300, maxDelaySecs: 1800)
    try bench.closed(505, boughtAt: 80, config)
    let times: [(UInt64, UInt64)] = [(900, 1200), (1200, 1800), (1800, 3000), (3000, 4800)]
    for (index, (now, retry)) in times.enumerated() {
      try bench.request(505, nonce: UInt64(index), at: now)
      let view = bench.engine.vrfStateView(505)
      #expect(view.retryAfterTs == retry && Int(view.attempt) == index + 1 && view.retryStrategy == 1)
      bench.override(505, .idle, consumed: true)
    }
  }

  static func manual() -> Config {
    var config = Samples.config()
    config.vrfRetryPolicy = RetryPolicy(strategy: 2, baseDelaySecs: 0, maxDelaySecs: 0)
    return config
  }

  /// Bought at 84: the catalogue's 90 lies in the last 15 seconds.
  @Test(arguments: Schema.allCases)
  func `manual_policy_requires_schedule`(schema: Schema) throws {
    var bench = try LotteryBench(schema)
    try bench.closed(506, boughtAt: 84, Self.manual())
    try bench.request(506, nonce: 1, at: 2000)
    bench.override(506, .idle, consumed: true)
    try bench.refuses(.vrfManualScheduleRequired) { bench throws(LotteryError) in
      try bench.request(506, nonce: 2, at: 2010)
    }
  }

  @Test(arguments: Schema.allCases)
  func `manual_policy_allows_scheduled_retry`(schema: Schema) throws {
    var bench = try LotteryBench(schema)
    try bench.closed(507, boughtAt: 84, Self.manual())
    try bench.request(507, nonce: 1, at: 2100)
    bench.override(507, .idle, consumed: true)
    try bench.refuses(.vrfManualDeadline) { bench throws(LotteryError) in
      try bench.engine.scheduleManualRetryAdmin(507, retryAfter: 2159, bench.at(2160))
    }
    try bench.engine.scheduleManualRetryAdmin(507, retryAfter: 2205, bench.at(2160))
    try bench.request(507, nonce: 2, at: 2205)
    let view = bench.engine.vrfStateView(507)
    #expect(view.attempt == 2 && view.retryStrategy == 2 && view.retryAfterTs == 0)
  }

  // MARK: Added by 7.1, and beyond the catalogue

  @Test(arguments: Schema.allCases)
  func `an unanswered request is made again when its time has come, and a late answer is unknown`(
    schema: Schema
  ) throws {
    var bench = try LotteryBench(schema)
    try bench.closed(1, boughtAt: 30)
    try bench.request(1, nonce: 7, at: 600)
    try bench.refuses(.vrfPending) { bench throws(LotteryError) in try bench.request(1, nonce: 8, at: 1199) }
    try bench.request(1, nonce: 8, at: 1200)
    #expect(bench.engine.vrfStateView(1).attempt == 2)
    try bench.refuses(.vrfNonceUnknown) { bench throws(LotteryError) in
      try bench.answer(1, nonce: 7, numbers: [UInt256(5)], at: 1201)
    }
    try bench.answer(1, nonce: 8, numbers: [UInt256(5)], at: 1202)
    #expect(try bench.engine.lottery(1).status == .drawn)
  }

  @Test func `schema 2 refuses a draw with more distinct winners than tickets`() throws {
    var bench = try LotteryBench(.v2)
    try bench.closed(1, boughtAt: 30, Samples.config(winners: 3))
    try bench.refuses(.tooFewTickets) { bench throws(LotteryError) in try bench.request(1, nonce: 1, at: 600) }
  }

  @Test func `schema 2 lets the last attempt be answered, and asks for the admin`() throws {
    var bench = try LotteryBench(.v2)
    try bench.closed(1, boughtAt: 30)
    try bench.refuses(.notAuthorized) { bench throws(LotteryError) in
      _ = try bench.engine.requestDrawAdmin(1, nonce: 1, Context(actor: LotteryAddress(9), now: 1))
    }
    for i in UInt64(0)..<5 { try bench.request(1, nonce: i, at: 1000 + 600 * i) }
    try bench.refuses(.vrfPending) { bench throws(LotteryError) in try bench.request(1, nonce: 9, at: 3999) }
    #expect(try bench.request(1, nonce: 9, at: 4000) == .canceled)
  }

  @Test func `an answer to another request, or with other numbers of values, changes nothing`() throws {
    var bench = try LotteryBench(.v2)
    try bench.closed(1, boughtAt: 30)
    guard case .requested(let request) = try bench.request(1, nonce: 3, at: 600) else { return }
    let good = RandomnessAnswer(
      nonce: 3, message: request.payload, signature: [], callerAddress: Samples.admin, rngCount: 1, clientSeed: 0)
    func answer(_ message: [UInt8], _ count: UInt8, _ seed: UInt64) -> RandomnessAnswer {
      RandomnessAnswer(
        nonce: 3, message: message, signature: [], callerAddress: Samples.admin, rngCount: count, clientSeed: seed)
    }
    let wrong: [(RandomnessAnswer, LotteryError.Code)] = [
      (answer([1], 1, 0), .vrfPayloadMismatch), (answer(request.payload, 2, 0), .vrfRngCountInvalid),
      (answer(request.payload, 1, 1), .vrfPayloadMismatch),
    ]
    for (answer, code) in wrong {
      try bench.refuses(code) { bench throws(LotteryError) in
        _ = try bench.engine.vrfCallback(answer, bench.at(700)) { _ throws(LotteryError) in [UInt256(1)] }
      }
    }
    try bench.refuses(.vrfRngCountInvalid) { bench throws(LotteryError) in
      _ = try bench.engine.vrfCallback(good, bench.at(700)) { _ throws(LotteryError) in [] }
    }
    _ = try bench.engine.vrfCallback(good, bench.at(700)) { _ throws(LotteryError) in [UInt256(1)] }
  }
}
