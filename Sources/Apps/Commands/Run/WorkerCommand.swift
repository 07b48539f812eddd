import Engine
import Foundation
import Signing
import Terminal

/// `worker`: works lanes until it is told to stop, for every running campaign. Any number may run beside each other.
enum WorkerCommand {
  static let all: [CommandSpec] = [
    CommandSpec(
      .common, "worker", "Work the lanes of the configured keys until stopped; start as many as you like",
      example: "almoner worker --lanes 2",
      [
        .value("lanes", "N", "most lanes that this worker holds at once (all)"),
        .flag("until-idle", "end when nothing is left to do on any lane"),
      ], run: run)
  ]

  private static func run(_ app: App) throws -> ExitStatus {
    let chain = try app.evmChain()
    app.warnOfKeys(chain)
    let store = try app.retrying { try app.store() }
    let (rail, signer) = (try app.rail(chain), try app.signer(chain))
    let observer = RunObserver(app.terminal)
    try app.retrying { try app.releaseDeadHolders(store) }
    let workers = try signer.accounts.map { try app.worker($0, store, rail, signer, observer: observer) }
    let most = try app.arguments.number("lanes", in: 1...Int64(Int32.max)).map { Int($0) } ?? workers.count
    let crew = Crew(workers, mostLanes: most, clock: app.clock)
    StopSignal.install()
    app.terminal.note("worker \(app.holder): \(workers.count) accounts on \(chain), at most \(most) lanes at once")
    let seal = Seal(app: app, store: store)
    defer {
      crew.release()
      seal.now()
    }
    while !StopSignal.isRaised {
      let turn = try crew.turn()
      if turn.isDone, app.arguments.has("until-idle") { return .success }
      seal.ifDue()
      if !turn.isBusy { Thread.sleep(forTimeInterval: crew.pause(until: turn.wake)) }
    }
    return .success
  }
}
