import Codecs
import Foundation
import TestSupport
import Testing

/// A run with a broker set: events reach it while the campaign is paid, and a broker that is down holds nothing up.
@Suite("A run with a broker", .serialized)
struct BrokerJobTests {
  static let world = Result { try ChainWorld(seed: "broker-job") }

  @Test func `every event of a run reaches the broker and the file alike, in order per key`() throws {
    let world = try Self.world.get()
    let server = try BrokerServer(.redis)
    let desk = try world.funded(2)
    try desk.campaign("Fed", token: world.token, Array(10..<22))
    let queue = ["AM_QUEUE_URL": server.url]
    let run = try desk("run", "--campaign", "Fed", "--max-batch", "4", "--yes", environment: queue).succeeded()
    #expect(!run.error.contains("events wait"))
    let stream = try OutboxTests.stream(server)
    let file = try desk.scratch.read("desk.db.events.jsonl").split(separator: "\n").map { try JSON.parse(String($0)) }
    #expect(stream == file && stream.count > 6)
    #expect(stream.filter { $0["type"] == "payout.confirmed" }.count == 3)
    let status = try desk.run(["outbox", "status", "--json"], environment: queue).succeeded()
    #expect(try status.events.first?["waiting"]?.uint64 == 0)
  }

  @Test func `a broker that is down costs a line, and what it missed comes later`() throws {
    let world = try Self.world.get()
    let server = try BrokerServer(.redis)
    let desk = try world.funded(3)
    try desk.campaign("Alone", token: world.token, Array(30..<34))
    server.kill()
    let queue = ["AM_QUEUE_URL": server.url]
    let run = try desk("run", "--campaign", "Alone", "--yes", environment: queue).succeeded()
    #expect(run.error.contains("events wait: broker.unavailable") && run.error.contains("events wait for redis://"))
    #expect(try desk.counts("Alone") == ["confirmed": 4])
    try server.start()
    try desk.run(["outbox", "relay", "--once"], environment: queue).succeeded()
    #expect(try OutboxTests.stream(server).filter { $0["type"] == "payout.confirmed" }.count == 1)
  }

  @Test func `settings of the broker that are wrong stop a run before it begins`() throws {
    let desk = try Self.world.get().funded(4)
    try desk.campaign("Never", token: try Self.world.get().token, [40])
    let run = try desk("run", "--campaign", "Never", "--yes", environment: ["AM_QUEUE_URL": "amqp://host"])
    #expect(run.status == 78 && run.code == "broker.bad_url")
    #expect(try desk.counts("Never") == ["queued": 1])
  }
}
