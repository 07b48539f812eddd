import Engine
import Money
import Payouts
import SQLite
import SimulatedChain
import Store

extension Life {
  /// Where the life is disturbed, and how. Boundaries and operations of the disk count from 1.
  enum Cut: Hashable, Sendable {
    case never
    /// The machine dies at a boundary, and this is left of the disk.
    case boundary(Int, Survival)
    /// Power fails before a durable operation of the disk.
    case disk(Int, Survival)
    /// The worker dies at a boundary, and another, which slept until then, takes its lane.
    case killed(Int)
    /// The worker is held up at a boundary while another takes its lane - and brings everything to its end, or not -
    /// and goes on from what it remembers.
    case heldUp(Int, toTheEnd: Bool)

    var survival: Survival? {
      switch self {
      case .boundary(_, let survival), .disk(_, let survival): survival
      case .never, .killed, .heldUp: nil
      }
    }
  }

  struct Course: Sendable {
    /// The boundaries that were passed, in order, from the first step on.
    var boundaries: [Watch.Boundary] = []
    /// Durable operations of the disk, in order.
    var operations: [Operation] = []
    var wasCut = false
    /// Whether another worker took the lane over, or there was nothing left to take it for.
    var wasOvertaken = false
    var violations: [Violation] = []
  }

  struct Operation: Sendable {
    let kind: DiskOperation.Kind
    /// How many boundaries were passed before.
    let boundary: Int
  }

  /// Lives once, disturbed where told, to the end.
  func course(_ cut: Cut) throws -> Course {
    var plan = plan
    if case .killed = cut { plan.sessions = 2 }
    if case .heldUp = cut { plan.sessions = 2 }
    var run = try Run(plan, traces: false, faults: faults)
    try run.begin()
    run.world.chain.calm(run.world.chainFaults)
    run.prepare(cut)
    var takeover = Takeover(run.world)
    var isActed = false
    var commits = -1
    for round in 0..<Life.mostRounds where !run.isBroken {
      if !isActed { isActed = act(&run) }
      if needsOperator, round % 20 == 0 { run.tidy() }
      // Only a commit can end a life; one whose answer was lost is not counted.
      let now = run.watch.with { $0.commits }
      if now != commits || round % 16 == 0, run.world.isDone { break }
      commits = now
      takeover.look(cut)
      run.turn()
      run.settle(survival: cut.survival)
      takeover.look(cut)
    }
    if !run.isBroken, !run.world.isDone { run.watch.broke(0, "the life \(rawValue) does not end after \(cut)") }
    var course = Course()
    // Boundaries of the life itself, not of the look at its end.
    course.boundaries = run.watch.with { $0.boundaries }
    course.operations = run.watch.with { $0.operations ?? [] }
    course.wasCut = run.watch.with { $0.stops > 0 }
    course.wasOvertaken = takeover.isDone
    run.count()
    course.violations = run.finished().violations
    return course
  }

  private static let mostRounds = 1_500

  /// Whether somebody looks in now and then, and takes up what waits for people.
  private var needsOperator: Bool { self == .paused || self == .canaryFailed || self == .restored }

  /// What somebody does once in the middle of the life. Returns whether it is done, or there is nothing to do.
  private func act(_ run: inout Run) -> Bool {
    switch self {
    case .paid, .bumped, .reverted, .refused, .stranger, .allowance, .overdue, .credited, .canary, .canaryFailed:
      return true
    case .screened: return isSent(run) && run.person.changePolicy()
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

extension Run {
  /// Begins to count, and sets what shall disturb the life.
  fileprivate func prepare(_ cut: Life.Cut) {
    let operations = world.disk.operations
    watch.with { state in
      state.boundaries = []
      state.boundaryCount = 0
      state.operations = []
      switch cut {
      case .never: break
      case .boundary(let number, _): state.stop = Watch.Stop(boundary: number, kind: .machineDies)
      case .killed(let number): state.stop = Watch.Stop(boundary: number, kind: .workerDies)
      case .heldUp(let number, _): state.stop = Watch.Stop(boundary: number, kind: .workerPauses)
      case .disk(let number, _):
        state.powerFailure = Watch.PowerFailure(operation: operations + number, isAfter: false)
      }
    }
    guard case .heldUp(_, let toTheEnd) = cut else { return }
    world.others = { world, worker in world.letAnotherTakeOver(from: worker, toTheEnd: toTheEnd) }
  }
}

extension World {
  /// Somebody else steps until it has the lane and knows what is in it, or until there is nothing left to do.
  fileprivate func letAnotherTakeOver(from worker: Worker, toTheEnd: Bool) {
    guard let other = workers.first(where: { $0 !== worker }) else { return }
    other.sleepsUntil = Timestamp(milliseconds: .min)
    for round in 0..<1_500 {
      if toTheEnd, round % 16 == 0, isDone { return }
      if !toTheEnd, other.engine.held != nil, other.engine.phase != .recover { return }
      if other.wait > 0 { clock.advance(other.wait) }
      step(other)
    }
  }
}

/// The second worker of a life: asleep until the first is gone, then bound to take the lane in time.
struct Takeover {
  private let world: World
  private let first: Int?
  private var stoppedAt: Timestamp?
  /// Whether somebody else has had the lane since, or nobody needed to.
  private(set) var isDone = false

  init(_ world: World) {
    self.world = world
    first = world.workers.first?.number
  }

  /// Looks between two steps: wakes the second worker when it is its turn, and sees whether it came in time.
  mutating func look(_ cut: Life.Cut) {
    switch cut {
    case .never, .boundary, .disk: return
    case .killed, .heldUp: break
    }
    guard world.watch.with({ $0.stops > 0 }) else {
      for worker in world.workers.dropFirst() { worker.sleepsUntil = Timestamp(milliseconds: .max) }
      return
    }
    for worker in world.workers { worker.sleepsUntil = Timestamp(milliseconds: .min) }
    if stoppedAt == nil { isDone = world.isDone }
    let since = stoppedAt ?? world.clock.truth
    stoppedAt = since
    isDone = isDone || world.workers.contains { $0.number != first && $0.engine.held != nil }
    // A lane moves within one lease and a third of it (`LaneWorker`). A turn of the clock comes on top.
    let bound = world.plan.worker.leaseMilliseconds * 4 / 3 + 500
    if case .killed = cut, !isDone, world.clock.truth.milliseconds - since.milliseconds > bound {
      world.watch.broke(0, "a dead worker's lane has not moved after \(bound) ms")
    }
  }
}
