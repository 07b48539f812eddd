import Engine
import Foundation
import Money
import Terminal

/// Turns a relay or a replay until it is stopped, telling a person once what holds it up and once that it goes on.
struct RelayLoop {
  enum End { case idle, stopped }

  let terminal: Terminal
  let clock: any EngineClock
  /// Wait between two looks at an outbox without news.
  let pollMilliseconds: Int64
  /// Events that the broker took, and that became dead letters.
  private(set) var taken = 0
  private(set) var buried = 0
  private var trouble: String?

  init(_ terminal: Terminal, clock: any EngineClock, pollMilliseconds: Int64) {
    self.terminal = terminal
    self.clock = clock
    self.pollMilliseconds = pollMilliseconds
  }

  /// Until nothing waits (`untilIdle`), or a signal. With `isPatient`, a broker that is down and a store that is busy are
  /// waited for; else they are thrown.
  mutating func run(
    untilIdle: Bool, isPatient: Bool, isStopped: () -> Bool, _ step: () throws(StoreError) -> RelayStep
  ) throws -> End {
    while !isStopped() {
      switch attempt(step) {
      case .success(.moved(let count, let dead)):
        taken += count
        buried += dead
        goesOn()
        if dead > 0 { terminal.note("an event was refused and put aside: see almoner outbox dead-letters") }
        terminal.status("\(taken) events sent")
      case .success(.idle):
        goesOn()
        if untilIdle { return .idle }
        pause(pollMilliseconds)
      case .success(.waiting(let until, let why)):
        guard isPatient else { throw why }
        tell(EngineError(why))
        pause(max(1, until.milliseconds - clock.now().milliseconds))
      case .failure(let error):
        let told = EngineError(error)
        guard isPatient, told.isPassing else { throw error }
        tell(told)
        pause(1_000)
      }
    }
    return .stopped
  }

  private func attempt(_ step: () throws(StoreError) -> RelayStep) -> Result<RelayStep, StoreError> {
    do throws(StoreError) { return .success(try step()) } catch { return .failure(error) }
  }

  /// A signal ends the wait within a quarter of a second.
  private func pause(_ milliseconds: Int64) {
    Thread.sleep(forTimeInterval: Double(min(250, milliseconds)) / 1_000)
  }

  private mutating func tell(_ error: EngineError) {
    guard trouble != error.code else { return }
    trouble = error.code
    terminal.clearStatus()
    terminal.note("events wait: \(error.code): \(Printable.foreign(error.message, most: 500))")
    if let hint = error.hint { terminal.note("  hint: \(Printable.foreign(hint, most: 300))") }
  }

  private mutating func goesOn() {
    guard trouble != nil else { return }
    trouble = nil
    terminal.clearStatus()
    terminal.note("events go on")
  }
}
