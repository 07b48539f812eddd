import Engine
import Money

/// The lanes of one process, each stepped in turn. It holds no more of them than it was told to, so that the rest is
/// left for others; a lane that another worker holds is asked for again and again, since that worker may die.
final class Crew {
  /// What one round over all lanes came to.
  struct Turn {
    var isBusy = false
    /// Nothing is left on any lane that is held, and no lane could be had that is not.
    var isDone = true
    var wake: Timestamp?
  }

  private let workers: [LaneWorker]
  private let mostLanes: Int
  private let clock: any EngineClock

  init(_ workers: [LaneWorker], mostLanes: Int, clock: any EngineClock) {
    self.workers = workers
    self.mostLanes = mostLanes
    self.clock = clock
  }

  /// Throws an error that waiting does not mend: the operator must act.
  func turn() throws -> Turn {
    var turn = Turn()
    var held = workers.count { $0.held != nil }
    for worker in workers {
      let wasHeld = worker.held != nil
      guard wasHeld || held < mostLanes else { continue }
      switch Runner.step(worker) {
      case .progress:
        turn.isBusy = true
        turn.isDone = false
      case .idle(let until):
        turn.isDone = false
        turn.wake = min(turn.wake ?? until, until)
      case .done(let until):
        turn.wake = min(turn.wake ?? until, until)
      case .failed(let error, let until):
        if !error.isPassing, Runner.isHopeless(error) { throw error }
        // A lane that another holds is not ours to wait for.
        if error.code != StoreError.Code.busy.rawValue || wasHeld { turn.isDone = false }
        turn.wake = min(turn.wake ?? until, until)
      }
      if !wasHeld, worker.held != nil { held += 1 }
    }
    return turn
  }

  /// Somebody committed something: lanes that wait for nothing but work look again.
  func wake() { for worker in workers { worker.wake() } }

  func release() { for worker in workers { worker.release() } }

  /// Seconds to sleep: to the next thing to do, a quarter of a second at most, so that a stop is heard.
  func pause(until wake: Timestamp?) -> Double {
    let wait = (wake?.milliseconds ?? .max) - clock.now().milliseconds
    return Double(min(250, max(1, wait))) / 1000
  }
}
