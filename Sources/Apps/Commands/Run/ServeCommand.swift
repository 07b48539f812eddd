import Broker
import Chains
import Codecs
import Engine
import Payouts
import Terminal

/// `serve`: everything that a desk does by itself, in one process: the lanes, the event file, the relay to the broker,
/// the seals of the audit trail.
enum ServeCommand {
  static let all: [CommandSpec] = [
    CommandSpec(
      .common, "serve", "Do all that runs by itself in one process: lanes, event file, broker, seals; until stopped",
      example: "almoner serve", [WorkerCommand.lanes], run: run)
  ]

  private static func run(_ app: App) throws -> ExitStatus {
    // A signal that comes while things are opened is heard as well.
    StopSignal.install()
    // What is wrong with the broker's settings or the file is said before anything begins.
    if app.hasBroker { _ = try app.brokerURL() }
    let events = try EventFile(path: try app.beside("AM_JSONL_PATH", ".events.jsonl"))
    let shift = try Shift(app)
    let relay = try BackgroundRelay.begin(app, shift.store)
    let broker = try relay.map { _ in try app.brokerURL().shown }
    tell(
      [
        "event": "serving", "holder": .string(app.holder), "chain": .string(shift.chain.description),
        "accounts": .integer(shift.accounts), "lanes": .integer(shift.mostLanes),
        "broker": broker.map { .string($0) } ?? .null,
      ],
      "serving \(shift.accounts) accounts on \(shift.chain), broker \(broker ?? "none")", app)
    let file = EventFileWatch(events, shift.store, app.terminal)
    let end = Result { try shift.work(untilIdle: false, besides: file.relay) }
    relay?.end()
    try end.get()
    tell(["event": "stopped"], "stopped", app)
    return .success
  }

  private static func tell(_ event: JSON, _ text: String, _ app: App) {
    if app.terminal.isJSON { app.terminal.line(event.text) } else { app.terminal.note(text) }
  }
}

/// Appends events as they come. A file that cannot be written is told once and tried again: it must not stop payments,
/// and no event is lost by it.
private final class EventFileWatch {
  private let events: EventFile
  private let store: any PayoutStore
  private let terminal: Terminal
  private var trouble: String?

  init(_ events: EventFile, _ store: any PayoutStore, _ terminal: Terminal) {
    self.events = events
    self.store = store
    self.terminal = terminal
  }

  func relay() {
    do {
      try events.relay(store)
      if trouble != nil { terminal.note("event file: it goes on") }
      trouble = nil
    } catch {
      let told = EngineError(any: error)
      if trouble != told.code { terminal.note("event file: \(Printable.foreign(told.message, most: 300))") }
      trouble = told.code
    }
  }
}
