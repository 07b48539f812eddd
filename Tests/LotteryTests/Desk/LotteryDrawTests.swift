import Audit
import Codecs
import Curves
import Engine
@testable import Lottery
import Money
import Testing

/// Planned draws on the desk, from the plan in the draft to a bundle that a stranger accepts.
@Suite("Planned draws on the desk")
struct LotteryDrawTests {
  /// A round whose value is `byte` in every place.
  static func brought(_ bench: DeskBench, byte: UInt8 = 7, fallback: Bool = false) throws -> BroughtValue {
    let schedule = try #require(try bench.desk.courses().courses[7]?.attempts.last).commitment.schedule
    let round = fallback ? schedule.fallbackRound : schedule.primaryRound
    return BroughtValue(
      proof: .beacon(Beacon(round: round, signature: [1, 2])), value: [UInt8](repeating: byte, count: 32))
  }

  static func planned(_ kind: DeskStore = .memory, opens: Bool = true) throws -> DeskBench {
    let bench = try DeskBench(kind, randomness: AnyProof(value: [UInt8](repeating: 7, count: 32)))
    var config = Samples.config()
    config.ticketLimits.maxTicketsPerAddress = 0
    for step: LotteryOperation in [
      .initRegistry, .initSales, .initDraw, .initPayouts, .initRoles(schema: .v2), .initHistory(schema: .v2),
      .createDraftAdmin(id: 7, config: config.bcs, schema: .v2),
      .planRandomness(id: 7, plan: try DrawBench.plan()),
      .setPayoutBatchCapAdmin(
        holder: Samples.admin, maxBatchSize: 0, operationsBudgetTotal: 1_000_000, cooldownSecs: 0, nonceStride: 1),
    ] { try bench.must(step) }
    if opens { try bench.must(.advanceStatus(id: 7, status: .active)) }
    return bench
  }

  /// Sold, closed and asked for: a commitment stands.
  static func requested(_ kind: DeskStore = .memory) throws -> DeskBench {
    let bench = try planned(kind)
    for buyer in 1...9 {
      bench.time.set(20 + UInt64(buyer))
      _ = try bench.desk.perform(DeskBench.buy("buy-\(buyer)", UInt64(buyer), 3))
    }
    bench.time.set(1_700_000_000)
    try bench.must(.advanceStatus(id: 7, status: .closing))
    bench.time.set(1_700_000_030)
    try bench.must(.requestDrawAdmin(id: 7, nonce: 1, confirmations: 1))
    return bench
  }

