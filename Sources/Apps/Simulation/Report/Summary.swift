import Engine
import Synchronization

/// What many seeds came to.
struct Summary: Sendable {
  var seeds = 0
  var steps = 0
  var commits = 0
  var restarts = 0
  var confirmed: Int64 = 0
  var failed: Int64 = 0
  var lostWrites = 0
  var tornWrites = 0
  var faults: [String: Int] = [:]
  var broken: [(seed: UInt64, violations: [Violation])] = []

  mutating func add(_ outcome: Run.Outcome) {
    seeds += 1
    steps += outcome.steps
    commits += outcome.commits
    restarts += outcome.restarts
    confirmed += outcome.confirmed
    failed += outcome.failed
    lostWrites += outcome.lostWrites
    tornWrites += outcome.tornWrites
    for (fault, count) in outcome.faults { faults[fault, default: 0] += count }
    if !outcome.violations.isEmpty { broken.append((outcome.seed, outcome.violations)) }
  }

  mutating func add(_ other: Summary) {
    seeds += other.seeds
    steps += other.steps
    commits += other.commits
    restarts += other.restarts
    confirmed += other.confirmed
    failed += other.failed
    lostWrites += other.lostWrites
    tornWrites += other.tornWrites
    faults.merge(other.faults) { $0 + $1 }
    broken += other.broken
  }

  var text: String { text(of: "seeds    ", "payouts    \(confirmed) confirmed, \(failed) failed") }

  /// `kind`: what a seed makes. `ends`: the line that says what became of them.
  func text(of kind: String, _ ends: String) -> String {
    var lines = [
      "\(kind)  \(seeds)", "steps      \(steps)", "commits    \(commits)", "restarts   \(restarts)", ends,
      "disk       \(lostWrites) writes lost, \(tornWrites) torn", "faults that changed what the engine saw:",
    ]
    for fault in faults.keys.sorted() {
      let name = fault + String(repeating: " ", count: max(1, 22 - fault.utf8.count))
      lines.append("  \(name)\(faults[fault] ?? 0)")
    }
    lines.append("violations \(broken.count)")
    for (seed, violations) in broken.sorted(by: { $0.seed < $1.seed }).prefix(20) {
      for violation in violations.prefix(3) {
        lines.append("  seed \(seed): invariant \(violation.invariant): \(violation.sentence)")
      }
    }
    return lines.joined(separator: "\n")
  }
}
