import Dispatch
import Lottery
import SQLite
import Synchronization

/// `almoner-sim lotteries`: histories from seeds, and lives cut off everywhere.
enum LotteryRuns {
  /// `actions`: instead of the plan's own number, to shorten a history that breaks a rule.
  static func outcome(seed: UInt64, traces: Bool, actions: Int? = nil) throws -> Run.Outcome {
    let plan = LotteryPlan(seed: seed)
    let world = try LotteryWorld(plan, traces: traces)
    var history = LotteryHistory(world)
    var outcome = Run.Outcome(seed: seed)
    history.begin()
    world.watch.with { $0.areFaultsOn = true }
    for step in 0..<(actions ?? plan.actions) where !history.isBroken {
      history.act()
      outcome.steps += 1
      if step % 16 == 15 { LotteryOracle(history).check() }
    }
    history.quiet()
    outcome.confirmed = Int64(LotteryOracle(history).count())
    outcome.failed = Int64(history.refused)
    outcome.restarts = world.restarts
    outcome.lostWrites = world.lostWrites
    outcome.tornWrites = world.tornWrites
    let state = world.watch.with { (commits: $0.commits, seen: $0.seen, violations: $0.violations, lines: $0.lines) }
    outcome.commits = state.commits
    outcome.faults = Dictionary(uniqueKeysWithValues: state.seen.map { ($0.key.rawValue, $0.value) })
    outcome.violations = state.violations
    outcome.lines = state.lines ?? []
    return outcome
  }

  /// The fewest actions after which the seed still breaks a rule: the same history up to there, then quiet.
  static func shortest(seed: UInt64) -> Int? {
    var (good, bad) = (-1, LotteryPlan(seed: seed).actions)
    func breaks(_ actions: Int) -> Bool {
      (try? outcome(seed: seed, traces: false, actions: actions).violations.isEmpty) != true
    }
    guard breaks(bad) else { return nil }
    while bad - good > 1 {
      let middle = good + (bad - good) / 2
      if breaks(middle) { bad = middle } else { good = middle }
    }
    return bad
  }

  static func run(_ options: Options, _ say: (String) -> Void) -> Int32 {
    if let seed = options.seed { return one(seed, options, say) }
    if let place = options.life { return one(life: place, options, say) }
    let summary = Simulator.sweep(options, of: { try outcome(seed: $0, traces: false) })
    say(summary.text(of: "histories", "payouts    \(summary.confirmed) ordered, \(summary.failed) requests refused"))
    for (seed, _) in summary.broken.sorted(by: { $0.seed < $1.seed }).prefix(3) {
      guard let actions = shortest(seed: seed) else { continue }
      say("  shortest: almoner-sim lotteries --seed \(seed) --actions \(actions) --trace")
    }
    let isSound = options.lists ? true : lives(options, say)
    return summary.broken.isEmpty && isSound ? 0 : 1
  }

  private static func one(_ seed: UInt64, _ options: Options, _ say: (String) -> Void) -> Int32 {
    do {
      let outcome = try outcome(seed, options)
      for line in outcome.lines { say(line) }
      var summary = Summary()
      summary.add(outcome)
      say(summary.text(of: "histories", "payouts    \(summary.confirmed) ordered, \(summary.failed) requests refused"))
      return outcome.violations.isEmpty ? 0 : 1
    } catch {
      say("seed \(seed) could not begin: \(error)")
      return 1
    }
  }

  private static func one(life place: Int, _ options: Options, _ say: (String) -> Void) -> Int32 {
    guard LotteryLife.all.indices.contains(place) else { return 64 }
    let cut =
      options.boundary.map { .boundary($0) } ?? options.operation.map { LotteryLife.cut(operation: $0) } ?? .never
    guard let found = try? LotteryLife.all[place].live(cut, traces: options.traces) else { return 1 }
    for line in found.lines { say(line) }
    for violation in found.violations { say("invariant \(violation.invariant): \(violation.sentence)") }
    say("\(LotteryLife.all[place].name), cut at \(cut): \(found.ordered) payouts, \(found.violations.count) violations")
    return found.violations.isEmpty ? 0 : 1
  }

  /// Under `--mutant`, with that rule switched off.
  private static func outcome(_ seed: UInt64, _ options: Options) throws -> Run.Outcome {
    #if ALMONER_MUTANTS
      let mutant = options.mutant.flatMap(LotteryDeskMutant.init)
      return try LotteryDeskMutant.$active.withValue(mutant) {
        try outcome(seed: seed, traces: options.traces, actions: options.actions)
      }
    #else
      return try outcome(seed: seed, traces: options.traces, actions: options.actions)
    #endif
  }

  // MARK: Lives

  /// Every life, cut off at every boundary, and at every `stride`-th operation of its disk. True when all ended well.
  private static func lives(_ options: Options, _ say: (String) -> Void) -> Bool {
    var jobs: [(life: LotteryLife, cut: LotteryLife.Cut, whole: LotteryLife.Outcome)] = []
    for life in LotteryLife.all {
      guard let whole = try? life.live(), whole.violations.isEmpty else {
        say("the life \(life.name) does not end well")
        return false
      }
      for place in 1...max(1, whole.boundaries) { jobs.append((life, .boundary(place), whole)) }
      for place in Swift.stride(from: 1, through: whole.operations, by: options.stride) {
        jobs.append((life, LotteryLife.cut(operation: place), whole))
      }
    }
    let next = Atomic<Int>(0)
    let met = Atomic<Int>(0)
    let broken = Mutex<[String]>([])
    let all = jobs
    DispatchQueue.concurrentPerform(iterations: options.jobs) { _ in
      while true {
        let place = next.add(1, ordering: .relaxed).oldValue
        guard place < all.count else { return }
        let (life, cut, whole) = all[place]
        let found = try? life.live(cut)
        met.add(found?.cuts ?? 0, ordering: .relaxed)
        let isSame = found?.ordered == whole.ordered && found?.violations == []
        guard !isSame else { continue }
        let why = found.map { $0.violations.first?.sentence ?? "\($0.ordered) payouts, not \(whole.ordered)" }
        broken.withLock {
          $0.append(
            "life canceled at \(life.canceledAt.map { "\($0)" } ?? "no time"), cut at \(cut): \(why ?? "cannot be lived")"
          )
        }
      }
    }
    let sentences = broken.withLock { $0 }
    say(
      "lives      \(LotteryLife.all.count), cut \(all.count) times, \(met.load(ordering: .relaxed)) deaths, \(sentences.count) ended badly"
    )
    for sentence in sentences.prefix(10) { say("  \(sentence)") }
    return sentences.isEmpty
  }
}