  @Test(arguments: DeskStore.allCases)
  func `a planned draw ends in a bundle that a stranger accepts, whose commitment was sealed before the round`(
    kind: DeskStore
  ) throws {
    let bench = try Self.requested(kind)
    let commitment = try #require(try bench.desk.courses().courses[7]?.attempts.last).commitment
    #expect(commitment.closedAt == 1_700_000_000)
    let record = try #require(
      try bench.store.auditRecords(after: nil, limit: 1000).first { $0.draft.root == commitment.hash })
    #expect(record.draft.action == "lottery.committed")
    // Sealed now, the trail proves the order; signed [1] is what the test's verifier takes.
    let checkpoint = Checkpoint(
      number: 1, at: 1_700_000_031_000, heads: try bench.store.auditHeads(), previous: .zero,
      publicKey: [UInt8](repeating: 3, count: 32), signature: [1])
    bench.time.set(1_700_000_100)
    try bench.must(.acceptRandomness(id: 7, brought: try Self.brought(bench)))
    try bench.must(.computeWinnersAdmin(id: 7, batchLimit: 100))
    try bench.must(.recordPayoutBatchAdmin(id: 7, round: 1, winnersPaid: 1, prizePaid: 500, operationsPaid: 0))
    for desk in [bench.desk, try bench.another()] {
      let bundle = try DrawBundle(json: try desk.bundle(7, checkpoints: [checkpoint]).json.utf8)
      #expect(bundle.winners.first?.prize == 500)
      let verifier = DrawVerifier(
        randomness: AnyProof(value: [UInt8](repeating: 7, count: 32)), checkpoints: AnySignature(),
        sha256: SampleSHA256(), witnessKey: checkpoint.publicKey)
      let verdict = try verifier.verify(bundle)
      #expect(verdict.takenOnTrust.map(\.statement) == [.sales])
    }
    // A checkpoint that came later proves nothing, so it is left out.
    let late = Checkpoint(
      number: 1, at: 1_700_000_099_000, heads: checkpoint.heads, previous: .zero, publicKey: checkpoint.publicKey,
      signature: [1])
    #expect(try bench.desk.bundle(7, checkpoints: [late]).witness == nil)
    let facts = try bench.desk.facts(7, checkpoints: [])
    #expect(facts.sales.last?.tickets == 27 && facts.bundle != nil && facts.oddsTimesTen == 270)
  }

  @Test func `a plan is declared before sales open, by the admin, and holds from then on`() throws {
    let bench = try Self.planned(opens: false)
    let plan = LotteryOperation.planRandomness(id: 7, plan: try DrawBench.plan(fallback: false))
    #expect(try bench.denial(plan, as: LotteryAddress(9)) == .notAllowed)
    try bench.must(plan)
    try bench.must(.advanceStatus(id: 7, status: .active))
    #expect(try bench.denial(plan) == .drawRefused)
    #expect(try bench.denial(.setPrimaryType(id: 7, type: 1)) == .drawRefused)
    #expect(try bench.desk.courses().courses[7]?.plan.fallback == nil)
  }

  @Test func `numbers of somebody's choice, other rounds and unproven values are refused`() throws {
    let bench = try Self.requested()
    let state = try #require(try bench.desk.engine().draws?.states[7])
    let answer = RandomnessAnswer(
      nonce: 1, message: state.payload, signature: [], callerAddress: Samples.admin, rngCount: state.rngCount,
      clientSeed: state.clientSeed)
    #expect(try bench.denial(.vrfCallback(answer: answer, numbers: [UInt256(1)])) == .drawRefused)
    let right = try Self.brought(bench)
    #expect(try bench.denial(.acceptRandomness(id: 7, brought: right), as: LotteryAddress(9)) == .notAllowed)
    let other = BroughtValue(proof: .beacon(Beacon(round: 5, signature: [1])), value: right.value)
    #expect(try bench.denial(.acceptRandomness(id: 7, brought: other)) == .drawRefused)
    #expect(try bench.denial(.acceptRandomness(id: 7, brought: try Self.brought(bench, byte: 8))) == .drawRefused)
    #expect(try bench.desk.engine().lottery(7).status == .drawRequested)
  }

  @Test func `the deadline hands over to the fallback, and a late value is kept and voids nothing`() throws {
    let bench = try Self.requested()
    let schedule = try #require(try bench.desk.courses().courses[7]?.attempts.last).commitment.schedule
    let fallback = try Self.brought(bench, fallback: true)
    bench.time.set(schedule.deadline - 1)
    #expect(try bench.denial(.acceptRandomness(id: 7, brought: fallback)) == .drawRefused)
    bench.time.set(schedule.deadline)
    try bench.must(.acceptRandomness(id: 7, brought: fallback))
    let drawn = try bench.desk.engine().draws?.states[7]?.verifiedNumbers
    try bench.must(.acceptRandomness(id: 7, brought: try Self.brought(bench)))
    for desk in [bench.desk, try bench.another()] {
      #expect(try desk.engine().draws?.states[7]?.verifiedNumbers == drawn)
      let attempt = try #require(try desk.courses().courses[7]?.attempts.last)
      #expect(attempt.value?.isFallback == true && attempt.late.count == 1)
    }
  }

  @Test func `a draw that nobody answered is committed to again, and the first attempt stays in the record`() throws {
    let bench = try Self.requested()
    bench.time.set(1_700_000_030 + 600)
    try bench.must(.requestDrawAdmin(id: 7, nonce: 2, confirmations: 1))
    let attempts = try #require(try bench.desk.courses().courses[7]?.attempts)
    #expect(attempts.map(\.commitment.attempt) == [1, 2])
    #expect(attempts.last?.commitment.previous == attempts.first?.commitment.hash)
    #expect(attempts[1].commitment.schedule.primaryRound > attempts[0].commitment.schedule.primaryRound)
  }
}
