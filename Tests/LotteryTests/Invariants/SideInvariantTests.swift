import Lottery
import Testing

/// Invariants of the modules beside the draw, over random histories (spec, section 4).
@Suite("Lottery invariants: prices, caps, archive, bots")
struct SideInvariantTests {
  static let seeds: Range<UInt64> = 0..<150

  @Test(arguments: Schema.allCases)
  func `prices keep I33 to I38`(schema: Schema) throws {
    for seed in Self.seeds {
      #expect(try PriceHistory.violations(seed: seed, schema: schema) == [], "replay with seed \(seed)")
    }
  }

  @Test(arguments: Schema.allCases)
  func `nothing is paid beyond a cap, and nonces do not repeat`(schema: Schema) throws {
    for seed in Self.seeds {
      #expect(try CapHistory.violations(seed: seed, schema: schema) == [], "replay with seed \(seed)")
    }
  }

  @Test(arguments: Schema.allCases)
  func `the archive never changes what it holds of ours`(schema: Schema) throws {
    for seed in Self.seeds {
      #expect(try ArchiveHistory.violations(seed: seed, schema: schema) == [], "replay with seed \(seed)")
    }
  }

  @Test(arguments: Schema.allCases)
  func `a bot does nothing that it did not announce, and the deposit's pause follows its reading`(
    schema: Schema
  ) throws {
    for seed in Self.seeds {
      #expect(try BotHistory.violations(seed: seed, schema: schema) == [], "replay with seed \(seed)")
    }
  }

  #if ALMONER_MUTANTS
    /// Those of prices, caps, archive, bots and deposit; the others have a suite of their own.
    static let mutants = LotteryMutant.allCases.filter { mutant in
      guard let number = Int(mutant.invariant.dropFirst()) else { return true }
      return (33...38).contains(number)
    }

    @Test(arguments: mutants)
    func `a rule that is switched off is noticed`(mutant: LotteryMutant) throws {
      let found = try LotteryMutant.$active.withValue(mutant) {
        try Self.seeds.contains { seed in
          try Schema.allCases.contains { schema in
            try !PriceHistory.violations(seed: seed, schema: schema).isEmpty
              || !CapHistory.violations(seed: seed, schema: schema).isEmpty
              || !ArchiveHistory.violations(seed: seed, schema: schema).isEmpty
              || !BotHistory.violations(seed: seed, schema: schema).isEmpty
          }
        }
      }
      // tools/mutants.sh counts these lines.
      print("\(mutant.rawValue): \(found ? "\(mutant.invariant), in a random history" : "NOT FOUND")")
      #expect(found, "nobody notices \(mutant.rawValue)")
    }
  #endif
}
