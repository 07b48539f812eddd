import Chains
import Engine
import Money
import Payouts

/// One worker: its clock, its sleep, and what it was told last.
final class Worker {
  /// From 1, in order of hiring; never used twice in a run.
  let number: Int
  let engine: LaneWorker
  let account: Address
  let clock: WorkerClock
  /// True time until which nobody steps it.
  var sleepsUntil = Timestamp(milliseconds: .min)
  /// When it has something to do again, by its own clock.
  var idleUntil = Timestamp(milliseconds: .min)
  /// True time until which it does not reach the store.
  var cutOffUntil = Timestamp(milliseconds: .min)
  private let events: WorkerEvents

  init(number: Int, account: Address, store: WatchedStore, world: World) {
    self.number = number
    self.account = account
    clock = WorkerClock(world.clock)
    events = WorkerEvents(world.watch)
    engine = LaneWorker(
      account: account, store: store, rail: world.rail, signer: world.signer(), clock: clock, civil: UTCTime(),
      random: EngineRandom(world.plan.seed, worker: number), settings: world.plan.worker, holder: "sim-\(number)",
      session: "session-\(number)", only: nil,
      facts: FactSources(lists: world.watch.lists ?? NoSanctionsLists()), observer: events)
  }

  /// True milliseconds until it has something to do.
  var wait: Int64 { clock.wait(until: idleUntil) }

  /// Steps once; the outcome says when to step again.
  func step() -> LaneWorker.Step {
    let result = engine.step()
    switch result {
    case .progress: idleUntil = Timestamp(milliseconds: .min)
    case .idle(let until), .done(let until), .failed(_, let until): idleUntil = until
    }
    return result
  }
}

/// Writes what a worker tells into the trace, and counts what only its events show.
final class WorkerEvents: EngineObserver {
  private let watch: Watch
  init(_ watch: Watch) { self.watch = watch }

  func observe(_ event: EngineEvent) {
    switch event {
    case .alarm(let error):
      if error.code != StoreError.Code.busy.rawValue { watch.say("   alarm \(error.code): \(error.message)") }
    case .laneLost(let lane, let error): watch.say("   lost lane \(lane): \(error.code)")
    case .dissent(let endpoint, let batch): watch.say("   \(endpoint) dissents about batch \(batch)")
    case .campaign(let id, let status, let reason):
      watch.say("   campaign \(id) is \(status.rawValue)\(reason.map { ": \($0)" } ?? "")")
    case .laneAcquired, .committed, .sent: break
    }
  }
}
