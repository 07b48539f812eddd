import Broker
import Codecs
import Engine
import Money
import Terminal

/// `outbox ...`: events on their way to the message broker.
enum OutboxCommands {
  static let all: [CommandSpec] = [
    CommandSpec(
      .common, "outbox status", "Show how far the broker is behind, and what it refused",
      example: "almoner outbox status", run: status),
    CommandSpec(
      .common, "outbox relay", "Send events to the broker of AM_QUEUE_URL until stopped by a signal",
      example: "almoner outbox relay",
      [.flag("once", "send what is there now, then end; a broker that is down is an error")],
      run: relay),
    CommandSpec(
      .common, "outbox replay", "Send a stretch of events once more, under the same ids",
      example: "almoner outbox replay --from 1200 --to 1300",
      [
        .value("from", "ID", "the first event: the number at the end of its id"),
        .value("to", "ID", "the last event; the newest unless given"),
      ], run: replay),
    CommandSpec(
      .common, "outbox dead-letters", "List events that the broker refused for what they are",
      example: "almoner outbox dead-letters", [.flag("all", "also those that a replay got through")], run: deadLetters),
  ]

  private static func status(_ app: App) throws -> ExitStatus {
    let feed = try BrokerFeed(app)
    let cursor = try feed.store.outboxCursor(feed.name)
    let backlog = try feed.store.outboxBacklog(after: cursor)
    var dead = 0
    try feed.deadLetters(settled: false) { _ in dead += 1 }
    let age = backlog.oldest.map { max(0, app.clock.now().milliseconds - $0.at.milliseconds) }
    if app.terminal.isJSON {
      let line: JSON = [
        "event": "outbox", "relay": .string(feed.name), "broker": .string(feed.url.shown),
        "topic": .string(feed.topic.name), "cursor": .integer(cursor), "newest": .integer(backlog.newest),
        "waiting": .integer(backlog.count), "oldest_age_ms": age.map { .integer($0) } ?? .null,
        "dead_letters": .integer(dead),
      ]
      app.terminal.line(line.text)
      return .success
    }
    app.terminal.line("Outbox to \(feed.url.shown), topic \(feed.topic)")
    app.terminal.line("  sent     up to event \(cursor) of \(backlog.newest)")
    app.terminal.line("  waiting  \(backlog.count)\(age.map { ", the oldest for \($0 / 1_000) s" } ?? "")")
    app.terminal.line("  dead     \(dead)\(dead > 0 ? ": see almoner outbox dead-letters" : "")")
    return .success
  }

  private static func relay(_ app: App) throws -> ExitStatus {
    StopSignal.install()
    let feed = try BrokerFeed(app)
    let relay = feed.relay()
    let isOnce = app.arguments.has("once")
    var loop = RelayLoop(app.terminal, clock: app.clock, pollMilliseconds: try app.pollMilliseconds())
    _ = try loop.run(untilIdle: isOnce, isPatient: !isOnce, isStopped: { StopSignal.isRaised }) {
      () throws(StoreError) in
      try relay.step()
    }
    try tell(loop, "relayed", feed, app)
    guard !isOnce || loop.buried == 0 else {
      throw CommandError(
        .needsPeople, "\(loop.buried) events were refused and put aside", hint: "see almoner outbox dead-letters")
    }
    return .success
  }

  private static func replay(_ app: App) throws -> ExitStatus {
    guard let from = try app.arguments.number("from", in: 1...Int64.max) else {
      throw CommandError(.usage, "--from is needed", hint: "almoner outbox replay --from 1200 --to 1300")
    }
    let to = try app.arguments.number("to", in: 1...Int64.max) ?? Int64.max
    guard from <= to else { throw CommandError(.usage, "--from \(from) is behind --to \(to)") }
    StopSignal.install()
    let feed = try BrokerFeed(app)
    let newest = try feed.store.outboxBacklog(after: Int64.max).newest
    guard from <= newest else {
      throw CommandError(.usage, "there is no event \(from)", hint: "the newest is \(newest)")
    }
    // Events that come while this runs are the relay's.
    let replay = feed.replay(from...min(to, newest))
    var loop = RelayLoop(app.terminal, clock: app.clock, pollMilliseconds: 0)
    let end = try loop.run(untilIdle: true, isPatient: true, isStopped: { StopSignal.isRaised }) {
      () throws(StoreError) in try replay.step()
    }
    try tell(loop, "replayed", feed, app)
    guard end == .idle else {
      throw CommandError(
        .incomplete, "stopped before the end", hint: "go on with --from \(replay.place + 1)")
    }
    return loop.buried == 0 ? .success : .findings
  }

  private static func tell(_ loop: RelayLoop, _ word: String, _ feed: BrokerFeed, _ app: App) throws {
    app.terminal.clearStatus()
    if app.terminal.isJSON {
      let line: JSON = [
        "event": .string(word), "relay": .string(feed.name), "broker": .string(feed.url.shown),
        "events": .integer(loop.taken), "dead_letters": .integer(loop.buried),
        "cursor": .integer(try feed.store.outboxCursor(feed.name)),
      ]
      return app.terminal.line(line.text)
    }
    app.terminal.line("\(loop.taken) events \(word) to \(feed.url.shown), topic \(feed.topic)")
  }

  private static func deadLetters(_ app: App) throws -> ExitStatus {
    let feed = try BrokerFeed(app)
    var table = TextTable([
      ("event", .right), ("at", .right), ("code", .left), ("kept", .left), ("settled", .left), ("why", .left),
    ])
    try feed.deadLetters(settled: app.arguments.has("all")) { letter in
      if app.terminal.isJSON {
        let line: JSON = [
          "event": "dead_letter", "id": .integer(letter.event), "code": .string(letter.code),
          "message": .string(letter.message), "on_topic": .bool(letter.isOnTopic),
          "at": .integer(letter.at.milliseconds),
          "settled_at": letter.settledAt.map { .integer($0.milliseconds) } ?? .null,
        ]
        app.terminal.line(line.text)
      } else {
        table.add([
          "\(letter.event)", "\(letter.at.milliseconds)", letter.code,
          letter.isOnTopic ? feed.topic.dead.name : "store", letter.settledAt.map { "\($0.milliseconds)" } ?? "-",
          Printable.foreign(letter.message, most: 200),
        ])
      }
    }
    if !app.terminal.isJSON { app.terminal.line(table.text) }
    return .success
  }
}
