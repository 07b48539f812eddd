#if ALMONER_MUTANTS
  import Engine

  /// Shows that the simulator notices a missing rule: each switched-off rule must be found by the invariant it protects,
  /// in a world that is sound with the rule.
  enum MutantHunt {
    /// Hunts each mutant in turn and prints the first seed that finds it. 0 when all were found.
    static func run(_ options: Options, _ say: (String) -> Void) -> Int32 {
      let wanted = Mutant.allCases.filter { options.mutant == nil || options.mutant == $0.rawValue }
      defer { Mutant.activate(nil) }
      let found = wanted.count { mutant in
        let find = hunt(mutant, options)
        say("\(mutant.rawValue): \(find.sentence)")
        return find.isFound
      }
      say("mutants: \(found) found, \(wanted.count - found) missed")
      return found == wanted.count ? 0 : 1
    }

    private static func hunt(_ mutant: Mutant, _ options: Options) -> (isFound: Bool, sentence: String) {
      Mutant.activate(mutant)
      let summary = Simulator.sweep(options) { $0.violations.contains { $0.invariant == mutant.invariant } }
      let finds = summary.broken.filter { $0.violations.contains { $0.invariant == mutant.invariant } }
      guard let first = finds.min(by: { $0.seed < $1.seed }),
        let violation = first.violations.first(where: { $0.invariant == mutant.invariant })
      else { return (false, "NOT FOUND in \(summary.seeds) seeds; \(summary.broken.count) broke another rule") }
      Mutant.activate(nil)
      guard let sound = try? Run.outcome(seed: first.seed, traces: false), sound.violations.isEmpty else {
        return (false, "seed \(first.seed) is broken without it too")
      }
      return (true, "seed \(first.seed): invariant \(violation.invariant): \(violation.sentence)")
    }
  }
#endif
