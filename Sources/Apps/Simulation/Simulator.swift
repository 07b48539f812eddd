import Engine
import Foundation
#if ALMONER_MUTANTS
  import Lottery
#endif
import Synchronization

/// The program `almoner-sim`.
package enum Simulator {
  static let usage = """
    almoner-sim run --seeds N [--from S] [--jobs J]     many worlds, a line for each broken one; exit 1 on a violation
    almoner-sim run --seed S [--trace] [--mutant M]     one world again, exactly
    almoner-sim boundaries [--list] [--jobs J]          one batch's life, cut off at every point at which it can be
    almoner-sim lotteries --histories N [--from S] [--jobs J] [--stride D]   random histories of lotteries, and lives cut off
    almoner-sim lotteries --seed S [--actions A] [--trace]   one history again, or its beginning
    almoner-sim lotteries --life L [--boundary B | --operation O] [--trace]   one life again, cut there
    almoner-sim mutants --seeds N [--mutant M] [--jobs J]   rules switched off one by one: each must be noticed
    almoner-sim draws --count N [--seed S] --out DIR    bundles of random lottery draws; prints the key of their witness
    almoner-sim draws --check DIR                       what the verifier says of each bundle there, a JSON line each
    """

  /// Runs a command line without the program's name and returns the exit status: 0 sound, 1 violation, 64 usage.
  package static func main(_ words: [String], say: (String) -> Void = { print($0) }) -> Int32 {
    guard let options = Options(words) else {
      say(usage)
      return 64
    }
    guard isKnown(options.mutant) else {
      say("this build knows no mutant \(options.mutant ?? ""); tools/mutants.sh makes one that has switches")
      return 64
    }
    switch options.command {
    case .run: return options.seed.map { one($0, options, say) } ?? many(options, say)
    case .boundaries: return Boundaries.run(options, say)
    case .mutants: return mutants(options, say)
    case .draws: return DrawFiles.run(options, say)
    case .lotteries: return LotteryRuns.run(options, say)
    }
  }

  private static func one(_ seed: UInt64, _ options: Options, _ say: (String) -> Void) -> Int32 {
    do {
      let outcome = try Run.outcome(seed: seed, traces: options.traces)
      for line in outcome.lines { say(line) }
      var summary = Summary()
      summary.add(outcome)
      say(summary.text)
      return outcome.violations.isEmpty ? 0 : 1
    } catch {
      say("seed \(seed) could not begin: \(error)")
      return 1
    }
  }

  private static func many(_ options: Options, _ say: (String) -> Void) -> Int32 {
    let summary = sweep(options)
    say(summary.text)
    return summary.broken.isEmpty ? 0 : 1
  }

  /// Only a build with switches can hunt: `tools/mutants.sh` makes one.
  private static func mutants(_ options: Options, _ say: (String) -> Void) -> Int32 {
    #if ALMONER_MUTANTS
      return MutantHunt.run(options, say)
    #else
      say("this build has no switches; tools/mutants.sh makes one that has")
      return 64
    #endif
  }

  /// Whether there is such a switch, or none is named. Then it is set, for every run of this process.
  private static func isKnown(_ mutant: String?) -> Bool {
    guard let mutant else { return true }
    #if ALMONER_MUTANTS
      if LotteryDeskMutant(rawValue: mutant) != nil { return true }
      guard let known = Mutant(rawValue: mutant) else { return false }
      Mutant.activate(known)
      return true
    #else
      return false
    #endif
  }

  /// Runs the seeds on `jobs` threads. Each world is one thread's own, so their number changes nothing.
  /// Begins no further seed once `isEnoughFound` holds of an outcome.
  static func sweep(
    _ options: Options, until isEnoughFound: @escaping @Sendable (Run.Outcome) -> Bool = { _ in false },
    of world: @escaping @Sendable (UInt64) throws -> Run.Outcome = { try Run.outcome(seed: $0, traces: false) }
  ) -> Summary {
    let total = Mutex(Summary())
    let next = Atomic<UInt64>(options.from)
    let end = options.from + options.count
    let isEnough = Atomic<Bool>(false)
    DispatchQueue.concurrentPerform(iterations: options.jobs) { _ in
      while !isEnough.load(ordering: .relaxed) {
        let seed = next.add(1, ordering: .relaxed).oldValue
        guard seed < end else { return }
        var mine = Summary()
        do {
          let outcome = try world(seed)
          mine.add(outcome)
          if isEnoughFound(outcome) { isEnough.store(true, ordering: .relaxed) }
        } catch {
          mine.broken.append((seed, [Violation(0, "could not begin: \(error)")]))
        }
        let added = mine
        total.withLock { $0.add(added) }
      }
    }
    return total.withLock { $0 }
  }
}
