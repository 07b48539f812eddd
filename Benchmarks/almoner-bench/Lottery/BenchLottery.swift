import Codecs
import Lottery
import Money

/// An engine with one open lottery of many tickets, sold by its own rules.
struct BenchLottery {
  static let admin = LotteryAddress(0xad)
  static let id: UInt64 = 1
  private(set) var engine = LotteryEngine(admin: admin)
  /// Purchases so far; time and block follow from it.
  private(set) var purchases: UInt64 = 0

  /// As many purchases as fit into a block, and a second between blocks.
  private var now: UInt64 { 1_000 + purchases / Limits.purchasesPerBlock }

  init(winners: Int) throws {
    let start = context(BenchLottery.admin)
    try engine.initRegistry(start)
    try engine.initSales(start)
    try engine.initDraw(start)
    try engine.initPayouts(start)
    _ = try engine.createDraftAdmin(BenchLottery.id, config: try BenchLottery.config(winners), start)
    _ = try engine.advanceStatus(BenchLottery.id, to: .active, start)
  }

  private func context(_ actor: LotteryAddress) -> Context {
    Context(actor: actor, now: now, block: now, chainID: 1)
  }

  static func config(_ winners: Int) throws -> Config {
    Config(
      eventSlug: Array("bench".utf8), seriesCode: Array("bench".utf8), runId: 0, configVersion: 1, primaryType: 0,
      tagsMask: 0, salesWindow: SalesWindow(salesStart: 1, salesEnd: 1 << 40), ticketPrice: 100,
      ticketLimits: TicketLimits(maxTicketsTotal: .max, maxTicketsPerAddress: 0),
      salesDistribution: try SalesDistribution(prizeBps: 7000, jackpotBps: 1500, operationsBps: 1000, reserveBps: 500),
      prizePlan: [PrizeSlot(slotId: 1, winnersPerSlot: UInt16(winners))], winnersDedup: true, drawAlgo: 0,
      autoClosePolicy: AutoClosePolicy(enabled: true, gracePeriodSecs: 60), rewardBackend: RewardBackend(),
      vrfRetryPolicy: .standard)
  }

  /// Sells `quantity` tickets to buyer `number`.
  mutating func sell(_ quantity: UInt64, to number: UInt64) throws {
    _ = try engine.purchaseTicketsPublic(BenchLottery.id, quantity: quantity, context(BenchLottery.buyer(number)))
    purchases += 1
  }

  /// An address that looks like any other.
  static func buyer(_ number: UInt64) -> LotteryAddress {
    var words = SeededWords(number)
    return LotteryAddress(Hash32(words: (words.next(), words.next(), words.next(), words.next())))
  }

  mutating func close() throws {
    _ = try engine.advanceStatus(BenchLottery.id, to: .closing, context(BenchLottery.admin))
  }

  /// From the closed lottery to all winners and the proof of each.
  mutating func draw(winners: Int) throws -> [TicketProof] {
    let here = context(BenchLottery.admin)
    guard case .requested(let request) = try engine.requestDrawAdmin(BenchLottery.id, nonce: 1, here).outcome else {
      throw Options.Missing(description: "the draw was canceled")
    }
    let answer = RandomnessAnswer(
      nonce: 1, message: request.payload, signature: [], callerAddress: BenchLottery.admin, rngCount: request.rngCount,
      clientSeed: request.clientSeed)
    _ = try engine.vrfCallback(answer, here) { _ throws(LotteryError) in [UInt256(7)] }
    _ = try engine.computeWinnersAdmin(BenchLottery.id, batchLimit: UInt64(winners), here)
    guard let tickets = engine.sales?.states[BenchLottery.id]?.tickets else { return [] }
    var prover = TicketProver(tickets)
    return try engine.winners(BenchLottery.id, from: 0, limit: winners).map { try prover.proof(of: $0.ticketIndex) }
  }
}
