import Engine
import Foundation
import Synchronization

/// The program `almoner-sim`.
package enum Simulator {
  static let usage = """
    almoner-sim run --seeds N [--from S] [--jobs J]   many worlds, a line for each broken one; exit 1 on a violation
    almoner-sim run --seed S [--trace]                one world again, exactly
    """

  /// Runs a command line without the program's name and returns the exit status: 0 sound, 1 violation, 64 usage.
  package static func main(_ words: [String]) -> Int32 {
    guard let options = Options(words) else {
      print(usage)
      return 64
    }
    switch options.command {
    case "run": return options.seed.map { one($0, options) } ?? many(options)
    default:
      print(usage)
      return 64
    }
  }

  private static func one(_ seed: UInt64, _ options: Options) -> Int32 {
    do {
      let outcome = try Run.outcome(seed: seed, traces: options.traces, mutants: options.mutants)
      for line in outcome.lines { print(line) }
      var summary = Summary()
      summary.add(outcome)
      print(summary.text)
      return outcome.violations.isEmpty ? 0 : 1
    } catch {
      print("seed \(seed) could not begin: \(error)")
      return 1
    }
  }

  private static func many(_ options: Options) -> Int32 {
    let summary = sweep(options)
    print(summary.text)
    return summary.broken.isEmpty ? 0 : 1
  }

  /// Runs the seeds on `jobs` threads. Each world is one thread's own, so their number changes nothing.
  static func sweep(_ options: Options) -> Summary {
    let total = Mutex(Summary())
    let next = Atomic<UInt64>(options.from)
    let end = options.from + options.count
    let isEnough = Atomic<Bool>(false)
    DispatchQueue.concurrentPerform(iterations: options.jobs) { _ in
      while !isEnough.load(ordering: .relaxed) {
        let seed = next.add(1, ordering: .relaxed).oldValue
        guard seed < end else { return }
        var mine = Summary()
        do { mine.add(try Run.outcome(seed: seed, traces: false, mutants: options.mutants)) } catch {
          mine.broken.append((seed, [Violation(0, "could not begin: \(error)")]))
        }
        if options.stopsAtFirst, !mine.broken.isEmpty { isEnough.store(true, ordering: .relaxed) }
        let added = mine
        total.withLock { $0.add(added) }
      }
    }
    return total.withLock { $0 }
  }
}

/// The words of the command line.
struct Options: Sendable {
  let command: String
  var from: UInt64 = 1
  var count: UInt64 = 100
  var seed: UInt64?
  var traces = false
  var jobs = 1
  var stopsAtFirst = false
  var mutants = Mutants()

  /// Nil for words that it does not know.
  init?(_ words: [String]) {
    guard let command = words.first else { return nil }
    self.command = command
    var rest = words.dropFirst()
    while let word = rest.popFirst() {
      switch word {
      case "--trace": traces = true
      case "--seeds", "--from", "--seed", "--jobs":
        guard let value = rest.popFirst().flatMap({ UInt64($0) }), value < 1 << 62 else { return nil }
        switch word {
        case "--seeds": count = value
        case "--from": from = value
        case "--seed": seed = value
        default: jobs = Int(min(64, max(1, value)))
        }
      default: return nil
      }
    }
  }
}
