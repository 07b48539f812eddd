#if ALMONER_MUTANTS
  import Engine
  import Lottery

  /// Shows that the simulator notices a missing rule: each switched-off rule must be found by the invariant it protects,
  /// in a world that is sound with the rule.
  enum MutantHunt {
    /// One rule, and the worlds in which it matters.
    private struct Quarry: Sendable {
      let name: String
      let invariant: Int
      /// Lives a seed with the rule switched off, and with it.
      let without: @Sendable (UInt64) throws -> Run.Outcome
      let with: @Sendable (UInt64) throws -> Run.Outcome
    }

    private static let all: [Quarry] =
      Mutant.allCases.map { mutant in
        // The switch is the process's: the hunt goes one rule at a time.
        Quarry(
          name: mutant.rawValue, invariant: mutant.invariant,
          without: {
            Mutant.activate(mutant)
            return try Run.outcome(seed: $0, traces: false)
          },
          with: {
            Mutant.activate(nil)
            return try Run.outcome(seed: $0, traces: false)
          })
      }
      + LotteryDeskMutant.allCases.map { mutant in
        Quarry(
          name: mutant.rawValue, invariant: mutant.invariant,
          without: { seed in
            try LotteryDeskMutant.$active.withValue(mutant) { try LotteryRuns.outcome(seed: seed, traces: false) }
          }, with: { try LotteryRuns.outcome(seed: $0, traces: false) })
      }

    /// Hunts each mutant in turn and prints the first seed that finds it. 0 when all were found.
    static func run(_ options: Options, _ say: (String) -> Void) -> Int32 {
      let wanted = all.filter { options.mutant == nil || options.mutant == $0.name }
      defer { Mutant.activate(nil) }
      let found = wanted.count { quarry in
        let find = hunt(quarry, options)
        say("\(quarry.name): \(find.sentence)")
        return find.isFound
      }
      say("mutants: \(found) found, \(wanted.count - found) missed")
      return found == wanted.count ? 0 : 1
    }

    private static func hunt(_ quarry: Quarry, _ options: Options) -> (isFound: Bool, sentence: String) {
      Mutant.activate(nil)
      let summary = Simulator.sweep(
        options, until: { $0.violations.contains { $0.invariant == quarry.invariant } }, of: quarry.without)
      let finds = summary.broken.filter { $0.violations.contains { $0.invariant == quarry.invariant } }
      guard let first = finds.min(by: { $0.seed < $1.seed }),
        let violation = first.violations.first(where: { $0.invariant == quarry.invariant })
      else { return (false, "NOT FOUND in \(summary.seeds) seeds; \(summary.broken.count) broke another rule") }
      guard let sound = try? quarry.with(first.seed), sound.violations.isEmpty else {
        return (false, "seed \(first.seed) is broken without it too")
      }
      return (true, "seed \(first.seed): invariant \(violation.invariant): \(violation.sentence)")
    }
  }
#endif
