import Synchronization

/// A second pair of hands: does pieces of work beside whoever starts them, one after the other in the order of `start`.
package protocol WorkBeside: Sendable {
  func start(_ work: @escaping @Sendable () -> Void) -> any StartedWork
  /// Returns when everything that was started is done.
  func settle()
}

package protocol StartedWork: Sendable {
  var isDone: Bool { get }
  /// Returns when the work is done.
  func wait()
}

/// No second pair of hands: work is done when it is started.
package struct WorkInTurn: WorkBeside {
  package init() {}

  private struct Done: StartedWork {
    var isDone: Bool { true }
    func wait() {}
  }

  package func start(_ work: @escaping @Sendable () -> Void) -> any StartedWork {
    work()
    return Done()
  }

  package func settle() {}
}

/// A value on its way from one thread to another. Whoever takes it is its only owner: its memory can be used again.
private final class Handover<Value: Sendable>: Sendable {
  private let slot: Mutex<Value?>

  init(_ value: consuming Value?) { slot = Mutex(value) }

  func put(_ value: Value) { slot.withLock { $0 = value } }

  func take() -> Value {
    let value = slot.withLock { slot in
      defer { slot = nil }
      return slot
    }
    guard let value else { preconditionFailure("what is handed over is there, and taken once") }
    return value
  }
}

/// A piece of work under way on a value of its own, which comes back changed.
struct Underway<Value: Sendable, Outcome: Sendable, Failure: Error>: Sendable {
  private let result = Handover<(Value, Result<Outcome, Failure>)>(nil)
  private let work: any StartedWork

  init(
    _ beside: any WorkBeside, on value: consuming Value,
    _ body: @escaping @Sendable (inout Value) -> Result<Outcome, Failure>
  ) {
    let source = Handover(value)
    work = beside.start { [result] in
      var value = source.take()
      let outcome = body(&value)
      result.put((value, outcome))
    }
  }

  var isDone: Bool { work.isDone }

  /// Waits for the work and gives the value and what came of it. Called once.
  func finish() -> (value: Value, outcome: Result<Outcome, Failure>) {
    work.wait()
    return result.take()
  }
}
