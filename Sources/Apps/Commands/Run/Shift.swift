import Chains
import Engine
import Foundation
import Money
import Signing
import Terminal

/// The lanes of the configured keys, worked until the process is told to stop.
final class Shift {
  let store: any DeskStore
  let chain: ChainID
  let accounts: Int
  let mostLanes: Int
  private let app: App
  private let crew: Crew
  /// Workers hold theirs weakly.
  private let observer: RunObserver

  /// Opens everything that lanes need. A store that is away is asked for again, a few times.
  init(_ app: App) throws {
    self.app = app
    chain = try app.evmChain()
    app.warnOfKeys(chain)
    let store = try app.retrying { try app.store() }
    let (rail, signer) = (try app.rail(chain), try app.signer(chain))
    let observer = RunObserver(app.terminal)
    try app.retrying { try app.releaseDeadHolders(store) }
    let workers = try signer.accounts.map { try app.worker($0, store, rail, signer, observer: observer) }
    accounts = workers.count
    mostLanes = try app.arguments.number("lanes", in: 1...Int64(Int32.max)).map { Int($0) } ?? workers.count
    crew = Crew(workers, mostLanes: mostLanes, clock: app.clock)
    self.store = store
    self.observer = observer
  }

  /// Works until a signal, or until nothing is left to do. `besides` is done after every turn. The lanes are given back
  /// in any case. Throws an error that waiting does not mend.
  func work(untilIdle: Bool, besides: () -> Void = {}) throws {
    let seal = Seal(app: app, store: store)
    defer {
      crew.release()
      besides()
      seal.now()
    }
    while !StopSignal.isRaised {
      let turn = try crew.turn()
      besides()
      if turn.isDone, untilIdle { return }
      seal.ifDue()
      if !turn.isBusy { rest(crew.pause(until: turn.wake)) }
    }
  }

  /// Until the next thing to do is due, or somebody commits something: an idle lane looks again then.
  private func rest(_ seconds: Double) {
    guard let signal = store as? any WorkSignal else { return Thread.sleep(forTimeInterval: seconds) }
    let began = app.clock.now()
    do throws(StoreError) {
      if try signal.waitForWork(atMostMilliseconds: Int64(seconds * 1000)) { crew.wake() }
    } catch {
      // The store is away: its absence is told by the next turn, and must not be asked about without a pause.
      let spent = Double(app.clock.now().milliseconds - began.milliseconds) / 1000
      Thread.sleep(forTimeInterval: max(0.001, seconds - spent))
    }
  }
}
