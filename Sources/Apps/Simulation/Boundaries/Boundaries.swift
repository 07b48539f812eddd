import Foundation
import SQLite
import Synchronization

/// Every point at which one batch's life can be cut off: before and after each durable write, between an outside effect
/// and its record, and at every operation of the disk below.
enum Boundaries {
  /// The names of the boundaries of every life, each once, in order of first passing: `paid: before commit intend(pay)`.
  /// The list is kept beside the tests, so that a boundary nobody has thought of shows.
  static func names() throws -> [String] {
    var names: [String] = []
    for life in Life.allCases {
      var seen: Set<String> = []
      for boundary in try life.course(.never).boundaries where seen.insert(boundary).inserted {
        names.append("\(life.rawValue): \(boundary)")
      }
    }
    return names
  }

  /// The operations at a boundary, without the side it lies on: commits fall into the kinds of their writes.
  /// `after commit recordBytes+intend(pay)` is two: `commit recordBytes` and `commit intend(pay)`.
  static func operations(at boundary: String) -> [String] {
    let words = boundary.split(separator: " ").dropFirst()
    guard words.first == "commit", let writes = words.dropFirst().first else { return [words.joined(separator: " ")] }
    return writes.split(separator: "+").map { "commit \($0)" }
  }

  struct Count: Sendable {
    var boundaries = 0
    var diskOperations = 0
    var cuts = 0
    /// Names of the boundaries at which a life was really cut off.
    var covered: Set<String> = []
    var broken: [(cut: Life.Cut, violations: [Violation])] = []

    mutating func add(_ other: Count) {
      boundaries += other.boundaries
      diskOperations += other.diskOperations
      cuts += other.cuts
      covered.formUnion(other.covered)
      broken += other.broken
    }
  }

  /// Cuts a life off at every boundary and before every operation of the disk, with everything, nothing and some of
  /// what was not synced left. `survivals`: only these; `cutsDisk`: false leaves the operations of the disk out.
  static func cutEverywhere(
    _ life: Life, survivals: [Survival] = [.all, .synced, .torn], cutsDisk: Bool = true, jobs: Int = 1
  ) throws -> Count {
    let whole = try life.course(.never)
    var count = Count()
    count.boundaries = whole.boundaries.count
    count.diskOperations = whole.diskOperations
    if !whole.violations.isEmpty { count.broken.append((.never, whole.violations)) }
    var cuts: [Life.Cut] = []
    for survival in survivals {
      for number in whole.boundaries.indices { cuts.append(.boundary(number + 1, survival)) }
      guard cutsDisk, survival != .all else { continue }
      for number in 0..<whole.diskOperations { cuts.append(.disk(number + 1, survival)) }
    }
    count.add(live(life, cuts, names: whole.boundaries, jobs: jobs))
    return count
  }

  /// Lives once for each cut, on `jobs` threads.
  private static func live(_ life: Life, _ cuts: [Life.Cut], names: [String], jobs: Int) -> Count {
    let total = Mutex(Count())
    let next = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: jobs) { _ in
      while true {
        let place = next.add(1, ordering: .relaxed).oldValue
        guard place < cuts.count else { return }
        let mine = one(life, cuts[place], names)
        total.withLock { $0.add(mine) }
      }
    }
    return total.withLock { $0 }
  }

  private static func one(_ life: Life, _ cut: Life.Cut, _ names: [String]) -> Count {
    var count = Count()
    count.cuts = 1
    do {
      let course = try life.course(cut)
      if !course.violations.isEmpty { count.broken.append((cut, course.violations)) }
      guard course.wasCut else {
        count.broken.append((cut, [Violation(0, "the life was not cut off there")]))
        return count
      }
      if case .boundary(let number, _) = cut { count.covered.insert("\(life.rawValue): \(names[number - 1])") }
    } catch { count.broken.append((cut, [Violation(0, "the life could not begin: \(error)")])) }
    return count
  }

  /// `almoner-sim boundaries`. 0 when every life ends well wherever it is cut off.
  static func run(_ options: Options, _ say: (String) -> Void) -> Int32 {
    do {
      guard !options.lists else {
        for name in try names() { say(name) }
        return 0
      }
      return try report(jobs: options.jobs, say)
    } catch {
      say("a life could not begin: \(error)")
      return 1
    }
  }

  private static func report(jobs: Int, _ say: (String) -> Void) throws -> Int32 {
    var all = Count()
    for life in Life.allCases {
      let count = try cutEverywhere(life, jobs: jobs)
      say("\(life.rawValue): \(count.sentence)")
      for (cut, violations) in count.broken.prefix(5) {
        for violation in violations.prefix(2) {
          say("  \(cut): invariant \(violation.invariant): \(violation.sentence)")
        }
      }
      all.add(count)
    }
    say("all lives: \(all.sentence)")
    return all.broken.isEmpty ? 0 : 1
  }
}

extension Boundaries.Count {
  var sentence: String {
    "boundaries \(boundaries) (\(covered.count) names), disk operations \(diskOperations), cuts \(cuts), violations \(broken.count)"
  }
}
