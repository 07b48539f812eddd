import Codecs
import Foundation
import PostgreSQL
import TestSupport
import Testing

/// One process that does everything by itself.
@Suite("Serving", .serialized)
struct ServeTests {
  static let world = Result { try ChainWorld(seed: "serve") }

  private func begin(_ desk: Desk, _ more: [String: String] = [:]) throws -> Program.Running {
    let serve = try Program.Running(
      ["serve", "--json"], environment: desk.environment.merging(more) { $1 }, folder: desk.scratch.path)
    try serve.wait { $0.out.contains("\"event\":\"serving\"") }
    return serve
  }

  @Test(arguments: [false, true])
  func `lanes, event file and broker are served until a signal, and nothing is half done`(onServer: Bool) throws {
    let world = try Self.world.get()
    let broker = try BrokerServer(.redis)
    let database = onServer ? try PostgreSQLDatabase() : nil
    let desk = try world.desk(onServer ? 3 : 2, store: database?.uri)
    let queue = ["AM_QUEUE_URL": broker.url]
    let people = Array((onServer ? 40 : 10)..<(onServer ? 52 : 22))
    try desk.campaign("First", token: nil, people)
    let serve = try begin(desk, queue)
    try desk("run", "--campaign", "First", "--start-only", "--max-batch", "3", "--yes").succeeded()
    try serve.wait { _ in try desk.status("First") == "completed" }
    // It asks others and is asked by nobody.
    #expect(try Listeners.tcp(of: serve.process.processIdentifier).isEmpty)
    // Events of the last commit may still be on their way: a stop takes them along.
    serve.send(SIGTERM)
    let ended = try serve.finish(seconds: 20)
    #expect(ended.status == 0)
    #expect(try ended.events.last?["event"] == "stopped")
    #expect(try ended.events(named: "serving").first?["broker"]?.string?.hasPrefix("redis://") == true)
    #expect(try people.map { try world.nativeBalance(Recipient.address($0)) } == Recipient.expected(people))
    let lines = try desk.scratch.read(onServer ? "events.jsonl" : "desk.db.events.jsonl").split(separator: "\n")
    #expect(try OutboxTests.stream(broker) == lines.map { try JSON.parse(String($0)) })
    #expect(lines.contains { $0.contains("payout.confirmed") })
    // The lane was given back.
    let lanes = try desk.run(["lanes", "list"]).succeeded()
    #expect(lanes.out.split(separator: "\n").last?.hasSuffix("-") == true, "\(lanes.out)")
    #expect(try desk.run(["store", "check"]).status == 0)
    #expect(try desk.run(["audit", "verify"]).status == 0)
    _ = database
  }

  @Test func `a broker that is down and a second signal hold nothing up`() throws {
    let world = try Self.world.get()
    let broker = try BrokerServer(.redis)
    let desk = try world.desk(4)
    try desk.campaign("Alone", token: nil, [60, 61])
    broker.kill()
    let serve = try begin(desk, ["AM_QUEUE_URL": broker.url])
    try desk("run", "--campaign", "Alone", "--start-only", "--yes").succeeded()
    try serve.wait { _ in try desk.status("Alone") == "completed" }
    serve.send(SIGINT)
    serve.send(SIGTERM)
    let ended = try serve.finish(seconds: 20)
    #expect(ended.status == 0)
    #expect(ended.error.contains("events wait: broker.unavailable") && ended.error.contains("events wait for redis://"))
  }

  @Test func `what cannot be served is said at once, with its exit code`() throws {
    let world = try Self.world.get()
    let desk = try world.desk(5)
    let none = try desk.run(["serve", "--json"])
    #expect(none.code == "store.unavailable" && none.status == 69)
    try desk("campaigns", "create", "--name", "Q4", "--chain", "evm").succeeded()
    let wrong = try desk.run(["serve"], environment: ["AM_QUEUE_URL": "amqp://host"])
    #expect(wrong.code == "broker.bad_url" && wrong.status == 78)
    let keyless = try desk.run(["serve"], environment: ["AM_KEYSTORE": ""])
    #expect(keyless.code == "config.missing" && keyless.status == 78)
    let file = try desk.run(["serve"], environment: ["AM_JSONL_PATH": desk.scratch("away/events.jsonl")])
    #expect(file.code == "command.cannot_write" && file.status == 74)
  }

  @Test func `on a server an idle worker hears of work at once, however seldom it looks by itself`() throws {
    let world = try Self.world.get()
    let database = try PostgreSQLDatabase()
    let desk = try world.desk(6, store: database.uri)
    let seldom = ["AM_POLL_MS": "20000"]
    try desk.campaign("Heard", token: nil, [70, 71])
    let worker = try Program.Running(
      ["worker", "--json"], environment: desk.environment.merging(seldom) { $1 }, folder: desk.scratch.path)
    try worker.wait { $0.out.contains("lane.acquired") }
    // Long enough for its first look, which found nothing.
    Thread.sleep(forTimeInterval: 1)
    try desk("run", "--campaign", "Heard", "--start-only", "--yes", environment: seldom).succeeded()
    try worker.wait(seconds: 10) { $0.out.contains("\"event\":\"committed\"") }
    let raw = try Connection(ConnectionSettings(uri: database.uri))
    let took = try raw.run(
      """
      SELECT (SELECT min(intended_at) FROM attempts) - (SELECT max(at) FROM audit_log WHERE action = 'campaign.started')
      """
    ).int64(0, 0)
    #expect(took < 2_000, "\(took) ms from the start of the campaign to the first intent")
    worker.send(SIGTERM)
    #expect(try worker.finish(seconds: 20).status == 0)
  }
}
