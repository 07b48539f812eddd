import Engine
import Money
import Payouts
import SQLite
import Store

// Workers act one after the other, and in the middle of each other.
extension World {
  /// Whoever is not asleep.
  var awake: [Worker] {
    let now = clock.truth
    return workers.filter { $0.sleepsUntil <= now }
  }

  /// Lets a worker step, and counts what that shows.
  func step(_ worker: Worker) {
    let before = watch.acts(worker.number)
    defer { _ = watch.acts(before) }
    countStep()
    wake(worker)
    let held = worker.engine.held
    let phase = worker.engine.phase
    let result = worker.step()
    if case .failed(let error, _) = result, error.code.hasSuffix(".stale_fence") { watch.saw(.staleFence) }
    if let now = worker.engine.held, now != held, workers.contains(where: { $0.believesIn(now.lane) && $0 !== worker })
    {
      watch.saw(.twoAwake)
    }
    watch.say(
      "#\(steps) t=\(clock.truth.milliseconds - Plan.start.milliseconds) worker \(worker.number) \(phase): \(result.words)"
    )
  }

  /// Sleep has changed something if another has taken the lane meanwhile.
  private func wake(_ worker: Worker) {
    if worker.cutOffUntil <= clock.truth { watch.with { _ = $0.cutOff.remove(worker.number) } }
    guard worker.sleepsUntil.milliseconds != .min else { return }
    worker.sleepsUntil = Timestamp(milliseconds: .min)
    if let held = worker.engine.held, fence(of: worker) != held.fence { watch.saw(.sleeper) }
  }

  /// The fence in the lane's row; nil when there is none yet.
  func fence(of worker: Worker) -> Int64? { row(of: worker)?.fence }

  private func row(of worker: Worker) -> Lane? {
    watch.quietly { (try? current.store?.lanes())?.first { $0.account == worker.account } }
  }

  // MARK: Faults of workers

  /// Takes those away who have died in the last step.
  func buryDead() {
    let dead = watch.with { $0.dead }
    guard !dead.isEmpty else { return }
    for worker in workers where dead.contains(worker.number) {
      watch.say("worker \(worker.number) has died")
      if row(of: worker)?.session == worker.session { watch.saw(.workerKilled) }
      dismiss(worker)
    }
    watch.with { $0.dead = [] }
  }

  /// Cuts a worker's connection to the store.
  func cutOff(_ worker: Worker, milliseconds: Int64) {
    watch.say("worker \(worker.number) does not reach the store for \(milliseconds) ms")
    worker.cutOffUntil = clock.truth.advanced(byMilliseconds: milliseconds)
    watch.with { state in
      state.cutOff.insert(worker.number)
      state.cutOffUnseen.insert(worker.number)
    }
  }

  /// Everybody gives back what it holds, as it would when it is told to end.
  func releaseAll() {
    for worker in workers {
      let before = watch.acts(worker.number)
      worker.engine.release()
      _ = watch.acts(before)
    }
  }

  // MARK: Waiting for an answer

  /// A worker waits at a boundary: time passes, and others act. It counts as `fault` if one of them took the lane.
  func wait(at boundary: Watch.Boundary, _ fault: Fault) {
    guard let worker = workers.first(where: { $0.number == boundary.actor }), beginsToWait() else { return }
    watch.say("   worker \(worker.number) waits \(boundary.name)")
    let before = fence(of: worker)
    let actor = watch.acts(0)
    others(self, worker)
    _ = watch.acts(actor)
    endsToWait()
    watch.say("   worker \(worker.number) goes on")
    if fence(of: worker) != before { watch.saw(fault) }
  }

  /// What others do by chance: time passes until the lease may be over, and they step.
  func othersAct(besides worker: Worker) {
    let lease = plan.worker.leaseMilliseconds
    clock.advance(pick([500, lease / 2, lease + 500, lease + 500, lease * 2]))
    for _ in 0..<pick([1, 4, 12, 30]) {
      let ready = awake.filter { $0 !== worker }
      guard !watch.isDown, !disk.isDown, !ready.isEmpty else { return }
      let next = pick(ready)
      if next.wait > 0 { clock.advance(min(next.wait, 2_000)) }
      step(next)
    }
  }
}

extension Worker {
  var session: String { "session-\(number)" }

  /// Whether it would write to the lane.
  func believesIn(_ lane: LaneID) -> Bool { engine.held?.lane == lane }
}

/// Brings what is to be done while a worker waits from the ports to the world.
///
/// `@unchecked Sendable`: a run, its ports and its workers are one thread's own, and that thread calls this from within
/// a port.
final class Waiting: @unchecked Sendable {
  private weak var world: World?
  init(_ world: World) { self.world = world }
  func pass(_ boundary: Watch.Boundary, _ fault: Fault) { world?.wait(at: boundary, fault) }
}
