import Codecs
@testable import Lottery
import Money
import TestSupport
import Testing

/// Invariants over random histories. In a build with mutants, every rule is switched off once and must be missed.
@Suite("Lottery invariants")
struct InvariantTests {
  static let seeds = UInt64(0)..<60

  @Test(arguments: Schema.allCases)
  func `no random history breaks an invariant, and a refusal changes nothing`(schema: Schema) throws {
    var done: [String: Int] = [:]
    for seed in Self.seeds {
      var history = try LotteryHistory(seed: seed, schema: schema)
      history.run(500)
      #expect(history.violations == [], "seed \(seed)")
      done.merge(history.done, uniquingKeysWith: +)
    }
    // A history that gets nowhere proves nothing.
    for name in ["buy", "close", "request", "answer", "winners", "pay", "partner", "cancel", "refund", "archive"] {
      #expect(done[name] ?? 0 > 10, "\(name): \(done[name] ?? 0) times")
    }
  }

  @Test func `the jackpot allowance never grows once it is set, and shrinks by what is used`() {
    #expect(Self.allowanceViolations() == [])
  }

  /// I11 and I12, over random calls.
  static func allowanceViolations() -> [String] {
    var random = SplitMix64(seed: 11)
    var books = Accounting()
    var broken: [String] = []
    for _ in 0..<2_000 {
      let amount = random.next() % 100
      let old = books.jackpotAllowanceToken
      if random.next() % 2 == 0 {
        guard let next = try? books.settingInitialJackpotAllowance(amount) else { continue }
        books = next
        if old > 0, books.jackpotAllowanceToken > old || books.jackpotAllowanceToken != amount { broken.append("I11") }
        if old == 0, books.jackpotAllowanceToken != amount { broken.append("I11") }
      } else {
        guard let next = try? books.consumingJackpotAllowance(amount) else { continue }
        books = next
        if books.jackpotAllowanceToken != old &- amount || amount > old { broken.append("I12") }
      }
    }
    return broken
  }

  @Test func `no four shares but those that sum to the whole make a distribution`() {
    #expect(Self.shareViolations() == [])
  }

  /// I4, over random shares.
  static func shareViolations() -> [String] {
    var random = SplitMix64(seed: 4)
    for _ in 0..<2_000 {
      let shares = (0..<4).map { _ in UInt16(random.next() % 5_001) }
      let made = try? SalesDistribution(
        prizeBps: shares[0], jackpotBps: shares[1], operationsBps: shares[2], reserveBps: shares[3])
      if made != nil, shares.reduce(0, { $0 + Int($1) }) != 10_000 { return ["I4"] }
    }
    return []
  }

  @Test func `the hashes over winners do not depend on the batches, under both schemas`() throws {
    for schema in Schema.allCases {
      var hashes: Set<Hash32> = []
      for batch in [1, 3, 7, 40] as [UInt64] {
        var bench = try LotteryBench(schema)
        var config = Samples.limit()
        config.prizePlan = [PrizeSlot(slotId: 4, winnersPerSlot: 13), PrizeSlot(slotId: 2, winnersPerSlot: 20)]
        try bench.open(1, config)
        for i in UInt64(0)..<40 { try bench.buy(1, i, 5, at: 20 + i, block: i) }
        try bench.close(1)
        bench.force(1, numbers: [UInt256(5), UInt256(9)], payload: "batches", block: 1)
        bench.force(1, .drawn)
        while bench.engine.winnerProgress(1).totalAssigned < 33 {
          _ = try bench.engine.computeWinnersAdmin(1, batchLimit: batch, bench.at(50))
        }
        hashes.insert(try #require(bench.engine.draws?.states[1]?.winnersBatchHash))
      }
      #expect(hashes.count == 1)
    }
  }

  #if ALMONER_MUTANTS
    /// Those of sales, draws, winners, payouts and refunds; the others have suites of their own.
    static let mutants = LotteryMutant.allCases.filter { mutant in
      guard let number = Int(mutant.invariant.dropFirst()) else { return false }
      return !(33...38).contains(number)
    }

    @Test(arguments: mutants)
    func `a rule that is switched off is missed by its invariant`(mutant: LotteryMutant) throws {
      let found = try LotteryMutant.$active.withValue(mutant) {
        var found = Self.allowanceViolations() + Self.shareViolations()
        for schema in Schema.allCases {
          for seed in Self.seeds where !found.contains(where: { Self.names($0, mutant) }) {
            var history = try LotteryHistory(seed: seed, schema: schema)
            history.run(500)
            found += history.violations
          }
        }
        return found
      }
      let find = found.first { Self.names($0, mutant) }
      // tools/mutants.sh counts these lines.
      print("\(mutant.rawValue): \(find ?? "NOT FOUND")")
      #expect(find != nil, "\(mutant.invariant) missed nothing: \(Set(found))")
    }

    /// `I5, after buy at 20` names I5.
    static func names(_ violation: String, _ mutant: LotteryMutant) -> Bool {
      violation.prefix { $0 != "," && $0 != ":" } == mutant.invariant
    }
  #endif
}
