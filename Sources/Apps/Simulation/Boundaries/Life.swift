import Chains
import Engine
import Money
import Payouts
import SQLite
import SimulatedChain
import Store

/// A way in which one batch can live, from its intent to the record of its end. Nothing in it is left to chance.
enum Life: String, CaseIterable, Sendable {
  /// Intended, signed, sent, paid.
  case paid
  /// Nobody hears of it, so a higher fee goes out on the same slot.
  case bumped
  /// It reverts at finality, and comes back as two halves.
  case reverted
  /// It pays one payee alone, who refuses.
  case refused
  /// Somebody else spends its slot, and it is tried on the next.
  case stranger
  /// It is canceled on its way, and a void takes its slot; somebody else still waits.
  case canceled
  /// It is paused on its way.
  case paused
  /// An allowance must stand before it, which nobody hears of at first.
  case allowance
  /// Patience ends before evidence comes.
  case overdue
  /// One payee is credited nothing, another less than promised.
  case credited
  /// It goes ahead of the others, who follow when it is paid.
  case canary
  /// It goes ahead of the others, and its payee is credited less than promised.
  case canaryFailed = "canary-failed"
  /// The store is put back to a state from before it, and it is taken back from the signer's log.
  case restored

  /// The world of the life: one lane, one worker, one campaign.
  var plan: Plan {
    var plan = Plan(quiet: 1)
    plan.chain.pace = .every(milliseconds: 1_000)
    plan.chain.finalityDepth = 2
    plan.chain.needsAllowance = self == .allowance
    plan.worker.mostLive = self == .canceled ? 1 : 4
    plan.worker.pollMilliseconds = 500
    plan.worker.resendMilliseconds = isUnheard ? 60_000 : 2_000
    plan.worker.bumpMilliseconds = self == .bumped || self == .allowance ? 3_000 : 600_000
    plan.worker.patienceMilliseconds = self == .overdue ? 5_000 : 3_600_000
    plan.worker.leaseMilliseconds = 5_000
    plan.worker.backoffBaseMilliseconds = 100
    plan.worker.backoffMostMilliseconds = 1_000
    let people = payees.enumerated().map { place, behavior in
      Plan.Person(
        address: Address(Array(repeating: 0, count: 19) + [UInt8(place + 1)]), units: UInt256(UInt64(place) + 100),
        behavior: behavior)
    }
    let isCanary = self == .canary || self == .canaryFailed
    let planning = CampaignChange.Planning(
      mode: isCanary ? .canary : .asyncBatch, priority: 5, window: .always, maxBatch: self == .canceled ? 1 : 4,
      canary: isCanary ? 1 : 0)
    plan.distributions = [
      Plan.Distribution(name: "life", asset: Plan.token, people: people, planning: planning)
    ]
    return plan
  }

  private var payees: [PayeeBehavior?] {
    switch self {
    case .credited: [.withoutEffect, .feeOnTransfer(percent: 10), nil]
    case .canaryFailed: [.feeOnTransfer(percent: 10), nil]
    case .refused: [.rejects]
    case .paid, .bumped, .reverted, .stranger, .canceled, .paused, .allowance, .overdue, .canary, .restored: [nil, nil]
    }
  }

  /// Whether the pool forgets what it is handed first, and the worker does not hand it over again.
  private var isUnheard: Bool { self == .bumped || self == .canceled || self == .allowance }

  /// What goes wrong on the chain.
  var faults: ScriptedFaults {
    switch self {
    case .paid, .refused, .paused, .credited, .canary, .canaryFailed, .restored: ScriptedFaults([:])
    case .bumped, .canceled, .allowance: ScriptedFaults([.drop: [1]])
    case .reverted: ScriptedFaults([.revert: [1]])
    case .stranger: ScriptedFaults([.stranger: [1]])
    case .overdue: ScriptedFaults([.blind: [1]], picks: [19])
    }
  }

  /// Where the life is cut off, and what is left of the disk then.
  enum Cut: Hashable, Sendable {
    case never
    /// At a boundary, by number from 1.
    case boundary(Int, Survival)
    /// At a durable operation of the disk, by number from 1.
    case disk(Int, Survival)
  }

  struct Course: Sendable {
    /// The boundaries that were passed, in order, from the first step on.
    var boundaries: [String] = []
    var diskOperations = 0
    var wasCut = false
    var violations: [Violation] = []
  }

  /// Lives once, cut off where told and begun again, to the end.
  func course(_ cut: Cut) throws -> Course {
    var run = try Run(plan, traces: false, faults: faults)
    try run.begin()
    run.world.chain.calm(run.world.chainFaults)
    let operations = run.world.disk.operations
    run.watch.with { state in
      state.boundaries = []
      state.boundaryCount = 0
      switch cut {
      case .never: break
      case .boundary(let number, _): state.stopAt = number
      case .disk(let number, _):
        state.powerFailure = Watch.PowerFailure(operation: operations + number, isAfter: false)
      }
    }
    var isActed = false
    var commits = -1
    for round in 0..<Life.mostRounds where !run.isBroken {
      if !isActed { isActed = act(&run) }
      if needsOperator, round % 20 == 0 { run.tidy() }
      // Only a commit can end a life; one whose answer was lost is not counted.
      let now = run.watch.with { $0.commits }
      if now != commits || round % 16 == 0, run.isDone { break }
      commits = now
      run.turn()
      run.settle(survival: cut.survival)
    }
    if !run.isBroken, !run.isDone { run.watch.broke(0, "the life \(rawValue) does not end after \(cut)") }
    var course = Course()
    // Boundaries of the life itself, not of the look at its end.
    course.boundaries = run.watch.with { $0.boundaries }
    course.diskOperations = run.world.disk.operations - operations
    course.wasCut = run.watch.with { $0.deaths > 0 }
    run.count()
    course.violations = run.finished().violations
    return course
  }

  /// Whether somebody looks in now and then, and takes up what waits for people.
  private var needsOperator: Bool { self == .paused || self == .canaryFailed || self == .restored }

  private static let mostRounds = 1_500

  /// What somebody does once in the middle of the life. Returns whether it is done, or there is nothing to do.
  private func act(_ run: inout Run) -> Bool {
    switch self {
    case .paid, .bumped, .reverted, .refused, .stranger, .allowance, .overdue, .credited, .canary, .canaryFailed:
      return true
    case .canceled: return isSent(run) && run.person.cancelEverything()
    case .paused: return isSent(run) && run.person.pauseEverything()
    case .restored:
      guard isSent(run), let image = run.snapshots.first else { return false }
      run.restore(image)
      return true
    }
  }

  private func isSent(_ run: Run) -> Bool {
    guard let store = run.world.current.store else { return false }
    return run.watch.quietly {
      guard let lane = try? store.lanes().first, let live = try? store.liveBatches(lane.id) else { return false }
      return live.contains { $0.attempts.contains { $0.state == .broadcast } }
    }
  }
}

extension Life.Cut {
  fileprivate var survival: Survival {
    switch self {
    case .never: .all
    case .boundary(_, let survival), .disk(_, let survival): survival
    }
  }
}
