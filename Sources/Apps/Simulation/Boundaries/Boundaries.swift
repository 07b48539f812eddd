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
      for boundary in try life.course(.never).boundaries where seen.insert(boundary.name).inserted {
        names.append("\(life.rawValue): \(boundary.name)")
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
    /// Of these, those after which another worker took the lane.
    var takeovers = 0
    /// Names of the boundaries at which a life was really cut off.
    var covered: Set<String> = []
    var broken: [(cut: Life.Cut, violations: [Violation])] = []

    mutating func add(_ other: Count) {
      boundaries += other.boundaries
      diskOperations += other.diskOperations
      cuts += other.cuts
      takeovers += other.takeovers
      covered.formUnion(other.covered)
      broken += other.broken
    }
  }

  /// How lives are disturbed: the machine dies at boundaries, power fails at operations of the disk, or one of two
  /// workers dies or is held up at boundaries.
  enum Means: CaseIterable, Sendable { case machine, disk, worker }

  /// Disturbs a life everywhere. `survivals`: what deaths of the machine leave of the disk.
  static func cutEverywhere(
    _ life: Life, by means: [Means] = Means.allCases, survivals: [Survival] = [.all, .synced, .torn], jobs: Int = 1
  ) throws -> Count {
    let whole = try life.course(.never)
    var count = Count()
    count.boundaries = whole.boundaries.count
    count.diskOperations = whole.operations.count
    if !whole.violations.isEmpty { count.broken.append((.never, whole.violations)) }
    let cuts = means.flatMap { whole.cuts(by: $0, survivals) }
    count.add(live(life, cuts, names: whole.boundaries.map(\.name), jobs: jobs))
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
      var violations = course.violations
      if !course.wasCut { violations.append(Violation(0, "the life was not cut off there")) }
      switch cut {
      case .never, .disk: break
      case .boundary(let number, _): if course.wasCut { count.covered.insert("\(life.rawValue): \(names[number - 1])") }
      case .killed, .heldUp:
        count.takeovers = course.wasOvertaken ? 1 : 0
        if !course.wasOvertaken { violations.append(Violation(0, "nobody took the lane")) }
      }
      if !violations.isEmpty { count.broken.append((cut, violations)) }
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
    "boundaries \(boundaries) (\(covered.count) names), disk operations \(diskOperations), cuts \(cuts) (\(takeovers) takeovers), violations \(broken.count)"
  }
}

extension Life.Course {
  fileprivate func cuts(by means: Boundaries.Means, _ survivals: [Survival]) -> [Life.Cut] {
    switch means {
    case .machine: survivals.flatMap { survival in boundaries.indices.map { .boundary($0 + 1, survival) } }
    case .disk: survivals.flatMap { survival in operationsThatMatter(survival).map { .disk($0, survival) } }
    case .worker:
      // What people do is not theirs.
      boundaries.indices.filter { boundaries[$0].actor != 0 }.flatMap { place -> [Life.Cut] in
        [.killed(place + 1), .heldUp(place + 1, toTheEnd: false), .heldUp(place + 1, toTheEnd: true)]
      }
    }
  }

  /// The numbers of operations before which a power failure differs from one before the operation just before.
  private func operationsThatMatter(_ survival: Survival) -> [Int] {
    switch survival {
    // The system's memory keeps everything: that is a killed process, and no failure of the disk.
    case .all: []
    case .torn: Array(1...max(1, operations.count))
    case .synced:
      // Writes that nothing has synced yet are gone, be it one or ten, and nothing happened outside between them.
      operations.indices.filter { place in
        guard place > 0, case let before = operations[place - 1] else { return true }
        return before.kind == .sync || before.kind == .delete || before.boundary != operations[place].boundary
      }.map { $0 + 1 }
    }
  }
}
