import Broker
import Engine
import Foundation
import Synchronization
import Terminal

/// Sends events to the broker beside other work of this process. It never holds that work up: a broker that is down costs
/// a line on standard error, and what it did not take is sent by the next run, or by `outbox relay`.
final class BackgroundRelay: Sendable {
  private let feed: BrokerFeed
  private let terminal: Terminal
  private let pollMilliseconds: Int64
  private let isStopping = Atomic<Bool>(false)
  private let hasEnded = DispatchSemaphore(value: 0)

  /// How long the end of the work waits for the last events.
  private static let lastMilliseconds = 5_000

  private init(_ feed: BrokerFeed, _ terminal: Terminal, pollMilliseconds: Int64) {
    self.feed = feed
    self.terminal = terminal
    self.pollMilliseconds = pollMilliseconds
  }

  /// Begins, when a broker is set. Throws as `BrokerFeed`.
  static func begin(_ app: App, _ store: any OutboxStore) throws -> BackgroundRelay? {
    guard app.hasBroker else { return nil }
    let made = BackgroundRelay(
      try BrokerFeed(app, store: store), app.terminal, pollMilliseconds: try app.pollMilliseconds())
    Thread { made.work() }.start()
    return made
  }

  private func work() {
    let relay = feed.relay()
    var loop = RelayLoop(terminal, clock: feed.clock, pollMilliseconds: pollMilliseconds)
    let step = { () throws(StoreError) in try relay.step() }
    do {
      _ = try loop.run(
        untilIdle: false, isPatient: true, isStopped: { self.isStopping.load(ordering: .relaxed) }, step)
      let deadline = Date(timeIntervalSinceNow: Double(BackgroundRelay.lastMilliseconds) / 1_000)
      _ = try loop.run(untilIdle: true, isPatient: false, isStopped: { Date() > deadline }, step)
    } catch {
      // Told below, by what is left.
    }
    hasEnded.signal()
  }

  /// Sends what is there, within a bounded time, and says what is left.
  func end() {
    isStopping.store(true, ordering: .relaxed)
    _ = hasEnded.wait(timeout: .now() + .milliseconds(BackgroundRelay.lastMilliseconds + 1_000))
    guard let cursor = try? feed.store.outboxCursor(feed.name),
      let left = try? feed.store.outboxBacklog(after: cursor).count, left > 0
    else { return }
    terminal.note("\(left) events wait for \(feed.url.shown): almoner outbox relay")
  }
}
